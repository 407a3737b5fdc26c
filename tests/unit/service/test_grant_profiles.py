"""A version that signs in by a refresh token: kept in a grant, taken over by later versions, told when it ends."""

import sqlite3
from contextlib import closing
from datetime import timedelta
from pathlib import Path
from typing import Any

import msgspec
import pytest
from tests.unit.service.backend_kit import PROFILE, Backend, Wizard, code_of, running
from tests.unit.service.grant_kit import MAIL, TokenEndpoint, refusal

from sendwright.handoff.sealing import seal
from sendwright.oauth.grant import OAuthFailed
from sendwright.profile import SenderProfile
from sendwright.secret import Secret
from sendwright.senders.graph.settings import GraphSettings, Route, Way

REFRESH = "canary-refresh-0"
SETTINGS = GraphSettings(
    client_id="c0a8012e-6b1d-4f7a-8e55-2d9b7a4c1f36",
    tenant="7f1c2a94-5d0e-4b83-9a66-0c3d5b1e8f20",
    mailbox="noreply@contoso.com",
    way=Way.ACCOUNT,
    route=Route.MAILBOX,
    account="ben@contoso.com",
    account_id="2c1f7b63-82d5-4f1f-9b64-6d8f2f7e3b02",
)


def graph_profile(alias: str = "Contoso", **changes: Any) -> SenderProfile:  # noqa: ANN401 - fields of GraphSettings
    settings = msgspec.structs.replace(SETTINGS, **changes)
    return SenderProfile(
        provider="microsoft365",
        sender="graph",
        address=settings.mailbox,
        alias=alias,
        settings=msgspec.to_builtins(settings),
    )


async def body(wizard: Wizard, profile: SenderProfile, *, secrets: dict[str, str] | None = None, **more: object) -> Any:  # noqa: ANN401 - JSON
    found = {"profile": msgspec.to_builtins(profile), "credentials": None, **more}
    if secrets is None and "credentials_from" not in more:
        secrets = {"refresh_token": REFRESH}
    if secrets:
        jwks = (await wizard.ask("GET", "/v1/keys")).json()
        found["credentials"] = seal({name: Secret(each) for name, each in secrets.items()}, jwks, profile=profile)
    return found


async def staged(backend: Backend, profile: SenderProfile | None = None, **more: Any) -> Any:  # noqa: ANN401 - JSON
    request = await body(backend.wizard, profile or graph_profile(), **more)
    answer = await backend.wizard.write("POST", "/v1/profiles", json=request)
    assert answer.status_code == 201, answer.text
    return answer.json()


async def refused(backend: Backend, profile: SenderProfile | None = None, **more: Any) -> str:  # noqa: ANN401 - JSON
    request = await body(backend.wizard, profile or graph_profile(), **more)
    return code_of(await backend.wizard.write("POST", "/v1/profiles", json=request))


async def state(backend: Backend, version: int) -> Any:  # noqa: ANN401 - JSON
    return (await backend.wizard.ask("GET", f"/v1/profiles/{version}")).json()


def rows(backend: Backend, query: str) -> list[Any]:
    with closing(sqlite3.connect(backend.folder.path / "backend.db")) as connection:
        return connection.execute(query).fetchall()


async def test_a_refresh_token_goes_into_a_grant_and_never_among_the_credentials(tmp_path: Path) -> None:
    async with running(tmp_path) as backend:
        found = await staged(backend, contact="it@contoso.com")
        assert rows(backend, "SELECT count(*) FROM credentials") == [(0,)]
        assert rows(backend, "SELECT generation, dead_at FROM grants") == [(0, None)]
        sender = await backend.assembly.services.profiles.sender(1)
        assert sender.credentials == {}
        assert sender.grant is not None
        endpoint = TokenEndpoint(backend.clock)
        assert (await sender.grant.access(MAIL, endpoint.renew)).secret == Secret("canary-access-1")
    assert (found["contact"], found["trouble"], found["expires_at"]) == ("it@contoso.com", None, None)
    assert len(found["credential"]) == 16
    stored = b"".join(file.read_bytes() for file in tmp_path.glob("backend.db*"))
    assert b"canary" not in stored


async def test_a_later_version_shares_the_grant_of_the_former(tmp_path: Path) -> None:
    async with running(tmp_path) as backend:
        first = await staged(backend, contact="it@contoso.com")
        second = await staged(backend, graph_profile("New name", route=Route.ME), credentials_from=1)
        store = backend.assembly.services.profiles
        endpoint = TokenEndpoint(backend.clock)
        tokens = []
        for version in (1, 2):
            grant = (await store.sender(version)).grant
            assert grant is not None
            tokens.append(await grant.access(MAIL, endpoint.renew))
        assert tokens[0] == tokens[1]
        assert endpoint.renewals == 1
        assert [(await state(backend, version))["contact"] for version in (1, 2)] == ["it@contoso.com"] * 2
        assert rows(backend, "SELECT count(DISTINCT grant_id) FROM profiles") == [(1,)]
    assert first["credential"] == second["credential"]


async def test_a_version_that_signs_in_anew_has_a_grant_of_its_own(tmp_path: Path) -> None:
    async with running(tmp_path) as backend:
        await staged(backend)
        await staged(backend, secrets={"refresh_token": "canary-another"})
        assert rows(backend, "SELECT count(DISTINCT grant_id), count(*) FROM profiles") == [(2, 2)]


async def test_a_token_that_is_handed_over_twice_still_has_one_owner(tmp_path: Path) -> None:
    async with running(tmp_path) as backend:
        endpoint = TokenEndpoint(backend.clock)
        for version in (1, 2):
            await staged(backend, graph_profile(f"Name {version}"))
            grant = (await backend.assembly.services.profiles.sender(version)).grant
            assert grant is not None
            backend.clock.forward(hours=2)
            await grant.access(MAIL, endpoint.renew)
        assert (endpoint.renewals, endpoint.reuses) == (2, 0)
        assert rows(backend, "SELECT count(*) FROM grants") == [(1,)]


async def test_a_password_is_taken_over_too(tmp_path: Path) -> None:
    async with running(tmp_path) as backend:
        await backend.wizard.stage()
        renamed = msgspec.structs.replace(PROFILE, alias="Renamed")
        await staged(backend, renamed, credentials_from=1)
        former, later = [await backend.assembly.services.profiles.sender(version) for version in (1, 2)]
        assert later.credentials == former.credentials
        assert set(later.credentials) == {"password"}


@pytest.mark.parametrize(
    "changes",
    [
        {"client_id": "another"},
        {"tenant": "another"},
        {"account_id": "another"},
        {"cloud": "china"},
        {"login": "https://login.evil.example"},
        {"graph": "https://graph.evil.example"},
        {"smtp_host": "smtp.evil.example"},
    ],
)
async def test_nobody_takes_a_sign_in_to_another_account_or_another_place(
    tmp_path: Path, changes: dict[str, str]
) -> None:
    async with running(tmp_path) as backend:
        await staged(backend)
        assert await refused(backend, graph_profile(**changes), credentials_from=1) == "credentials-of-another-account"
        assert [each["version"] for each in (await backend.wizard.ask("GET", "/v1/profiles")).json()["profiles"]] == [1]


async def test_nobody_takes_a_password_to_another_server(tmp_path: Path) -> None:
    async with running(tmp_path) as backend:
        await backend.wizard.stage()
        elsewhere = msgspec.structs.replace(PROFILE, settings={**PROFILE.settings, "host": "mail.evil.example"})
        assert await refused(backend, elsewhere, credentials_from=1) == "credentials-of-another-account"
        assert await refused(backend, graph_profile(), credentials_from=1) == "credentials-of-another-account"


async def test_a_version_without_secrets_lends_none(tmp_path: Path) -> None:
    open_relay = msgspec.structs.replace(PROFILE, settings={**PROFILE.settings, "username": None})
    elsewhere = msgspec.structs.replace(open_relay, settings={**open_relay.settings, "host": "relay.example.org"})
    async with running(tmp_path) as backend:
        await staged(backend, open_relay, secrets={})
        found = await staged(backend, elsewhere, credentials_from=1)
        assert (found["version"], found["credential"]) == (2, None)
        assert await refused(backend, PROFILE, credentials_from=1) == "credentials-wrong-names"
        assert await refused(backend, graph_profile(), credentials_from=1) == "credentials-wrong-names"


@pytest.mark.parametrize(
    ("more", "code"),
    [
        ({"secrets": {"refresh_token": "r"}, "credentials_from": 1}, "credentials-given-twice"),
        ({"secrets": {}}, "credentials-wrong-names"),
        ({"secrets": {"password": "p"}}, "credentials-wrong-names"),
        ({"secrets": {"refresh_token": "r", "access_token": "a"}}, "credentials-wrong-names"),
        ({"credentials_from": 7}, "credentials-source-unknown"),
        ({"credentials_from": 0}, "credentials-source-unknown"),
        ({"credentials_from": 10**18}, "credentials-source-unknown"),
        ({"contact": "nobody"}, "backend-request-invalid"),
        ({"contact": "a@example.org\nBcc: b@example.org"}, "backend-request-invalid"),
    ],
)
async def test_what_does_not_fit_is_refused_by_name(tmp_path: Path, more: dict[str, Any], code: str) -> None:
    async with running(tmp_path) as backend:
        await staged(backend)
        assert await refused(backend, **more) == code
        assert rows(backend, "SELECT count(*) FROM grants") == [(1,)]


async def test_a_repeated_staging_makes_one_grant_and_another_source_is_another_request(tmp_path: Path) -> None:
    async with running(tmp_path) as backend:
        key = {"Idempotency-Key": "draft"}
        request = await body(backend.wizard, graph_profile())
        for _ in range(2):
            answer = await backend.wizard.write("POST", "/v1/profiles", json=request, headers=key)
            assert answer.json()["version"] == 1
        for more in ({"contact": "it@contoso.com"}, {"credentials_from": 1, "credentials": None}):
            answer = await backend.wizard.write("POST", "/v1/profiles", json=request | more, headers=key)
            assert code_of(answer) == "idempotency-key-reused"
        assert rows(backend, "SELECT count(*) FROM grants") == [(1,)]


async def test_a_sign_in_that_ended_is_shown_where_it_matters_until_a_new_one_is_in_force(tmp_path: Path) -> None:
    async with running(tmp_path) as backend:
        await staged(backend)
        await backend.wizard.test(1)
        await backend.wizard.write("POST", "/v1/profiles/1/activate")
        grant = (await backend.assembly.services.profiles.sender(1)).grant
        assert grant is not None
        endpoint = TokenEndpoint(backend.clock, failure=refusal(number=50173))
        with pytest.raises(OAuthFailed):
            await grant.access(MAIL, endpoint.renew)
        organisation = (await backend.wizard.ask("GET", "/v1/organisation")).json()
        assert organisation["in_force"]["trouble"] == "sign-in-revoked"
        audit = (await backend.wizard.ask("GET", "/v1/audit")).json()["entries"][0]
        assert (audit["action"], audit["version"], audit["detail"]) == (
            "sign-in-ended",
            1,
            {"problem": "sign-in-revoked"},
        )
        new = await staged(backend, secrets={"refresh_token": "canary-another"})
        assert (new["trouble"], (await state(backend, 1))["state"]) == (None, "in-force")
        await backend.wizard.test(2)
        await backend.wizard.write("POST", "/v1/profiles/2/activate")
        organisation = (await backend.wizard.ask("GET", "/v1/organisation")).json()
        assert (organisation["in_force"]["version"], organisation["in_force"]["trouble"]) == (2, None)
        assert (await state(backend, 1))["trouble"] == "sign-in-revoked"


async def test_the_backends_test_has_the_grant_and_may_send_as_another_mailbox(tmp_path: Path) -> None:
    async with running(tmp_path) as backend:
        await staged(backend)
        answer = await backend.wizard.ask(
            "POST", "/v1/profiles/1/test", json={"to": "ann@example.com", "mailbox": "ceo@contoso.com"}
        )
        assert answer.text.splitlines()
        assert (await state(backend, 1))["tested_at"] is None
        assert code_of(await backend.wizard.write("POST", "/v1/profiles/1/activate")) == "profile-not-tested"
        tried = (await backend.wizard.ask("GET", "/v1/audit")).json()["entries"][0]
        assert (tried["action"], tried["version"]) == ("mailbox-tried", 1)
        assert tried["detail"] == {"mailbox": "ceo@contoso.com", "verdict": "passed"}
        await backend.wizard.test(1)
        assert (await state(backend, 1))["test_verdict"] == "passed"
        assert backend.diagnosis.mailboxes == ["ceo@contoso.com", ""]
        assert all(grant is not None for grant in backend.diagnosis.grants)
        answer = await backend.wizard.ask("POST", "/v1/profiles/1/test", json={"mailbox": "nobody"})
        assert code_of(answer) == "backend-request-invalid"


async def test_a_grant_survives_a_restart(tmp_path: Path) -> None:
    async with running(tmp_path) as backend:
        await staged(backend)
        endpoint = TokenEndpoint(backend.clock)
        grant = (await backend.assembly.services.profiles.sender(1)).grant
        assert grant is not None
        await grant.access(MAIL, endpoint.renew)
        clock = backend.clock
    clock.now += timedelta(hours=3)
    async with running(tmp_path, clock=clock, enrolled=False) as backend:
        grant = (await backend.assembly.services.profiles.sender(1)).grant
        assert grant is not None
        await grant.access(MAIL, endpoint.renew)
    assert (endpoint.renewals, endpoint.reuses) == (2, 0)
