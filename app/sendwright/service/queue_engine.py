"""Runs attempts durably on DBOS Transact: a short workflow each, its arguments an id and a number."""

import asyncio
import sqlite3
import time
from collections.abc import Awaitable, Callable, Sequence
from concurrent.futures import CancelledError, ThreadPoolExecutor
from contextlib import closing, suppress
from datetime import datetime
from logging import NullHandler, getLogger
from pathlib import Path
from typing import TypeVar

import msgspec
from dbos import DBOS, DBOSPortableJSONSerializer, SetEnqueueOptions, SetWorkflowID
from sqlalchemy.engine import make_url

from sendwright.service.queue_pace import Pace
from sendwright.service.queue_policy import Limits, QueuePolicy

APPLICATION = "sendwright"
VERSION = "1"  # constant: rows of another version are neither run nor recovered
EXECUTOR = "this-computer"  # constant: what a killed process left is recovered by the next one of this name
OTHER_QUEUE = "other"

_LIVE = ["DELAYED", "ENQUEUED", "PENDING"]
_FINISHED = ["SUCCESS", "ERROR", "CANCELLED", "MAX_RECOVERY_ATTEMPTS_EXCEEDED"]
_WORN_OUT = "MAX_RECOVERY_ATTEMPTS_EXCEEDED"
_MOST_RECOVERIES = 25
_BATCH = 500
_PATIENCE, _PAUSE_S = 40, 0.05
_IDLE_POLL_S = 0.5
_DAMAGED = frozenset({sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB})

_log = getLogger(__name__)

T = TypeVar("T")
Run = Callable[[str, int], Awaitable[None]]


class Entry(msgspec.Struct, frozen=True, kw_only=True):
    """One attempt to come.

    notification_id, number: what the attempt is called with; the pair is never used again. kind: of the
    sender, chooses the queue. mailbox: what the limits are counted for. priority: 1 first, 9 last.
    """

    notification_id: str
    number: int
    kind: str
    mailbox: str
    priority: int
    delay_s: float = 0.0

    @property
    def key(self) -> str:
        """The id of the workflow."""
        return key(self.notification_id, self.number)


def key(notification_id: str, number: int) -> str:
    """Return the id of the workflow that makes attempt `number` of a notification."""
    return f"{notification_id}:{number}"


class Interrupted(BaseException):
    """The attempt did not happen, or was cut off; DBOS records no outcome and recovers it at the next start.

    No Exception: DBOS would take one for the outcome.
    """


class QueueEngine:
    """The durable queue of attempts; one in a process, and one process at a time on its database.

    url: SQLAlchemy URL of the engine's own database, synchronous driver. Attempts run on the event loop that
    called `start`; DBOS itself works in threads of its own and is only ever called from one more. clock: seconds,
    for the pace of its looks.
    """

    def __init__(self, *, url: str, policy: QueuePolicy, clock: Callable[[], float] = time.monotonic) -> None:
        self._url = url.replace("+aiosqlite", "", 1)
        self._policy = policy
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="queue-engine")
        self._running: dict[asyncio.Task[None], str] = {}
        self._cut_off: set[str] = set()
        self._launched = False
        self._stopping = False
        self._workflow: Callable[[str, int], None] | None = None
        self._pace = Pace(policy, lambda seconds: self._call(self._poll_every, seconds), clock=clock)

    @property
    def running(self) -> frozenset[str]:
        """The keys of the attempts that run now."""
        return frozenset(self._running.values())

    async def start(self, run: Run) -> None:
        """Start working: `run` is awaited with the id and the number of every attempt that is due.

        What a killed process left running is run again.
        """
        loop = asyncio.get_running_loop()

        def attempt(notification_id: str, number: int) -> None:
            work = self._track(run, notification_id, number)
            try:
                asyncio.run_coroutine_threadsafe(work, loop).result()
            except (CancelledError, RuntimeError) as cut_off:  # RuntimeError: the loop is gone
                work.close()
                self._cut_off.add(key(notification_id, number))
                raise Interrupted from cut_off

        await self._call(self._launch, attempt)

    async def stop(self) -> None:
        """Start nothing more, let running attempts end within `policy.stop_within_s`, then cut them off.

        It cannot be started again; a second stop does nothing.
        """
        if self._stopping:
            return
        self._stopping = True
        running = set(self._running)
        if running:
            await asyncio.wait(running, timeout=self._policy.stop_within_s)
        for task in tuple(self._running):
            task.cancel()
        await asyncio.gather(*self._running, return_exceptions=True)
        if self._launched:
            await self._outcomes_stored()
        await self._call(DBOS.destroy, destroy_registry=True)
        self._thread.shutdown()

    async def enqueue(self, entries: Sequence[Entry]) -> None:
        """Make the attempts happen; one that is there already stays as it is."""
        await self._call(self._enqueue, entries)
        await self._pace.work()

    async def rest(self) -> None:
        """Look for work less often if there was none for a while; the next entry changes that back."""
        await self._pace.rest()

    async def withdraw(self, keys: Sequence[str]) -> None:
        """Forget attempts that wait; they must not run."""
        for batch in _batches(keys):
            await self._call(DBOS.delete_workflows, list(batch))

    async def live(self, keys: Sequence[str]) -> frozenset[str]:
        """Return those of `keys` that wait or run."""
        return await self._with_status(keys, _LIVE)

    async def worn_out(self, keys: Sequence[str]) -> frozenset[str]:
        """Return those of `keys` that took the process down with them too often to be tried again."""
        return await self._with_status(keys, [_WORN_OUT])

    async def release(self, *, before: datetime, after: datetime) -> None:
        """Forget attempts that count as running although nothing runs them: a lost outcome.

        before, after: they were started before the one, or, by a clock that was set back since, after the other.
        """
        for span in ({"dequeued_before": before.isoformat()}, {"dequeued_after": after.isoformat()}):
            found = await self._listed(status="PENDING", **span)
            await self.withdraw([each for each in found if each not in self.running])

    async def trim(self, *, before: datetime, after: datetime) -> int:
        """Delete what finished before the one or after the other; return how many entries that were.

        What a clock left in the future would count against the limits until that day.
        """
        deleted = 0
        for span in ({"completed_before": before.isoformat()}, {"completed_after": after.isoformat()}):
            while found := await self._listed(status=_FINISHED, limit=_BATCH, **span):
                await self.withdraw(found)
                deleted += len(found)
        return deleted

    async def _outcomes_stored(self) -> None:
        """Wait until DBOS has stored the outcomes of what ended; what is cut off meanwhile has none."""
        for _ in range(_PATIENCE):
            if self._cut_off.issuperset(await self._listed(status="PENDING")):
                return
            await asyncio.sleep(_PAUSE_S)

    async def _track(self, run: Run, notification_id: str, number: int) -> None:
        task = asyncio.current_task()
        if self._stopping or task is None:
            raise asyncio.CancelledError
        self._running[task] = key(notification_id, number)
        self._pace.note_work()
        try:
            await run(notification_id, number)
        except Exception:  # noqa: BLE001 - whatever it is, DBOS must not take it for the outcome
            # `worker_care` finds what the attempt left undone.
            _log.exception("attempt %s ended unexpectedly", key(notification_id, number))
        finally:
            del self._running[task]

    def _launch(self, attempt: Callable[[str, int], None]) -> None:
        _prepare(self._url)
        getLogger("dbos").addHandler(NullHandler())  # else DBOS writes to standard error by itself
        DBOS(
            config={
                "name": APPLICATION,
                "system_database_url": self._url,
                "application_version": VERSION,
                "executor_id": EXECUTOR,
                "serializer": DBOSPortableJSONSerializer(),
                "log_level": "WARNING",
                "scheduler_polling_interval_sec": 3_600.0,  # nothing is scheduled
            }
        )
        self._workflow = DBOS.workflow(name="attempt", max_recovery_attempts=_MOST_RECOVERIES)(attempt)
        DBOS.launch()
        self._launched = True
        for kind, limits in {OTHER_QUEUE: self._policy.other_limits, **self._policy.limits}.items():
            self._register(kind, limits)

    def _poll_every(self, seconds: float) -> None:
        for kind in (OTHER_QUEUE, *self._policy.limits):
            queue = DBOS.retrieve_queue(kind)
            if queue is not None:
                queue.set_polling_interval_sec(_between_looks(kind, seconds))

    def _register(self, kind: str, limits: Limits) -> None:
        DBOS.register_queue(
            kind,
            worker_concurrency=self._policy.workers,
            partition_concurrency=limits.at_once,
            partition_limiter={"limit": limits.starts, "period": limits.period_s},
            polling_interval_sec=_between_looks(kind, self._pace.seconds),
            on_conflict="always_update",
        )

    def _enqueue(self, entries: Sequence[Entry]) -> None:
        if self._workflow is None:
            raise RuntimeError("the queue engine is not started")
        for entry in entries:
            queue = entry.kind if entry.kind in self._policy.limits else OTHER_QUEUE
            with (
                SetWorkflowID(entry.key),
                SetEnqueueOptions(
                    queue_partition_key=entry.mailbox,
                    priority=entry.priority,
                    delay_seconds=entry.delay_s if entry.delay_s > 0 else None,
                ),
            ):
                DBOS.enqueue_workflow(queue, self._workflow, entry.notification_id, entry.number)

    async def _with_status(self, keys: Sequence[str], status: list[str]) -> frozenset[str]:
        found: set[str] = set()
        for batch in _batches(keys):
            found.update(await self._listed(workflow_ids=list(batch), status=status))
        return frozenset(found)

    async def _listed(self, **wanted: object) -> list[str]:
        """Return the keys of what DBOS has; wanted: as `DBOS.list_workflows` takes it."""
        found = await self._call(DBOS.list_workflows, **wanted, load_input=False, load_output=False)
        return [status.workflow_id for status in found]

    async def _call(self, function: Callable[..., T], *positional: object, **named: object) -> T:
        return await asyncio.get_running_loop().run_in_executor(self._thread, lambda: function(*positional, **named))


def _between_looks(kind: str, seconds: float) -> float:
    """Return the seconds between two looks into the queue of `kind`; hardly anything is ever in the last resort."""
    return max(seconds, _IDLE_POLL_S) if kind == OTHER_QUEUE else seconds


def _batches(keys: Sequence[str]) -> list[Sequence[str]]:
    return [keys[start : start + _BATCH] for start in range(0, len(keys), _BATCH)]


def _prepare(url: str) -> None:
    """Turn on write-ahead logging, which DBOS does not and SQLite remembers; put a damaged file aside.

    All that is lost with it is found in the notifications again (`worker_care`).
    """
    parsed = make_url(url)
    if parsed.get_backend_name() != "sqlite" or not parsed.database:
        return
    file = Path(parsed.database)
    try:
        with closing(sqlite3.connect(file)) as connection:
            connection.execute("PRAGMA journal_mode=WAL")
            sound = connection.execute("PRAGMA quick_check(1)").fetchall() == [("ok",)]
    except sqlite3.DatabaseError as error:
        if error.sqlite_errorcode & 0xFF not in _DAMAGED:  # the rest refines it (sqlite.org/rescode.html)
            raise
        sound = False
    if not sound:
        _log.error("queue-database-damaged")
        for part in ("", "-wal", "-shm"):
            with suppress(FileNotFoundError):
                file.with_name(f"{file.name}{part}").replace(file.with_name(f"{file.name}.damaged{part}"))
        _prepare(url)
