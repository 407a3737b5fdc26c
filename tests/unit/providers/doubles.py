"""Stand-ins for the world around a provider: a resolver, a prober, an http client that only remembers."""

import asyncio
from collections import defaultdict
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, TypeVar, cast

import httpx

from sendwright.deployment import Deployment, Features
from sendwright.diagnosis.stage import StageResult
from sendwright.network.conditions import NetworkCondition
from sendwright.network.failures import ResolveFailed
from sendwright.network.network import Network
from sendwright.network.resolver import MailExchanger, Service
from sendwright.network.trust import client_context
from sendwright.problems.evidence import Evidence, System
from sendwright.providers.custom_smtp.probe import DOORS, Door, Probed, Reach
from sendwright.vault.memory import MemoryVault
from sendwright.vault.vault import Vault
from sendwright.world import World

T = TypeVar("T")

HANG = "hang"
BROKEN = "broken"


def resolve_failed(condition: NetworkCondition) -> ResolveFailed:
    return ResolveFailed(Evidence(stage="resolve", system=System.DNS, condition=condition.value))


@dataclass
class FakeResolver:
    """Answers from tables; what they lack does not exist, HANG never answers, BROKEN has no usable answer."""

    mx: Mapping[str, tuple[MailExchanger, ...] | str] = field(default_factory=dict)
    srv: Mapping[str, tuple[Service, ...] | str] = field(default_factory=dict)
    hosts: Mapping[str, tuple[str, ...] | str] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)

    async def addresses(self, host: str) -> tuple[str, ...]:
        return await self._answer(self.hosts, host)

    async def mail_exchangers(self, domain: str) -> tuple[MailExchanger, ...]:
        return await self._answer(self.mx, domain)

    async def services(self, name: str) -> tuple[Service, ...]:
        return await self._answer(self.srv, name)

    async def texts(self, name: str) -> tuple[str, ...]:
        raise AssertionError(f"nobody should ask for the texts of {name}")

    async def _answer(self, table: Mapping[str, tuple[T, ...] | str], name: str) -> tuple[T, ...]:
        self.asked.append(name)
        answer = table.get(name)
        if answer == HANG:
            await asyncio.Event().wait()
        if answer == BROKEN:
            raise resolve_failed(NetworkCondition.DNS_RESOLVER_FAILED)
        if answer is None or isinstance(answer, str):
            raise resolve_failed(NetworkCondition.DNS_NAME_NOT_FOUND)
        return answer


@dataclass
class FakeProber:
    """Knows what stands behind each (host, port); everything else is closed."""

    reaches: Mapping[tuple[str, int], Reach] = field(default_factory=dict)
    hangs: bool = False
    tried: list[tuple[str, int]] = field(default_factory=list)
    cancelled: bool = False
    started: asyncio.Event = field(default_factory=asyncio.Event)

    async def doors(self, host: str, doors: Sequence[Door] = DOORS) -> tuple[Probed, ...]:
        self.tried += [(host, port) for port, _ in doors]
        self.started.set()
        if self.hangs:
            try:
                await asyncio.Event().wait()
            except asyncio.CancelledError:
                self.cancelled = True
                raise
        return tuple(
            Probed(host=host, port=port, security=security, reach=self.reaches.get((host, port), Reach.CLOSED))
            for port, security in doors
        )


Page = Callable[[httpx.Request], httpx.Response | Awaitable[httpx.Response]]


@dataclass
class Web:
    """An https world: pages by `host/path`; the rest is 404. `seen` holds every request in full."""

    pages: Mapping[str, bytes | Page] = field(default_factory=dict)
    seen: list[httpx.Request] = field(default_factory=list)

    def client(self) -> httpx.AsyncClient:
        return httpx.AsyncClient(transport=httpx.MockTransport(self._answer))

    @property
    def hosts(self) -> set[str]:
        return {_host(request) for request in self.seen}

    def mentions(self, words: str) -> bool:
        """Tell whether any request carries `words` in its address, headers or body."""
        return any(
            words.encode() in b"\n".join([str(one.url).encode(), *map(bytes, _flat(one)), one.content])
            for one in self.seen
        )

    async def _answer(self, request: httpx.Request) -> httpx.Response:
        self.seen.append(request)
        page = self.pages.get(f"{_host(request)}{request.url.path}")
        if page is None:
            return httpx.Response(404)
        if isinstance(page, bytes):
            return httpx.Response(200, content=page)
        answer = page(request)
        return answer if isinstance(answer, httpx.Response) else await answer


def _host(request: httpx.Request) -> str:
    return request.url.raw_host.decode("ascii")  # as it goes over the wire: A-labels


def _flat(request: httpx.Request) -> list[bytes]:
    return [part for header in request.headers.raw for part in header]


@dataclass
class Reported:
    """Takes progress."""

    results: list[StageResult] = field(default_factory=list)
    ended: dict[str, asyncio.Event] = field(default_factory=lambda: defaultdict(asyncio.Event))

    def __call__(self, result: StageResult) -> None:
        self.results.append(result)
        self.ended[result.id].set()

    @property
    def ids(self) -> list[str]:
        return [result.id for result in self.results]

    def __getitem__(self, stage: str) -> StageResult:
        return next(result for result in self.results if result.id == stage)


def ignore(_: object) -> None:
    """Nobody watches."""


def nobody() -> httpx.AsyncClient:
    """A web in which nobody answers, and nobody may be asked."""

    def refuse(request: httpx.Request) -> httpx.Response:
        raise AssertionError(f"nobody should ask {request.url}")

    return httpx.AsyncClient(transport=httpx.MockTransport(refuse))


def make_world(
    *,
    resolver: FakeResolver | None = None,
    web: Web | None = None,
    vault: Vault | None = None,
    network: Network | None = None,
    http: Callable[[], httpx.AsyncClient] | None = None,
    features: Features | None = None,
) -> World:
    nobody = cast("Any", None)
    return World(
        deployment=Deployment(features=features or Features()),
        vault=vault or MemoryVault(),
        network=network or Network(resolver=resolver or FakeResolver(), tls=client_context, timeout_s=5.0),
        http=http or (web or Web()).client,
        clock=lambda: datetime(2026, 11, 20, 9, 0, tzinfo=UTC),
        backend=nobody,
        local_backend=nobody,
        known_backends=nobody,
        person="ada",
    )
