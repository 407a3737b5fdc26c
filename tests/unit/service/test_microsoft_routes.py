"""Microsoft 365 by HTTP: the platform's application, certificates whose private half never leaves, their ends."""

import sqlite3
from contextlib import closing
from datetime import UTC, datetime, timedelta
from hashlib import sha1, sha256
from pathlib import Path
from typing import Any

import msgspec
import pytest
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, RSAPublicKey
from cryptography.hazmat.primitives.serialization import Encoding, load_pem_private_key
from cryptography.x509 import load_pem_x509_certificate
from cryptography.x509.oid import NameOID
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.unit.service.application_kit import CLIENT_ID, application_profile, write_certificate, write_secret
from tests.unit.service.backend_kit import START, Backend, code_of, running
from tests.unit.service.test_grant_profiles import refused, rows, staged, state

from sendwright.senders.credentials import CLIENT_CERTIFICATE, CLIENT_SECRET
from sendwright.service import application_credentials
from sendwright.service.application_credentials import VALID, make_key_pair

OWN = "11111111-2222-4333-8444-555555555555"
OTHER_CUSTOMER = "99999999-2222-4333-8444-555555555555"  # which has consented to the same application


async def made(backend: Backend, client_id: str = OWN, **more: Any) -> Any:  # noqa: ANN401 - handed on
    answer = await backend.wizard.ask("POST", "/v1/microsoft/certificates", json={"client_id": client_id}, **more)
    assert answer.status_code == 201, answer.text
    return answer.json()


async def test_without_a_file_there_is_no_application(tmp_path: Path) -> None:
    async with running(tmp_path) as backend:
        found = (await backend.wizard.ask("GET", "/v1/microsoft")).json()
    assert found == {"client_id": "", "credential": None, "thumbprint": "", "not_after": None}


async def test_the_platforms_application_is_shown_without_its_credential(tmp_path: Path) -> None:
    pair = write_certificate(tmp_path)
    async with running(tmp_path) as backend:
        answer = await backend.wizard.ask("GET", "/v1/microsoft")
    der = load_pem_x509_certificate(pair.certificate.encode()).public_bytes(Encoding.DER)
    end = (START + VALID).isoformat().replace("+00:00", "Z")
    assert answer.json() == {
        "client_id": CLIENT_ID,
        "credential": "certificate",
        "thumbprint": sha256(der).hexdigest(),
        "not_after": end,
    }


async def test_nobody_without_a_token_learns_or_makes_anything(tmp_path: Path) -> None:
    async with running(tmp_path, enrolled=False) as backend:
        for method, path in (
            ("GET", "/v1/microsoft"),
            ("POST", "/v1/microsoft/certificates"),
            ("POST", "/v1/microsoft/consent"),
        ):
            assert code_of(await backend.wizard.ask(method, path, json={})) == "backend-not-signed-in"


async def test_a_certificate_is_made_here_and_only_its_public_half_leaves(tmp_path: Path) -> None:
    async with running(tmp_path) as backend:
        answer = await backend.wizard.ask("POST", "/v1/microsoft/certificates", json={"client_id": OWN})
        found = answer.json()
        assert rows(backend, "SELECT action, detail FROM audit ORDER BY id DESC LIMIT 1") == [
            (
                "certificate-made",
                msgspec.json.encode({"client_id": OWN, "thumbprint": found["thumbprint"]}).decode(),
            )
        ]
    assert answer.headers["cache-control"] == "no-store"
    assert "PRIVATE" not in answer.text
    certificate = load_pem_x509_certificate(found["pem"].encode())
    der = certificate.public_bytes(Encoding.DER)
    assert found["thumbprint"] == sha1(der, usedforsecurity=False).hexdigest().upper()
    assert found["thumbprint_sha256"] == sha256(der).hexdigest()
    assert found["not_after"] == (START + timedelta(days=729)).isoformat().replace("+00:00", "Z")
    assert certificate.not_valid_after_utc == START + timedelta(days=729)
    assert certificate.not_valid_before_utc < START
    public = certificate.public_key()
    assert isinstance(public, RSAPublicKey)
    assert public.key_size == 3072
    assert certificate.subject == certificate.issuer
    assert certificate.subject.get_attributes_for_oid(NameOID.COMMON_NAME)[0].value
    assert b"PRIVATE KEY" not in b"".join(file.read_bytes() for file in tmp_path.glob("backend.db*"))


async def test_a_repeated_request_is_answered_with_the_same_certificate(tmp_path: Path) -> None:
    async with running(tmp_path) as backend:
        key = {"Idempotency-Key": "draft-1"}
        assert await made(backend, headers=key) == await made(backend, headers=key)
        assert rows(backend, "SELECT count(*) FROM certificates") == [(1,)]
        other = await backend.wizard.ask(
            "POST", "/v1/microsoft/certificates", json={"client_id": CLIENT_ID}, headers=key
        )
        assert code_of(other) == "idempotency-key-reused"


@pytest.mark.parametrize("client_id", ["", "a b", "../x", "a" * 101, "-a", "é"])
async def test_what_is_no_application_id_gets_no_certificate(tmp_path: Path, client_id: str) -> None:
    async with running(tmp_path) as backend:
        answer = await backend.wizard.ask("POST", "/v1/microsoft/certificates", json={"client_id": client_id})
        assert code_of(answer) == "backend-request-invalid"
        assert rows(backend, "SELECT count(*) FROM certificates") == [(0,)]


async def test_a_version_signs_in_with_the_certificate_made_for_its_application(tmp_path: Path) -> None:
    async with running(tmp_path) as backend:
        certificate = await made(backend)
        profile = application_profile(client_id=OWN, certificate=certificate["id"])
        found = await staged(backend, profile, secrets={})
        assert (found["credential"], found["expires_at"]) == (None, certificate["not_after"])
        sender = await backend.assembly.services.profiles.sender(1)
    assert set(sender.credentials) == {CLIENT_CERTIFICATE}
    pem = sender.credentials[CLIENT_CERTIFICATE].reveal()
    assert pem.endswith(certificate["pem"])
    private = load_pem_private_key(pem.partition("-----BEGIN CERTIFICATE")[0].encode(), password=None)
    assert isinstance(private, RSAPrivateKey)
    assert private.public_key() == load_pem_x509_certificate(certificate["pem"].encode()).public_key()


async def test_a_version_signs_in_with_what_the_platform_has(tmp_path: Path) -> None:
    write_secret(tmp_path, more="secret_expires = 2027-05-20")
    async with running(tmp_path) as backend:
        found = await staged(backend, application_profile(), secrets={})
        assert (found["trouble"], found["expires_at"]) == (None, "2027-05-20T00:00:00Z")
        assert (await backend.assembly.services.profiles.sender(1)).credentials[CLIENT_SECRET].reveal() == (
            "canary-secret"
        )
        assert rows(backend, "SELECT count(*) FROM credentials") == [(0,)]


async def test_a_version_may_bring_a_secret_of_the_organisations_own(tmp_path: Path) -> None:
    async with running(tmp_path) as backend:
        profile = application_profile(client_id=OWN)
        found = await staged(backend, profile, secrets={"client_secret": "canary-own"})
        sender = await backend.assembly.services.profiles.sender(1)
        assert sender.credentials[CLIENT_SECRET].reveal() == "canary-own"
        assert (found["trouble"], found["expires_at"]) == (None, None)


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"client_id": OWN}, "application-credential-absent"),
        ({"cloud": "china"}, "application-credential-absent"),
        ({"tenant": OTHER_CUSTOMER}, "application-organisation-unknown"),
        ({"tenant": "fabrikam.example"}, "application-organisation-unknown"),
        ({"certificate": "not there"}, "certificate-unknown"),
        ({"login": "https://login.evil.example"}, "application-place-unknown"),
        ({"graph": "https://graph.evil.example"}, "application-place-unknown"),
        ({"smtp_host": "smtp.evil.example", "route": "smtp"}, "application-place-unknown"),
        ({"login": "http://login.evil.example"}, "profile-invalid"),
        ({"graph": "file:///etc"}, "profile-invalid"),
    ],
)
async def test_no_credential_of_the_backend_goes_where_it_does_not_belong(
    tmp_path: Path, changes: dict[str, str], code: str
) -> None:
    write_secret(tmp_path)
    async with running(tmp_path) as backend:
        assert await refused(backend, application_profile(**changes), secrets={}) == code
        assert rows(backend, "SELECT count(*) FROM profiles") == [(0,)]


async def test_a_certificate_of_another_application_is_not_lent(tmp_path: Path) -> None:
    async with running(tmp_path) as backend:
        certificate = await made(backend)
        assert await refused(backend, application_profile(certificate=certificate["id"]), secrets={}) == (
            "certificate-unknown"
        )


async def test_a_credential_that_the_platform_took_away_is_said_by_name(tmp_path: Path) -> None:
    write_secret(tmp_path)
    async with running(tmp_path) as backend:
        await staged(backend, application_profile(), secrets={})
        clock = backend.clock
    tmp_path.joinpath("microsoft.toml").unlink()
    async with running(tmp_path, clock=clock) as backend:
        assert (await state(backend, 1))["trouble"] == "application-credential-absent"
        assert (await backend.assembly.services.profiles.sender(1)).credentials == {}


async def test_what_cannot_be_decrypted_any_more_is_said_by_name(tmp_path: Path) -> None:
    async with running(tmp_path) as backend:
        certificate = await made(backend)
        profile = application_profile(client_id=OWN, certificate=certificate["id"])
        await staged(backend, profile, secrets={})
        with closing(sqlite3.connect(tmp_path / "backend.db")) as connection, connection:
            connection.execute("UPDATE certificates SET private_key = x'01'")
        assert (await state(backend, 1))["trouble"] == "backend-credentials-unreadable"


@pytest.mark.parametrize(
    ("days", "trouble"),
    [
        (0, None),
        (729 - 31, None),
        (729 - 30, "{}-expires-soon"),
        (729 - 1, "{}-expires-soon"),
        (729, "{}-expired"),
        (2000, "{}-expired"),
    ],
)
@pytest.mark.parametrize("own", [True, False])
async def test_the_end_of_a_certificate_is_seen_coming(
    tmp_path: Path, days: int, trouble: str | None, *, own: bool
) -> None:
    write_certificate(tmp_path)
    async with running(tmp_path) as backend:
        profile = application_profile()
        if own:
            profile = application_profile(client_id=OWN, certificate=(await made(backend))["id"])
        await staged(backend, profile, secrets={})
        backend.clock.forward(days=days)
        named = "own-certificate" if own else "client-certificate"
        assert (await state(backend, 1))["trouble"] == (trouble.format(named) if trouble else None)


async def test_the_application_is_described(tmp_path: Path) -> None:
    async with running(tmp_path) as backend:
        described = (await backend.wizard.http.get("/openapi.json")).json()["paths"]
    assert set(described["/v1/microsoft"]) == {"get"}
    assert set(described["/v1/microsoft/certificates"]) == {"post"}
    assert set(described["/v1/microsoft/consent"]) == {"post"}
    assert {"201", "400"} <= set(described["/v1/microsoft/certificates"]["post"]["responses"])


@pytest.mark.parametrize("tenant", ["", "common", "organizations", "consumers", "../x", "a/b", "contoso.com?x=1"])
async def test_consent_is_asked_for_in_one_organisation(tmp_path: Path, tenant: str) -> None:
    write_secret(tmp_path)
    async with running(tmp_path) as backend:
        answer = await backend.wizard.ask("POST", "/v1/microsoft/consent", json={"tenant": tenant})
    assert code_of(answer) == "backend-request-invalid"


@pytest.mark.parametrize(
    ("question", "code"),
    [
        ({"login": "https://login.evil.example"}, "application-place-unknown"),
        ({"graph": "http://graph.evil.example"}, "application-place-unknown"),
        ({"cloud": "moon"}, "backend-request-invalid"),
        ({"tenant": OTHER_CUSTOMER}, "application-organisation-unknown"),
        ({"client_id": OWN}, "application-credential-absent"),
        ({"client_id": "a b"}, "backend-request-invalid"),
        ({"certificate": "not there"}, "certificate-unknown"),
    ],
)
async def test_consent_is_not_asked_for_at_strange_places(tmp_path: Path, question: dict[str, str], code: str) -> None:
    write_secret(tmp_path)
    async with running(tmp_path) as backend:
        asked = {"tenant": "contoso.com"} | question
        assert code_of(await backend.wizard.ask("POST", "/v1/microsoft/consent", json=asked)) == code


@given(name=st.text(max_size=200))
@settings(max_examples=15, deadline=None)
def test_any_name_of_an_organisation_makes_a_certificate(name: str) -> None:
    key = application_credentials.rsa.generate_private_key(public_exponent=65537, key_size=2048)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(application_credentials.rsa, "generate_private_key", lambda **_: key)
        pair = make_key_pair(name, now=datetime(2026, 3, 1, 12, 0, 0, 123, tzinfo=UTC))
    subject = load_pem_x509_certificate(pair.certificate.encode()).subject
    said = subject.get_attributes_for_oid(NameOID.COMMON_NAME)[0].value
    assert 0 < len(said) <= 64
    assert pair.not_after == datetime(2028, 2, 28, 12, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    "changes",
    [
        {"login": "https://login.evil.example"},
        {"graph": "https://graph.evil.example"},
        {"smtp_host": "smtp.evil.example", "route": "smtp"},
    ],
)
@pytest.mark.parametrize("account", [True, False])
async def test_no_device_makes_the_backend_or_the_next_wizard_bring_a_token_elsewhere(
    tmp_path: Path, changes: dict[str, str], *, account: bool
) -> None:
    signs_in = {"way": "account", "account": "ben@contoso.com", "account_id": "ben"} if account else {"client_id": OWN}
    secrets = {"refresh_token": "made-up"} if account else {"client_secret": "canary-own"}
    async with running(tmp_path) as backend:
        profile = application_profile(**changes, **signs_in)
        assert await refused(backend, profile, secrets=secrets) == "application-place-unknown"
        assert rows(backend, "SELECT count(*) FROM profiles") == [(0,)]
        assert rows(backend, "SELECT count(*) FROM grants") == [(0,)]


async def test_a_device_cannot_keep_the_backend_busy_with_certificates(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(application_credentials, "MANY", 1)
    asked = {"client_id": OWN}
    async with running(tmp_path) as backend:
        first = await backend.wizard.ask("POST", "/v1/microsoft/certificates", json=asked)
        assert first.status_code == 201
        second = await backend.wizard.ask("POST", "/v1/microsoft/certificates", json=asked)
        assert code_of(second) == "backend-busy"
        assert rows(backend, "SELECT count(*) FROM certificates") == [(1,)]
        backend.clock.forward(hours=2)
        assert (await backend.wizard.ask("POST", "/v1/microsoft/certificates", json=asked)).status_code == 201
