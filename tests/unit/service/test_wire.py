"""The JSON between wizard and backend: exact names, open to additions, times in UTC."""

from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.unit.service.backend_kit import PROFILE

from sendwright.diagnosis.stage import StageResult, Verdict
from sendwright.handoff import wire
from sendwright.profile import SenderProfile

NOW = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
LONG_AGO = datetime(2000, 1, 1, tzinfo=UTC).replace(tzinfo=None)  # the zone is drawn too
STATE = wire.ProfileState(
    version=3,
    state="in-force",
    profile=PROFILE,
    credential="0123456789abcdef",
    created_at=NOW,
    created_by="Ann's laptop",
    tested_at=NOW,
    test_verdict="passed",
    activated_at=NOW,
)
NOTIFICATION = wire.NotificationState(
    id="n1", kind="comment", to="ann@example.com", subject="Hello", state="sent", message_id="<n1@example.org>",
    created_at=NOW, updated_at=NOW,
)  # fmt: skip

EXAMPLES: list[tuple[msgspec.Struct, set[str]]] = [
    (wire.EnrolmentRequest(code="c", device="d"), {"code", "device"}),
    (wire.Enrolment(token="t", organisation="o"), {"token", "organisation"}),
    (wire.DefaultSender(address="a@example.org", alias="A"), {"address", "alias"}),
    (
        STATE,
        {
            "version", "state", "profile", "credential", "created_at", "created_by",
            "tested_at", "test_verdict", "activated_at", "trouble", "works", "expires_at", "contact",
        },
    ),
    (
        wire.Organisation(
            name="n",
            workspaces=("w",),
            default_sender=wire.DefaultSender(address="a@example.org", alias="A"),
            in_force=STATE,
        ),
        {"name", "workspaces", "default_sender", "in_force", "api_version"},
    ),
    (
        wire.ProfileRequest(profile=PROFILE, credentials="x"),
        {"profile", "credentials", "note", "credentials_from", "contact", "expires_at"},
    ),
    (wire.TestRequest(to="a@example.org"), {"to", "mailbox"}),
    (wire.MicrosoftApplication(client_id="c"), {"client_id", "credential", "thumbprint", "not_after"}),
    (wire.GoogleIdentity(), {"identity"}),
    (wire.Ended(), {"revoked", "problem"}),
    (wire.CertificateRequest(client_id="c"), {"client_id"}),
    (
        wire.Certificate(
            id="i", client_id="c", pem="p", thumbprint="AB", thumbprint_sha256="cd", not_after=NOW,
        ),
        {"id", "client_id", "pem", "thumbprint", "thumbprint_sha256", "not_after"},
    ),
    (
        wire.ConsentQuestion(tenant="contoso.com"),
        {"tenant", "cloud", "client_id", "certificate", "login", "graph"},
    ),
    (wire.ConsentState(state="granted"), {"state", "roles", "tenant", "problem"}),
    (wire.TestEnd(verdict=Verdict.PASSED), {"verdict", "code"}),
    (wire.Health(instance="i"), {"instance", "status", "api_version"}),
    (wire.AuditEntry(at=NOW, who="w", action="enrolled"), {"at", "who", "action", "version", "detail"}),
    (wire.Audit((wire.AuditEntry(at=NOW, who="w", action="a"),)), {"entries"}),
    (wire.Profiles((STATE,)), {"profiles"}),
    (
        wire.NotificationRequest(kind="comment", to="a@example.org", subject="s"),
        {"kind", "to", "subject", "text", "html", "priority", "deduplication_key", "not_after", "workspace"},
    ),
    (wire.Notifications((NOTIFICATION,)), {"notifications", "counts", "oldest_unfinished_at"}),
    (wire.ProblemDocument(status=404, code="c"), {"status", "code", "title", "detail", "type"}),
    (PROFILE, {"provider", "sender", "address", "alias", "settings", "schema"}),
]  # fmt: skip
NAMES = [type(example).__name__ for example, _ in EXAMPLES]


@pytest.mark.parametrize(("example", "names"), EXAMPLES, ids=NAMES)
def test_the_names_are_those_that_others_build_on(example: msgspec.Struct, names: set[str]) -> None:
    assert set(msgspec.json.decode(msgspec.json.encode(example))) == names


@pytest.mark.parametrize("example", [example for example, _ in EXAMPLES], ids=NAMES)
def test_what_was_written_is_read_again(example: msgspec.Struct) -> None:
    assert msgspec.json.decode(msgspec.json.encode(example), type=type(example)) == example


ANSWERS = [
    example for example, _ in EXAMPLES if not isinstance(example, SenderProfile | wire.ProfileRequest | wire.TestEnd)
]


@pytest.mark.parametrize("example", ANSWERS, ids=[type(example).__name__ for example in ANSWERS])
def test_an_addition_of_a_later_version_disturbs_nobody(example: msgspec.Struct) -> None:
    extended = {**msgspec.to_builtins(example), "added_later": {"deep": [1]}}
    assert msgspec.json.decode(msgspec.json.encode(extended), type=type(example)) == example


def test_a_profile_with_an_unknown_field_is_not_guessed_at() -> None:
    extended = {**msgspec.to_builtins(PROFILE), "added_later": 1}
    with pytest.raises(msgspec.ValidationError):
        msgspec.convert(extended, SenderProfile)


@pytest.mark.parametrize("example", [example for example, _ in EXAMPLES], ids=NAMES)
def test_nothing_can_be_changed_after_it_was_made(example: msgspec.Struct) -> None:
    field = msgspec.structs.fields(example)[0].name
    with pytest.raises(AttributeError):
        setattr(example, field, None)


@given(moment=st.datetimes(min_value=LONG_AGO, max_value=LONG_AGO.replace(year=2100)), hours=st.integers(-12, 12))
def test_a_moment_is_the_same_moment_in_every_zone(moment: datetime, hours: int) -> None:
    aware = moment.replace(tzinfo=timezone(timedelta(hours=hours)))
    entry = wire.AuditEntry(at=aware, who="w", action="a")
    read = msgspec.json.decode(msgspec.json.encode(entry), type=wire.AuditEntry)
    assert read.at == aware
    assert read.at.tzinfo is not None


def test_a_moment_in_utc_ends_in_z() -> None:
    written = msgspec.json.decode(msgspec.json.encode(wire.AuditEntry(at=NOW, who="w", action="a")))
    assert written["at"] == "2026-03-01T12:00:00Z"


@pytest.mark.parametrize(
    ("kind", "wrong"),
    [
        (wire.ProfileState, {"state": "retired"}),
        (wire.ProfileState, {"version": "3"}),
        (wire.ProfileState, {"created_at": "yesterday"}),
        (wire.ProfileState, {"created_at": 5}),
        (wire.TestEnd, {"verdict": "splendid"}),
        (wire.TestEnd, {"added_later": 1}),
    ],
)
def test_what_means_nothing_is_refused(kind: type[msgspec.Struct], wrong: dict[str, Any]) -> None:
    good = next(example for example, _ in EXAMPLES if isinstance(example, kind))
    with pytest.raises(msgspec.ValidationError):
        msgspec.json.decode(msgspec.json.encode({**msgspec.to_builtins(good), **wrong}), type=kind)


def test_a_stage_and_the_end_of_a_test_cannot_be_taken_for_each_other() -> None:
    stage = msgspec.json.encode(StageResult(id="resolve", verdict=Verdict.PASSED))
    end = msgspec.json.encode(wire.TestEnd(verdict=Verdict.PASSED))
    with pytest.raises(msgspec.ValidationError):
        msgspec.json.decode(stage, type=wire.TestEnd)
    with pytest.raises(msgspec.ValidationError):
        msgspec.json.decode(end, type=StageResult)
