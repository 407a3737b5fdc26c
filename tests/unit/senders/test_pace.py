"""The pace of a mailbox: four at once, thirty in a minute, and the pauses that it asks for."""

import asyncio
from dataclasses import dataclass, field

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sendwright.problems.classify import classify
from sendwright.problems.evidence import System
from sendwright.problems.problem import Retry
from sendwright.senders.pace import PAUSED, Limits, MailboxPace, Paces, turn_of
from sendwright.senders.sender import SendFailed
from sendwright.service.retry import is_ours


@dataclass
class Clock:
    """A clock that goes on only when somebody waits."""

    now: float = 1_000.0
    waited: list[float] = field(default_factory=list)

    def __call__(self) -> float:
        return self.now

    async def sleep(self, seconds: float) -> None:
        self.waited.append(seconds)
        self.now += seconds
        await asyncio.sleep(0)


@dataclass
class Load:
    """What was going on at the same time, and when it began."""

    running: int = 0
    most: int = 0
    starts: list[float] = field(default_factory=list)


def paced(clock: Clock, limits: Limits | None = None) -> MailboxPace:
    return MailboxPace(limits or Limits(), clock=clock, sleep=clock.sleep)


async def work(pace: MailboxPace, load: Load, clock: Clock, *, turns: int = 3) -> None:
    async with pace.turn(values={}):
        load.starts.append(clock.now)
        load.running += 1
        load.most = max(load.most, load.running)
        for _ in range(turns):
            await asyncio.sleep(0)
        load.running -= 1


async def test_never_more_than_four_are_under_way() -> None:
    clock, load = Clock(), Load()
    pace = paced(clock)
    await asyncio.gather(*(work(pace, load, clock) for _ in range(20)))
    assert (load.most, len(load.starts)) == (4, 20)


async def test_the_thirty_first_start_waits_until_the_first_is_a_minute_old() -> None:
    clock, load = Clock(), Load()
    pace = paced(clock, Limits(patience_s=90.0))
    for _ in range(31):
        await work(pace, load, clock)
    assert load.starts == [1_000.0] * 30 + [1_060.0]
    assert clock.waited == [60.0]


async def test_whoever_would_wait_too_long_for_a_start_is_sent_away() -> None:
    clock, load = Clock(), Load()
    pace = paced(clock, Limits(starts=2, patience_s=10.0))
    await work(pace, load, clock)
    clock.now += 20.0
    await work(pace, load, clock)
    with pytest.raises(SendFailed) as caught:
        await work(pace, load, clock)
    assert caught.value.evidence.retry_after_s == 40.0
    clock.now += 31.0  # near enough now: waited for
    await work(pace, load, clock)
    assert (clock.waited, load.starts[-1]) == ([9.0], 1_060.0)


async def test_whoever_finds_no_place_in_time_is_sent_away() -> None:
    pace = MailboxPace(Limits(at_once=1, patience_s=0.0))
    async with pace.turn(values={}):
        with pytest.raises(SendFailed) as caught:
            async with pace.turn(values={}):
                pytest.fail("there is no second place")
    assert caught.value.evidence.condition == PAUSED
    async with pace.turn(values={}):
        pass  # the place is free again


async def test_a_paused_mailbox_is_not_asked_and_says_for_how_long() -> None:
    clock = Clock()
    pace = paced(clock)
    pace.pause(30.0)
    clock.now += 12.0
    with pytest.raises(SendFailed) as caught:
        async with pace.turn(values={"mailbox": "notices@contoso.com"}):
            pytest.fail("it is paused")
    evidence = caught.value.evidence
    assert (evidence.condition, evidence.retry_after_s, evidence.perhaps_sent) == (PAUSED, 18.0, False)
    assert evidence.values == {"mailbox": "notices@contoso.com"}
    clock.now += 18.0
    load = Load()
    await work(pace, load, clock)
    assert load.starts == [1_030.0]


@pytest.mark.parametrize(("pause_s", "waits"), [(0.5, True), (10.0, True), (10.5, False), (3_600.0, False)])
async def test_a_short_pause_is_waited_for_and_a_long_one_sends_away(pause_s: float, waits: bool) -> None:
    clock, load = Clock(), Load()
    pace = paced(clock, Limits(patience_s=10.0))
    pace.pause(pause_s)
    if waits:
        await work(pace, load, clock)
        assert (clock.waited, load.starts) == ([pause_s], [1_000.0 + pause_s])
        return
    with pytest.raises(SendFailed) as caught:
        await work(pace, load, clock)
    assert (caught.value.evidence.retry_after_s, clock.waited, load.starts) == (pause_s, [], [])


async def test_who_waits_for_a_pause_that_grows_long_meanwhile_is_sent_away() -> None:
    clock, load = Clock(), Load()
    pace = paced(clock, Limits(patience_s=10.0))
    pace.pause(5.0)
    waiting = asyncio.create_task(work(pace, load, clock))
    await asyncio.sleep(0)
    pace.pause(60.0)
    with pytest.raises(SendFailed):
        await waiting
    assert load.starts == []


async def test_a_pause_is_for_those_too_who_wait_for_a_place() -> None:
    clock = Clock()
    pace = paced(clock, Limits(at_once=1))
    inside, go_on = asyncio.Event(), asyncio.Event()

    async def hold() -> None:
        async with pace.turn(values={}):
            inside.set()
            await go_on.wait()
            pace.pause(5.0)

    holder = asyncio.create_task(hold())
    await inside.wait()
    waiting = asyncio.create_task(work(pace, Load(), clock))
    await asyncio.sleep(0)
    go_on.set()
    await holder
    with pytest.raises(SendFailed):
        await waiting


def test_a_shorter_pause_does_not_end_a_longer_one() -> None:
    clock = Clock()
    pace = paced(clock)
    pace.pause(60.0)
    pace.pause(5.0)
    assert pace.paused_s == 60.0
    clock.now += 100.0
    assert pace.paused_s == 0.0


async def test_a_turn_that_failed_gives_its_place_back() -> None:
    pace = paced(Clock(), Limits(at_once=1, patience_s=0.0))
    for _ in range(3):
        with pytest.raises(ZeroDivisionError):
            async with pace.turn(values={}):
                raise ZeroDivisionError
    async with pace.turn(values={}):
        pass


async def test_a_turn_that_was_cut_off_while_it_waited_takes_no_place() -> None:
    pace = MailboxPace(Limits(at_once=1))
    async with pace.turn(values={}):
        waiting = asyncio.create_task(work(pace, Load(), Clock()))
        await asyncio.sleep(0)
        waiting.cancel()
        with pytest.raises(asyncio.CancelledError):
            await waiting
    async with asyncio.timeout(60), pace.turn(values={}):
        pass


async def test_a_pause_is_tried_again_later_and_blames_nobody() -> None:
    clock = Clock()
    pace = paced(clock)
    pace.pause(90.0)
    with pytest.raises(SendFailed) as caught:
        await work(pace, Load(), clock)
    problem = classify(caught.value.evidence)
    assert (problem.code, problem.retry, problem.values["wait_s"]) == ("graph-throttled", Retry.LATER, "90")
    assert is_ours(problem)  # no number of attempts wears it out


async def test_a_pause_says_whose_and_why_and_a_longer_one_stands_with_its_reason() -> None:
    clock, load = Clock(), Load()
    pace = paced(clock)
    pace.pause(3_600.0, why="sending-limit-reached")
    pace.pause(60.0, why="gmail-rate-limited")
    with pytest.raises(SendFailed) as caught:
        async with pace.turn(values={"sender": "a@example.org"}, system=System.GMAIL):
            load.running += 1
    evidence = caught.value.evidence
    assert load.running == 0
    assert (evidence.system, evidence.condition, evidence.reason) == (System.GMAIL, PAUSED, "sending-limit-reached")
    assert (evidence.retry_after_s, evidence.values) == (3_600.0, {"sender": "a@example.org"})
    assert classify(evidence).code == "sending-limit-reached"
    clock.now += 3_600.0
    await work(pace, load, clock)


async def test_a_narrowed_mailbox_is_asked_by_one_at_a_time_for_so_long() -> None:
    clock, load = Clock(), Load()
    pace = paced(clock)
    pace.narrow(30.0)
    await asyncio.gather(*(work(pace, load, clock) for _ in range(8)))
    assert (load.most, len(load.starts)) == (1, 8)
    clock.now += 30.0
    await asyncio.gather(*(work(pace, load, clock) for _ in range(8)))
    assert (load.most, len(load.starts)) == (4, 16)


async def test_who_would_wait_too_long_for_being_alone_is_sent_away_and_takes_no_place() -> None:
    pace = MailboxPace(Limits(patience_s=0.01))
    pace.narrow(60.0)
    async with pace.turn(values={}):
        with pytest.raises(SendFailed) as caught:
            async with pace.turn(values={}):
                raise AssertionError
        assert caught.value.evidence.retry_after_s == 0.01
    async with asyncio.timeout(60), pace.turn(values={}):
        pass


async def test_mailboxes_have_paces_of_their_own_and_senders_of_one_share_it() -> None:
    clock = Clock()
    paces = Paces(clock=clock, sleep=clock.sleep)
    one, same, other = paces.of("graph:t:a"), paces.of("graph:t:a"), paces.of("graph:t:b", Limits(at_once=3))
    one.pause(10.0)
    assert same is one
    assert (same.paused_s, other.paused_s) == (10.0, 0.0)


async def test_without_a_pace_nothing_is_waited_for() -> None:
    async with turn_of(None, values={}):
        pass


@given(st.lists(st.floats(min_value=0.0, max_value=40.0), min_size=1, max_size=60))
async def test_no_minute_ever_sees_more_starts_than_allowed(gaps: list[float]) -> None:
    clock, load = Clock(), Load()
    limits = Limits(at_once=2, starts=5, period_s=60.0, patience_s=1_000.0)
    pace = paced(clock, limits)
    for gap in gaps:
        clock.now += gap
        await work(pace, load, clock, turns=0)
    for first, sixth in zip(load.starts, load.starts[5:], strict=False):
        assert sixth - first >= 60.0 - 1e-6
