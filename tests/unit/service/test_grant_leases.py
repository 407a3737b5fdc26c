"""Who may renew a grant, and what becomes of it when that process dies, is slow, or has another clock."""

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest
from tests.unit.service.grant_kit import FIRST, MAIL, Bench, bench, refusal, row, shown
from tests.unit.service.queue_kit import until

from sendwright.oauth.grant import AccessToken, OAuthFailed, Renewed
from sendwright.problems.classify import classify
from sendwright.secret import Secret
from sendwright.service.grants import LEASE_S, RENEW_WITHIN_S, Grants, Patience


@pytest.fixture
async def on(tmp_path: Path) -> AsyncIterator[Bench]:
    async with bench(tmp_path) as made:
        await made.begin(made.grants())
        yield made


def test_a_lease_outlasts_a_renewal() -> None:
    assert LEASE_S > RENEW_WITHIN_S + 30


async def leave_a_lease(on: Bench, grants: Grants, *, holder: str = "dead process") -> None:
    assert await grants.store.lease(on.grant_id, MAIL, holder=holder)


async def test_a_lease_of_a_dead_process_is_waited_for_and_then_taken_over(on: Bench) -> None:
    grants = on.grants(Patience(wait_s=0.1))
    await leave_a_lease(on, grants)
    with pytest.raises(OAuthFailed) as caught:
        await grants.keeper(on.grant_id).access(MAIL, on.endpoint.renew)
    assert classify(caught.value.evidence).code == "backend-busy"
    assert on.endpoint.asked == []
    on.clock.forward(seconds=LEASE_S)
    assert shown(await grants.keeper(on.grant_id).access(MAIL, on.endpoint.renew)) == "canary-access-1"


@pytest.mark.parametrize("ahead_s", [0.001, 1, LEASE_S - 1])
async def test_a_lease_of_a_computer_whose_clock_is_ahead_is_respected(on: Bench, ahead_s: float) -> None:
    grants = on.grants(Patience(wait_s=0.05))
    on.clock.forward(seconds=ahead_s)
    await leave_a_lease(on, grants, holder="a computer whose clock is ahead")
    on.clock.forward(seconds=-ahead_s)
    with pytest.raises(OAuthFailed) as caught:
        await grants.keeper(on.grant_id).access(MAIL, on.endpoint.renew)
    assert classify(caught.value.evidence).code == "backend-busy"
    assert on.endpoint.asked == []


async def test_a_lease_of_a_clock_that_was_set_back_holds_nobody_up(on: Bench) -> None:
    grants = on.grants()
    on.clock.forward(days=30)
    await leave_a_lease(on, grants)
    on.clock.forward(days=-30)
    assert shown(await grants.keeper(on.grant_id).access(MAIL, on.endpoint.renew)) == "canary-access-1"


@pytest.mark.parametrize("ended", [True, False])
async def test_whoever_lost_its_lease_overwrites_nothing(on: Bench, *, ended: bool) -> None:
    late, quick = on.grants(), on.grants()
    holding = on.endpoint.hold = asyncio.Event()
    slow = asyncio.create_task(late.keeper(on.grant_id).access(MAIL, on.endpoint.renew))
    await until(lambda: bool(on.endpoint.asked))
    on.endpoint.hold = None
    on.clock.forward(seconds=LEASE_S)
    mine = await quick.keeper(on.grant_id).access(MAIL, on.endpoint.renew)
    if not ended:
        on.endpoint.refresh = FIRST  # a server that takes the former one, too
    holding.set()
    assert await slow == mine
    found = await row(on)
    assert (found.generation, found.dead_at) == (1, None)


async def test_a_newer_answer_revives_a_grant_that_was_ended_by_its_own_rotation(on: Bench) -> None:
    grants = on.grants()
    leased = await grants.store.lease(on.grant_id, MAIL, holder="late")
    access = AccessToken(secret=Secret("late"), expires_at=on.clock.now + timedelta(hours=1))
    on.clock.forward(seconds=LEASE_S)
    on.endpoint.failure = refusal()
    with pytest.raises(OAuthFailed):
        await grants.keeper(on.grant_id).access(MAIL, on.endpoint.renew)
    renewed = Renewed(access=access, refresh_token=Secret("newer"))
    await grants.store.keep(on.grant_id, MAIL, leased=leased, renewed=renewed)  # type: ignore[arg-type]
    assert (await row(on)).dead_at is None
    assert await grants.keeper(on.grant_id).access(MAIL, on.endpoint.renew)
