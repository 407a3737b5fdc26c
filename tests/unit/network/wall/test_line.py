"""One connection for looking: replies, floods, and words that are none."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.unit.network.wall.stands import HOST, Authorities, listening

from sendwright.network.wall.http_head import ask_head, read_head
from sendwright.network.wall.line import Line, NoReply, Reply
from sendwright.recording.event import Layer
from sendwright.recording.recorder import SILENCE
from sendwright.recording.wire_recorder import WireRecorder

WHOLE_ANSWER_OCTETS = 1_000_000


@asynccontextmanager
async def line_to(said: bytes, recorder: WireRecorder | None = None) -> AsyncIterator[Line]:
    """A line to a server that says `said` at once, takes whatever comes, and ends."""

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(said)
        writer.write_eof()
        while await reader.read(65_536):
            pass

    async with listening(serve) as port:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        async with Line(reader, writer, recorder or SILENCE, address="127.0.0.1") as line:
            yield line


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        (b"220 mail.example.org ready\r\n", Reply(220, ("mail.example.org ready",))),
        (b"250-one\r\n250-two\r\n250 three\r\n", Reply(250, ("one", "two", "three"))),
        (b"250\r\n", Reply(250, ("",))),
        (b"220 no carriage return\n", Reply(220, ("no carriage return",))),
        (b"554 gr\xc3\xbc\xff\r\n", Reply(554, ("grü\\xff",))),
    ],
)
async def test_a_reply_is_read_over_all_its_lines(said: bytes, expected: Reply) -> None:
    async with line_to(said) as line:
        assert await line.reply() == expected
        assert line.tls is None
        assert line.chain == ()


@pytest.mark.parametrize(
    ("said", "words"),
    [
        (b"", ""),
        (b"SSH-2.0-x\r\n", "SSH-2.0-x"),
        (b"HTTP/1.1 200 OK\r\n\r\n", "HTTP/1.1 200 OK"),
        (b"22", "22"),
        (b"999 too high\r\n", "999 too high"),
        (b"2200 longer\r\n", "2200 longer"),
        ("٢٢٠ digits of another script\r\n".encode(), "٢٢٠ digits of another script"),
        (b"250-begun\r\nthen nonsense\r\n", "then nonsense"),
        (b"250-begun\r\n", ""),
    ],
)
async def test_what_is_no_reply_is_said_to_be_none_with_its_beginning(said: bytes, words: str) -> None:
    async with line_to(said) as line:
        with pytest.raises(NoReply) as caught:
            await line.reply()
    assert str(caught.value) == words


async def test_a_reply_without_end_is_given_up() -> None:
    async with line_to(b"250-more\r\n" * 5_000) as line:
        with pytest.raises(NoReply):
            await line.reply()


async def test_a_line_without_end_is_given_up() -> None:
    async with line_to(b"2" * WHOLE_ANSWER_OCTETS) as line:
        with pytest.raises((NoReply, ValueError)):
            await line.reply()


@pytest.mark.parametrize(
    "said",
    [b"HTTP/1.1 banana\r\n\r\n", b"HTTP/1.1 99\r\n\r\n", b"HTTP/1.1 1000 x\r\n\r\n", b"220 mail\r\n", b"", b"\x16\x03"],
)
async def test_what_is_no_http_is_said_to_be_none(said: bytes) -> None:
    async with line_to(said) as line:
        with pytest.raises(NoReply):
            await read_head(line, host=HOST)


@pytest.mark.parametrize(
    ("said", "status", "fields"),
    [
        (b"HTTP/1.1 204\r\n\r\n", 204, {}),
        (b"HTTP/1.0 200 OK\r\nDATE: x\r\nDate: y\r\nnonsense\r\n\r\nbody", 200, {"date": "x", "nonsense": ""}),
        (b"HTTP/1.1 302 Found\r\nLocation:  https://a.example/ \r\n\r\n", 302, {"location": "https://a.example/"}),
    ],
)
async def test_the_head_of_an_answer_is_read_and_nothing_else(said: bytes, status: int, fields: dict[str, str]) -> None:
    async with line_to(said) as line:
        head = await read_head(line, host=HOST)
    assert (head.status, head.fields) == (status, fields)
    assert head.redirected_to == fields.get("location", "")


async def test_fields_without_end_are_given_up_quietly() -> None:
    async with line_to(b"HTTP/1.1 200 OK\r\n" + b"a: b\r\n" * 10_000) as line:
        head = await read_head(line, host=HOST)
    assert (head.status, head.fields) == (200, {"a": "b"})


async def test_a_secret_line_goes_over_the_wire_and_into_no_record() -> None:
    recorder = WireRecorder()
    async with line_to(b"HTTP/1.1 407 Who are you\r\n\r\n", recorder) as line:
        head = await ask_head(line, f"CONNECT {HOST}:443", host=f"{HOST}:443", secret="X-Secret: wax-Falke\r\n")
    assert head.line == "407 Who are you"
    assert [(event.layer, event.name) for event in recorder.events] == [(Layer.HTTP, "said"), (Layer.HTTP, "heard")]
    assert "wax-Falke" not in str(recorder.events)


async def test_what_is_said_and_heard_is_told_to_the_recorder() -> None:
    recorder = WireRecorder()
    async with line_to(b"250 fine\r\n", recorder) as line:
        await line.ask("EHLO [127.0.0.1]")
    assert [(event.name, event.text) for event in recorder.events] == [
        ("said", "EHLO [127.0.0.1]"),
        ("heard", "250 fine"),
    ]


async def test_a_certificate_is_told_to_the_recorder_too() -> None:
    authorities, recorder = Authorities(), WireRecorder()

    async def serve(reader: asyncio.StreamReader, _: asyncio.StreamWriter) -> None:
        await reader.read()

    async with listening(serve, context=authorities.server(authorities.public)) as port:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        async with Line(reader, writer, recorder) as line:
            await line.secure(authorities.usual(), name=HOST)
            assert line.tls is not None
            assert HOST in line.chain[0].names
    assert [event.name for event in recorder.events] == ["started", "handshake", "certificate"]


@given(
    st.lists(st.text(alphabet=st.characters(min_codepoint=32, max_codepoint=126), max_size=30), min_size=1, max_size=8)
)
def test_every_reply_comes_back_as_it_was_said(words: list[str]) -> None:
    last = len(words) - 1
    said = "".join(f"250{' ' if place == last else '-'}{word}\r\n" for place, word in enumerate(words))

    async def read() -> Reply:
        reader = asyncio.StreamReader()
        reader.feed_data(said.encode())
        reader.feed_eof()
        line = Line.__new__(Line)
        line._reader, line._transcript = reader, None
        return await line.reply()

    assert asyncio.run(read()) == Reply(250, tuple(words))


@given(st.binary(max_size=200))
def test_no_octets_whatever_make_the_reader_fail_otherwise(said: bytes) -> None:
    async def read() -> Reply | None:
        reader = asyncio.StreamReader()
        reader.feed_data(said)
        reader.feed_eof()
        line = Line.__new__(Line)
        line._reader, line._transcript = reader, None
        try:
            return await line.reply()
        except NoReply:
            return None

    found = asyncio.run(read())
    assert found is None or 200 <= found.code < 600
