"""Leaving a map in the middle: whenever that is, no socket and no task stays behind."""

import asyncio
import contextlib
import errno
import gc
import os
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from tests.servers.ports import Address
from tests.unit.network.wall.stands import (
    HOST,
    Authorities,
    ConnectProxy,
    FixedNames,
    answers,
    listening,
    port,
    proxy_running,
    speaks_smtp,
)

from sendwright.network import dial
from sendwright.network.network import Network
from sendwright.network.system_proxies import ReadProxies, SystemProxies
from sendwright.network.wall import draw
from sendwright.network.wall.draw import draw_wall
from sendwright.network.wall.question import Question
from sendwright.network.wall.trust import Trust
from sendwright.network.wall.wall import Outcome
from sendwright.network.wall.way import Speech, Verdict

OPEN_FILES = Path("/proc/self/fd")
needs_proc = pytest.mark.skipif(not OPEN_FILES.is_dir(), reason="only Linux lists the files of a process")
Drawn = tuple[Question, Network, ReadProxies, Trust]


def sockets() -> int:
    gc.collect()
    found = 0
    for file in OPEN_FILES.iterdir():
        with contextlib.suppress(OSError):
            found += str(file.readlink()).startswith("socket:")
    return found


@pytest.fixture(scope="module")
def authorities() -> Authorities:
    return Authorities()


@pytest.fixture
async def drawn(authorities: Authorities) -> AsyncIterator[Drawn]:
    """A network with everything in it: mail with and without STARTTLS, inspected TLS, a page, a proxy."""
    mail = speaks_smtp("STARTTLS", context=authorities.server(authorities.public))
    async with (
        listening(mail) as first,
        listening(speaks_smtp(), context=authorities.server(authorities.company)) as second,
        listening(answers("HTTP/1.1 200 OK\r\n\r\n")) as plain,
        proxy_running(ConnectProxy(target=Address("127.0.0.1", first))) as proxy,
    ):
        ports = (port(first), port(second, Speech.SMTPS), port(plain, Speech.HTTPS))
        question = Question(host=HOST, ports=ports, plain_port=plain)
        yield question, authorities.network(), proxy.settings, authorities.trust


async def rested(before: int) -> int:
    """Give the servers a moment to see the end of their connections."""
    for _ in range(200):
        if sockets() <= before:
            break
        await asyncio.sleep(0.02)
    return sockets()


@needs_proc
async def test_a_map_that_is_whole_leaves_nothing_behind(drawn: Drawn) -> None:
    question, network, proxies, trust = drawn
    before = sockets()
    wall = await draw_wall(question, network, proxies=proxies, trust=trust)
    assert {way.verdict for way in wall.ways} > {Verdict.OPEN}
    assert await rested(before) <= before
    assert not others()


@needs_proc
@pytest.mark.parametrize("steps", [0, 1, 2, 3, 5, 8, 13, 21, 34, 55, 89, 144])
async def test_a_map_that_is_left_at_any_step_leaves_nothing_behind(drawn: Drawn, steps: int) -> None:
    question, network, proxies, trust = drawn
    before = sockets()
    drawing = asyncio.create_task(draw_wall(question, network, proxies=proxies, trust=trust))
    for _ in range(steps):
        await asyncio.sleep(0)
    drawing.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await drawing
    assert await rested(before) <= before
    assert not others(drawing)


@needs_proc
async def test_maps_one_after_the_other_use_no_more_than_one(drawn: Drawn) -> None:
    question, network, proxies, trust = drawn
    before = sockets()
    for _ in range(3):
        await draw_wall(question, network, proxies=proxies, trust=trust)
    assert await rested(before) <= before


def test_a_loop_that_ends_with_the_map_under_way_ends_it_too(authorities: Authorities) -> None:
    asked = asyncio.Event()

    class Hanging(FixedNames):
        async def addresses(self, host: str) -> tuple[str, ...]:
            asked.set()
            await asyncio.Event().wait()
            raise AssertionError(host)

    async def main() -> asyncio.Task[object]:
        question = Question(host=HOST, ports=(port(587),), plain_port=1)
        network = authorities.network(names=Hanging({}), timeout_s=30)
        drawing: asyncio.Task[object] = asyncio.ensure_future(
            draw_wall(question, network, proxies=SystemProxies, trust=authorities.trust)
        )
        await asked.wait()
        return drawing

    drawing = asyncio.run(main())
    assert drawing.cancelled()


@pytest.mark.parametrize("addresses", [("192.0.2.1",), ("2001:db8::1",), ("192.0.2.1", "2001:db8::1")])
async def test_without_any_network_the_map_is_drawn_and_says_so(
    authorities: Authorities, monkeypatch: pytest.MonkeyPatch, addresses: tuple[str, ...]
) -> None:
    async def no_way(*_: object) -> None:
        raise OSError(errno.ENETUNREACH, os.strerror(errno.ENETUNREACH))

    monkeypatch.setattr(dial, "_connect", no_way)
    monkeypatch.setattr(draw, "own_address", lambda _: "")
    question = Question(host=HOST, ports=(port(587), port(465, Speech.SMTPS)), plain_port=80)
    wall = await draw_wall(question, authorities.network(*addresses), proxies=SystemProxies, trust=authorities.trust)
    assert {way.verdict for way in wall.ways} <= {Verdict.UNREACHABLE, Verdict.NOT_TRIED}
    assert [problem.code for problem in wall.problems] == ["network-unreachable"]
    assert (wall.outcome, wall.own) == (Outcome.FAILED, ())


def others(*known: asyncio.Task[object]) -> list[asyncio.Task[object]]:
    """Tasks that the map started and left running."""
    return [
        task
        for task in asyncio.all_tasks() - {asyncio.current_task(), *known}
        if not task.done() and "wall" in str(task.get_coro().__qualname__ if task.get_coro() else "")
    ]
