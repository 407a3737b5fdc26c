"""Ctrl-C ends a question at once, although a loop runs below it."""

import argparse
import asyncio
import io
import os
import signal
import threading
import time

import pytest
from rich.console import Console

from sendwright.cli import explain
from sendwright.cli.interruption import interruptible


def _interrupt_soon() -> None:
    threading.Timer(0.1, os.kill, (os.getpid(), signal.SIGINT)).start()


def _blocked_until_interrupted() -> float:
    began = time.monotonic()
    _interrupt_soon()
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


class _Waiting(io.StringIO):
    """Standard input at which nobody types."""

    def read(self, size: int | None = -1, /) -> str:
        del size
        _interrupt_soon()
        time.sleep(5)
        return ""


async def test_ctrl_c_ends_the_wait_for_a_pasted_text() -> None:
    arguments = argparse.Namespace(text=["-"], json=False, level="plain")
    began = time.monotonic()
    with pytest.raises(KeyboardInterrupt):
        await explain.run(arguments, Console(quiet=True), Console(quiet=True), standard_input=_Waiting())
    assert time.monotonic() - began < 4
