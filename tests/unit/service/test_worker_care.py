"""What was left behind is found by comparing two databases that share no commit."""

import logging
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import cast

import pytest
from tests.unit.service.queue_kit import NOON, Bench, Clock, bench, refusal

from sendwright.problems.classify import classify
from sendwright.senders.sender import Receipt
from sendwright.service.queue_engine import QueueEngine, key
from sendwright.service.queue_policy import QueuePolicy
from sendwright.service.queue_store import PutOff, QueueStore, Sent
from sendwright.service.worker_care import Care

POLICY = QueuePolicy(stranded_after_s=60.0, keep_history_s=600.0, keep_finished_s=3_600.0)


@dataclass
class Entries:
    """Stands for the queue engine: what it has, and what it was told."""

    alive: set[str] = field(default_factory=set)
    worn: set[str] = field(default_factory=set)
    running: frozenset[str] = frozenset()
    released: list[datetime] = field(default_factory=list)
    trimmed: list[datetime] = field(default_factory=list)
    withdrawn: list[str] = field(default_factory=list)

    async def live(self, keys: Sequence[str]) -> frozenset[str]:
        return frozenset(self.alive & set(keys))

    async def worn_out(self, keys: Sequence[str]) -> frozenset[str]:
        return frozenset(self.worn & set(keys))

    async def release(self, *, before: datetime, after: datetime) -> None:
        self.released.append(before)
        assert after - before == timedelta(minutes=2)

    async def trim(self, *, before: datetime, after: datetime) -> int:
        self.trimmed.append(before)
        assert after - before == timedelta(minutes=11)
        return 0

    async def withdraw(self, keys: Sequence[str]) -> None:
        self.withdrawn.extend(keys)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
async def of(tmp_path: Path, clock: Clock) -> AsyncIterator[Bench]:
    async with bench(tmp_path, clock=clock) as of:
        yield of


@pytest.fixture
def queue(of: Bench, clock: Clock) -> QueueStore:
    return QueueStore(database=of.database, envelope=of.ground.envelope, clock=clock)


@pytest.fixture
def entries() -> Entries:
    return Entries()


@pytest.fixture
def care(queue: QueueStore, entries: Entries, clock: Clock) -> Care:
    log = logging.getLogger("sendwright.service.tests")
    return Care(store=queue, engine=cast("QueueEngine", entries), policy=POLICY, clock=clock, log=log)


async def dispatched(of: Bench, queue: QueueStore, count: int = 1) -> list[str]:
    names = [await of.accept() for _ in range(count)]
    await queue.mark_dispatched(await queue.undispatched(limit=99))
    return names


async def renewed(queue: QueueStore) -> dict[str, int]:
    return {due.id: due.number for due in await queue.undispatched(limit=99)}


async def test_at_the_start_every_entry_that_the_engine_lacks_is_asked_for_again(
    of: Bench, queue: QueueStore, entries: Entries, care: Care
) -> None:
    here, gone, running = await dispatched(of, queue, 3)
    entries.alive, entries.running = {key(here, 1)}, frozenset({key(running, 1)})
    await care.at_start()
    assert await renewed(queue) == {gone: 2}
    assert entries.released == entries.trimmed == []


async def test_regularly_only_what_is_overdue_is_looked_for(
    of: Bench, queue: QueueStore, care: Care, clock: Clock
) -> None:
    [old] = await dispatched(of, queue)
    clock.advance(30)
    [waiting] = await dispatched(of, queue)
    claim = await queue.claim(waiting, 1, version=1)
    assert claim is not None
    problem = classify(refusal(421, stage="greet").evidence)
    await queue.conclude(claim, PutOff(clock() + timedelta(hours=1), problem))
    await queue.mark_dispatched(await queue.undispatched(limit=9))
    await care.regularly()
    assert await renewed(queue) == {}
    clock.advance(31)
    await care.regularly()
    assert await renewed(queue) == {old: 2}
    clock.advance(3_600 + 60)
    await care.regularly()
    assert await renewed(queue) == {old: 2, waiting: 3}


async def test_an_attempt_that_holds_its_outcome_is_left_alone(
    of: Bench, queue: QueueStore, entries: Entries, care: Care, clock: Clock
) -> None:
    [name] = await dispatched(of, queue)
    await queue.claim(name, 1, version=1)
    entries.running = frozenset({key(name, 1)})
    clock.advance(600)
    await care.regularly()
    assert await renewed(queue) == {}
    entries.running = frozenset()
    await care.regularly()
    assert await renewed(queue) == {name: 2}
    again = await queue.claim(name, 2, version=1)
    assert again is not None
    assert again.cut_off


async def test_what_takes_the_process_down_every_time_becomes_a_dead_letter(
    of: Bench, queue: QueueStore, entries: Entries, care: Care
) -> None:
    deadly, fine = await dispatched(of, queue, 2)
    await queue.claim(deadly, 1, version=1)
    entries.alive, entries.worn = {key(fine, 1)}, {key(deadly, 1)}
    await care.at_start()
    state = await of.store.state(deadly)
    assert (state.state, state.problem, state.perhaps_twice) == ("failed", "attempt-interrupted-too-often", True)
    assert state.problem_text
    assert (await of.store.state(fine)).state == "queued"
    assert await renewed(queue) == {}


async def test_what_waits_for_a_day_that_a_wrong_clock_named_is_due_now(
    of: Bench, queue: QueueStore, entries: Entries, care: Care, clock: Clock
) -> None:
    clock.advance(400 * 86_400)
    waiting, sending, done = await dispatched(of, queue, 3)
    for name, ends in ((waiting, True), (sending, False), (done, True)):
        claim = await queue.claim(name, 1, version=1)
        assert claim is not None
        if ends:
            problem = classify(refusal(421, stage="greet").evidence)
            later = PutOff(clock() + timedelta(minutes=5), problem)
            await queue.conclude(claim, later if name == waiting else Sent(Receipt(message_id=claim.message_id)))
    await queue.mark_dispatched(await queue.undispatched(limit=9))
    entries.alive = {key(waiting, 2), key(sending, 1)}
    clock.advance(-400 * 86_400 + 30)
    [late] = await dispatched(of, queue)
    await care.regularly()
    assert await renewed(queue) == {waiting: 3}
    assert entries.withdrawn == [key(waiting, 2)]
    states = {name: (await of.store.state(name)).state for name in (waiting, sending, done, late)}
    assert states == {waiting: "retrying", sending: "sending", done: "sent", late: "queued"}
    due = next(due for due in await queue.undispatched(limit=9))
    assert due.at is None
    await care.regularly()
    assert entries.withdrawn == [key(waiting, 2)], "once is enough"


async def test_what_is_old_is_deleted_on_both_sides(
    of: Bench, queue: QueueStore, entries: Entries, care: Care, clock: Clock
) -> None:
    await care.regularly()
    assert entries.released[0] - NOON < timedelta(seconds=-59)
    assert timedelta(seconds=-601) < entries.trimmed[0] - NOON < timedelta(seconds=-599)
    [name] = await dispatched(of, queue)
    await queue.bury(name, 1, classify(refusal(550, "5.1.1").evidence))
    clock.advance(3_500)
    await care.regularly()
    assert (await of.store.state(name)).state == "failed"
    clock.advance(200)
    await care.regularly()
    assert (await of.store.listing(state=None, limit=9)).notifications == ()
