"""Work in a thread of its own."""

import asyncio
import subprocess
import sys
import threading

import pytest

from sendwright.vault.patience import in_own_thread


async def test_what_the_work_returns_comes_back_from_another_thread() -> None:
    here = threading.current_thread()
    found = await in_own_thread(threading.current_thread, timeout_s=10)
    assert found is not here
    assert found.daemon


async def test_what_the_work_raises_is_raised() -> None:
    def work() -> None:
        raise LookupError("the reason")

    with pytest.raises(LookupError, match="the reason"):
        await in_own_thread(work, timeout_s=10)


async def test_work_that_takes_too_long_is_given_up() -> None:
    over = threading.Event()
    with pytest.raises(TimeoutError):
        await in_own_thread(lambda: over.wait(30), timeout_s=0.05)
    over.set()


async def test_cancelling_does_not_wait_for_the_work() -> None:
    over = threading.Event()
    task = asyncio.create_task(in_own_thread(lambda: over.wait(30), timeout_s=30))
    await asyncio.sleep(0.05)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    over.set()


def test_work_that_never_comes_back_does_not_keep_the_program_alive() -> None:
    program = """
import asyncio, threading
from sendwright.vault.patience import in_own_thread
async def main():
    try:
        await in_own_thread(threading.Event().wait, timeout_s=0.1)
    except TimeoutError:
        print("gave up")
asyncio.run(main())
"""
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True, timeout=30)
    assert (done.stdout, done.stderr) == ("gave up\n", "")
