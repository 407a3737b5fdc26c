"""Ctrl-C ends a question at once, although a loop runs below it."""

import asyncio
import os
import signal
import threading
import time

import pytest

from sendwright.cli.interruption import interruptible


def _blocked_until_interrupted() -> float:
    began = time.monotonic()
    threading.Timer(0.1, os.kill, (os.getpid(), signal.SIGINT)).start()
    with pytest.raises(KeyboardInterrupt), interruptible():
        time.sleep(5)
    return time.monotonic() - began


def test_the_first_ctrl_c_ends_a_question_inside_a_task() -> None:
    async def ask() -> float:
        return _blocked_until_interrupted()

    with asyncio.Runner() as runner:
        assert runner.run(ask()) < 4


def test_afterwards_the_former_handler_stands_again() -> None:
    before = signal.getsignal(signal.SIGINT)
    _blocked_until_interrupted()
    assert signal.getsignal(signal.SIGINT) is before


def test_in_another_thread_it_leaves_signals_alone() -> None:
    seen: list[object] = []

    def work() -> None:
        with interruptible():
            seen.append(signal.getsignal(signal.SIGINT))

    thread = threading.Thread(target=work)
    thread.start()
    thread.join()
    assert seen == [signal.getsignal(signal.SIGINT)]
