"""What nobody needs any more is freed on the GUI's thread, whatever the engine's thread is doing."""

import gc
import threading
import weakref
from collections.abc import Callable, Coroutine
from typing import Any

from PySide6.QtCore import QObject
from pytestqt.qtbot import QtBot

from sendwright.desktop.engine import Engine
from sendwright.desktop.sweeper import Sweeper

Run = Callable[[Coroutine[object, object, Any]], Any]


class Knot:
    """A cycle that remembers on which thread it was freed."""

    def __init__(self, freed_on: list[str]) -> None:
        self.itself = self
        self._freed_on = freed_on

    def __del__(self) -> None:
        self._freed_on.append(threading.current_thread().name)


def test_python_itself_does_not_sweep_while_an_engine_runs(qtbot: QtBot) -> None:
    assert gc.isenabled()
    engine = Engine()
    assert not gc.isenabled()
    engine.stop()
    assert gc.isenabled()


def test_whoever_had_switched_it_off_keeps_it_off(qtbot: QtBot) -> None:
    gc.disable()
    try:
        engine = Engine()
        engine.stop()
        assert not gc.isenabled()
    finally:
        gc.enable()


def test_cycles_made_on_the_engines_thread_are_freed_on_the_guis(engine: Engine, run: Run) -> None:
    freed_on: list[str] = []

    async def litter() -> None:
        for _ in range(5000):
            Knot(freed_on)

    run(litter())
    assert freed_on == []
    engine._sweeper.sweep()
    assert len(freed_on) == 5000
    assert set(freed_on) == {threading.main_thread().name}


def test_it_sweeps_by_itself_now_and_then(qtbot: QtBot) -> None:
    parent = QObject()
    sweeper = Sweeper(parent)
    sweeper._timer.setInterval(10)
    freed_on: list[str] = []
    for _ in range(5000):
        Knot(freed_on)
    qtbot.waitUntil(lambda: len(freed_on) == 5000)
    sweeper.stop()


def test_where_little_was_made_nothing_is_swept(qtbot: QtBot) -> None:
    parent = QObject()
    sweeper = Sweeper(parent)
    gc.collect()
    freed_on: list[str] = []
    Knot(freed_on)
    sweeper.sweep()
    assert freed_on == []
    sweeper.stop()
    gc.collect()
    assert len(freed_on) == 1


def test_a_finished_piece_of_work_keeps_nobody_alive(engine: Engine, qtbot: QtBot) -> None:
    class Owner(QObject):
        def __init__(self) -> None:
            super().__init__()
            self.results: list[int] = []

        def take(self, result: int) -> None:
            self.results.append(result)

    async def answer() -> int:
        return 42

    owner = Owner()
    results = owner.results
    gone = weakref.ref(owner)
    engine.run(answer(), owner=owner, then=owner.take, failed=lambda _: None)
    qtbot.waitUntil(lambda: results == [42])
    del owner
    assert gone() is None


def test_a_relay_keeps_nobody_alive(engine: Engine, qtbot: QtBot) -> None:
    class Ear(QObject):
        def hear(self, value: object) -> None:
            raise AssertionError(value)

    ear = Ear()
    gone = weakref.ref(ear)
    tell = engine.relay(ear.hear)
    del ear
    assert gone() is None
    tell("nobody")
    qtbot.wait(20)
