"""Runs a library that is synchronous in a thread of its own while the event loop does its asking."""

import asyncio
import threading
from collections.abc import Callable, Coroutine, Mapping
from concurrent.futures import CancelledError, Future, ThreadPoolExecutor, wait
from types import MappingProxyType
from typing import Final, Protocol, TypeVar

from sendwright.oauth.web import Heard

T = TypeVar("T")

LOOK_AGAIN_S: Final = 1.0
"""Seconds after which the thread looks whether anybody is left who could answer it."""

OF_NONSENSE: Final = (ValueError, TypeError, LookupError, AttributeError, AssertionError, RuntimeError)
"""What libraries raise of an answer that is not as it should be; its words may hold a token or a nonce."""

_NONE: Mapping[str, str] = MappingProxyType({})


class Ask(Protocol):
    """Asks a server, in the event loop, as `oauth.web.ask` does."""

    def __call__(
        self, method: str, url: str, *, headers: Mapping[str, str], form: Mapping[str, str], content: bytes
    ) -> Coroutine[None, None, Heard]:
        """Return the answer. Raises OAuthFailed."""
        ...


class Asking:
    """Hands each request of the library to the event loop and waits for its answer, in the library's thread."""

    def __init__(self, ask: Ask, loop: asyncio.AbstractEventLoop) -> None:
        self._ask = ask
        self._loop = loop
        self._lock = threading.Lock()
        self._asked: Future[Heard] | None = None
        self._ended = False

    def __call__(
        self,
        method: str,
        url: str,
        *,
        headers: Mapping[str, str] = _NONE,
        form: Mapping[str, str] = _NONE,
        content: bytes = b"",
    ) -> Heard:
        """Return the answer. Raises OAuthFailed, and what no library catches once nobody waits any more."""
        with self._lock:
            if self._ended:
                raise NoLongerAsked
            question = self._ask(method, url, headers=headers, form=form, content=content)
            asked = self._asked = asyncio.run_coroutine_threadsafe(question, self._loop)
        while not wait([asked], timeout=LOOK_AGAIN_S).done:
            if not self._loop.is_running():  # it was stopped without cancelling: an exit waits for this thread
                raise NoLongerAsked
        try:
            return asked.result()
        except CancelledError:
            raise NoLongerAsked from None

    def end(self) -> None:
        """Let the thread go on, and ask nothing any more."""
        with self._lock:
            self._ended = True
            if self._asked is not None:
                self._asked.cancel()


class NoLongerAsked(Exception):
    """Whoever asked was cancelled."""


async def run_apart(
    work: Callable[[Asking], T], ask: Ask, *, nonsense: Callable[[], Exception], name: str = "apart"
) -> T:
    """Return what `work` makes of what it asks for.

    The thread is none of the loop's default ones: those look up names and read proxies for the very requests that the
    library waits for, and enough sign-ins at once would take them all. Cancelled: the request is given up and the
    thread ends. name: of the thread. Raises OAuthFailed; what OF_NONSENSE says is raised as `nonsense`, without its
    words.
    """
    loop = asyncio.get_running_loop()
    asking = Asking(ask, loop)
    with ThreadPoolExecutor(max_workers=1, thread_name_prefix=name) as thread:
        running = loop.run_in_executor(thread, work, asking)
        try:
            return await asyncio.shield(running)
        except OF_NONSENSE:
            raise nonsense() from None
        finally:
            asking.end()
            await asyncio.wait([running])
