"""Tries every way out at the same time and draws the map."""

import asyncio
import time
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from types import MappingProxyType
from typing import Final

from sendwright.network.failures import ResolveFailed
from sendwright.network.network import Network
from sendwright.network.system_proxies import Proxy, ReadProxies, Without, read_system_proxies
from sendwright.network.wall.conversation import Talk
from sendwright.network.wall.http_head import Head
from sendwright.network.wall.judge import judge
from sendwright.network.wall.opening import OpenLine, directly, through
from sendwright.network.wall.question import Question
from sendwright.network.wall.sight import Sight, attempted
from sendwright.network.wall.surroundings import (
    Names,
    ask_for_nothing,
    family_of,
    look_for_page,
    own_address,
    resolve,
)
from sendwright.network.wall.trust import Trust, trust_of
from sendwright.network.wall.wall import Wall
from sendwright.network.wall.way import DIRECT, Port, Reason, Route, Verdict, Way
from sendwright.problems.evidence import Failure

Choices = dict[tuple[str, int], Proxy | Without]
"""The proxy for each host and port, or why there is none."""

WEB_PORT: Final = 443
MOST_ADDRESSES: Final = 6
"""Addresses of a family that are tried at a port: enough for one that is down, too few to be a nuisance."""

_MS: Final = 1_000.0
_REASONS: Final = MappingProxyType(
    {
        Without.NONE_SET: Reason.NO_PROXY,
        Without.BYPASSED: Reason.BYPASSED,
        Without.BY_SCRIPT: Reason.BY_SCRIPT,
        Without.OTHER_KIND: Reason.OTHER_KIND,
    }
)


async def draw_wall(
    question: Question,
    network: Network,
    *,
    proxies: ReadProxies = read_system_proxies,
    trust: Trust | None = None,
    clock: Callable[[], datetime] = lambda: datetime.now(UTC),
    timer: Callable[[], float] = time.perf_counter,
) -> Wall:
    """Try all ways side by side; the whole takes the time of one, and that of finding the addresses.

    Each way has `network.timeout_s`. Nothing signs in, nothing is sent. trust: whom to ask about certificates, None
    asks this computer and the public authorities. clock: the present, aware. timer: seconds that only grow. Raises
    TrustFailed for authorities in the question that are none; what the network does never raises.
    """
    trust = trust or trust_of(network, ca_pem=question.ca_pem)
    drawing = _Drawing(question, network, trust, timer)
    places = tuple(dict.fromkeys((host, port.number) for host, port in question.places))
    hosts = tuple(dict.fromkeys((question.host, *(host for host, _ in question.places))))
    async with asyncio.TaskGroup() as tasks:
        chosen = tasks.create_task(asyncio.to_thread(_choices, proxies, (*places, (question.host, WEB_PORT))))
        made_up = tasks.create_task(ask_for_nothing(network.resolver, timeout_s=network.timeout_s))
        named = {
            host: tasks.create_task(resolve(network.resolver, host, timeout_s=network.timeout_s)) for host in hosts
        }
        page = tasks.create_task(drawing.page(named[question.host]))
        ways = [
            tasks.create_task(drawing.direct(host, port, route, named[host]))
            if route in DIRECT
            else tasks.create_task(drawing.proxied(host, port, chosen))
            for host, port in question.places
            for route in Route
        ]
    names = named[question.host].result()
    proxy = chosen.result()[question.host, WEB_PORT]
    sight = Sight(
        question=question,
        ways=tuple(way.result() for way in ways),
        names=names,
        made_up=made_up.result(),
        page=page.result(),
        at=clock(),
    )
    judged = judge(sight)
    return Wall(
        host=question.host,
        port=question.port,
        at=sight.at,
        outcome=judged.outcome,
        ways=judged.ways,
        problems=judged.problems,
        addresses=names.addresses,
        own=tuple(dict.fromkeys(filter(None, map(own_address, names.addresses)))),
        proxy=proxy.place if isinstance(proxy, Proxy) else "",
    )


def _choices(proxies: ReadProxies, places: Sequence[tuple[str, int]]) -> Choices:
    """Read the settings and choose for each place: some systems look names up to do so, which takes its time."""
    settings = proxies()
    return {(host, port): settings.choose(host, port=port) for host, port in places}


class _Drawing:
    def __init__(self, question: Question, network: Network, trust: Trust, timer: Callable[[], float]) -> None:
        self._question, self._network, self._trust, self._timer = question, network, trust, timer

    async def page(self, named: "asyncio.Task[Names]") -> Head | None:
        """Look who answers in clear, within the time of a way."""
        names = await named
        try:
            async with asyncio.timeout(self._network.timeout_s):
                return await look_for_page(
                    names.addresses[:MOST_ADDRESSES],
                    host=self._question.host,
                    port=self._question.plain_port,
                    network=self._network,
                )
        except TimeoutError:
            return None

    async def direct(self, host: str, port: Port, route: Route, named: "asyncio.Task[Names]") -> Way:
        """Try a port by one family of addresses."""
        names = await named
        addresses = [address for address in names.addresses if family_of(address) is route]
        if not addresses:
            return _not_tried(host, port, route, Reason.NO_NAME if names.failure else Reason.NO_ADDRESS)
        here = {family_of(address) for address in names.addresses if own_address(address)}
        if here and route not in here:
            return _not_tried(host, port, route, Reason.NO_FAMILY)
        few = addresses[:MOST_ADDRESSES]
        return await self._tried(host, port, route, directly(few, port=port.number, network=self._network))

    async def proxied(self, host: str, port: Port, choices: "asyncio.Task[Choices]") -> Way:
        """Try a port through the proxy of the system, as its settings are for the web."""
        chosen = (await choices)[host, port.number]
        if isinstance(chosen, Without):
            return _not_tried(host, port, Route.PROXY, _REASONS[chosen])
        try:
            open_line = through(chosen, host=host, port=port.number, network=self._network)
        except ResolveFailed:  # it can be no name at all, whoever looks it up
            return _not_tried(host, port, Route.PROXY, Reason.NO_NAME)
        return await self._tried(host, port, Route.PROXY, open_line)

    async def _tried(self, host: str, port: Port, route: Route, open_line: OpenLine) -> Way:
        talk = Talk(open_line, port, host=host, trust=self._trust)
        blank = Way(host=host, port=port.number, speech=port.speech, route=route, verdict=Verdict.OPEN)
        begun = self._timer()
        ended: Exception | None = None
        try:
            async with asyncio.timeout(self._network.timeout_s):
                await talk.run()
        except (Failure, TimeoutError) as error:
            ended = error
        return attempted(blank, talk.heard, ended, took_ms=round((self._timer() - begun) * _MS, 1))


def _not_tried(host: str, port: Port, route: Route, reason: Reason) -> Way:
    return Way(host=host, port=port.number, speech=port.speech, route=route, verdict=Verdict.NOT_TRIED, reason=reason)
