"""How the map behaves towards servers that count: few connections, one at a time, and no harm where one is refused."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from tests.unit.network.wall.stands import HOST, Authorities, Serve, at, codes, listening, port, speaks_smtp

from sendwright.network.system_proxies import no_proxies
from sendwright.network.wall.draw import draw_wall
from sendwright.network.wall.question import Question
from sendwright.network.wall.wall import Outcome, Wall
from sendwright.network.wall.way import Speech, Verdict


@pytest.fixture(scope="module")
def authorities() -> Authorities:
    return Authorities()


class Counting:
    """Counts connections and answers 421 to more than `most` at the same time, or `ever` in all."""

    def __init__(self, serve: Serve, *, most: int = 99, ever: int = 99) -> None:
        self._serve, self._most, self._ever = serve, most, ever
        self.now = self.peak = self.all = self.refused = 0

    @contextmanager
    def counted(self) -> Iterator[bool]:
        self.now, self.all = self.now + 1, self.all + 1
        self.peak = max(self.peak, self.now)
        try:
            yield self.now <= self._most and self.all <= self._ever
        finally:
            self.now -= 1

    async def __call__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with self.counted() as welcome:
            if welcome:
                await self._serve(reader, writer)
                return
            self.refused += 1
            writer.write(b"421 4.7.0 mail.example.org Error: too many connections from you\r\n")
            await reader.read()


async def drawn(authorities: Authorities, server: Counting, speech: Speech = Speech.SMTP) -> tuple[Wall, int]:
    async with listening(server) as number:
        question = Question(host=HOST, port=number, ports=(port(number, speech),), plain_port=1)
        wall = await draw_wall(question, authorities.network(), proxies=no_proxies, trust=authorities.trust)
    return wall, number


async def test_a_port_sees_two_connections_one_after_the_other(authorities: Authorities) -> None:
    server = Counting(speaks_smtp("STARTTLS", context=authorities.server(authorities.public)))
    wall, _ = await drawn(authorities, server)
    assert (server.all, wall.outcome) == (2, Outcome.PASSED)
    assert server.peak <= 2  # the end of the first may be seen after the beginning of the second


async def test_a_port_with_a_strange_certificate_sees_three(authorities: Authorities) -> None:
    server = Counting(speaks_smtp("STARTTLS", context=authorities.server(authorities.stranger)))
    wall, number = await drawn(authorities, server)
    assert server.all == 3
    assert at(wall, number).problem == "tls-certificate-unknown-issuer"


async def test_a_server_without_tls_sees_one(authorities: Authorities) -> None:
    server = Counting(speaks_smtp("SIZE 1000"))
    wall, number = await drawn(authorities, server)
    assert server.all == 1
    assert at(wall, number).verdict is Verdict.OPEN


@pytest.mark.parametrize("ever", [1, 2])
async def test_a_server_that_takes_no_further_connection_is_accused_of_nothing(
    authorities: Authorities, ever: int
) -> None:
    server = Counting(speaks_smtp("STARTTLS", context=authorities.server(authorities.public)), ever=ever)
    wall, number = await drawn(authorities, server)
    assert (at(wall, number).secured, at(wall, number).verdict) == (True, Verdict.OPEN)
    assert (codes(wall), wall.outcome) == ([], Outcome.PASSED)


async def test_a_server_that_takes_none_at_all_is_busy_and_not_blocked(authorities: Authorities) -> None:
    server = Counting(speaks_smtp("STARTTLS"), ever=0)
    wall, number = await drawn(authorities, server)
    way = at(wall, number)
    assert (server.all, server.refused) == (1, 1)
    assert (way.verdict, way.banner[:3]) == (Verdict.OPEN, "421")
    assert not {"port-blocked", "starttls-stripped", "banner-rewritten"} & set(codes(wall))
    assert wall.outcome is Outcome.WARNING
