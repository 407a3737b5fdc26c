"""The one door to background work: an asyncio loop in a thread of its own; results arrive on the GUI's thread."""

import asyncio
import logging
import threading
from collections.abc import Callable, Coroutine
from concurrent.futures import Future
from functools import partial
from typing import Generic, TypeVar
from weakref import WeakMethod

import shiboken6
from PySide6.QtCore import QObject, Qt, Signal

from sendwright.desktop.sweeper import Sweeper

T = TypeVar("T")

_STOPPING_S = 5.0


class Work:
    """A piece of work that runs."""

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self._loop = loop
        self._task: asyncio.Task[object] | None = None
        self._cancelled = False
        self._wanted = True

    @property
    def wanted(self) -> bool:
        """Whether anybody still waits for its result."""
        return self._wanted

    def cancel(self) -> None:
        """Ask it to stop; `failed` is called with a CancelledError once it did, or `then` when it was faster."""
        if not self._loop.is_closed():
            self._loop.call_soon_threadsafe(self._cancel)

    def abandon(self) -> None:
        """Stop it; nobody waits for the result any more, and nothing is called."""
        self._wanted = False
        self.cancel()

    def _cancel(self) -> None:
        self._cancelled = True
        if self._task is not None:
            self._task.cancel()

    async def perform(self, coroutine: Coroutine[object, object, T]) -> T:
        """Await `coroutine` on the loop's thread."""
        self._task = asyncio.current_task()
        if self._cancelled:
            coroutine.close()
            raise asyncio.CancelledError
        return await coroutine


class _Delivery(Generic[T]):
    """Brings a result to the GUI's thread, and lets go of everything of Qt there: the loop's thread never does."""

    def __init__(
        self, work: Work, owner: QObject, then: Callable[[T], None], failed: Callable[[BaseException], None]
    ) -> None:
        self._work = work
        self._parties: tuple[QObject, Callable[[T], None], Callable[[BaseException], None]] | None
        self._parties = (owner, then, failed)
        self.future: Future[T] | None = None

    def __call__(self) -> None:
        parties, self._parties = self._parties, None
        future, self.future = self.future, None
        if parties is None or future is None or not shiboken6.isValid(parties[0]):
            return
        owner, then, failed = parties
        owner.destroyed.disconnect(self._work.abandon)
        if not self._work.wanted:
            return
        if future.cancelled():
            failed(asyncio.CancelledError())
        elif (error := future.exception()) is not None:
            failed(error)
        else:
            then(future.result())


class Engine(QObject):
    """Runs coroutines outside the GUI's thread; PySide6's own event loop for asyncio cannot open connections.

    Nothing of Qt belongs into a coroutine: whatever is freed last on the loop's thread is freed there.
    """

    _arrived = Signal(object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._arrived.connect(self._call, Qt.ConnectionType.QueuedConnection)
        self._sweeper = Sweeper(self)
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

        Exactly one of them is called, unless `owner` goes away or the engine stops: then the work is cancelled and
        nothing is called.
        """
        work = Work(self._loop)
        if self._loop.is_closed():
            coroutine.close()
            return work
        owner.destroyed.connect(work.abandon)
        delivery = _Delivery(work, owner, then, failed)
        delivery.future = asyncio.run_coroutine_threadsafe(work.perform(coroutine), self._loop)
        delivery.future.add_done_callback(lambda _: self._post(delivery))
        return work

    def relay(self, receive: Callable[[T], None]) -> Callable[[T], None]:
        """Return a function for the loop's thread that calls `receive`, a method, on the GUI's thread.

        It keeps nobody alive; once the object of the method is gone, nothing is called.
        """
        receiver = WeakMethod(receive)
        return lambda value: self._post(partial(_receive, receiver, value))

    def stop(self) -> None:
        """Cancel what runs, wait for its end, end the thread. No callback is called after this."""
        if not self._thread.is_alive():
            return
        try:
            asyncio.run_coroutine_threadsafe(self._wind_up(), self._loop).result(_STOPPING_S + 1)
        except TimeoutError:
            logging.getLogger(__name__).warning("background work did not end in time")
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(_STOPPING_S)
        if not self._thread.is_alive():
            self._loop.close()
        self._sweeper.stop()

    async def _wind_up(self) -> None:
        tasks = [task for task in asyncio.all_tasks() if task is not asyncio.current_task()]
        for task in tasks:
            task.cancel()
        async with asyncio.timeout(_STOPPING_S):
            await asyncio.gather(*tasks, return_exceptions=True)
        await self._loop.shutdown_asyncgens()
        await self._loop.shutdown_default_executor()

    def _post(self, deliver: Callable[[], object]) -> None:
        if shiboken6.isValid(self):
            self._arrived.emit(deliver)

    @staticmethod
    def _call(deliver: Callable[[], object]) -> None:
        deliver()


def _receive(receiver: WeakMethod[Callable[[T], None]], value: T) -> None:
    method = receiver()
    if method is not None and shiboken6.isValid(getattr(method, "__self__", None)):
        method(value)
