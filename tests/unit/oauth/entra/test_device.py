"""Signing in on another device: waiting, slower and slower, until somebody typed the code or nobody did."""

import asyncio
from datetime import datetime, timedelta
from typing import Any

import httpx
import pytest
from tests.unit.oauth.entra.fake_entra import MAIL, OTHER_TENANT, FakeEntra, refusal, registration
from tests.unit.oauth.entra.signing_in import ALICE
from tests.unit.oauth.standing_in import NOW, Notes

from sendwright.oauth.account import Account
from sendwright.oauth.entra.device import DeviceCode, await_device, begin_device
from sendwright.oauth.entra.sign_in import SignedIn
from sendwright.oauth.grant import OAuthFailed
from sendwright.problems.classify import classify
from sendwright.problems.evidence import Evidence


def pending(error: str = "authorization_pending") -> httpx.Response:
    return refusal(error, 70016)


class Time:
    """Passes while somebody waits, and not otherwise."""

    def __init__(self) -> None:
        self.now = NOW
        self.waits: list[float] = []

    def clock(self) -> datetime:
        return self.now

    async def pause(self, seconds: float) -> None:
        self.waits.append(seconds)
        self.now += timedelta(seconds=seconds)


async def begun(fake: FakeEntra, recorder: Notes | None = None) -> DeviceCode:
    return await begin_device(
        registration(),
        permissions=("Mail.Send",),
        web=fake.web,
        recorder=recorder or Notes(),
        clock=lambda: NOW,
    )


async def awaited(
    fake: FakeEntra, code: DeviceCode, time: Time | None = None, expected: Account | None = None
) -> SignedIn:
    passing = time or Time()
    return await await_device(
        code,
        registration(),
        web=fake.web,
        recorder=Notes(),
        clock=passing.clock,
        expected=expected,
        pause=passing.pause,
    )


async def refused(fake: FakeEntra, time: Time | None = None, **more: Account) -> Evidence:
    answers, fake.refusals = fake.refusals, []
    code = await begun(fake)
    fake.refusals = answers
    with pytest.raises(OAuthFailed) as failure:
        await awaited(fake, code, time, **more)
    return failure.value.evidence


async def test_a_code_is_shown_and_typed_elsewhere() -> None:
    fake, recorder = FakeEntra(), Notes()
    code = await begun(fake, recorder)
    assert (code.user_code, code.address, code.interval_s) == ("ABCD-1234", "https://microsoft.com/devicelogin", 5)
    assert code.expires_at == NOW + timedelta(minutes=15)
    assert str(code.flow["device_code"]) in recorder.learned
    assert str(code.flow["device_code"]) not in repr(code)
    fake.refusals = [pending(), pending()]
    time = Time()
    signed_in = await awaited(fake, code, time, ALICE)
    assert (signed_in.account, signed_in.permissions) == (ALICE, ("Mail.Send",))
    assert time.waits == [5, 5, 5]
    assert MAIL in fake.asked[1][2]["scope"]


async def test_the_metadata_are_fetched_once_for_all_questions() -> None:
    fake = FakeEntra()
    code = await begun(fake)
    fake.asked.clear()
    fake.refusals = [pending() for _ in range(10)]
    await awaited(fake, code)
    assert fake.paths().count("token") == 11
    assert fake.paths().count("openid-configuration") == 2, "for the questions, and for who signed in"


async def test_slower_means_slower_for_good() -> None:
    fake, time = FakeEntra(), Time()
    code = await begun(fake)
    fake.refusals = [pending(), pending("slow_down"), pending(), pending("slow_down")]
    await awaited(fake, code, time)
    assert time.waits == [5, 5, 10, 10, 15]


@pytest.mark.parametrize("error", [httpx.ConnectTimeout("x"), httpx.Response(503), httpx.Response(429)])
async def test_a_few_silences_are_borne_and_asked_less_often(error: httpx.Response | Exception) -> None:
    fake, time = FakeEntra(), Time()
    code = await begun(fake)
    fake.refusals = [error, error, pending(), error]
    await awaited(fake, code, time)
    assert time.waits == [5, 10, 20, 20, 40]


async def test_a_lasting_silence_ends_it() -> None:
    fake = FakeEntra()
    fake.refusals = [httpx.ConnectTimeout("x")] * 4
    assert (await refused(fake)).condition == "connection-timed-out"


async def test_the_server_s_own_wish_to_wait_is_kept() -> None:
    fake, time = FakeEntra(), Time()
    code = await begun(fake)
    fake.refusals = [httpx.Response(429, headers={"Retry-After": "33"})]
    await awaited(fake, code, time)
    assert time.waits == [5, 33]


async def test_a_code_that_nobody_typed_expires_by_our_clock() -> None:
    fake, time = FakeEntra(), Time()
    fake.refusals = [pending() for _ in range(1000)]
    seen = await refused(fake, time)
    assert seen.error == "expired_token"
    assert classify(seen).code == "device-code-expired"
    assert time.now >= NOW + timedelta(minutes=15)
    assert time.now < NOW + timedelta(minutes=16)


@pytest.mark.parametrize(
    ("error", "number", "code"),
    [
        ("expired_token", 70019, "device-code-expired"),
        ("authorization_declined", 65004, "consent-declined"),
        ("bad_verification_code", 70018, "device-code-wrong"),
        ("access_denied", 53003, "conditional-access-blocked"),
        ("interaction_required", 53000, "device-not-managed"),
        ("invalid_grant", 50097, "device-sign-in-required"),
        ("invalid_client", 7000218, "application-client-type-wrong"),
    ],
)
async def test_every_refusal_ends_it_with_its_name(error: str, number: int, code: str) -> None:
    fake = FakeEntra()
    fake.refusals = [pending(), refusal(error, number), pending()]
    seen = await refused(fake)
    assert (seen.error, seen.number) == (error, number)
    assert classify(seen).code == code
    assert len(fake.refusals) == 1, "it was not asked again"


async def test_who_typed_it_is_judged_as_at_any_sign_in() -> None:
    assert (await refused(FakeEntra(claims={"aud": "other"}))).condition == "id-token-not-ours"
    assert (await refused(FakeEntra(claims={"oid": "b"}), expected=ALICE)).condition == "other-account"
    foreign = {"tid": OTHER_TENANT, "iss": f"https://login.practice.example/{OTHER_TENANT}/v2.0"}
    assert (await refused(FakeEntra(claims=foreign))).condition == "other-tenant"


async def test_it_can_be_cancelled_at_any_time() -> None:
    fake = FakeEntra()
    code = await begun(fake)
    waiting = asyncio.Event()

    async def pause(_: float) -> None:
        waiting.set()
        await asyncio.Event().wait()

    running = asyncio.create_task(
        await_device(code, registration(), web=fake.web, recorder=Notes(), clock=lambda: NOW, pause=pause)
    )
    await waiting.wait()
    running.cancel()
    with pytest.raises(asyncio.CancelledError):
        await running
    assert not fake.forms("urn:ietf:params:oauth:grant-type:device_code")


@pytest.mark.parametrize(
    ("answer", "condition"),
    [
        ({"device_code": None}, "sign-in-answer-not-understood"),
        ({"user_code": 7}, "sign-in-answer-not-understood"),
        ({"expires_in": "soon"}, "sign-in-answer-not-understood"),
        ({"interval": "often"}, "sign-in-answer-not-understood"),
        ({"verification_uri": "http://microsoft.com/devicelogin"}, "sign-in-service-not-recognised"),
        ({"verification_uri": "javascript:alert(1)"}, "sign-in-service-not-recognised"),
        ({"verification_uri": None}, "sign-in-service-not-recognised"),
    ],
)
async def test_a_code_that_nobody_could_type_is_refused(answer: dict[str, Any], condition: str) -> None:
    with pytest.raises(OAuthFailed) as failure:
        await begun(FakeEntra(answer=answer))
    assert failure.value.evidence.condition == condition


async def test_numbers_out_of_reason_are_bounded() -> None:
    code = await begun(FakeEntra(answer={"interval": 0, "expires_in": 10**12}))
    assert code.interval_s == 1
    assert code.expires_at == NOW + timedelta(days=1)


async def test_a_policy_may_refuse_the_code_itself() -> None:
    fake = FakeEntra(refusals=[refusal("unauthorized_client", 700016)])
    with pytest.raises(OAuthFailed) as failure:
        await begun(fake)
    assert classify(failure.value.evidence).code == "application-not-in-tenant"
