"""What the client asks of a backend about Google, and how it ends a sign-in, against the real routes."""

import asyncio
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from tests.unit.handoff.served import Served, always, client_of, plain, served, strange_server
from tests.unit.service.backend_kit import PROFILE, START
from tests.unit.service.google_kit import SIGNER, gmail_profile, keyless_profile, write_identity
from tests.unit.service.test_disconnecting import Provider, provider
from tests.unit.service.test_google_profiles import SECRETS

from sendwright.handoff.backend import HandoffFailed
from sendwright.handoff.wire import Ended, GoogleIdentity
from sendwright.problems.classify import classify
from sendwright.secret import Secret

__all__ = ["provider"]

CREDENTIALS = {name: Secret(value) for name, value in SECRETS.items()}
ORGANISATION = (
    '{"name": "n", "workspaces": [], "default_sender": {"address": "a@example.org", "alias": "A"}, '
    '"in_force": null, "api_version": 1}'
)


async def _older(writer: asyncio.StreamWriter, number: int) -> None:
    """Answer as a backend that knows of no ending: the organisation, then nothing."""
    writer.write(plain(ORGANISATION) if number == 0 else plain("", status="204 No Content"))


async def in_force(of: Served, *, expires_at: datetime | None = None) -> int:
    client = of.wizard
    state = await client.stage(gmail_profile(), CREDENTIALS, key="k", expires_at=expires_at)
    assert state.expires_at == expires_at
    async for _ in client.test(state.version, to=None):
        pass
    await client.activate(state.version)
    await client.close()
    return state.version


async def test_who_the_backend_is_at_google(tmp_path: Path) -> None:
    async with served(tmp_path / "without") as of:
        client = of.wizard
        assert await client.google() == GoogleIdentity()
        await client.close()
    write_identity(tmp_path / "with")
    async with served(tmp_path / "with") as of:
        client = of.wizard
        assert await client.google() == GoogleIdentity(identity=SIGNER)
        await client.close()


@pytest.mark.parametrize(
    ("service_account", "problem"),
    [(None, "signing-identity-absent"), ("other@x.iam.gserviceaccount.com", "service-account-unknown")],
)
async def test_an_identity_that_is_not_lent_is_said_by_name(
    tmp_path: Path, service_account: str | None, problem: str
) -> None:
    changes = {}
    if service_account is not None:
        write_identity(tmp_path)
        changes["service_account"] = service_account
    async with served(tmp_path) as of:
        client = of.wizard
        with pytest.raises(HandoffFailed) as caught:
            await client.stage(keyless_profile(**changes), {}, key="k")
        await client.close()
    assert classify(caught.value.evidence).code == problem


async def test_a_sign_in_is_ended_where_that_is_asked_for_and_comes_back_no_more(
    tmp_path: Path, provider: Provider
) -> None:
    async with served(tmp_path) as of:
        version = await in_force(of, expires_at=START + timedelta(days=7))
        client = of.wizard
        assert await client.use_default() == Ended()
        await client.restore(version)
        assert await client.use_default(revoke=True) == Ended(revoked=True)
        assert (await client.organisation()).in_force is None
        with pytest.raises(HandoffFailed) as caught:
            await client.restore(version)
        await client.close()
    assert classify(caught.value.evidence).code == "sign-in-disconnected"
    assert [token for _, token, _ in provider.told] == [SECRETS["refresh_token"]]


async def test_why_it_was_not_ended_is_told(tmp_path: Path, provider: Provider) -> None:
    provider.failure = RuntimeError("canary")
    async with served(tmp_path) as of:
        await in_force(of)
        client = of.wizard
        assert await client.use_default(revoke=True) == Ended(revoked=False, problem="program-fault")
        await client.close()


@pytest.mark.parametrize(
    ("revoke", "ended"),
    [(False, Ended()), (True, Ended(revoked=False, problem="backend-version-unsupported"))],
)
async def test_an_older_backend_ends_nothing(*, revoke: bool, ended: Ended) -> None:
    async with strange_server(_older) as strange:
        client = client_of(strange.url, "t")
        assert await client.use_default(revoke=revoke) == ended
        await client.close()
    wanted = "/v1/profiles/active?revoke=true" if revoke else "/v1/profiles/active"
    assert strange.requests[-1] == f"DELETE {wanted} HTTP/1.1"


@pytest.mark.parametrize("answer", ['{"identity": 1}', "[]", "{"])
async def test_an_answer_that_is_none_is_told_from_a_backend(answer: str) -> None:
    async with strange_server(always(plain(answer))) as strange:
        client = client_of(strange.url, "t")
        with pytest.raises(HandoffFailed) as caught:
            await client.google()
        await client.close()
    assert classify(caught.value.evidence).code == "backend-version-unsupported"


async def test_the_same_staging_with_another_end_is_another_request(tmp_path: Path) -> None:
    ends = [None, None, datetime(2026, 3, 8, tzinfo=UTC), datetime(2026, 3, 9, tzinfo=UTC)]
    async with served(tmp_path) as of:
        client = of.wizard
        made = [await client.stage(PROFILE, {"password": Secret("p")}, key="k", expires_at=end) for end in ends]
        await client.close()
    assert [(state.version, state.expires_at) for state in made] == [(1, None), (1, None), (2, ends[2]), (3, ends[3])]
