"""Waits for work that may stand still while a person is asked something."""

import asyncio
import threading
from collections.abc import Callable
from concurrent.futures import Future
from typing import TypeVar

T = TypeVar("T")


async def in_own_thread(work: Callable[[], T], *, timeout_s: float) -> T:
    """Return what `work` returns, or raise what it raises. Raises TimeoutError after `timeout_s` seconds.

    The thread is a daemon of its own, not one of the loop's: work that never comes back (a question nobody answers)
    must keep neither the loop nor the program from ending.
    """
    done: Future[T] = Future()

    def run() -> None:
        if not done.set_running_or_notify_cancel():
            return
        try:
            done.set_result(work())
        except BaseException as error:  # noqa: BLE001 - it is raised again, where the work is waited for
            done.set_exception(error)

    threading.Thread(target=run, name="keychain", daemon=True).start()
    async with asyncio.timeout(timeout_s):
        return await asyncio.wrap_future(done)
