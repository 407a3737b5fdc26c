"""Asks an interface one thing at a time, in the name of whoever the tokens are of."""

from abc import ABC, abstractmethod
from collections.abc import AsyncIterator, Callable, Mapping
from datetime import UTC, datetime
from http import HTTPStatus
from types import MappingProxyType
from typing import Final, Generic, Protocol, TypeVar

import httpx
import msgspec

from sendwright.network.network import Network
from sendwright.network.web import web_client
from sendwright.oauth.fixed import ENDED
from sendwright.oauth.grant import AccessToken, OAuthFailed, TokenSource
from sendwright.oauth.web import Web
from sendwright.problems.evidence import Evidence, System
from sendwright.recording.redactor import Redactor
from sendwright.senders.interface.failures import lost
from sendwright.senders.sender import SendFailed

ANSWER_S: Final = 120.0
"""Seconds that a message may take to be answered: less makes duplicates, gateways give up earlier."""

_PIECE = 64 * 1024
_NOTHING: Mapping[str, str] = MappingProxyType({})


class Answered(Protocol):
    """What every answer has."""

    @property
    def status(self) -> int:
        """The HTTP status."""
        ...


Heard = TypeVar("Heard", bound=Answered)


class Request(msgspec.Struct, frozen=True, kw_only=True):
    """What is asked. path: below the base, quoted. content: a body of `media`; it submits a message, or is None."""

    method: str
    path: str
    stage: str
    content: bytes | None = None
    media: str = "text/plain"

    @property
    def submits(self) -> bool:
        """Whether it hands a message over: then it is never repeated where it may have been taken."""
        return self.content is not None


class Asking(ABC, Generic[Heard]):
    """Speaks with one interface.

    base: its address, without a slash at the end. system: who speaks there. tokens: whose name to ask in. values: facts
    that every piece of evidence carries. web: makes the client; the network's own where None is given. clock: now,
    aware.
    """

    def __init__(
        self,
        base: str,
        tokens: TokenSource,
        network: Network,
        *,
        system: System,
        values: Mapping[str, str],
        web: Web | None = None,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self._base = base
        self._tokens = tokens
        self._network = network
        self._system = system
        self._values: dict[str, str] = {"host": httpx.URL(base).host, **values}
        self._web = web or (lambda: web_client(network))
        self._clock = clock
        self._client: httpx.AsyncClient | None = None
        self._redactor = Redactor()

    @abstractmethod
    async def _read(self, response: httpx.Response, named: Mapping[str, str]) -> Heard:
        """Return what `response` says; named: what `_name` called the request."""

    @abstractmethod
    def _refused(self, request: Request, answer: Heard, values: Mapping[str, str]) -> Evidence:
        """Return the evidence of an answer that is not the wished one."""

    def _is_good(self, answer: Heard, good: HTTPStatus) -> bool:
        """Whether the answer is the wished one."""
        return answer.status == good

    def _name(self) -> tuple[Mapping[str, str], Mapping[str, str]]:
        """Return the headers that name one request, and what evidence tells of them."""
        return _NOTHING, _NOTHING

    async def ask(
        self, request: Request, *, good: HTTPStatus = HTTPStatus.OK, values: Mapping[str, str] = _NOTHING
    ) -> Heard:
        """Return the answer, of status `good`.

        values: further facts for the evidence. A token that is refused (401, before anything is processed) is replaced
        once, if there is another one. Raises SendFailed; its evidence says whether a message may have been taken.
        """
        known = {**self._values, **values}
        access = await self._token(known)
        answer = await self._once(request, access, known)
        if answer.status == HTTPStatus.UNAUTHORIZED:
            await self._tokens.refused(access)
            other = await self._another(access, known)
            if other.secret != access.secret:
                answer = await self._once(request, other, known)
                if answer.status == HTTPStatus.UNAUTHORIZED:
                    await self._tokens.refused(other)
        if not self._is_good(answer, good):
            raise SendFailed(self._refused(request, answer, known))
        return answer

    async def ask_nameless(self, request: Request, *, good: HTTPStatus = HTTPStatus.UNAUTHORIZED) -> Heard:
        """Ask without a token and return the refusal: it comes from the interface, and so it answers.

        Raises SendFailed for any other status than `good`.
        """
        answer = await self._once(request, None, self._values)
        if answer.status != good:
            raise SendFailed(self._refused(request, answer, self._values))
        return answer

    async def close(self) -> None:
        """Release connections; never raises."""
        client, self._client = self._client, None
        if client is not None:
            await client.aclose()

    async def _token(self, values: dict[str, str]) -> AccessToken:
        try:
            access = await self._tokens.token()
        except OAuthFailed as failed:
            evidence = failed.evidence
            known = msgspec.structs.replace(evidence, values=values | evidence.values)
            raise SendFailed(known) from failed.__cause__
        self._redactor.learn(secret=access.secret.reveal())
        self._network.recorder.learn(access.secret)
        return access

    async def _another(self, access: AccessToken, values: dict[str, str]) -> AccessToken:
        """Return the token that takes the place of `access`; itself where none can be made: the no stands then."""
        try:
            return await self._token(values)
        except SendFailed as failed:
            if failed.evidence.condition != ENDED:
                raise
        return access

    async def _once(self, request: Request, access: AccessToken | None, values: dict[str, str]) -> Heard:
        naming, named = self._name()
        headers = {"Accept": "application/json", "Accept-Encoding": "identity", **naming}
        if access is not None:
            headers["Authorization"] = f"Bearer {access.secret.reveal()}"
        body = None if request.content is None else _Body(request.content)
        timeout = httpx.Timeout(self._network.timeout_s)
        if request.content is not None:
            headers |= {"Content-Type": request.media, "Content-Length": str(len(request.content))}
            timeout = httpx.Timeout(self._network.timeout_s, read=max(ANSWER_S, self._network.timeout_s))
        url, failure = f"{self._base}{request.path}", None
        try:
            stream = self._opened().stream(request.method, url, content=body, headers=headers, timeout=timeout)
            async with stream as response:
                return await self._read(response, named)
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            left = body is not None and body.left
            failure = SendFailed(
                lost(error, system=self._system, stage=request.stage, left=left, values={**values, **named})
            )
        raise failure  # without httpx's exception: its request holds the token

    def _opened(self) -> httpx.AsyncClient:
        if self._client is None:
            self._client = self._web()
        return self._client


class _Body(httpx.AsyncByteStream):
    """A body that knows whether its end may have left. left: the last piece was given to the connection."""

    def __init__(self, content: bytes) -> None:
        self._content = content
        self.left = False

    async def __aiter__(self) -> AsyncIterator[bytes]:
        for start in range(0, max(1, len(self._content)), _PIECE):
            self.left = start + _PIECE >= len(self._content)
            yield self._content[start : start + _PIECE]
