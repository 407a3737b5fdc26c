"""Tokens at hand, a network without a wire, and interfaces that answer as they are told."""

from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

import httpx

from sendwright.network.network import Network
from sendwright.network.resolver import Resolver
from sendwright.network.trust import client_context
from sendwright.oauth.fixed import access_ended
from sendwright.oauth.grant import AccessToken, OAuthFailed, Renew
from sendwright.problems.evidence import System
from sendwright.recording.event import Layer
from sendwright.secret import Secret

NOW = datetime(2026, 11, 20, 10, 0, tzinfo=UTC)

Answering = Callable[[httpx.Request], httpx.Response]


def token(value: str = "canary-token-one", *, scope: str = "") -> AccessToken:
    return AccessToken(secret=Secret(value), expires_at=NOW + timedelta(hours=1), scope=scope)


@dataclass
class Tokens:
    """A TokenSource: one token after the other, as each is refused."""

    values: list[str] = field(default_factory=lambda: ["canary-token-one"])
    given: list[str] = field(default_factory=list)
    taken_back: list[str] = field(default_factory=list)
    broken: OAuthFailed | None = None
    scope: str = ""

    async def token(self) -> AccessToken:
        if self.broken is not None:
            raise self.broken
        left = [value for value in self.values if value not in self.taken_back]
        if not left:
            raise access_ended(System.ENTRA)
        self.given.append(left[0])
        return token(left[0], scope=self.scope)

    async def refused(self, access: AccessToken) -> None:
        self.taken_back.append(access.secret.reveal())


@dataclass
class Keeper:
    """A GrantKeeper in memory: one refresh token and what was made of it."""

    refresh_token: Secret
    made: dict[str, AccessToken]
    renewals: int = 0

    async def access(self, scope: str, renew: Renew) -> AccessToken:
        if scope not in self.made:
            renewed = await renew(self.refresh_token, scope)
            self.renewals += 1
            self.refresh_token = renewed.refresh_token or self.refresh_token
            self.made[scope] = renewed.access
        return self.made[scope]

    async def refused(self, access: AccessToken) -> None:
        self.made = {scope: one for scope, one in self.made.items() if one.secret != access.secret}


@dataclass
class Learning:
    """A recorder that remembers what it was told to hide."""

    secrets: list[str] = field(default_factory=list)

    def note(self, layer: Layer, name: str, *, text: str = "", **values: str) -> None:
        """Nothing is kept."""

    def learn(self, secret: Secret) -> None:
        self.secrets.append(secret.reveal())


class NoNames:
    """A resolver that nobody asks."""

    async def addresses(self, host: str) -> tuple[str, ...]:
        raise AssertionError(host)

    def __getattr__(self, name: str) -> object:
        raise AssertionError(name)


def network(resolver: Resolver | None = None, *, timeout_s: float = 5.0, recorder: Learning | None = None) -> Network:
    return Network(
        resolver=resolver or NoNames(),  # type: ignore[arg-type]  # what is missing is never called
        tls=client_context,
        timeout_s=timeout_s,
        recorder=recorder or Learning(),
    )


@dataclass
class Interface:
    """An interface as one test wants it: one answer after the other, the last one for good."""

    answers: list[httpx.Response | Exception | Answering] = field(default_factory=list)
    seen: list[httpx.Request] = field(default_factory=list)
    bodies: list[bytes] = field(default_factory=list)

    def client(self) -> httpx.AsyncClient:
        return httpx.AsyncClient(transport=httpx.MockTransport(self._answer), follow_redirects=False)

    async def _answer(self, request: httpx.Request) -> httpx.Response:
        self.seen.append(request)
        self.bodies.append(await request.aread())
        answer = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        if isinstance(answer, Exception):
            raise answer
        return answer(request) if callable(answer) else answer


class Drops(httpx.AsyncByteStream):
    """A body that breaks off."""

    async def __aiter__(self) -> AsyncIterator[bytes]:
        yield b"{"
        raise httpx.ReadError("gone")
