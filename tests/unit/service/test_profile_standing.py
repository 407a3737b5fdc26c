"""How a version stands over time: what stops it, what will, and when somebody is told."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.unit.service.backend_kit import PROFILE, START, Backend, code_of, running
from tests.unit.service.google_kit import gmail_profile
from tests.unit.service.grant_kit import TokenEndpoint, refusal
from tests.unit.service.test_google_profiles import SECRETS, activated
from tests.unit.service.test_grant_profiles import body, staged, state

from sendwright.oauth.google.scopes import SEND
from sendwright.oauth.grant import OAuthFailed
from sendwright.senders.gmail.settings import SenderProof
from sendwright.service.ground import Need
from sendwright.service.profile_standing import SIGN_IN, STEPS, Ending

CONTACT = "it@contoso.com"
DAY = timedelta(days=1)
WEEK = timedelta(days=7)


def ending(*, lasts: timedelta | None, left: timedelta) -> Ending:
    """Return something that has `left` left at START, of `lasts` altogether."""
    at = START + left
    return Ending(id="e", at=at, soon="soon", over="over", began=None if lasts is None else at - lasts)


@pytest.mark.parametrize(
    ("lasts", "left", "trouble", "step"),
    [
        (None, timedelta(days=30, seconds=1), None, ""),
        (None, timedelta(days=30), "soon", "30"),
        (None, timedelta(days=7, seconds=1), "soon", "30"),
        (None, WEEK, "soon", "7"),
        (None, DAY, "soon", "1"),
        (None, timedelta(seconds=1), "soon", "1"),
        (None, timedelta(), "over", "over"),
        (None, -DAY, "over", "over"),
        (WEEK, WEEK, None, ""),
        (WEEK, timedelta(days=1, seconds=1), None, ""),
        (WEEK, DAY, "soon", "1"),
        (WEEK, -DAY, "over", "over"),
        (timedelta(days=30), timedelta(days=8), None, ""),
        (timedelta(days=30), WEEK, "soon", "7"),
        (timedelta(days=180), timedelta(days=30), "soon", "30"),
        (timedelta(hours=1), timedelta(hours=1), "soon", "1"),
        (timedelta(hours=36), timedelta(hours=25), None, ""),
    ],
)
def test_an_end_is_told_in_steps_that_suit_how_long_it_lasts(
    lasts: timedelta | None, left: timedelta, trouble: str | None, step: str
) -> None:
    one = ending(lasts=lasts, left=left)
    found = one.standing(START)
    assert (found.trouble, found.expires_at) == (trouble, one.at)
    assert found.need == (f"e:{one.at.isoformat()}:{step}" if step else "")
    assert found.works is (trouble != "over")


@given(lasts=st.timedeltas(timedelta(minutes=1), timedelta(days=4000)), part=st.floats(0, 1))
def test_nothing_is_told_in_its_first_half_unless_it_lasts_for_two_days_only(lasts: timedelta, part: float) -> None:
    found = ending(lasts=lasts, left=lasts * part).standing(START)
    if part > 0.5 and lasts > 2 * STEPS[0]:
        assert found.trouble is None
    if lasts * part <= timedelta():
        assert found.trouble == "over"
    if timedelta() < lasts * part <= STEPS[0]:
        assert (found.trouble, found.works) == ("soon", True)


@given(lasts=st.timedeltas(timedelta(minutes=1), timedelta(days=400)), days=st.lists(st.floats(0, 500), min_size=2))
def test_as_time_goes_by_every_need_comes_once_and_never_again(lasts: timedelta, days: list[float]) -> None:
    one = ending(lasts=lasts, left=lasts)
    needs = [one.standing(START + timedelta(days=each)).need for each in sorted(days)]
    seen = [need for before, need in zip(["", *needs], needs, strict=False) if need != before]
    assert len(seen) == len(set(seen))


async def need_after(backend: Backend, **spans: float) -> Need | None:
    backend.clock.now = START + timedelta(**spans)
    return (await backend.assembly.services.profiles.outlook()).need


async def connected(backend: Backend, lasts: timedelta = WEEK, **changes: Any) -> datetime:  # noqa: ANN401 - of profiles
    end = backend.clock() + lasts
    found = await staged(
        backend, gmail_profile(**changes), secrets=SECRETS, contact=CONTACT, expires_at=end.isoformat()
    )
    assert await activated(backend, found["version"]) is None
    return end


async def test_a_sign_in_of_a_week_is_told_a_day_before_its_end_and_when_it_is_over(tmp_path: Path) -> None:
    async with running(tmp_path) as backend:
        end = await connected(backend)
        shown = end.isoformat().replace("+00:00", "Z")
        assert ((await state(backend, 1))["trouble"], (await state(backend, 1))["expires_at"]) == (None, shown)
        assert await need_after(backend, days=5, hours=23) is None
        soon = await need_after(backend, days=6)
        assert soon is not None
        assert (soon.code, soon.contact, soon.works, soon.ends_at) == ("sign-in-ends-soon", CONTACT, True, end)
        assert soon.id.startswith(SIGN_IN)
        assert (await state(backend, 1))["trouble"] == "sign-in-ends-soon"
        over = await need_after(backend, days=7)
        assert over is not None
        assert (over.code, over.works) == ("sign-in-time-over", False)
        assert over.id != soon.id
        assert (await state(backend, 1))["trouble"] == "sign-in-time-over"


async def test_who_was_told_that_it_is_over_is_not_told_again_when_the_provider_says_so(tmp_path: Path) -> None:
    async with running(tmp_path) as backend:
        await connected(backend)
        grant = (await backend.assembly.services.profiles.sender(1)).grant
        assert grant is not None
        over = await need_after(backend, days=7, minutes=1)
        with pytest.raises(OAuthFailed):
            await grant.access(SEND, TokenEndpoint(backend.clock, failure=refusal()).renew)
        dead = await need_after(backend, days=8)
        assert over is not None
        assert dead is not None
        assert (dead.id, dead.works) == (over.id, False)
        assert dead.code == (await state(backend, 1))["trouble"] != over.code


async def test_a_sign_in_that_ends_before_its_time_is_news(tmp_path: Path) -> None:
    async with running(tmp_path) as backend:
        await connected(backend)
        grant = (await backend.assembly.services.profiles.sender(1)).grant
        assert grant is not None
        soon = await need_after(backend, days=6, hours=1)
        with pytest.raises(OAuthFailed):
            await grant.access(SEND, TokenEndpoint(backend.clock, failure=refusal()).renew)
        dead = await need_after(backend, days=6, hours=2)
        assert soon is not None
        assert dead is not None
        assert (dead.id != soon.id, dead.works) == (True, False)
        assert (await state(backend, 1))["expires_at"] is not None


async def test_what_ends_soon_is_said_before_what_only_is_to_be_known(tmp_path: Path) -> None:
    async with running(tmp_path) as backend:
        await connected(backend, address="alias@contoso.com", proof=SenderProof.UNPROVEN)
        assert (await state(backend, 1))["trouble"] == "gmail-sender-unproven"
        assert await need_after(backend, days=1) is None
        need = await need_after(backend, days=6)
        assert need is not None
        assert need.code == "sign-in-ends-soon"


async def test_a_new_sign_in_begins_a_new_time(tmp_path: Path) -> None:
    async with running(tmp_path) as backend:
        await connected(backend)
        assert await need_after(backend, days=6) is not None
        again = SECRETS | {"refresh_token": "canary-refresh-new"}
        found = await staged(backend, gmail_profile(), secrets=again, contact=CONTACT)
        assert (found["trouble"], found["expires_at"]) == (None, None)
        assert await activated(backend, 2) is None
        assert await need_after(backend, days=30) is None


@pytest.mark.parametrize(
    "end", ["2026-03-08T12:00:00", "0001-01-01T00:00:00+10:00", "9999-12-31T23:00:00-10:00", "soon"]
)
async def test_an_end_that_is_no_moment_is_refused(tmp_path: Path, end: str) -> None:
    async with running(tmp_path) as backend:
        request = await body(backend.wizard, gmail_profile(), secrets=SECRETS, expires_at=end)
        answer = await backend.wizard.write("POST", "/v1/profiles", json=request)
        assert (code_of(answer), answer.json()["detail"]) == ("backend-request-invalid", "$.expires_at")


async def test_the_same_request_with_another_end_is_another_request(tmp_path: Path) -> None:
    async with running(tmp_path) as backend:
        key, ends = {"Idempotency-Key": "draft"}, [START + WEEK, START + WEEK, START + 2 * WEEK]
        request = await body(backend.wizard, gmail_profile(), secrets=SECRETS)
        answers = [
            await backend.wizard.write(
                "POST", "/v1/profiles", json=request | {"expires_at": end.astimezone(UTC).isoformat()}, headers=key
            )
            for end in ends
        ]
        assert [answer.status_code for answer in answers[:2]] == [201, 201]
        assert code_of(answers[2]) == "idempotency-key-reused"


async def test_a_password_may_have_an_end_too(tmp_path: Path) -> None:
    async with running(tmp_path) as backend:
        request = await backend.wizard.body() | {"expires_at": (START + timedelta(days=90)).isoformat()}
        answer = await backend.wizard.write("POST", "/v1/profiles", json=request)
        assert answer.json()["profile"]["address"] == PROFILE.address
        assert answer.json()["trouble"] is None
        backend.clock.forward(days=61)
        assert (await state(backend, 1))["trouble"] == "sign-in-ends-soon"
