"""A sign-in that a person ends: its provider is told, and the backend forgets it whatever the provider says."""

import asyncio
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy.exc import OperationalError
from tests.unit.service.backend_kit import Backend, Clock, code_of, running
from tests.unit.service.google_kit import gmail_profile
from tests.unit.service.grant_kit import TokenEndpoint
from tests.unit.service.queue_kit import until
from tests.unit.service.test_google_profiles import PLACES, SECRETS, activated
from tests.unit.service.test_grant_profiles import graph_profile, refused, rows, staged, state

from sendwright.oauth.google.scopes import SEND
from sendwright.oauth.grant import OAuthFailed
from sendwright.problems.classify import classify
from sendwright.problems.evidence import Evidence, System
from sendwright.profile import SenderProfile
from sendwright.secret import Secret
from sendwright.senders.catalogue import KINDS
from sendwright.senders.credentials import CLIENT_SECRET
from sendwright.senders.kind import Means
from sendwright.senders.unusable import ProfileUnusable
from sendwright.service import disconnecting
from sendwright.service.grant_store import GrantStore
from sendwright.service.precondition import Precondition
from sendwright.service.settings import DataFolder

UNAVAILABLE = OAuthFailed(Evidence(stage="sign-in", system=System.GOOGLE, http=503))


@dataclass
class Provider:
    """Ends grants; `failure` is raised instead, `hold` is waited for first."""

    failure: Exception | None = None
    hold: asyncio.Event | None = None
    told: list[tuple[SenderProfile, str, dict[str, str]]] = field(default_factory=list)

    async def revoke(self, profile: SenderProfile, means: Means, token: Secret) -> None:
        said = {name: secret.reveal() for name, secret in means.credentials.items()}
        self.told.append((profile, token.reveal(), said))
        if self.hold is not None:
            await self.hold.wait()
        if self.failure is not None:
            raise self.failure


@pytest.fixture
def provider(monkeypatch: pytest.MonkeyPatch) -> Iterator[Provider]:
    made = Provider()
    monkeypatch.setitem(KINDS, "gmail", replace(KINDS["gmail"], revoke=made.revoke))  # type: ignore[arg-type]
    return made


async def connected(backend: Backend, profile: SenderProfile | None = None, **more: Any) -> int:  # noqa: ANN401 - JSON
    """Put a version in force that signed in; return its number."""
    version = (await staged(backend, profile or gmail_profile(), **({"secrets": SECRETS} | more)))["version"]
    assert await activated(backend, version) is None
    return int(version)


async def ended(backend: Backend, **more: Any) -> Any:  # noqa: ANN401 - JSON
    answer = await backend.wizard.write("DELETE", "/v1/profiles/active?revoke=true", **more)
    assert answer.status_code == 200, answer.text
    return answer.json()


def kept(backend: Backend) -> list[tuple[bytes, int]]:
    return rows(backend, "SELECT refresh_token, (SELECT count(*) FROM grant_accesses) FROM grants")


async def entries(backend: Backend) -> list[tuple[str, str, dict[str, str]]]:
    found = (await backend.wizard.ask("GET", "/v1/audit")).json()["entries"]
    return [(each["action"], each["who"], each["detail"]) for each in found]


async def test_the_provider_is_told_with_what_it_needs_and_nothing_is_kept(tmp_path: Path, provider: Provider) -> None:
    async with running(tmp_path) as backend:
        await connected(backend)
        sender = await backend.assembly.services.profiles.sender(1)
        assert sender.grant is not None
        await sender.grant.access(SEND, TokenEndpoint(backend.clock, rotates=False).renew)
        assert await ended(backend) == {"revoked": True, "problem": None}
        [(profile, token, credentials)] = provider.told
        assert (profile, token) == (gmail_profile(), "canary-refresh-0")
        assert credentials == {CLIENT_SECRET: "canary-client"}
        assert kept(backend) == [(b"", 0)]
        assert await backend.assembly.services.profiles.in_force() is None
        assert (await entries(backend))[:2] == [
            ("sign-in-disconnected", "Ann's laptop", {"revoked": "yes"}),
            ("default-restored", "Ann's laptop", {}),
        ]
        with pytest.raises(OAuthFailed) as caught:
            await sender.grant.access(SEND, TokenEndpoint(backend.clock).renew)
    assert classify(caught.value.evidence).code == "sign-in-disconnected"


@pytest.mark.parametrize(
    ("failure", "problem"),
    [
        (UNAVAILABLE, "google-unavailable"),
        (OAuthFailed(Evidence(stage="sign-in", system=System.SOCKET, errno="ECONNREFUSED")), "connection-refused"),
        (ProfileUnusable("settings"), "program-fault"),
        (RuntimeError("canary"), "program-fault"),
        (TimeoutError(), "answer-timed-out"),
    ],
)
async def test_a_provider_that_does_not_end_it_is_said_so_and_the_token_is_gone_all_the_same(
    tmp_path: Path, provider: Provider, failure: Exception, problem: str
) -> None:
    provider.failure = failure
    async with running(tmp_path) as backend:
        await connected(backend)
        assert await ended(backend) == {"revoked": False, "problem": problem}
        assert kept(backend) == [(b"", 0)]
        assert (await entries(backend))[0][2] == {"revoked": "no", "problem": problem}
        assert (await state(backend, 1))["trouble"] == "sign-in-disconnected"


async def test_a_provider_that_never_answers_is_not_waited_for_for_ever(
    tmp_path: Path, provider: Provider, monkeypatch: pytest.MonkeyPatch
) -> None:
    provider.hold = asyncio.Event()
    async with running(tmp_path) as backend:
        await connected(backend)
        monkeypatch.setattr(backend.assembly.services.disconnecting, "_within_s", 0.05)
        assert await ended(backend) == {"revoked": False, "problem": "answer-timed-out"}
        assert kept(backend) == [(b"", 0)]


async def test_a_provider_without_a_way_to_end_it_is_said_so(tmp_path: Path) -> None:
    async with running(tmp_path) as backend:
        await connected(backend, graph_profile(), secrets={"refresh_token": "canary-refresh-0"})
        assert await ended(backend) == {"revoked": False, "problem": "sign-in-not-revocable"}
        assert kept(backend) == [(b"", 0)]


async def test_a_sender_without_a_sign_in_has_none_to_end(tmp_path: Path) -> None:
    async with running(tmp_path) as backend:
        await backend.wizard.put_in_force()
        assert await ended(backend) == {"revoked": None, "problem": None}
        assert await ended(backend) == {"revoked": None, "problem": None}
        assert (await backend.wizard.write("POST", "/v1/profiles/1/restore")).json()["state"] == "in-force"


async def test_who_only_goes_back_may_return_and_may_end_it_later(tmp_path: Path, provider: Provider) -> None:
    async with running(tmp_path) as backend:
        await connected(backend)
        gone = await backend.wizard.write("DELETE", "/v1/profiles/active")
        assert (gone.json(), provider.told) == ({"revoked": None, "problem": None}, [])
        assert (await backend.wizard.write("POST", "/v1/profiles/1/restore")).status_code == 200
        await backend.wizard.write("DELETE", "/v1/profiles/active")
        assert await ended(backend) == {"revoked": True, "problem": None}
        assert (len(provider.told), kept(backend)) == (1, [(b"", 0)])


async def test_every_version_that_shares_the_sign_in_is_dead_and_says_so(tmp_path: Path, provider: Provider) -> None:
    async with running(tmp_path) as backend:
        await connected(backend)
        await connected(backend, gmail_profile(alias="New name"), secrets=None, credentials_from=1)
        await staged(backend, gmail_profile(alias="Newer name"), credentials_from=2)
        await staged(backend, gmail_profile(alias="Other"), secrets=SECRETS | {"refresh_token": "canary-other"})
        await backend.wizard.test(3)
        assert (await ended(backend))["revoked"] is True
        troubles = [(await state(backend, version))["trouble"] for version in (1, 2, 3, 4)]
        assert troubles == ["sign-in-disconnected"] * 3 + [None]
        for version, verb in ((1, "restore"), (2, "restore"), (3, "activate")):
            answer = await backend.wizard.write("POST", f"/v1/profiles/{version}/{verb}")
            assert (answer.status_code, code_of(answer)) == (409, "sign-in-disconnected")
        assert await refused(backend, gmail_profile(), credentials_from=1) == "sign-in-disconnected"
        assert await activated(backend, 4) is None
    assert len(provider.told) == 1


async def test_a_token_that_is_handed_over_again_begins_anew(tmp_path: Path, provider: Provider) -> None:
    provider.failure = UNAVAILABLE
    async with running(tmp_path) as backend:
        await connected(backend)
        await ended(backend)
        again = await staged(backend, gmail_profile(), secrets=SECRETS)
        assert (again["trouble"], (await state(backend, 1))["trouble"]) == (None, "sign-in-disconnected")
        assert rows(backend, "SELECT count(*) FROM grants") == [(2,)]


async def test_a_renewal_under_way_brings_nothing_back_to_life(tmp_path: Path, provider: Provider) -> None:
    async with running(tmp_path) as backend:
        await connected(backend)
        grant = (await backend.assembly.services.profiles.sender(1)).grant
        assert grant is not None
        endpoint = TokenEndpoint(backend.clock, hold=asyncio.Event())
        renewing = asyncio.ensure_future(grant.access(SEND, endpoint.renew))
        await until(lambda: bool(endpoint.asked))
        assert (await ended(backend))["revoked"] is True
        assert endpoint.hold is not None
        endpoint.hold.set()
        with pytest.raises(OAuthFailed) as caught:
            await renewing
        assert kept(backend) == [(b"", 0)]
    assert classify(caught.value.evidence).code == "sign-in-disconnected"
    assert provider.told[0][1] == "canary-refresh-0"


async def test_a_repeated_request_waits_for_the_first_and_ends_nothing_twice(
    tmp_path: Path, provider: Provider
) -> None:
    provider.hold = asyncio.Event()
    async with running(tmp_path) as backend:
        await connected(backend)
        headers = {"Idempotency-Key": "once", "If-Match": await backend.wizard.etag()}
        path = "/v1/profiles/active?revoke=true"
        asking = [asyncio.ensure_future(backend.wizard.ask("DELETE", path, headers=headers)) for _ in range(3)]
        await until(lambda: bool(provider.told))
        provider.hold.set()
        answers = [await each for each in asking]
        answers.append(await backend.wizard.ask("DELETE", path, headers=headers))
        assert [answer.json() for answer in answers] == [{"revoked": True, "problem": None}] * 4
        assert {answer.headers["etag"] for answer in answers} == {'"0-2"'}
        other = await backend.wizard.ask("DELETE", "/v1/profiles/active", headers=headers)
        assert code_of(other) == "idempotency-key-reused"
        actions = [action for action, _, _ in await entries(backend)]
    assert (len(provider.told), actions.count("default-restored"), actions.count("sign-in-disconnected")) == (1, 1, 1)


async def test_what_somebody_else_put_in_force_meanwhile_is_not_ended(tmp_path: Path, provider: Provider) -> None:
    async with running(tmp_path) as backend:
        await connected(backend)
        seen = await backend.wizard.etag()
        await connected(backend, gmail_profile(alias="Other"), secrets=SECRETS | {"refresh_token": "canary-other"})
        answer = await backend.wizard.ask("DELETE", "/v1/profiles/active?revoke=true", headers={"If-Match": seen})
        assert code_of(answer) == "backend-changed-meanwhile"
        missing = await backend.wizard.ask("DELETE", "/v1/profiles/active?revoke=true")
        assert code_of(missing) == "backend-precondition-missing"
        whatever = await backend.wizard.ask("DELETE", "/v1/profiles/active?revoke=true", headers={"If-Match": "*"})
        assert code_of(whatever) == "backend-precondition-missing"
        assert [(await state(backend, version))["trouble"] for version in (1, 2)] == [None, None]
    assert provider.told == []


async def test_who_does_not_wait_for_the_answer_ends_it_all_the_same(tmp_path: Path, provider: Provider) -> None:
    provider.hold = asyncio.Event()
    async with running(tmp_path) as backend:
        await connected(backend)
        asking = asyncio.ensure_future(ended(backend))
        await until(lambda: bool(provider.told))
        asking.cancel()
        with suppress(asyncio.CancelledError):
            await asking
        provider.hold.set()
        await backend.assembly.services.disconnecting.close()
        assert kept(backend) == [(b"", 0)]


async def began(backend: Backend) -> str:
    """Leave a sign-in as a process does that dies before its provider was told."""
    services, seen = backend.assembly.services, Precondition(await backend.wizard.etag())
    async with services.database.writing() as session:
        _, grant_id = await services.profiles.use_default(session, who="Ann's laptop", precondition=seen, revoke=True)
    assert grant_id is not None
    return grant_id


@pytest.mark.parametrize("listed", [True, False])
async def test_a_process_that_died_in_between_is_gone_on_from(
    tmp_path: Path, provider: Provider, *, listed: bool
) -> None:
    tmp_path.joinpath("google.toml").write_text(PLACES)
    clock = Clock()
    async with running(tmp_path, clock=clock) as backend:
        await connected(backend, gmail_profile(login="https://login.test"))
        await began(backend)
        assert (await state(backend, 1))["trouble"] == "sign-in-disconnected"
        assert kept(backend) != [(b"", 0)]
    if not listed:  # the platform took the place away meanwhile: nothing is brought there any more
        DataFolder(tmp_path).google.unlink()
    async with running(tmp_path, clock=clock) as backend:
        await backend.assembly.services.disconnecting.close()
        assert kept(backend) == [(b"", 0)]
        found = next(each for each in await entries(backend) if each[0] == "sign-in-disconnected")
    problem = {} if listed else {"problem": "application-place-unknown"}
    assert found == ("sign-in-disconnected", "backend", {"revoked": "yes" if listed else "no"} | problem)
    assert len(provider.told) == listed


async def test_a_backend_that_is_stopped_waits_for_no_provider_and_goes_on_at_its_next_start(
    tmp_path: Path, provider: Provider, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(disconnecting, "CLOSE_WITHIN_S", 0.05)
    provider.hold, clock = asyncio.Event(), Clock()
    async with running(tmp_path, clock=clock) as backend:
        await connected(backend)
        asking = asyncio.ensure_future(ended(backend))
        await until(lambda: bool(provider.told))
        await backend.assembly.services.disconnecting.close()
        with pytest.raises(asyncio.CancelledError):
            await asking
        assert kept(backend) != [(b"", 0)]
    provider.hold.set()
    async with running(tmp_path, clock=clock) as backend:
        await until(lambda: kept(backend) == [(b"", 0)])
    assert [token for _, token, _ in provider.told] == ["canary-refresh-0"] * 2


async def test_a_full_disk_leaves_what_is_to_be_forgotten_for_the_next_one_who_asks(
    tmp_path: Path, provider: Provider, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def full(*_: object, **__: object) -> None:
        raise OperationalError("UPDATE", {}, OSError(28, "No space left on device"))

    async with running(tmp_path) as backend:
        await connected(backend)
        headers = {"Idempotency-Key": "once", "If-Match": await backend.wizard.etag()}
        path = "/v1/profiles/active?revoke=true"
        with monkeypatch.context() as patched:
            patched.setattr(GrantStore, "forget", full)
            assert code_of(await backend.wizard.ask("DELETE", path, headers=headers)) == "storage-full"
        assert (await backend.wizard.ask("DELETE", path, headers=headers)).json()["revoked"] is True
        assert kept(backend) == [(b"", 0)]


async def test_a_token_that_cannot_be_read_any_more_is_forgotten(tmp_path: Path, provider: Provider) -> None:
    async with running(tmp_path) as backend:
        await connected(backend)
        grant_id = await began(backend)
        database = backend.assembly.services.database
        async with database.writing() as session:
            connection = await session.connection()
            await connection.exec_driver_sql("UPDATE grants SET refresh_token = x'01'")
        found = await backend.assembly.services.disconnecting.finish(grant_id)
        assert (found.revoked, found.problem) == (False, disconnecting.UNREADABLE)
        assert kept(backend) == [(b"", 0)]
        assert (await backend.assembly.services.disconnecting.finish("no such grant")).revoked is None
    assert provider.told == []
