"""A worker with a long queue: it starts and stops at once all the same."""

import asyncio
import time
from collections.abc import Sequence
from pathlib import Path

import pytest
from tests.unit.service.queue_kit import active_sender, at_work, bench

from sendwright.service.queue_engine import Entry
from sendwright.service.queue_store import QueueStore

WAITING = 60


async def test_a_stop_does_not_wait_until_all_have_their_entry(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sendwright.service.worker_loop._BATCH", 1)
    made: list[str] = []

    async def slow(entries: Sequence[Entry]) -> None:
        await asyncio.sleep(0.1)
        made.extend(entry.key for entry in entries)

    async with bench(tmp_path) as of:
        names = [await of.accept(f"u{number}@example.com") for number in range(WAITING)]
        worker = of.worker()
        monkeypatch.setattr(worker._engine, "enqueue", slow)
        await worker.start()
        await asyncio.sleep(0.3)
        began = time.monotonic()
        await worker.stop()
        assert time.monotonic() - began < WAITING * 0.1 / 2
        assert len(made) < WAITING / 2
        async with at_work(of):
            for name in names[-2:]:
                await of.reaches(name, "sent")


async def test_a_start_does_not_wait_until_all_are_awake(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    wake, asked, go = QueueStore.wake, asyncio.Event(), asyncio.Event()

    async def slow(store: QueueStore, **how: object) -> list[tuple[str, int]]:
        asked.set()
        await go.wait()
        return await wake(store, **how)  # type: ignore[arg-type]

    monkeypatch.setattr(QueueStore, "wake", slow)
    async with bench(tmp_path) as of:
        of.in_force.active = active_sender(0)
        name = await of.accept()
        async with asyncio.timeout(20), at_work(of) as worker:
            assert worker.alive
            await asked.wait()
            go.set()
            await of.reaches(name, "sent")


async def test_a_start_that_could_not_wake_them_tries_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    wake, failures = QueueStore.wake, iter([True])

    async def fails_once(store: QueueStore, **how: object) -> list[tuple[str, int]]:
        if next(failures, False):
            raise OSError(28, "No space left on device")
        return await wake(store, **how)  # type: ignore[arg-type]

    monkeypatch.setattr(QueueStore, "wake", fails_once)
    monkeypatch.setattr("sendwright.service.worker_loop._AFTER_TROUBLE_S", 0.05)
    async with bench(tmp_path) as of:
        of.in_force.active = active_sender(0)
        name = await of.accept()
        async with at_work(of):
            await of.reaches(name, "sent")
        assert next(failures, None) is None
