"""An event loop in its own thread, so that asynchronous servers serve synchronous tests too."""

import asyncio
import contextlib
import threading
from collections.abc import Coroutine
from typing import Any, Self, TypeVar

T = TypeVar("T")
PATIENCE = 30.0


class LoopThread:
    """A context manager; everything started through it is over when it ends."""

    def __init__(self) -> None:
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name="test-servers", daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(PATIENCE)
        self._loop.close()

    def run(self, work: Coroutine[Any, Any, T]) -> T:
        """Run a coroutine on the loop and wait for its result in the calling thread."""
        return asyncio.run_coroutine_threadsafe(work, self._loop).result(PATIENCE)


class Started:
    """The asynchronous servers of one test, stopped in reverse order when the block ends."""

    def __init__(self, loop: LoopThread) -> None:
        self._loop = loop
        self._stack = contextlib.AsyncExitStack()
        self.servers: list[object] = []

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._loop.run(self._stack.aclose())

    def start(self, server: contextlib.AbstractAsyncContextManager[T]) -> T:
        """Start a server on the loop; it serves when this returns."""
        started = self._loop.run(self._stack.enter_async_context(server))
        self.servers.append(started)
        return started
