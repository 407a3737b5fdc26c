"""`sendwright status`: how things stand, for people and for monitoring."""

from datetime import UTC, datetime, timedelta

import msgspec
import pytest
import trustme
from tests.unit.cli.queue_fake import (
    AT,
    ORGANISATION,
    QUEUED,
    UNREACHABLE,
    FakeBackend,
    Screen,
    as_backend,
    parsed,
)

from sendwright.cli.status import add_parser, read_status, run
from sendwright.handoff.wire import Audit, AuditEntry, Notifications, Organisation, ProfileState
from sendwright.profile import SenderProfile, Setting


def organisation(**settings: Setting) -> Organisation:
    profile = SenderProfile(
        provider="custom_smtp",
        sender="smtp",
        address="notifications@contoso.com",
        alias="Contoso",
        settings={"host": "smtp.contoso.com", **settings},
    )
    state = ProfileState(
        version=3, state="in-force", profile=profile, credential=None, created_at=AT, created_by="Ann's laptop"
    )
    return msgspec.structs.replace(ORGANISATION, in_force=state)


def changes(*entries: tuple[str, str, int | None]) -> Audit:
    return Audit(
        tuple(
            AuditEntry(at=AT - timedelta(hours=age), who=who, action=action, version=version)
            for age, (action, who, version) in enumerate(entries)
        )
    )


async def shown(backend: FakeBackend, *words: str) -> tuple[int, Screen]:
    screen = Screen()
    code = await run(parsed(add_parser, "status", *words), as_backend(backend), screen.out, screen.data)
    return code, screen


async def test_the_sender_in_force_is_told_with_who_set_it_and_when() -> None:
    audit = changes(
        ("notification-put-back", "Eve", None),
        ("profile-restored", "Bob's desktop", 3),
        ("profile-activated", "Ann's laptop", 4),
    )
    code, screen = await shown(FakeBackend(shown=organisation(), changes=audit))
    local = f"{(AT - timedelta(hours=1)).astimezone():%Y-%m-%d %H:%M}"
    assert code == 0
    assert "Organisation: Contoso" in screen.said
    assert "Notifications come from Contoso <notifications@contoso.com> (version 3)." in screen.said
    assert f"Since {local}, set by Bob's desktop." in screen.said


async def test_the_platforms_own_sender_is_told_as_such() -> None:
    _, screen = await shown(FakeBackend(changes=changes(("profile-activated", "Ann", 1))))
    assert "the platform's own address, Platform <no-reply@platform.example>" in screen.said
    assert "Since" not in screen.said
    _, screen = await shown(FakeBackend(changes=changes(("default-restored", "Ann", 1))))
    assert "set by Ann." in screen.said


async def test_the_queue_is_told_in_numbers_and_reasons() -> None:
    busy = msgspec.structs.replace(QUEUED, state="retrying", problem="server-busy", problem_text="It is busy.")
    older = msgspec.structs.replace(busy, created_at=AT - timedelta(hours=2))
    grey = msgspec.structs.replace(busy, problem="greylisted", problem_text="Not now.")
    listed = Notifications(
        (grey, busy, older), counts={"retrying": 3, "queued": 1, "sent": 12, "failed": 1}, oldest_unfinished_at=AT
    )
    backend = FakeBackend(listed=listed)
    _, screen = await shown(backend)
    assert "4 notifications wait to be sent." in screen.said
    assert "2 notifications are tried again: It is busy. (server-busy)" in screen.said
    assert "1 notification is tried again: Not now. (greylisted)" in screen.said
    assert "12 notifications were sent. 1 notification could not be sent. 0 notifications were not sent" in screen.said
    report = await read_status(as_backend(backend))
    assert [(trouble.code, trouble.count) for trouble in report.troubles] == [("server-busy", 2), ("greylisted", 1)]
    assert report.troubles[0].since == AT - timedelta(hours=2)


async def test_an_authority_of_ones_own_says_when_it_ends() -> None:
    authority = trustme.CA()
    pem = authority.cert_pem.bytes().decode()
    report = await read_status(as_backend(FakeBackend(shown=organisation(ca_pem=pem))))
    [expiry] = report.expires
    assert expiry.what == "authority"
    assert expiry.at > datetime.now(UTC)
    _, screen = await shown(FakeBackend(shown=organisation(ca_pem=pem)))
    assert f"ends at {expiry.at.astimezone():%Y-%m-%d}" in screen.said
    for unreadable in ("no certificate", 7, None):
        report = await read_status(as_backend(FakeBackend(shown=organisation(ca_pem=unreadable))))
        assert report.expires == ()


async def test_an_authority_that_has_ended_is_told_in_the_past() -> None:
    from cryptography import x509  # noqa: PLC0415 - only this test makes a certificate by hand
    from cryptography.hazmat.primitives import hashes, serialization  # noqa: PLC0415 - as above
    from cryptography.hazmat.primitives.asymmetric import ec  # noqa: PLC0415 - as above

    key, name = ec.generate_private_key(ec.SECP256R1()), x509.Name([])
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(AT - timedelta(days=9))
        .not_valid_after(AT - timedelta(days=2))
        .sign(key, hashes.SHA256())
    )
    pem = certificate.public_bytes(serialization.Encoding.PEM).decode()
    _, screen = await shown(FakeBackend(shown=organisation(ca_pem=pem)))
    expected = "ended" if datetime.now(UTC) > AT - timedelta(days=2) else "ends"
    assert f"{expected} at {(AT - timedelta(days=2)).astimezone():%Y-%m-%d}" in screen.said


async def test_the_json_carries_everything_and_nothing_else_is_written() -> None:
    code, screen = await shown(
        FakeBackend(shown=organisation(), changes=changes(("profile-activated", "Ann", 3))), "--json"
    )
    assert code == 0
    assert screen.said == ""
    assert screen.json["schema"] == "sendwright.status/1"
    assert screen.json["by"] == "Ann"
    assert set(screen.json) == {
        *("schema", "organisation", "workspaces", "in_force", "default_sender", "since", "by"),
        *("expires", "counts", "oldest_unfinished_at", "troubles", "problem"),
    }


async def test_a_backend_that_cannot_be_asked_is_a_problem() -> None:
    code, screen = await shown(FakeBackend(failure=UNREACHABLE))
    assert code == 1
    assert "backend-unreachable" in screen.said
    code, screen = await shown(FakeBackend(failure=UNREACHABLE), "--json")
    problem = screen.json["problem"]
    assert (code, isinstance(problem, dict) and problem["code"]) == (1, "backend-unreachable")


async def test_a_sender_that_needs_somebody_says_so_by_name() -> None:
    standing = organisation()
    assert standing.in_force is not None
    troubled = msgspec.structs.replace(standing.in_force, trouble="refresh-token-expired")
    _, screen = await shown(FakeBackend(shown=msgspec.structs.replace(standing, in_force=troubled)))
    assert "It needs somebody: " in screen.said
    assert "(refresh-token-expired)" in screen.said
    unknown = msgspec.structs.replace(standing.in_force, trouble="of-a-newer-backend")
    _, screen = await shown(FakeBackend(shown=msgspec.structs.replace(standing, in_force=unknown)))
    assert "It needs somebody: of-a-newer-backend (of-a-newer-backend)." in screen.said


@pytest.mark.parametrize(("days", "words"), [(20, "signs in with ends at"), (-1, "signs in with ended at")])
async def test_the_end_of_a_credential_is_told(days: int, words: str) -> None:
    at = datetime.now(UTC) + timedelta(days=days)
    standing = organisation()
    assert standing.in_force is not None
    ending = msgspec.structs.replace(standing, in_force=msgspec.structs.replace(standing.in_force, expires_at=at))
    _, screen = await shown(FakeBackend(shown=ending))
    assert f"{words} {at.astimezone():%Y-%m-%d %H:%M}." in screen.said
    report = await read_status(as_backend(FakeBackend(shown=ending)))
    assert [(expiry.what, expiry.at) for expiry in report.expires] == [("credential", at)]
