"""Runs MSAL, which is synchronous, in a thread of its own while the event loop does its asking."""

import asyncio
import threading
from collections.abc import Callable, Mapping
from concurrent.futures import CancelledError, Future, ThreadPoolExecutor, wait
from types import MappingProxyType
from typing import TYPE_CHECKING, Final, TypeVar

import httpx

from sendwright.oauth.entra.failures import NOT_UNDERSTOOD, failed
from sendwright.oauth.entra.registration import Registration
from sendwright.oauth.entra.web import Heard, Web, ask

if TYPE_CHECKING:  # it takes a tenth of a second to load, and most starts of the program sign nobody in
    import msal

T = TypeVar("T")

App = TypeVar("App", bound="msal.ClientApplication")

LOOK_AGAIN_S: Final = 1.0
"""Seconds after which MSAL's thread looks whether anybody is left who could answer it."""

_NONE: Mapping[str, str] = MappingProxyType({})
_OF_NONSENSE: Final = (ValueError, TypeError, KeyError, AttributeError, AssertionError, RuntimeError)
"""What MSAL raises of an answer that is not as it should be; its words may hold a token or a nonce."""


class Answer:
    """An answer in the shape that MSAL takes."""

    def __init__(self, heard: Heard) -> None:
        self.status_code = heard.status
        self.headers = heard.headers
        self.text = heard.text

    def raise_for_status(self) -> None:
        """Do nothing: an answer that is an error was raised before."""


class Asking:
    """MSAL's `http_client`: hands each request to the event loop and waits for it, in MSAL's thread."""

    def __init__(self, client: httpx.AsyncClient, registration: Registration, loop: asyncio.AbstractEventLoop) -> None:
        self._client = client
        self._registration = registration
        self._loop = loop
        self._lock = threading.Lock()
        self._asked: Future[Heard] | None = None
        self._ended = False

    def get(self, url: str, *, headers: Mapping[str, str] = _NONE, **_: object) -> Answer:
        """Ask by GET."""
        return self._ask("GET", url, headers, _NONE)

    def post(
        self,
        url: str,
        *,
        data: Mapping[str, object] | None = None,
        headers: Mapping[str, str] | None = None,
        **_: object,
    ) -> Answer:
        """Ask by POST with a form."""
        form = {name: _text(value) for name, value in (data or {}).items() if value is not None}
        return self._ask("POST", url, headers or {}, form)

    def close(self) -> None:
        """Do nothing: whoever opened the client closes it."""

    def end(self) -> None:
        """Let MSAL's thread go on, and ask nothing any more."""
        with self._lock:
            self._ended = True
            if self._asked is not None:
                self._asked.cancel()

    def _ask(self, method: str, url: str, headers: Mapping[str, str], form: Mapping[str, str]) -> Answer:
        with self._lock:
            if self._ended:
                raise _NoLongerAskedError
            question = ask(self._client, method, url, registration=self._registration, form=form, headers=headers)
            asked = self._asked = asyncio.run_coroutine_threadsafe(question, self._loop)
        while not wait([asked], timeout=LOOK_AGAIN_S).done:
            if not self._loop.is_running():  # it was stopped without cancelling: an exit waits for this thread
                raise _NoLongerAskedError
        try:
            return Answer(asked.result())
        except CancelledError:
            raise _NoLongerAskedError from None


class _NoLongerAskedError(Exception):
    """Whoever asked was cancelled."""


async def run_msal(
    work: "Callable[[msal.PublicClientApplication], T]",
    registration: Registration,
    *,
    web: Web,
    discovered: dict[str, object] | None = None,
) -> T:
    """Return what `work` makes of a public client application; see `run_with`.

    discovered: keeps the tenant's metadata from one call to the next; MSAL puts nothing else there, as every answer
    that is an error is raised before MSAL sees it.
    """

    def make(asking: Asking) -> "msal.PublicClientApplication":
        from sendwright.oauth.entra import forgetful  # noqa: PLC0415 - as above; and here it loads in MSAL's thread

        return forgetful.PublicClientApplication(
            registration.client_id,
            authority=registration.authority,
            token_cache=forgetful.Forgetful(),
            http_client=asking,
            http_cache=discovered,
            instance_discovery=False,
        )

    return await run_with(make, work, registration, web=web)


async def run_confidential(
    work: "Callable[[msal.ConfidentialClientApplication], T]",
    registration: Registration,
    *,
    credential: str | Mapping[str, str],
    web: Web,
) -> T:
    """Return what `work` makes of an application that proves itself by `credential`, as MSAL takes it; see above."""

    def make(asking: Asking) -> "msal.ConfidentialClientApplication":
        from sendwright.oauth.entra import forgetful  # noqa: PLC0415 - as above

        return forgetful.ConfidentialClientApplication(
            registration.client_id,
            client_credential=credential,
            authority=registration.authority,
            token_cache=forgetful.Forgetful(),
            http_client=asking,
            azure_region=False,  # MSAL_FORCE_REGION would name another host
            instance_discovery=False,
        )

    return await run_with(make, work, registration, web=web)


async def run_with(
    make: Callable[[Asking], App], work: Callable[[App], T], registration: Registration, *, web: Web
) -> T:
    """Return what `work` makes of a new application; both run in a thread of their own.

    The thread is none of the loop's default ones: those look up names and read proxies for the very requests that MSAL
    waits for, and enough sign-ins at once would take them all. A new application for each call keeps MSAL's throttling
    from answering a second try with the first one's error. Cancelled: the request is given up and the thread ends.
    Raises OAuthFailed; nonsense in an answer is `sign-in-answer-not-understood`, and its words are not kept.
    """
    loop = asyncio.get_running_loop()
    async with web() as client:
        asking = Asking(client, registration, loop)
        with ThreadPoolExecutor(max_workers=1, thread_name_prefix="msal") as thread:
            running = loop.run_in_executor(thread, lambda: work(make(asking)))
            try:
                return await asyncio.shield(running)
            except _OF_NONSENSE:
                raise failed(NOT_UNDERSTOOD, registration) from None
            finally:
                asking.end()
                await asyncio.wait([running])


def _text(value: object) -> str:
    return value.decode("ascii") if isinstance(value, bytes) else str(value)
