"""MSAL works in a thread of its own, asks through the event loop, and leaves nothing behind."""

import asyncio
import logging
import threading
import warnings

import httpx
import pytest
from tests.unit.oauth.entra.fake_entra import MAIL, TENANT, FakeEntra, refusal, registration
from tests.unit.oauth.entra.signing_in import started
from tests.unit.oauth.standing_in import Notes

from sendwright.oauth.entra.msal_app import run_msal
from sendwright.oauth.entra.renew import renewing
from sendwright.oauth.grant import OAuthFailed
from sendwright.secret import Secret

REFRESH = Secret("0.refresh-of-the-test-xxxxxxxxxxxxxxxxxxxxxxxx")


def threads() -> list[threading.Thread]:
    return [thread for thread in threading.enumerate() if thread.name.startswith("msal")]


async def test_it_asks_for_the_metadata_of_the_tenant_and_of_nobody_else() -> None:
    fake = FakeEntra()
    await started(fake)
    assert [(method, path) for method, path, _ in fake.asked] == [
        ("GET", f"/{TENANT}/v2.0/.well-known/openid-configuration")
    ]


async def test_it_never_claims_to_be_a_browser() -> None:
    fake = FakeEntra(refresh={REFRESH.reveal()})
    await renewing(registration(), web=fake.web, recorder=Notes())(REFRESH, MAIL)
    assert all("Mozilla" not in headers["user-agent"] for headers in fake.headers)
    assert fake.headers[-1]["x-client-sku"] == "MSAL.Python"
    assert fake.headers[-1]["client-request-id"]


async def test_a_second_try_is_asked_and_not_answered_by_the_first_one_s_error() -> None:
    fake = FakeEntra(refresh={REFRESH.reveal()})
    renew = renewing(registration(), web=fake.web, recorder=Notes())
    for answer in (refusal("temporarily_unavailable", 90033, status=503), refusal("invalid_grant", 70000)):
        fake.refusals = [answer]
        with pytest.raises(OAuthFailed):
            await renew(REFRESH, MAIL)
        assert (await renew(REFRESH, MAIL)).access.secret.reveal()
    assert len(fake.forms("refresh_token")) == 4


@pytest.mark.parametrize("refusing", [False, True])
async def test_nothing_hangs_when_whoever_asked_is_cancelled(*, refusing: bool) -> None:
    fake, reached, forever = FakeEntra(), asyncio.Event(), asyncio.Event()
    ended = []

    async def hold() -> None:
        reached.set()
        try:
            await forever.wait()
        except asyncio.CancelledError:
            ended.append("request")
            raise

    fake.hold = hold
    if refusing:
        fake.refusals = [httpx.ReadTimeout("x")]
    running = asyncio.create_task(renewing(registration(), web=fake.web, recorder=Notes())(REFRESH, MAIL))
    await reached.wait()
    assert len(threads()) == 1
    running.cancel()
    with pytest.raises(asyncio.CancelledError):
        await running
    assert ended == ["request"]
    assert threads() == []
    assert len(fake.asked) == 1, "nothing was asked afterwards"


async def test_a_deadline_ends_it_too() -> None:
    fake = FakeEntra()
    fake.hold = asyncio.Event().wait
    with pytest.raises(TimeoutError):
        await asyncio.wait_for(started(fake), 0.05)
    assert threads() == []


async def test_many_at_once_leave_the_threads_of_the_loop_to_others() -> None:
    fake = FakeEntra(refresh={REFRESH.reveal()})
    together = asyncio.Barrier(40)

    async def hold() -> None:
        if len(fake.asked) <= 40:
            await together.wait()  # all forty wait for an answer at the same time
        await asyncio.to_thread(int)  # as looking up a name does

    fake.hold = hold
    renew = renewing(registration(), web=fake.web, recorder=Notes())
    renewed = await asyncio.gather(*(renew(REFRESH, MAIL) for _ in range(40)))
    assert len({one.refresh_token.reveal() for one in renewed if one.refresh_token}) == 40
    assert threads() == []


async def test_nothing_secret_is_logged_and_no_warning_is_raised(caplog: pytest.LogCaptureFixture) -> None:
    fake, recorder = FakeEntra(refresh={REFRESH.reveal()}), Notes()
    with caplog.at_level(logging.DEBUG), warnings.catch_warnings():
        warnings.simplefilter("error")
        renewed = await renewing(registration(), web=fake.web, recorder=recorder)(REFRESH, MAIL)
        fake.answer = {"access_token": None, "id_token": "secret-nonsense.that.is-no-token"}
        with pytest.raises(OAuthFailed) as failure:
            await renewing(registration(), web=fake.web, recorder=recorder)(REFRESH, MAIL)
    said = caplog.text + repr(failure.value) + str(failure.value.evidence)
    assert renewed.refresh_token is not None
    for secret in (REFRESH, renewed.access.secret, renewed.refresh_token):
        assert secret.reveal() not in said
    assert "secret-nonsense" not in said


async def test_what_msal_cannot_take_is_an_answer_that_is_not_understood() -> None:
    def stumble(_: object) -> None:
        raise RuntimeError("here stands a token")

    with pytest.raises(OAuthFailed) as failure:
        await run_msal(stumble, registration(), web=FakeEntra().web)
    assert failure.value.evidence.condition == "sign-in-answer-not-understood"
    assert failure.value.__cause__ is None
    assert failure.value.__suppress_context__


@pytest.mark.parametrize("environment", ["MSAL_FORCE_REGION", "REQUESTS_CA_BUNDLE", "HTTPS_PROXY"])
async def test_the_environment_leads_nowhere_else(monkeypatch: pytest.MonkeyPatch, environment: str) -> None:
    monkeypatch.setenv(environment, "westeurope")
    fake = FakeEntra()
    assert (await started(fake)).url.startswith("https://login.practice.example/")
