"""The head of an HTTP answer, from servers, proxies and whatever else answers."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.unit.network.wall.stands import listening

from sendwright.network.wall.http_head import Head, ask_head, read_date
from sendwright.network.wall.line import Line, NoReply
from sendwright.recording.recorder import SILENCE


@asynccontextmanager
async def answered(words: bytes, heard: list[bytes]) -> AsyncIterator[Line]:
    """Connect to somebody who reads one request and says `words`."""

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        heard.append(await reader.readuntil(b"\r\n\r\n"))
        writer.write(words)
        await writer.drain()
        writer.write_eof()
        await reader.read()

    async with listening(serve) as port:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        async with Line(reader, writer, SILENCE, address="127.0.0.1") as line:
            yield line


async def head_of(words: bytes, *, host: str = "example.org", secret: str = "") -> tuple[Head, str]:
    heard: list[bytes] = []
    async with answered(words, heard) as line:
        head = await ask_head(line, "GET /", host=host, secret=secret)
    return head, heard[0].decode()


@pytest.mark.parametrize(
    ("words", "status", "line"),
    [
        (b"HTTP/1.1 200 OK\r\n\r\n", 200, "200 OK"),
        (b"HTTP/1.0 407 Proxy Authentication Required\r\n\r\n", 407, "407 Proxy Authentication Required"),
        (b"HTTP/1.1 204\r\n\r\n", 204, "204"),
        (b"HTTP/1.1 200 OK\r\n", 200, "200 OK"),
    ],
)
async def test_a_status_and_its_words_are_read(words: bytes, status: int, line: str) -> None:
    if words.endswith(b"\r\n\r\n"):
        head, _ = await head_of(words)
        assert (head.status, head.line) == (status, line)
    else:
        with pytest.raises(NoReply):  # it ended in the middle of the head
            await head_of(words)


@pytest.mark.parametrize(
    "words",
    [b"220 mail.example.org ESMTP\r\n", b"SSH-2.0\r\n", b"HTTP/1.1 99 no\r\n", b"HTTP/1.1 600 no\r\n", b"\r\n", b""],
)
async def test_what_is_no_http_is_said_to_be_none(words: bytes) -> None:
    with pytest.raises(NoReply):
        await head_of(words)


async def test_a_way_to_sign_in_may_come_in_several_fields_and_others_only_once() -> None:
    words = (
        b"HTTP/1.1 407 no\r\nProxy-Authenticate: Negotiate\r\nproxy-authenticate: NTLM\r\n"
        b"Location: http://one.example/\r\nLocation: http://two.example/\r\n\r\n"
    )
    head, _ = await head_of(words)
    assert head.fields["proxy-authenticate"] == "Negotiate, NTLM"
    assert head.fields["location"] == "http://one.example/"
    assert head.redirected_to == ""  # 407 leads nowhere


@pytest.mark.parametrize(("status", "leads"), [(200, False), (301, True), (302, True), (304, False), (307, True)])
async def test_only_a_redirection_leads_elsewhere(status: int, *, leads: bool) -> None:
    head, _ = await head_of(f"HTTP/1.1 {status} x\r\nLocation: http://one.example/\r\n\r\n".encode())
    assert bool(head.redirected_to) is leads


@pytest.mark.parametrize(
    ("host", "shown"),
    [
        ("example.org", "Host: example.org\r\n"),
        ("2001:db8::1", "Host: [2001:db8::1]\r\n"),
        ("[2001:db8::1]:587", "Host: [2001:db8::1]:587\r\n"),
        ("example.org:587", "Host: example.org:587\r\n"),
    ],
)
async def test_an_address_of_the_sixth_version_stands_in_brackets(host: str, shown: str) -> None:
    _, request = await head_of(b"HTTP/1.1 200 OK\r\n\r\n", host=host)
    assert shown in request
    assert request.startswith("GET / HTTP/1.1\r\n")
    assert "Connection: close\r\n" in request


async def test_what_would_turn_a_terminal_is_written_out() -> None:
    head, _ = await head_of(b"HTTP/1.1 200 \x1b[2Jfine\r\nX: \x07\r\n\r\n")
    assert "\x1b" not in head.line
    assert head.line == r"200 \x1b[2Jfine"


@given(st.text(max_size=60))
def test_no_date_whatever_makes_reading_fail(said: str) -> None:
    found = read_date(said)
    assert found is None or found.utcoffset() is not None
