"""A crowd that knocks at a loopback listener all at once, and what each of them hears."""

import asyncio
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from urllib.parse import quote

from tests.unit.oauth.strangers import Knock
from tests.unit.oauth.wire import PROTECTIVE

from sendwright.oauth.loopback import Loopback

REFUSALS = {0, 200, 400, 403, 404, 405, 409, 413, 414, 421, 431, 501, 505}
CLEAN = "/received"


@dataclass(frozen=True)
class Heard:
    """What came back, octet by octet. status: 0 where nothing did."""

    knock: Knock
    octets: bytes

    @property
    def status(self) -> int:
        return int(self.octets.split(b" ", 2)[1]) if self.octets.startswith(b"HTTP/1.1 ") else 0


async def knock(one: Knock, port: int, *, held: list[asyncio.StreamWriter]) -> Heard:
    """Knock, and read to the end; those who hold on are added to `held`, to be let go later."""
    reader, writer = await asyncio.open_connection(one.host, port)
    octets = b""
    try:
        with suppress(ConnectionError):
            writer.write(one.octets)
            if one.held:
                held.append(writer)
                return Heard(one, b"")
            if one.rest:
                await asyncio.sleep(0)
                writer.write(one.rest)
            writer.write_eof()
            octets = await reader.read()
    except OSError:
        pass  # reset, as it had words for us that it did not read
    finally:
        if not one.held:
            writer.transport.abort()
    return Heard(one, octets)


async def crowd(
    knocks: Sequence[Knock], port: int, *, held: list[asyncio.StreamWriter], at_once: int = 40
) -> list[Heard]:
    """Let all of them knock, `at_once` at a time; return what each heard."""
    turns = asyncio.Semaphore(at_once)

    async def turn(one: Knock) -> Heard:
        async with turns:
            return await knock(one, port, held=held)

    return await asyncio.gather(*(turn(one) for one in knocks))


def spellings(*words: str) -> set[str]:
    """Return `words`, and as they stand in an address."""
    return {spelled for word in words for spelled in (word, quote(word), quote(word, safe=""))}


def assert_says_nothing(heard: Heard, known: set[str]) -> None:
    """Every answer is one of few, is protected, and repeats nothing."""
    if not heard.octets:
        return
    head, _, body = heard.octets.decode("utf-8").partition("\r\n\r\n")
    headers = dict(line.split(": ", 1) for line in head.split("\r\n")[1:])
    assert heard.octets.count(b"HTTP/1.1 ") == 1, heard.knock.name
    assert PROTECTIVE.items() <= headers.items(), heard.knock.name
    assert not any(word in head or word in body for word in known), heard.knock.name
    assert not any(name.startswith("access-control") or name == "set-cookie" for name in headers)
    assert headers.get("location", CLEAN) == CLEAN
    assert "script" not in body


def addresses_of(loopback: Loopback) -> tuple[str, ...]:
    """Return where it listens."""
    return tuple(sorted({sock.getsockname()[0] for server in loopback._servers for sock in server.sockets}))
