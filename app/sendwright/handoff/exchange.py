"""One request to a notification backend and its answer, or the evidence of why there is none."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from http import HTTPStatus
from types import MappingProxyType
from typing import Any, Final, TypeVar
from urllib.parse import urlsplit

import httpx
import msgspec

from sendwright.handoff.backend import BackendAddress, HandoffFailed
from sendwright.handoff.connection_code import is_loopback, is_safe
from sendwright.handoff.wire import ProblemDocument
from sendwright.network.failures import TrustFailed
from sendwright.network.network import Network
from sendwright.network.web import observe_web, web_client
from sendwright.problems.evidence import Evidence, System
from sendwright.recording.redactor import Redactor
from sendwright.recording.visible import visible
from sendwright.secret import Secret

STAGE: Final = "backend"
LARGEST_ANSWER: Final = 8 * 1024 * 1024
PAUSES_S: Final = (0.3, 1.0)
"""Seconds before the second and the third attempt of a request that may be repeated."""

JSON: Final = "application/json"
PROBLEM_JSON: Final = "application/problem+json"

_WORTH_REPEATING = frozenset({HTTPStatus.BAD_GATEWAY, HTTPStatus.SERVICE_UNAVAILABLE, HTTPStatus.GATEWAY_TIMEOUT})
_NO_HEADERS: Mapping[str, str] = MappingProxyType({})

T = TypeVar("T")


class Answer(msgspec.Struct, frozen=True, kw_only=True):
    """A whole answer with a good status."""

    body: bytes
    etag: str | None

    def read(self, kind: type[T]) -> T:
        """Return the body as `kind`. Raises HandoffFailed `backend-version-unsupported` where it is none."""
        try:
            return msgspec.json.decode(self.body, type=kind)
        except msgspec.MsgspecError as error:
            raise failed("backend-version-unsupported") from error


class Exchange:
    """Speaks HTTP with one backend: verified, signed in, without following redirects.

    pause: waits some seconds between attempts.
    """

    def __init__(
        self,
        address: BackendAddress,
        *,
        token: Secret | None,
        network: Network,
        pause: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self._address = address
        self._token = token
        self._network = network
        self._pause = pause
        self._client: httpx.AsyncClient | None = None
        self._redactor = Redactor()  # what listens there may be no backend of ours, and repeat what it is told
        if token is not None:
            self._redactor.learn(secret=token.reveal())

    async def ask(
        self,
        method: str,
        path: str,
        *,
        body: msgspec.Struct | None = None,
        headers: Mapping[str, str] = _NO_HEADERS,
        quiet_s: float | None = None,
    ) -> Answer:
        """Return the answer; a request that got none is repeated: it is a GET or carries an Idempotency-Key.

        quiet_s: seconds without a word that are borne, the network's own where None. Raises HandoffFailed.
        """
        repeatable = method == "GET" or "Idempotency-Key" in headers
        for pause_s in PAUSES_S if repeatable else ():
            try:
                return await self._ask_once(method, path, body, headers, quiet_s)
            except HandoffFailed as error:
                if not _worth_repeating(error.evidence):
                    raise
                await self._pause(pause_s)
        return await self._ask_once(method, path, body, headers, quiet_s)

    @asynccontextmanager
    async def stream(
        self, path: str, *, body: msgspec.Struct, quiet_s: float, submits: bool
    ) -> AsyncIterator[AsyncIterator[str]]:
        """Yield the lines of a streamed answer; the request is never repeated.

        quiet_s: seconds without a word that are borne. submits: the request makes the backend send a message, so
        that a failure after it had left is `perhaps_sent`. Raises HandoffFailed.
        """
        timeout = httpx.Timeout(self._network.timeout_s, read=quiet_s)
        with self._observing(submits=submits):
            async with self._open("POST", path, body, _NO_HEADERS, timeout) as response:
                await _require_good(response, media="application/x-ndjson", redactor=self._redactor)
                yield _lines(response)

    async def close(self) -> None:
        """Release connections."""
        client, self._client = self._client, None
        if client is not None:
            await client.aclose()

    async def _ask_once(
        self,
        method: str,
        path: str,
        body: msgspec.Struct | None,
        headers: Mapping[str, str],
        quiet_s: float | None,
    ) -> Answer:
        patience = None if quiet_s is None else httpx.Timeout(self._network.timeout_s, read=quiet_s)
        with self._observing():
            async with self._open(method, path, body, headers, patience) as response:
                await _require_good(response, media=JSON, redactor=self._redactor)
                return Answer(body=await _whole(response), etag=response.headers.get("ETag"))

    @asynccontextmanager
    async def _open(
        self,
        method: str,
        path: str,
        body: msgspec.Struct | None,
        headers: Mapping[str, str],
        patience: httpx.Timeout | None,
    ) -> AsyncIterator[httpx.Response]:
        sent = {"Accept": f"{JSON}, {PROBLEM_JSON}", **headers}
        if self._token is not None:
            sent["Authorization"] = f"Bearer {self._token.reveal()}"
        content = None if body is None else msgspec.json.encode(body)
        if content is not None:
            sent["Content-Type"] = JSON
        extra: dict[str, Any] = {} if patience is None else {"timeout": patience}
        async with self._opened().stream(method, path, content=content, headers=sent, **extra) as response:
            yield response

    def _opened(self) -> httpx.AsyncClient:
        if self._client is None:
            if not is_safe(self._address.url):
                raise failed("backend-address-unsafe")
            here = is_loopback(urlsplit(self._address.url).hostname or "")
            if self._token is not None:
                self._network.recorder.learn(self._token)
            try:
                self._client = web_client(
                    self._network,
                    base_url=self._address.url,
                    ca_pem=self._address.ca_pem,
                    trust_env=not here,  # proxies are not for this computer itself
                )
            except TrustFailed as error:
                raise HandoffFailed(msgspec.structs.replace(error.evidence, stage=STAGE)) from error
        return self._client

    def _observing(self, *, submits: bool = False) -> "_Observing":
        parts = urlsplit(self._address.url)
        usual = 443 if parts.scheme == "https" else 80
        return _Observing({"host": parts.hostname or "", "port": str(parts.port or usual)}, submits=submits)


class _Observing:
    """Turns what httpx raises into HandoffFailed, one table in `network.failures` for all of it."""

    def __init__(self, values: Mapping[str, str], *, submits: bool) -> None:
        self._values = values
        self._submits = submits

    def __enter__(self) -> None:
        return None

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: object) -> None:
        if isinstance(error, httpx.HTTPError | httpx.InvalidURL):
            evidence = observe_web(error, stage=STAGE, values=self._values)
            unsent = httpx.ConnectError | httpx.ConnectTimeout | httpx.ProxyError
            if self._submits and not isinstance(error, unsent):
                evidence = msgspec.structs.replace(evidence, system=System.BACKEND, perhaps_sent=True)
            raise HandoffFailed(evidence) from error


def failed(condition: str, *, perhaps_sent: bool = False, text: str = "") -> HandoffFailed:
    """Return the failure that we observed ourselves and call `condition`."""
    return HandoffFailed(
        Evidence(stage=STAGE, system=System.BACKEND, condition=condition, perhaps_sent=perhaps_sent, text=text)
    )


def refused(code: str) -> HandoffFailed:
    """Return the failure that the backend named `code` after its answer had begun."""
    return HandoffFailed(Evidence(stage=STAGE, system=System.BACKEND, reason=code))


def _worth_repeating(evidence: Evidence) -> bool:
    if evidence.http is not None:
        return evidence.http in _WORTH_REPEATING
    return evidence.system is System.SOCKET


async def _require_good(response: httpx.Response, *, media: str, redactor: Redactor) -> None:
    found = response.headers.get("Content-Type", "").partition(";")[0].strip().lower()
    status = response.status_code
    if response.is_success and (found == media or status == HTTPStatus.NO_CONTENT):
        return
    document = None
    if found == PROBLEM_JSON and not response.is_success:
        try:
            document = msgspec.json.decode(await _whole(response), type=ProblemDocument)
        except msgspec.MsgspecError:
            document = None
    if document is None:
        # A captive portal, a sign-in page, another web server: words of strangers are not shown.
        strange = "backend-not-recognised" if status < HTTPStatus.INTERNAL_SERVER_ERROR else None
        raise HandoffFailed(Evidence(stage=STAGE, system=System.BACKEND, http=status, condition=strange))
    raise HandoffFailed(
        Evidence(
            stage=STAGE,
            system=System.BACKEND,
            http=status,
            reason=document.code,
            text=visible(redactor.clean(" ".join(filter(None, (document.title, document.detail)))))[:2000],
            retry_after_s=_seconds(response.headers.get("Retry-After", "")),
        )
    )


async def _whole(response: httpx.Response) -> bytes:
    whole = bytearray()
    async for part in response.aiter_bytes():
        whole += part
        if len(whole) > LARGEST_ANSWER:
            raise failed("backend-not-recognised")
    return bytes(whole)


async def _lines(response: httpx.Response) -> AsyncIterator[str]:
    received = 0
    async for line in response.aiter_lines():
        received += len(line)
        if received > LARGEST_ANSWER:
            raise failed("backend-not-recognised")
        if line.strip():
            yield line


def _seconds(value: str) -> float | None:
    return float(value) if value.isascii() and value.isdigit() else None
