import os
import signal
from collections.abc import Callable

import pytest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from sendwright.desktop.endings import close_when_asked


@pytest.mark.parametrize("name", ["SIGINT", "SIGTERM", "SIGHUP"])
def test_the_window_closes_when_the_system_asks(show: Callable[..., QWidget], qtbot: QtBot, name: str) -> None:
    window = show(QWidget(), width=200, height=100)
    with close_when_asked(window):
        os.kill(os.getpid(), getattr(signal, name))
        qtbot.waitUntil(lambda: not window.isVisible())


def test_afterwards_everything_is_as_it_was(show: Callable[..., QWidget]) -> None:
    before = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)}
    window = show(QWidget(), width=200, height=100)
    with close_when_asked(window):
        assert signal.getsignal(signal.SIGINT) is not before[signal.SIGINT]
    assert {number: signal.getsignal(number) for number in before} == before
    assert signal.set_wakeup_fd(-1) == -1
    assert window.isVisible()


def test_asking_twice_is_no_trouble(show: Callable[..., QWidget], qtbot: QtBot) -> None:
    window = show(QWidget(), width=200, height=100)
    with close_when_asked(window):
        for _ in range(3):
            os.kill(os.getpid(), signal.SIGTERM)
        qtbot.waitUntil(lambda: not window.isVisible())
        qtbot.wait(20)
