"""The one door to background work: an asyncio loop in a thread of its own; results arrive on the GUI's thread."""

import asyncio
import logging
import threading
from collections.abc import Callable, Coroutine
from contextlib import suppress
from typing import TypeVar

from PySide6.QtCore import QObject, Qt, Signal

T = TypeVar("T")

_STOPPING_S = 5.0


class Work(QObject):
    """A piece of work that runs; cancelled by hand or with its owner."""

    def __init__(self, owner: QObject) -> None:
        super().__init__(owner)
        self.cancel_future: Callable[[], object] | None = None
        self.wanted = True

    def cancel(self) -> None:
        """Stop the work; neither of its callbacks is called any more."""
        self.wanted = False
        if self.cancel_future is not None:
            self.cancel_future()


class Engine(QObject):
    """Runs coroutines outside the GUI's thread; PySide6's own event loop for asyncio cannot open connections."""

    _arrived = Signal(object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._arrived.connect(self._call, Qt.ConnectionType.QueuedConnection)
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name="engine", daemon=True)
        self._thread.start()

    def run(
        self,
        coroutine: Coroutine[object, object, T],
        *,
        owner: QObject,
        then: Callable[[T], None],
        failed: Callable[[BaseException], None],
    ) -> Work:
        """Run `coroutine`; call `then` with its result or `failed` with its exception on the GUI's thread.

        When `owner` goes away the work is cancelled and nothing is called.
        """
        work = Work(owner)
        owner.destroyed.connect(work.cancel)
        future = asyncio.run_coroutine_threadsafe(coroutine, self._loop)
        work.cancel_future = future.cancel

        def deliver() -> None:
            if not work.wanted or future.cancelled():
                return
            error = future.exception()
            if error is not None:
                failed(error)
            else:
                then(future.result())

        future.add_done_callback(lambda _: self._arrived.emit(deliver))
        return work

    def relay(self, receive: Callable[[T], None]) -> Callable[[T], None]:
        """Return a function for the loop's thread that calls `receive` on the GUI's thread."""
        return lambda value: self._arrived.emit(lambda: receive(value))

    def wait(self, coroutine: Coroutine[object, object, None]) -> None:
        """Run `coroutine` to its end, at most as long as a good-bye may take."""
        future = asyncio.run_coroutine_threadsafe(coroutine, self._loop)
        with suppress(TimeoutError):
            future.result(_STOPPING_S)

    def stop(self) -> None:
        """Cancel what runs, wait for its end, end the thread."""

        async def wind_up() -> None:
            tasks = [task for task in asyncio.all_tasks() if task is not asyncio.current_task()]
            for task in tasks:
                task.cancel()
            await asyncio.wait_for(asyncio.gather(*tasks, return_exceptions=True), _STOPPING_S)
            await self._loop.shutdown_asyncgens()
            await self._loop.shutdown_default_executor()

        if not self._thread.is_alive():
            return
        try:
            asyncio.run_coroutine_threadsafe(wind_up(), self._loop).result(_STOPPING_S + 1)
        except TimeoutError:
            logging.getLogger(__name__).warning("background work did not end in time")
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(_STOPPING_S)
        if not self._thread.is_alive():
            self._loop.close()

    @staticmethod
    def log(error: BaseException) -> None:
        """Write an exception that nobody expected to the log, its traceback included."""
        logging.getLogger(__name__).error("unexpected", exc_info=error)

    @staticmethod
    def _call(deliver: Callable[[], None]) -> None:
        deliver()
