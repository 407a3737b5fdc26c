"""Profiles of Gmail at the backend: whose they are, where they lead, what they take over, and how they stand."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from tests.unit.oauth.google.key_files import key_file
from tests.unit.service.backend_kit import Backend, code_of, running
from tests.unit.service.google_kit import (
    LISTS,
    ROBOT,
    SERVICE_ACCOUNT,
    SIGNER,
    gmail_profile,
    keyless_profile,
    write_identity,
)
from tests.unit.service.grant_kit import TokenEndpoint
from tests.unit.service.test_grant_profiles import graph_profile, refused, rows, staged, state

from sendwright.network.system import system_network
from sendwright.oauth.google.scopes import SEND
from sendwright.senders.catalogue import open_sender
from sendwright.senders.credentials import CLIENT_SECRET, SERVICE_ACCOUNT_KEY, SIGNING_IDENTITY
from sendwright.senders.gmail.settings import SenderProof
from sendwright.service.settings import DataFolder

SECRETS = {"refresh_token": "canary-refresh-0", "client_secret": "canary-client"}
PLACES = 'login = "https://login.test"\ngmail = "https://gmail.test"\nsmtp_host = "smtp.test"\n'


async def activated(backend: Backend, version: int) -> str | None:
    """Test a version and put it in force; return the code of why it was refused."""
    await backend.wizard.test(version)
    answer = await backend.wizard.write("POST", f"/v1/profiles/{version}/activate")
    return None if answer.status_code == 200 else code_of(answer)


async def test_the_backend_says_who_it_is_at_google_and_nothing_more(tmp_path: Path) -> None:
    async with running(tmp_path / "without") as backend:
        assert (await backend.wizard.ask("GET", "/v1/google")).json() == {"identity": ""}
    write_identity(tmp_path / "with")
    async with running(tmp_path / "with", enrolled=False) as backend:
        assert code_of(await backend.wizard.ask("GET", "/v1/google")) == "backend-not-signed-in"
        wizard = await backend.enrol()
        assert (await wizard.ask("GET", "/v1/google")).json() == {"identity": SIGNER}


async def test_an_account_keeps_its_grant_and_the_secret_of_its_client(tmp_path: Path) -> None:
    async with running(tmp_path) as backend:
        found = await staged(backend, gmail_profile(), secrets=SECRETS)
        sender = await backend.assembly.services.profiles.sender(1)
        assert {name: each.reveal() for name, each in sender.credentials.items()} == {CLIENT_SECRET: "canary-client"}
        assert sender.grant is not None
        endpoint = TokenEndpoint(backend.clock, rotates=False)
        assert (await sender.grant.access(SEND, endpoint.renew)).secret.reveal() == "canary-access-1"
    assert (found["trouble"], found["expires_at"]) == (None, None)
    assert b"canary" not in b"".join(file.read_bytes() for file in tmp_path.glob("backend.db*"))


async def test_a_key_of_the_organisations_own_is_kept_and_needs_nothing_of_the_platform(tmp_path: Path) -> None:
    async with running(tmp_path) as backend:
        profile = gmail_profile(SERVICE_ACCOUNT, keyless=False)
        await staged(backend, profile, secrets={SERVICE_ACCOUNT_KEY: key_file().reveal()})
        sender = await backend.assembly.services.profiles.sender(1)
        assert sender.credentials[SERVICE_ACCOUNT_KEY] == key_file()
        assert sender.grant is None
        assert (await state(backend, 1))["trouble"] is None


async def test_an_account_without_a_key_is_signed_for_by_the_backend(tmp_path: Path) -> None:
    write_identity(tmp_path)
    async with running(tmp_path) as backend:
        found = await staged(backend, keyless_profile(), secrets={})
        sender = await backend.assembly.services.profiles.sender(1)
        assert sender.credentials == {SIGNING_IDENTITY: key_file()}
        assert rows(backend, "SELECT count(*) FROM credentials") == [(0,)]
        assert await activated(backend, 1) is None
        taken = await staged(backend, keyless_profile(alias="New name"), credentials_from=1)
    assert [each["trouble"] for each in (found, taken)] == [None, None]
    assert "BEGIN" not in str(found)


async def test_of_what_is_handed_out_a_sender_is_made(tmp_path: Path) -> None:
    write_identity(tmp_path)
    key = {SERVICE_ACCOUNT_KEY: key_file(client_email=ROBOT).reveal()}
    async with running(tmp_path) as backend:
        await staged(backend, gmail_profile(), secrets=SECRETS)
        await staged(backend, gmail_profile(SERVICE_ACCOUNT, keyless=False), secrets=key)
        await staged(backend, keyless_profile(), secrets={})
        for version in (1, 2, 3):
            active = await backend.assembly.services.profiles.sender(version)
            sender = open_sender(active.profile, active.credentials, system_network(), grant=active.grant)
            await sender.close()


@pytest.mark.parametrize(
    ("lists", "changes", "code"),
    [
        (None, {}, "signing-identity-absent"),
        ("", {}, "service-account-unknown"),
        (f'service_accounts = ["{ROBOT}"]\n', {}, "signing-domain-unknown"),
        (LISTS, {"service_account": "other@contoso-mail.iam.gserviceaccount.com"}, "service-account-unknown"),
        (LISTS, {"account": "ceo@fabrikam.example"}, "signing-domain-unknown"),
        (LISTS, {"account": "ceo@sub.contoso.com"}, "signing-domain-unknown"),
        (LISTS, {"account": "ceo@fabrikam.example", "domain": "contoso.com"}, "signing-domain-unknown"),
        (LISTS, {"login": "https://login.evil.example"}, "application-place-unknown"),
    ],
)
async def test_the_identity_is_lent_to_nobody_else(
    tmp_path: Path, lists: str | None, changes: dict[str, str], code: str
) -> None:
    if lists is not None:
        write_identity(tmp_path, lists=lists)
    async with running(tmp_path) as backend:
        assert await refused(backend, keyless_profile(**changes), secrets={}) == code
        assert rows(backend, "SELECT count(*) FROM profiles") == [(0,)]


@pytest.mark.parametrize(
    ("mailbox", "code"),
    [
        ("ceo@contoso.com", None),
        ("ceo@fabrikam.example", "signing-domain-unknown"),
        ("ceo@sub.contoso.com", "signing-domain-unknown"),
        ("not an address", "backend-request-invalid"),
    ],
)
async def test_no_test_brings_the_identity_to_a_mailbox_of_others(
    tmp_path: Path, mailbox: str, code: str | None
) -> None:
    write_identity(tmp_path)
    async with running(tmp_path) as backend:
        await staged(backend, keyless_profile(), secrets={})
        answer = await backend.wizard.ask("POST", "/v1/profiles/1/test", json={"mailbox": mailbox})
        assert (None if answer.status_code == 200 else code_of(answer)) == code
        assert backend.diagnosis.mailboxes == ([mailbox] if code is None else [])


async def test_a_key_of_the_organisations_own_is_its_own_business(tmp_path: Path) -> None:
    async with running(tmp_path) as backend:
        secrets = {SERVICE_ACCOUNT_KEY: key_file().reveal()}
        await staged(backend, gmail_profile(SERVICE_ACCOUNT, keyless=False), secrets=secrets)
        answer = await backend.wizard.ask("POST", "/v1/profiles/1/test", json={"mailbox": "ceo@fabrikam.example"})
        assert answer.status_code == 200


async def test_nobody_makes_a_key_that_somebody_else_gave_act_for_another_user(tmp_path: Path) -> None:
    profile = gmail_profile(SERVICE_ACCOUNT, keyless=False)
    async with running(tmp_path) as backend:
        await staged(backend, profile, secrets={SERVICE_ACCOUNT_KEY: key_file().reveal()})
        other = gmail_profile(SERVICE_ACCOUNT, keyless=False, account="ceo@contoso.com")
        assert await refused(backend, other, credentials_from=1) == "credentials-of-another-account"
        same = gmail_profile(SERVICE_ACCOUNT, keyless=False, account="NoReply@contoso.com", alias="New name")
        assert (await staged(backend, same, credentials_from=1))["version"] == 2


async def test_an_identity_that_the_platform_took_away_is_said_by_name_and_tests_say_so_too(tmp_path: Path) -> None:
    write_identity(tmp_path)
    async with running(tmp_path) as backend:
        await staged(backend, keyless_profile(), secrets={})
        await backend.wizard.test(1)
        clock = backend.clock
    DataFolder(tmp_path).google.unlink()
    async with running(tmp_path, clock=clock) as backend:
        assert (await state(backend, 1))["trouble"] == "signing-identity-absent"
        sender = await backend.assembly.services.profiles.sender(1)
        assert (sender.credentials, sender.refused) == ({}, "signing-identity-absent")
        tried = await backend.wizard.ask("POST", "/v1/profiles/1/test", json={"to": None})
        assert code_of(tried) == "signing-identity-absent"
        assert code_of(await backend.wizard.write("POST", "/v1/profiles/1/activate")) == "signing-identity-absent"


@pytest.mark.parametrize(
    "changes",
    [
        {"login": "https://login.evil.example"},
        {"gmail": "https://gmail.evil.example"},
        {"smtp_host": "smtp.evil.example"},
        {"login": "https://login.test", "gmail": "https://gmail.evil.example"},
        {"login": "https://login.test.evil.example"},
    ],
)
@pytest.mark.parametrize("practice", [True, False])
async def test_nothing_is_brought_to_a_place_that_the_platform_does_not_list(
    tmp_path: Path, changes: dict[str, str], *, practice: bool
) -> None:
    if practice:
        tmp_path.joinpath("google.toml").write_text(PLACES)
    async with running(tmp_path) as backend:
        await staged(backend, gmail_profile(), secrets=SECRETS)
        assert await refused(backend, gmail_profile(**changes), secrets=SECRETS) == "application-place-unknown"
        taken = await refused(backend, gmail_profile(**changes), credentials_from=1)
        assert taken == "credentials-of-another-account"
        assert rows(backend, "SELECT count(*) FROM profiles") == [(1,)]
        assert rows(backend, "SELECT count(*) FROM grants") == [(1,)]


async def test_the_places_of_one_file_are_not_those_of_the_other(tmp_path: Path) -> None:
    tmp_path.joinpath("google.toml").write_text('login = "https://login.test"')
    async with running(tmp_path) as backend:
        await staged(backend, gmail_profile(login="https://login.test"), secrets=SECRETS)
        assert await refused(backend, graph_profile(login="https://login.test")) == "application-place-unknown"


async def test_a_place_that_is_not_listed_any_more_gets_no_token_of_what_was_staged(tmp_path: Path) -> None:
    tmp_path.joinpath("google.toml").write_text(PLACES)
    places = {"login": "https://login.test", "gmail": "https://gmail.test"}
    async with running(tmp_path) as backend:
        await staged(backend, gmail_profile(**places), secrets=SECRETS)
        assert await activated(backend, 1) is None
        await staged(backend, gmail_profile(alias="Renamed", **places), credentials_from=1)
        await backend.wizard.test(2)
        clock = backend.clock
    DataFolder(tmp_path).google.unlink()
    async with running(tmp_path, clock=clock) as backend:
        sender = await backend.assembly.services.profiles.in_force()
        assert sender is not None
        assert (sender.version, sender.credentials, sender.grant) == (1, {}, None)
        assert sender.refused == "application-place-unknown"
        assert (await state(backend, 1))["trouble"] == "application-place-unknown"
        assert await refused(backend, gmail_profile(**places), credentials_from=1) == "application-place-unknown"
        assert code_of(await backend.wizard.write("POST", "/v1/profiles/2/activate")) == "application-place-unknown"


@pytest.mark.parametrize(
    "changes",
    [
        {"alias": "Another name"},
        {"proof": SenderProof.LISTED},
        {"address": "alias@contoso.com", "proof": SenderProof.ARRIVED},
        {"route": "smtp"},
    ],
)
async def test_a_later_version_of_the_same_sign_in_takes_it_over(tmp_path: Path, changes: dict[str, Any]) -> None:
    async with running(tmp_path) as backend:
        end = backend.clock() + timedelta(days=7)
        await staged(backend, gmail_profile(), secrets=SECRETS, contact="it@contoso.com", expires_at=end.isoformat())
        taken = await staged(backend, gmail_profile(**changes), credentials_from=1)
        former, later = [await backend.assembly.services.profiles.sender(version) for version in (1, 2)]
        assert later.credentials == former.credentials
        assert rows(backend, "SELECT count(DISTINCT grant_id), count(*) FROM profiles") == [(1, 2)]
    assert (taken["contact"], taken["expires_at"]) == ("it@contoso.com", end.isoformat().replace("+00:00", "Z"))


@pytest.mark.parametrize(
    "changes",
    [
        {"account_id": "104857600000000000008", "account": "eve@contoso.com"},
        {"client_id": "9999-xyz.apps.googleusercontent.com"},
        {"own": True},
    ],
)
async def test_nobody_takes_over_the_sign_in_of_somebody_else(tmp_path: Path, changes: dict[str, Any]) -> None:
    async with running(tmp_path) as backend:
        await staged(backend, gmail_profile(), secrets=SECRETS)
        code = await refused(backend, gmail_profile(**changes), credentials_from=1)
        assert code == "credentials-of-another-account"
        assert await refused(backend, keyless_profile(), credentials_from=1) == "credentials-of-another-account"


async def test_a_sender_that_nobody_proved_is_said_so_and_nobody_is_written_to(tmp_path: Path) -> None:
    async with running(tmp_path) as backend:
        unproven = gmail_profile(address="alias@contoso.com", proof=SenderProof.UNPROVEN)
        found = await staged(backend, unproven, secrets=SECRETS, contact="it@contoso.com")
        assert found["trouble"] == "gmail-sender-unproven"
        assert await activated(backend, 1) is None
        outlook = await backend.assembly.services.profiles.outlook()
        assert (outlook.trouble, outlook.need) == ("gmail-sender-unproven", None)
        proven = gmail_profile(address="alias@contoso.com", proof=SenderProof.ARRIVED)
        assert (await staged(backend, proven, credentials_from=1))["trouble"] is None
