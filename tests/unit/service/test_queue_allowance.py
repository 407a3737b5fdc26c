"""What a mailbox may send within a day: counted before it leaves, over restarts, and given back where nothing left."""

import asyncio
from collections.abc import AsyncIterator
from datetime import datetime, timedelta
from pathlib import Path
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select
from tests.unit.service.queue_kit import NOON, Bench, Clock, active_sender, bench, cut_off, refusal

from sendwright.problems.evidence import Evidence, System
from sendwright.senders.sender import SendFailed
from sendwright.service.queue_allowance import DAY, USED_UP, Allowance, give_back, take, tidy
from sendwright.service.queue_policy import QueuePolicy
from sendwright.service.queue_store import QueueStore
from sendwright.service.queue_tables import SubmissionRow
from sendwright.service.retry import RetryPolicy
from sendwright.service.worker_attempt import Attempts
from sendwright.service.worker_loop import QueueWorker
from sendwright.service.worker_senders import OpenSenders

BOX = "gmail:ben@contoso.com"


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
async def of(tmp_path: Path, clock: Clock) -> AsyncIterator[Bench]:
    async with bench(tmp_path, clock=clock) as of:
        yield of


def attempts(of: Bench, *, most: int | None, mailbox: str = BOX) -> Attempts:
    ground = of.ground
    return Attempts(
        store=QueueStore(database=of.database, envelope=ground.envelope, clock=ground.clock),
        profiles=of.in_force,
        senders=OpenSenders(of.service.opening, idle_s=60.0),
        policy=QueuePolicy(retry=RetryPolicy(attempts=3)),
        metrics=of.metrics,
        random=Random(1),  # noqa: S311 - the same jitter in every run
        deployment=ground.deployment,
        clock=ground.clock,
        log=ground.log,
        allowance=lambda _: None if most is None else Allowance(mailbox=mailbox, most=most),
    )


async def counted(of: Bench, mailbox: str = BOX) -> int:
    query = select(func.count()).select_from(SubmissionRow).where(SubmissionRow.mailbox == mailbox)
    async with of.database.reading() as session:
        return await session.scalar(query) or 0


async def tried(of: Bench, by: Attempts, number: int = 1, *, name: str = "") -> str:
    """Make an attempt; return the notification's id."""
    name = name or await of.accept()
    await by.make(name, number)
    return name


async def test_the_rest_waits_with_its_reason_until_there_is_room_again(of: Bench, clock: Clock) -> None:
    by = attempts(of, most=2)
    sent = [await tried(of, by) for _ in range(2)]
    assert [(await of.store.state(name)).state for name in sent] == ["sent", "sent"]
    clock.advance(3_600)
    waits = await tried(of, by)
    state = await of.store.state(waits)
    assert (state.state, state.problem, state.attempts) == ("retrying", "sending-limit-reached", 0)
    assert state.problem_text
    assert state.next_attempt_at is not None
    assert NOON + DAY <= state.next_attempt_at <= NOON + DAY + timedelta(minutes=2)
    assert (len(of.service.taken), await counted(of)) == (2, 2)
    clock.now = state.next_attempt_at
    await tried(of, by, 2, name=waits)
    assert (await of.store.state(waits)).state == "sent"


async def test_what_waits_is_spread_over_the_day_as_room_comes(of: Bench, clock: Clock) -> None:
    by = attempts(of, most=3)
    for _ in range(3):
        await tried(of, by)
        clock.advance(3_600)
    turns = [(await of.store.state(await tried(of, by))).next_attempt_at for _ in range(7)]
    hours = [round((turn - NOON) / timedelta(hours=1)) for turn in turns if turn is not None]
    assert hours == [24, 25, 26, 48, 49, 50, 72]


async def test_what_comes_anew_leaves_the_room_to_what_waited_for_it_unless_it_is_more_urgent(
    of: Bench, clock: Clock
) -> None:
    by = attempts(of, most=1)
    await tried(of, by)
    waits = await tried(of, by)
    turn = (await of.store.state(waits)).next_attempt_at
    assert turn is not None
    clock.now = NOON + DAY + timedelta(seconds=1)  # there is room, and it comes back within half a minute
    usual, urgent = await of.accept(), await of.accept(priority=1)
    await by.make(usual, 1)
    state = await of.store.state(usual)
    assert (state.state, state.problem) == ("retrying", USED_UP)
    assert state.next_attempt_at is not None
    assert timedelta(seconds=55) < state.next_attempt_at - clock.now < timedelta(minutes=2)
    await by.make(urgent, 1)
    assert (await of.store.state(urgent)).state == "sent"
    clock.now = NOON + 2 * DAY + timedelta(minutes=1)
    await by.make(waits, 2)
    assert (await of.store.state(waits)).state == "sent"


async def test_who_does_not_come_back_holds_nobody_up_for_long(of: Bench, clock: Clock) -> None:
    by = attempts(of, most=2)
    for _ in range(2):
        await tried(of, by)
    lost = await tried(of, by)
    clock.advance(3 * 24 * 3_600)
    new = await of.accept()
    await by.make(new, 1)
    assert (await of.store.state(new)).state == "sent"  # one waits, and there is room for two
    later = await of.accept()
    await by.make(later, 1)
    assert (await of.store.state(later)).state == "retrying"
    clock.now = (await of.store.state(later)).next_attempt_at or clock.now
    await by.make(later, 2)
    assert (await of.store.state(later)).state == "sent"
    assert (await of.store.state(lost)).state == "retrying"


async def test_no_day_holds_more_than_was_allowed_whatever_happens(of: Bench, clock: Clock) -> None:
    by, moments = attempts(of, most=5), []
    of.service.always = lambda: moments.append(clock.now)
    due = [(await of.accept(), 1) for _ in range(17)]
    for _ in range(60):
        for name, number in due:
            await by.make(name, number)
        states = [(await of.store.state(name), name, number) for name, number in due]
        due = [(name, number + 1) for state, name, number in states if state.state == "retrying"]
        if not due:
            break
        clock.now = min(state.next_attempt_at for state, _, _ in states if state.next_attempt_at is not None)
        due_now = [state for state, _, _ in states if state.state == "retrying"]
        assert all(state.problem == USED_UP for state in due_now)
    assert len(moments) >= 15
    for moment in moments:
        assert sum(moment - DAY < other <= moment for other in moments) <= 5


@pytest.mark.parametrize(
    ("step", "counts"),
    [
        (refusal(421, "4.3.2", stage="sender"), 0),
        (refusal(550, "5.1.1"), 0),
        (SendFailed(Evidence(stage="submit", system=System.GMAIL, http=429, reason="rateLimitExceeded")), 0),
        (cut_off(), 1),
        (RuntimeError("nobody knows"), 1),
        (None, 1),
    ],
)
async def test_only_what_may_have_left_counts(of: Bench, step: Exception | None, counts: int) -> None:
    of.service.always = step
    await tried(of, attempts(of, most=5))
    assert await counted(of) == counts


async def test_what_a_process_that_died_had_in_hand_counts(of: Bench) -> None:
    store = QueueStore(database=of.database, envelope=of.ground.envelope, clock=of.ground.clock)
    name, allowance = await of.accept(), Allowance(mailbox=BOX, most=2)
    for _ in range(2):  # the second one is what the next process does with it
        claim = await store.claim(name, 1, version=1, allowance=allowance)
        assert claim is not None
        assert claim.wait_s is None
    assert await counted(of) == 2
    claim = await store.claim(name, 1, version=1, allowance=allowance)
    assert claim is not None
    assert (claim.cut_off, claim.submission) == (True, None)
    assert claim.wait_s == pytest.approx(DAY.total_seconds(), abs=1)


async def test_mailboxes_are_counted_apart_and_whoever_knows_no_limit_counts_nothing(of: Bench) -> None:
    for most, mailbox in ((1, BOX), (1, "gmail:eve@contoso.com"), (None, "smtp:x")):
        name = await tried(of, attempts(of, most=most, mailbox=mailbox))
        assert (await of.store.state(name)).state == "sent"
    assert [await counted(of, box) for box in (BOX, "gmail:eve@contoso.com", "smtp:x")] == [1, 1, 0]


async def test_what_is_of_no_use_any_more_takes_no_room(of: Bench, clock: Clock) -> None:
    by = attempts(of, most=1)
    await tried(of, by)
    late = await of.accept(not_after=clock.now + timedelta(minutes=5))
    await by.make(late, 1)
    state = await of.store.state(late)
    assert (state.state, state.problem) == ("retrying", USED_UP)
    clock.now = state.next_attempt_at or clock.now
    await by.make(late, 2)
    assert ((await of.store.state(late)).state, await counted(of)) == ("expired", 1)


async def test_another_sender_does_not_wait_for_the_mailbox_of_the_former(of: Bench) -> None:
    await tried(of, attempts(of, most=1))
    waits = await tried(of, attempts(of, most=1))
    await of.put_in_force(active_sender(2, address="other@example.org"))
    await attempts(of, most=1, mailbox="gmail:other@example.org").make(waits, 2)
    assert (await of.store.state(waits)).state == "sent"


async def test_what_counts_no_more_is_forgotten_and_a_clock_set_back_shuts_nobody_out(of: Bench, clock: Clock) -> None:
    by = attempts(of, most=2)
    await tried(of, by)
    clock.advance(20 * 3_600)
    await tried(of, by)
    await by.store.tidy_submissions()
    assert await counted(of) == 2
    clock.advance(5 * 3_600)
    await by.store.tidy_submissions()
    assert await counted(of) == 1
    clock.advance(-300 * 3_600)
    await by.store.tidy_submissions()
    async with of.database.reading() as session:
        at = await session.scalar(select(SubmissionRow.at))
    assert at is not None
    assert abs(at - clock.now) < timedelta(seconds=1)
    clock.advance(25 * 3_600)
    await by.store.tidy_submissions()
    assert await counted(of) == 0


async def test_the_worker_keeps_to_it_over_a_restart(tmp_path: Path) -> None:
    async with bench(tmp_path) as of:

        def worker() -> QueueWorker:
            return QueueWorker(
                of.ground,
                policy=of.policy,
                metrics=of.metrics,
                opening=of.service.opening,
                mailbox=lambda profile: profile.address,
                most_in_a_day=lambda _: 3,
            )

        names = [await of.accept() for _ in range(5)]
        for _ in range(2):
            at_it = worker()
            await at_it.start()
            try:
                at_it.nudge()
                for name in names:
                    await of.reaches(name, "sent", "retrying")
            finally:
                await at_it.stop()
        states = [await of.store.state(name) for name in names]
        assert sorted(state.state for state in states) == ["retrying", "retrying", "sent", "sent", "sent"]
        assert {state.problem for state in states if state.state == "retrying"} == {USED_UP}
        assert len(of.service.taken) == 3


@settings(max_examples=15, deadline=None)
@given(
    most=st.integers(1, 4),
    pauses=st.lists(st.integers(0, 20 * 3_600), min_size=1, max_size=25),
    back=st.lists(st.booleans(), min_size=25, max_size=25),
)
def test_never_more_than_allowed_and_never_longer_waited_than_needed(
    most: int, pauses: list[int], back: list[bool], tmp_path_factory: pytest.TempPathFactory
) -> None:
    async def run() -> None:
        async with bench(tmp_path_factory.mktemp("queue")) as of:
            now, moments = NOON, list[datetime]()
            for pause, returned in zip(pauses, back, strict=False):
                now += timedelta(seconds=pause)
                async with of.database.writing() as session:
                    wait_s, number = await take(
                        session, Allowance(mailbox=BOX, most=most), now=now, priority=5, waited=False
                    )
                    await tidy(session, now=now)
                recent = [at for at in moments if at > now - DAY]
                assert (wait_s is None) == (len(recent) < most)
                if wait_s is not None:
                    assert 0 < wait_s <= DAY.total_seconds()
                elif returned:
                    async with of.database.writing() as session:
                        await give_back(session, number)
                else:
                    moments.append(now)

    asyncio.run(run())
