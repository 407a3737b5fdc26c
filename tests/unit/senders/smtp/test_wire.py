"""The bytes on the wire: dots, line ends, pieces, and whether the end has left."""

import asyncio
import socket
from collections.abc import AsyncIterator

import pytest
from aiosmtplib import SMTPResponseException, SMTPServerDisconnected
from hypothesis import given
from hypothesis import strategies as st

from sendwright.senders.smtp.wire import AT_ONCE, CHUNK, END, Wire, stuff

LINES = st.lists(st.sampled_from([b"", b".", b"..", b"a", b".a", b"a.", b"\xff", b" "]), max_size=8)
ENDS = st.sampled_from([b"\r\n", b"\n", b"\r"])


@pytest.fixture
async def pair() -> AsyncIterator[tuple[Wire, socket.socket]]:
    ours, theirs = socket.socketpair()
    ours.setblocking(False)
    theirs.setblocking(False)
    wire = await Wire.over(ours)
    yield wire, theirs
    wire.abort()
    theirs.close()
    await asyncio.sleep(0)


async def read_all(end: socket.socket, until: bytes) -> bytes:
    loop, read = asyncio.get_running_loop(), b""
    while not read.endswith(until):
        read += await loop.sock_recv(end, 2**20)
    return read


async def play(end: socket.socket, reply: bytes, until: bytes = b"\r\n") -> bytes:
    read = await read_all(end, until)
    await asyncio.get_running_loop().sock_sendall(end, reply)
    return read


@pytest.mark.parametrize(
    ("content", "stuffed"),
    [
        (b"", b"\r\n"),
        (b"a\r\n", b"a\r\n"),
        (b"a", b"a\r\n"),
        (b".\r\n", b"..\r\n"),
        (b"a\r\n.\r\nb\r\n", b"a\r\n..\r\nb\r\n"),
        (b"a\n.\nb\n", b"a\r\n..\r\nb\r\n"),
        (b"a\r.\rb\r", b"a\r\n..\r\nb\r\n"),
        (b"a\r\n.b\r\n..c\r\n", b"a\r\n..b\r\n...c\r\n"),
        (b"a\n.\r\nMAIL FROM:<x>\r\n", b"a\r\n..\r\nMAIL FROM:<x>\r\n"),
    ],
)
def test_dots_are_doubled_and_line_ends_made_right(content: bytes, stuffed: bytes) -> None:
    assert stuff(content) == stuffed


@given(st.lists(st.tuples(st.sampled_from([b"", b".", b"..", b"a", b".a", b"\xff"]), ENDS), max_size=10))
def test_no_content_can_hold_the_end_of_the_message(lines: list[tuple[bytes, bytes]]) -> None:
    stuffed = stuff(b"".join(line + end for line, end in lines))
    assert b"\r\n" + END not in b"\r\n" + stuffed
    assert stuffed.count(b"\r\n") == stuffed.count(b"\n") == stuffed.count(b"\r")
    assert stuffed.endswith(b"\r\n")


@given(LINES)
def test_taking_the_dots_away_gives_the_content_back(lines: list[bytes]) -> None:
    content = b"".join(line + b"\r\n" for line in lines) or b"\r\n"
    restored = [line.removeprefix(b".") for line in stuff(content).split(b"\r\n")]
    assert b"\r\n".join(restored) == content


@pytest.mark.parametrize("size", [0, AT_ONCE - 2, AT_ONCE - 1, AT_ONCE, CHUNK, 3 * CHUNK + 1])
async def test_a_message_of_any_size_ends_with_one_dot(pair: tuple[Wire, socket.socket], size: int) -> None:
    wire, end = pair
    content = b"x" * size + b"\r\n"
    answer = asyncio.create_task(play(end, b"250 2.0.0 Ok\r\n", until=b"\r\n.\r\n"))
    response = await wire.message(content)
    assert (response.code, wire.end_left) == (250, True)
    assert await answer == content + END


@pytest.mark.parametrize("size", [0, 100_000])
async def test_a_reader_that_stops_keeps_the_end_from_leaving(pair: tuple[Wire, socket.socket], size: int) -> None:
    wire, end = pair
    end.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0.2):
            await wire.message(b"x" * size * 100)
    assert wire.end_left is (size == 0)


async def test_a_reply_before_the_end_stops_the_message(pair: tuple[Wire, socket.socket]) -> None:
    wire, end = pair
    sending = asyncio.create_task(wire.message(b"x" * 50_000_000))
    await asyncio.sleep(0.05)
    await asyncio.get_running_loop().sock_sendall(end, b"552 5.3.4 Too much\r\n")
    response = await sending
    assert (response.code, wire.end_left) == (552, False)


async def test_a_line_that_breaks_while_writing_is_noticed(pair: tuple[Wire, socket.socket]) -> None:
    wire, end = pair
    end.close()
    with pytest.raises((SMTPServerDisconnected, OSError)):
        await wire.message(b"x" * 5_000_000)
    assert wire.end_left is False


async def test_a_reply_that_nobody_asked_for_is_not_taken_for_the_next_one(
    pair: tuple[Wire, socket.socket],
) -> None:
    wire, end = pair
    end.send(b"220 hello\r\n250 not asked for\r\n")
    assert (await wire.greeting()).code == 220
    assert wire.spoken == b"250 not asked for\r\n"
    with pytest.raises(SMTPResponseException, match="not asked for"):
        await wire.command(b"NOOP")


async def test_what_comes_between_commands_is_dropped(pair: tuple[Wire, socket.socket]) -> None:
    wire, end = pair
    end.send(b"220 hello\r\n")
    await wire.greeting()
    end.send(b"250 out of the blue\r\n")
    await asyncio.sleep(0.02)
    assert wire.spoken is None
    answer = asyncio.create_task(play(end, b"502 5.5.1 no\r\n"))
    assert (await wire.command(b"NOOP")).code == 502
    assert await answer == b"NOOP\r\n"


@pytest.mark.parametrize("code", ["000", "199", "600", "-22", "+22", "2 0"])
async def test_codes_that_smtp_does_not_have_are_nonsense(pair: tuple[Wire, socket.socket], code: str) -> None:
    wire, end = pair
    end.send(f"{code} hello\r\n".encode())
    with pytest.raises(SMTPResponseException) as caught:
        await wire.greeting()
    assert caught.value.code == -1


@pytest.mark.parametrize("word", [b"NOOP\r\nQUIT", b"NO\x00OP", b"NO\nOP"])
async def test_a_command_cannot_smuggle_another(pair: tuple[Wire, socket.socket], word: bytes) -> None:
    wire, _ = pair
    with pytest.raises(ValueError, match="control character"):
        await wire.command(word)


async def test_what_is_said_before_the_greeting_is_read_is_seen(pair: tuple[Wire, socket.socket]) -> None:
    wire, end = pair
    assert wire.spoken is None
    end.send(b"220 hel")
    await asyncio.sleep(0.02)
    assert wire.spoken == b"220 hel"
    end.send(b"lo\r\n")
    await asyncio.sleep(0.02)
    assert wire.spoken == b"220 hello"


async def test_a_closed_wire_says_so(pair: tuple[Wire, socket.socket]) -> None:
    wire, _ = pair
    await wire.close()
    assert not wire.is_connected
    with pytest.raises(SMTPServerDisconnected):
        await wire.command(b"NOOP")
    with pytest.raises(SMTPServerDisconnected):
        await wire.message(b"x")
    await wire.close()
    wire.abort()
    assert wire.tls is None
