"""The durable queue of attempts, on the real engine."""

import asyncio
import sqlite3
import threading
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import msgspec
import pytest
from tests.unit.service.queue_kit import until

from sendwright.service.queue_engine import Entry, QueueEngine, Run, key
from sendwright.service.queue_policy import Limits, QueuePolicy
from sendwright.service.settings import DataFolder

POLICY = QueuePolicy(
    limits={"smtp": Limits(at_once=4, starts=1_000, period_s=1.0)},
    poll_s=0.02,
    stop_within_s=0.3,
)


def entry(name: str = "n", number: int = 1, *, mailbox: str = "m", priority: int = 5, delay_s: float = 0.0) -> Entry:
    return Entry(notification_id=name, number=number, kind="smtp", mailbox=mailbox, priority=priority, delay_s=delay_s)


class Witness:
    """Sees what runs, when, and how much at once."""

    def __init__(self, *, takes_s: float = 0.0) -> None:
        self.takes_s = takes_s
        self.began: list[tuple[str, float]] = []
        self.ended: list[str] = []
        self.most_at_once: dict[str, int] = {}
        self._now: dict[str, int] = {}

    async def run(self, notification_id: str, number: int) -> None:
        lane = notification_id[0]
        self.began.append((key(notification_id, number), time.monotonic()))
        self._now[lane] = self._now.get(lane, 0) + 1
        self.most_at_once[lane] = max(self.most_at_once.get(lane, 0), self._now[lane])
        try:
            await asyncio.sleep(self.takes_s)
            self.ended.append(key(notification_id, number))
        finally:
            self._now[lane] -= 1

    async def until_ended(self, count: int) -> None:
        await until(lambda: len(self.ended) >= count)


@asynccontextmanager
async def engine(
    folder: Path, run: Run, policy: QueuePolicy = POLICY, *, clock: Callable[[], float] = time.monotonic
) -> AsyncIterator[QueueEngine]:
    started = QueueEngine(url=DataFolder(folder).queue_url, policy=policy, clock=clock)
    await started.start(run)
    try:
        yield started
    finally:
        await started.stop()


async def test_each_entry_runs_once_however_often_it_is_asked_for(tmp_path: Path) -> None:
    witness = Witness()
    async with engine(tmp_path, witness.run) as queue:
        await queue.enqueue([entry("a"), entry("b"), entry("a")])
        await witness.until_ended(2)
        await queue.enqueue([entry("a"), entry("a", 2)])
        await witness.until_ended(3)
        await asyncio.sleep(0.2)
    assert sorted(witness.ended) == ["a:1", "a:2", "b:1"]


async def test_a_mailbox_carries_four_at_once_and_holds_up_no_other(tmp_path: Path) -> None:
    witness = Witness(takes_s=0.2)
    async with engine(tmp_path, witness.run) as queue:
        await queue.enqueue([entry(f"x{n}", mailbox="x") for n in range(12)])
        await queue.enqueue([entry("y0", mailbox="y")])
        await witness.until_ended(13)
    assert witness.most_at_once == {"x": 4, "y": 1}
    assert witness.ended.index("y0:1") < 10


async def test_the_more_urgent_goes_first(tmp_path: Path) -> None:
    witness = Witness()
    one = msgspec.structs.replace(POLICY, limits={"smtp": Limits(at_once=1)}, poll_s=0.2)
    async with engine(tmp_path, witness.run, one) as queue:
        await queue.enqueue([entry("late", priority=9), entry("usual"), entry("first", priority=1)])
        await witness.until_ended(3)
    order = [name for name, _ in witness.began]
    assert order[-2:] == ["usual:1", "late:1"] or order == ["first:1", "usual:1", "late:1"]


async def test_starts_are_limited_within_the_period(tmp_path: Path) -> None:
    witness = Witness()
    slow = msgspec.structs.replace(POLICY, limits={"smtp": Limits(starts=3, period_s=6.0)})
    async with engine(tmp_path, witness.run, slow) as queue:
        await queue.enqueue([entry(f"n{n}") for n in range(5)])
        await witness.until_ended(5)
    moments = sorted(moment for _, moment in witness.began)
    # Without the limit all five start at once. It counts from the claim, and a busy machine starts a while after it.
    assert moments[3] - moments[0] > 2.0


async def test_an_entry_waits_for_its_delay_and_may_be_withdrawn(tmp_path: Path) -> None:
    witness = Witness()
    async with engine(tmp_path, witness.run) as queue:
        began = time.monotonic()
        await queue.enqueue([entry("later", delay_s=0.8), entry("never", delay_s=0.8)])
        assert await queue.live(["later:1", "never:1", "other:1"]) == {"later:1", "never:1"}
        await queue.withdraw(["never:1"])
        await witness.until_ended(1)
        assert time.monotonic() - began >= 0.75
        await asyncio.sleep(0.3)
        assert witness.ended == ["later:1"]
        assert await queue.live(["later:1", "never:1"]) == frozenset()


async def test_stopping_lets_what_runs_end_and_starts_nothing_more(tmp_path: Path) -> None:
    witness = Witness(takes_s=0.2)
    async with engine(tmp_path, witness.run) as queue:
        await queue.enqueue([entry(f"n{n}") for n in range(12)])
        await witness.until_ended(1)
    ended = len(witness.ended)
    assert ended == len(witness.began) < 12
    async with engine(tmp_path, witness.run):
        await witness.until_ended(12)
        await asyncio.sleep(0.2)
    assert len(set(witness.ended)) == len(witness.ended) == 12


async def test_what_takes_too_long_to_stop_is_cut_off_and_runs_again_at_the_next_start(tmp_path: Path) -> None:
    slow, quick = Witness(takes_s=60), Witness()
    async with engine(tmp_path, slow.run) as queue:
        await queue.enqueue([entry("n")])
        await until(lambda: bool(slow.began))
        assert queue.running == {"n:1"}
    assert slow.ended == []
    async with engine(tmp_path, quick.run):
        await quick.until_ended(1)
    assert quick.ended == ["n:1"]


async def test_a_fault_in_an_attempt_neither_stops_the_queue_nor_is_repeated(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    witness = Witness()

    async def run(notification_id: str, number: int) -> None:
        await witness.run(notification_id, number)
        if notification_id == "bad":
            raise ValueError("a secret sentence")

    async with engine(tmp_path, run) as queue:
        await queue.enqueue([entry("bad")])
        await witness.until_ended(1)
        await queue.enqueue([entry("good")])
        await witness.until_ended(2)
    async with engine(tmp_path, run):
        await asyncio.sleep(0.3)
    assert witness.ended == ["bad:1", "good:1"]
    [record] = [record for record in caplog.records if record.name.startswith("sendwright")]
    assert record.levelname == "ERROR"


async def test_finished_entries_are_deleted_after_a_while_and_waiting_ones_never(tmp_path: Path) -> None:
    witness = Witness()
    async with engine(tmp_path, witness.run) as queue:
        await queue.enqueue([entry("done"), entry("waits", delay_s=60)])
        await witness.until_ended(1)
        await asyncio.sleep(0.1)
        now = datetime.now(UTC)
        assert await queue.trim(before=now - timedelta(hours=1), after=now + timedelta(seconds=1)) == 0
        assert await queue.trim(before=now + timedelta(seconds=1), after=now + timedelta(hours=1)) == 1
        assert await queue.live(["waits:1"]) == {"waits:1"}
        await queue.enqueue([entry("done")])  # nothing remembers it any more: the notification itself must
        await witness.until_ended(2)


async def test_what_a_wrong_clock_started_in_the_future_does_not_use_up_the_limit(tmp_path: Path) -> None:
    witness = Witness()
    strict = msgspec.structs.replace(POLICY, limits={"smtp": Limits(at_once=4, starts=2, period_s=30.0)})
    async with engine(tmp_path, witness.run, strict) as queue:
        await queue.enqueue([entry("one"), entry("two")])
        await witness.until_ended(2)
        await asyncio.sleep(0.1)
        with closing(sqlite3.connect(tmp_path / "queue.db")) as database:
            year = 365 * 86_400 * 1000
            database.execute(
                f"UPDATE workflow_status SET started_at_epoch_ms = started_at_epoch_ms + {year}, "  # noqa: S608 - a number
                f"completed_at = completed_at + {year}"
            )
            database.commit()
        await queue.enqueue([entry("three")])
        await asyncio.sleep(0.5)
        assert len(witness.ended) == 2
        now = datetime.now(UTC)
        assert await queue.trim(before=now - timedelta(hours=1), after=now + timedelta(minutes=1)) == 2
        await witness.until_ended(3)


async def test_what_counts_as_running_although_nothing_runs_it_is_released(tmp_path: Path) -> None:
    hanging = Witness(takes_s=60)
    async with engine(tmp_path, hanging.run) as queue:
        await queue.enqueue([entry("runs")])
        await until(lambda: bool(hanging.began))
        with closing(sqlite3.connect(tmp_path / "queue.db")) as database:
            columns = [row[1] for row in database.execute("PRAGMA table_info(workflow_status)")]
            rest = ", ".join(column for column in columns if column != "workflow_uuid")
            database.execute(
                f"INSERT INTO workflow_status (workflow_uuid, {rest}) SELECT 'lost:1', {rest} FROM workflow_status"  # noqa: S608 - names of columns
            )
            database.execute(
                f"INSERT INTO workflow_status (workflow_uuid, {rest}) SELECT 'ahead:1', {rest} FROM workflow_status "  # noqa: S608 - as above
                "WHERE workflow_uuid = 'lost:1'"
            )
            database.execute(
                "UPDATE workflow_status SET started_at_epoch_ms = started_at_epoch_ms + 86400000 "
                "WHERE workflow_uuid = 'ahead:1'"
            )
            database.commit()
        later = datetime.now(UTC) + timedelta(seconds=5)
        keys = ["runs:1", "lost:1", "ahead:1"]
        await queue.release(before=later - timedelta(minutes=1), after=later + timedelta(days=2))
        assert await queue.live(keys) == set(keys)
        await queue.release(before=later - timedelta(minutes=1), after=later)
        assert await queue.live(keys) == {"runs:1", "lost:1"}
        await queue.release(before=later, after=later)
        assert await queue.live(keys) == {"runs:1"}


async def test_the_database_holds_ids_only_as_json_and_is_written_ahead(tmp_path: Path) -> None:
    witness = Witness()
    async with engine(tmp_path, witness.run) as queue:
        await queue.enqueue([entry("n")])
        await witness.until_ended(1)
    with closing(sqlite3.connect(tmp_path / "queue.db")) as database:
        [(mode,)] = database.execute("PRAGMA journal_mode")
        rows = database.execute(
            "SELECT name, serialization, application_version, executor_id FROM workflow_status"
        ).fetchall()
        stored = "\n".join(database.iterdump())
    assert mode == "wal"
    assert rows == [("attempt", "portable_json", "1", "this-computer")]
    assert '{"namedArgs":{},"positionalArgs":["n",1]}' in stored


def polled_every(folder: Path) -> dict[str, float]:
    with closing(sqlite3.connect(folder / "queue.db")) as database:
        return dict(database.execute("SELECT name, polling_interval_sec FROM queues"))


async def test_the_engine_looks_seldom_while_there_is_nothing_to_do(tmp_path: Path) -> None:
    witness = Witness()
    calm = msgspec.structs.replace(POLICY, resting_poll_s=0.7, rest_after_s=10)
    now = [0.0]
    async with engine(tmp_path, witness.run, calm, clock=lambda: now[0]) as queue:
        await queue.rest()
        assert polled_every(tmp_path) == {"smtp": 0.02, "other": 0.5}
        now[0] = 10
        await queue.rest()
        assert polled_every(tmp_path) == {"smtp": 0.7, "other": 0.7}
        await queue.enqueue([entry("n")])
        assert polled_every(tmp_path) == {"smtp": 0.02, "other": 0.5}
        await witness.until_ended(1)


async def test_what_runs_keeps_the_engine_from_resting(tmp_path: Path) -> None:
    witness = Witness()
    calm = msgspec.structs.replace(POLICY, resting_poll_s=0.7, rest_after_s=10)
    now = [0.0]
    async with engine(tmp_path, witness.run, calm, clock=lambda: now[0]) as queue:
        await queue.enqueue([entry("n", delay_s=0.6)])
        now[0] = 9.5
        await witness.until_ended(1)
        now[0] = 19
        await queue.rest()
        assert polled_every(tmp_path)["smtp"] == 0.02


async def test_nothing_is_left_running_after_the_stop(tmp_path: Path) -> None:
    before = {thread.name for thread in threading.enumerate()}
    witness = Witness()
    async with engine(tmp_path, witness.run) as queue:
        await queue.enqueue([entry("n")])
        await witness.until_ended(1)
    left = {thread.name for thread in threading.enumerate()} - before
    assert left == set()


async def test_an_engine_that_was_not_started_takes_nothing(tmp_path: Path) -> None:
    queue = QueueEngine(url=DataFolder(tmp_path).queue_url, policy=POLICY)
    with pytest.raises(RuntimeError):
        await queue.enqueue([entry()])
    await queue.stop()
