"""Tokens that are asked for anew: as rarely as possible, and never one that does not count."""

import asyncio
from datetime import datetime, timedelta

import pytest
from tests.unit.oauth.authorisation import failure
from tests.unit.oauth.standing_in import NOW, Clock

from sendwright.oauth.asked_tokens import AskedTokens
from sendwright.oauth.grant import AccessToken, OAuthFailed
from sendwright.secret import Secret


class Tokens(AskedTokens):
    """Gives one token after the other, each for an hour. fails: so many times first."""

    def __init__(self, clock: Clock, *, fails: int = 0) -> None:
        super().__init__(clock=clock)
        self.asked = 0
        self.fails = fails
        self.go_on = asyncio.Event()
        self.go_on.set()

    async def _asked(self, now: datetime) -> AccessToken:
        self.asked += 1
        await self.go_on.wait()
        if self.asked <= self.fails:
            raise OAuthFailed(failure("temporarily_unavailable"))
        return AccessToken(secret=Secret(f"access-{self.asked}"), expires_at=now + timedelta(hours=1))


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.mark.parametrize(("minutes", "asked"), [(0, 1), (54, 1), (55, 2), (61, 2)])
async def test_a_token_is_kept_until_it_does_not_last(clock: Clock, minutes: int, asked: int) -> None:
    tokens = Tokens(clock)
    await tokens.token()
    clock.pass_(minutes=minutes)
    assert (await tokens.token()).lasts(clock.now)
    assert tokens.asked == asked


async def test_those_who_ask_at_once_wait_for_the_same_one(clock: Clock) -> None:
    tokens = Tokens(clock)
    tokens.go_on.clear()
    waiting = [asyncio.ensure_future(tokens.token()) for _ in range(20)]
    await asyncio.sleep(0)
    tokens.go_on.set()
    assert len(set(await asyncio.gather(*waiting))) == tokens.asked == 1


async def test_one_that_was_refused_is_not_returned_again_and_late_news_change_nothing(clock: Clock) -> None:
    tokens = Tokens(clock)
    first = await tokens.token()
    await tokens.refused(AccessToken(secret=Secret("an older one"), expires_at=NOW))
    assert await tokens.token() == first
    await tokens.refused(first)
    second = await tokens.token()
    await tokens.refused(first)
    assert await tokens.token() == second != first
    assert tokens.asked == 2


async def test_a_refusal_is_not_kept(clock: Clock) -> None:
    tokens = Tokens(clock, fails=1)
    with pytest.raises(OAuthFailed):
        await tokens.token()
    assert (await tokens.token()).secret.reveal() == "access-2"


async def test_whoever_gives_up_waiting_keeps_nobody_else_from_a_token(clock: Clock) -> None:
    tokens = Tokens(clock)
    tokens.go_on.clear()
    first, second = (asyncio.ensure_future(tokens.token()) for _ in range(2))
    await asyncio.sleep(0)
    first.cancel()
    tokens.go_on.set()
    assert (await second).secret.reveal() == "access-2"
    assert first.cancelled()
