import asyncio
import contextlib
import threading
import time
from collections.abc import Callable

import pytest
import shiboken6
from PySide6.QtCore import QObject
from pytestqt.qtbot import QtBot

from sendwright.desktop.engine import Engine
from sendwright.texts import language, speaking


class Heard(QObject):
    """Remembers what was called, and on which thread."""

    def __init__(self) -> None:
        super().__init__()
        self.results: list[object] = []
        self.errors: list[BaseException] = []
        self.threads: set[str] = set()

    def then(self, result: object) -> None:
        self.threads.add(threading.current_thread().name)
        self.results.append(result)

    def failed(self, error: BaseException) -> None:
        self.threads.add(threading.current_thread().name)
        self.errors.append(error)

    @property
    def count(self) -> int:
        return len(self.results) + len(self.errors)


@pytest.fixture
def heard(qtbot: QtBot) -> Heard:
    return Heard()


def wait(qtbot: QtBot, heard: Heard, count: int = 1) -> None:
    qtbot.waitUntil(lambda: heard.count == count)


async def answer(value: int) -> int:
    await asyncio.sleep(0)
    return value


async def fail() -> None:
    raise ValueError("a fault")


def test_a_result_arrives_on_the_guis_thread(engine: Engine, heard: Heard, qtbot: QtBot) -> None:
    engine.run(answer(42), owner=heard, then=heard.then, failed=heard.failed)
    assert heard.count == 0
    wait(qtbot, heard)
    assert heard.results == [42]
    assert heard.threads == {threading.main_thread().name}


def test_an_exception_arrives_as_itself(engine: Engine, heard: Heard, qtbot: QtBot) -> None:
    engine.run(fail(), owner=heard, then=heard.then, failed=heard.failed)
    wait(qtbot, heard)
    assert isinstance(heard.errors[0], ValueError)
    assert heard.results == []


def test_the_window_goes_on_meanwhile(engine: Engine, heard: Heard, qtbot: QtBot) -> None:
    release = threading.Event()

    async def block() -> str:
        await asyncio.to_thread(release.wait)
        return "done"

    engine.run(block(), owner=heard, then=heard.then, failed=heard.failed)
    began = time.monotonic()
    qtbot.wait(30)
    assert heard.count == 0
    assert time.monotonic() - began < 5
    release.set()
    wait(qtbot, heard)
    assert heard.results == ["done"]


def test_cancelled_work_says_so_once_it_has_really_ended(engine: Engine, heard: Heard, qtbot: QtBot) -> None:
    ended: list[str] = []

    async def linger() -> None:
        try:
            await asyncio.sleep(60)
        finally:
            await asyncio.sleep(0.05)
            ended.append("tidied up")

    work = engine.run(linger(), owner=heard, then=heard.then, failed=heard.failed)
    qtbot.wait(20)
    work.cancel()
    wait(qtbot, heard)
    assert ended == ["tidied up"]
    assert isinstance(heard.errors[0], asyncio.CancelledError)


def test_work_cancelled_before_it_began_never_begins(engine: Engine, heard: Heard, qtbot: QtBot) -> None:
    begun: list[str] = []
    gate = threading.Event()

    async def hold_the_loop() -> None:
        gate.wait()

    async def begin() -> None:
        begun.append("begun")

    engine.run(hold_the_loop(), owner=heard, then=heard.then, failed=heard.failed)
    work = engine.run(begin(), owner=heard, then=heard.then, failed=heard.failed)
    work._cancelled = True
    gate.set()
    wait(qtbot, heard, 2)
    assert begun == []


def test_work_that_was_faster_than_its_cancel_has_a_result(engine: Engine, heard: Heard, qtbot: QtBot) -> None:
    work = engine.run(answer(1), owner=heard, then=heard.then, failed=heard.failed)
    wait(qtbot, heard)
    work.cancel()
    qtbot.wait(20)
    assert heard.results == [1]
    assert heard.errors == []


def test_abandoned_work_is_stopped_and_calls_nobody(engine: Engine, heard: Heard, qtbot: QtBot) -> None:
    stopped = threading.Event()

    async def linger() -> None:
        try:
            await asyncio.sleep(60)
        finally:
            stopped.set()

    work = engine.run(linger(), owner=heard, then=heard.then, failed=heard.failed)
    qtbot.wait(20)
    work.abandon()
    qtbot.waitUntil(stopped.is_set)
    qtbot.wait(20)
    assert heard.count == 0
    assert not work.wanted


def test_when_the_owner_goes_the_work_goes(engine: Engine, heard: Heard, qtbot: QtBot) -> None:
    stopped = threading.Event()
    owner = QObject()

    async def linger() -> None:
        try:
            await asyncio.sleep(60)
        finally:
            stopped.set()

    engine.run(linger(), owner=owner, then=heard.then, failed=heard.failed)
    qtbot.wait(20)
    shiboken6.delete(owner)
    qtbot.waitUntil(stopped.is_set)
    qtbot.wait(20)
    assert heard.count == 0


def test_a_result_on_its_way_to_an_owner_that_goes_calls_nobody(engine: Engine, heard: Heard, qtbot: QtBot) -> None:
    owner = QObject()
    done = threading.Event()

    async def finish() -> None:
        done.set()

    engine.run(finish(), owner=owner, then=heard.then, failed=heard.failed)
    assert done.wait(5)
    shiboken6.delete(owner)
    qtbot.wait(30)
    assert heard.count == 0


def test_many_pieces_of_work_run_side_by_side(engine: Engine, heard: Heard, qtbot: QtBot) -> None:
    async def nap(number: int) -> int:
        await asyncio.sleep(0.05)
        return number

    began = time.monotonic()
    for number in range(40):
        engine.run(nap(number), owner=heard, then=heard.then, failed=heard.failed)
    wait(qtbot, heard, 40)
    assert sorted(heard.results) == list(range(40))  # type: ignore[type-var]
    assert time.monotonic() - began < 40 * 0.05


def test_what_is_relayed_arrives_on_the_guis_thread_and_in_order(engine: Engine, heard: Heard, qtbot: QtBot) -> None:
    tell: Callable[[object], None] = engine.relay(heard.then)

    async def speak() -> None:
        for number in range(5):
            tell(number)

    engine.run(speak(), owner=heard, then=lambda _: None, failed=heard.failed)
    wait(qtbot, heard, 5)
    assert heard.results == [0, 1, 2, 3, 4]
    assert heard.threads == {threading.main_thread().name}


def test_nothing_is_relayed_to_whoever_is_gone(engine: Engine, heard: Heard, qtbot: QtBot) -> None:
    gone, freed = Heard(), Heard()
    heard_by_gone = gone.results
    tell_gone: Callable[[object], None] = engine.relay(gone.then)
    tell_freed: Callable[[object], None] = engine.relay(freed.then)
    tell_gone("one")
    shiboken6.delete(gone)
    del freed
    for tell in (tell_gone, tell_freed):
        tell("two")
    qtbot.wait(30)
    assert heard_by_gone == []


def test_work_speaks_the_language_of_whoever_started_it(engine: Engine, heard: Heard, qtbot: QtBot) -> None:
    async def say() -> str:
        return language()

    with speaking("nl"):
        engine.run(say(), owner=heard, then=heard.then, failed=heard.failed)
        wait(qtbot, heard)
    assert heard.results == ["nl"]


def test_stopping_ends_what_runs_and_the_thread(heard: Heard, qtbot: QtBot) -> None:
    engine = Engine()
    tidied = threading.Event()

    async def linger() -> None:
        with contextlib.suppress(asyncio.CancelledError):
            await asyncio.sleep(60)
        tidied.set()

    engine.run(linger(), owner=heard, then=heard.then, failed=heard.failed)
    qtbot.wait(20)
    engine.stop()
    assert tidied.is_set()
    assert not engine._thread.is_alive()
    assert engine._loop.is_closed()
    engine.stop()


def test_after_the_stop_nothing_runs_any_more(heard: Heard, qtbot: QtBot) -> None:
    engine = Engine()
    engine.stop()
    work = engine.run(answer(1), owner=heard, then=heard.then, failed=heard.failed)
    work.cancel()
    qtbot.wait(20)
    assert heard.count == 0


def test_threads_started_by_the_work_end_with_the_engine(heard: Heard, qtbot: QtBot) -> None:
    engine = Engine()
    engine.run(asyncio.to_thread(time.sleep, 0), owner=heard, then=heard.then, failed=heard.failed)
    wait(qtbot, heard)
    engine.stop()
    assert "asyncio_0" not in {thread.name for thread in threading.enumerate()}
