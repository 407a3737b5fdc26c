"""The first words of a server, and of what is none."""

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable

import pytest
from tests.servers.certificates import Certificates
from tests.servers.fixtures import StartSmtp
from tests.servers.smtp_script import Delay, Drop, Flood, Say, Script, Silence
from tests.unit.senders.smtp.conftest import StartWalk
from tests.unit.senders.smtp.walking import script

from sendwright.problems.evidence import System
from sendwright.senders.smtp.settings import Security

Listen = Callable[..., Awaitable[int]]


@pytest.fixture
async def tls_that_waits(certificates: Certificates) -> AsyncIterator[int]:
    """A port that speaks TLS at once and then says nothing: 465, or a web server."""

    async def silent(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read()
        writer.close()

    server = await asyncio.start_server(silent, "127.0.0.1", 0, ssl=certificates.good.server_context())
    yield server.sockets[0].getsockname()[1]
    server.close()


@pytest.mark.parametrize(
    "words",
    [
        b"SSH-2.0-OpenSSH_9.2p1\r\n",
        b"HTTP/1.1 400 Bad Request\r\n\r\n",
        b"+OK POP3 ready\r\n",
        b"* OK IMAP4rev1 ready\r\n",
        b"\x00\x01\x02\xff\xfe\r\n",
        b"\r\n",
        b"999 no such class of reply\r\n",
        b"110 too early\r\n",
    ],
)
async def test_another_protocol_is_not_an_smtp_server(scripted_smtp: StartSmtp, walk: StartWalk, words: bytes) -> None:
    server = scripted_smtp(Script(greeting=Say(words)))
    evidence = await walk(server.port).fails_at("greet")
    assert (evidence.stage, evidence.condition) == ("greet", "not-an-smtp-server")
    assert evidence.reply is None
    first = words.decode("latin-1").split("\r\n")[0].split("\x00")[0]
    assert first in evidence.text


@pytest.mark.parametrize("flood", [Flood(2**20), Flood(2**20, lines=False)])
async def test_megabytes_of_greeting_are_cut_short(scripted_smtp: StartSmtp, walk: StartWalk, flood: Flood) -> None:
    server = scripted_smtp(Script(greeting=flood))
    evidence = await walk(server.port).fails_at("greet")
    assert evidence.condition == "not-an-smtp-server"
    assert len(evidence.text) <= 2_000


@pytest.mark.parametrize(
    ("greeting", "reply", "enhanced"),
    [
        (b"554 5.3.2 mail.example.org no service for you", 554, "5.3.2"),
        (b"421 4.7.0 Too many connections", 421, "4.7.0"),
        (b"554 No SMTP service here", 554, None),
    ],
)
async def test_a_server_that_does_not_accept_says_so_with_its_code(
    scripted_smtp: StartSmtp, walk: StartWalk, greeting: bytes, reply: int, enhanced: str | None
) -> None:
    server = scripted_smtp(Script(greeting=greeting))
    walking = walk(server.port)
    evidence = await walking.fails_at("greet")
    assert (evidence.system, evidence.reply, evidence.enhanced) == (System.SMTP, reply, enhanced)
    assert evidence.condition is None
    assert evidence.text == greeting.decode()[4:]
    assert walking.session.is_open is (reply != 421)


@pytest.mark.parametrize(("reply", "condition"), [(b"500 What", "not-an-smtp-server"), (b"550 Go away", None)])
async def test_a_server_that_does_not_know_ehlo_is_none(
    scripted_smtp: StartSmtp, walk: StartWalk, reply: bytes, condition: str | None
) -> None:
    server = scripted_smtp(Script(ehlo=reply))
    evidence = await walk(server.port).fails_at("greet")
    assert (evidence.reply, evidence.condition) == (int(reply[:3]), condition)
    assert "HELO" not in server.record.verbs


@pytest.mark.parametrize("reset", [False, True])
async def test_a_connection_that_ends_before_the_greeting_was_dropped(
    scripted_smtp: StartSmtp, walk: StartWalk, *, reset: bool
) -> None:
    server = scripted_smtp(Script(greeting=Delay(0.1, Drop(reset=reset))))
    evidence = await walk(server.port).fails_at("greet")
    assert (evidence.system, evidence.condition) == (System.SOCKET, "connection-dropped")


async def test_silence_is_no_greeting(scripted_smtp: StartSmtp, walk: StartWalk) -> None:
    server = scripted_smtp(Script(greeting=Silence()))
    walking = walk(server.port)
    await walking.before("greet")
    walking.hurry(1)
    began = time.monotonic()
    assert (await walking.fails_at("greet")).condition == "no-greeting"
    assert time.monotonic() - began < 2


async def test_a_late_greeting_is_waited_for(scripted_smtp: StartSmtp, walk: StartWalk) -> None:
    server = scripted_smtp(Script(greeting=(Delay(1.2, b"220 slow"), Silence())))
    facts = await walk(server.port, timeout_s=3).until("greet")
    assert facts["greeting"] == "slow"


async def test_a_port_that_wants_tls_first_is_recognised_before_time_is_up(
    walk: StartWalk, tls_that_waits: int
) -> None:
    began = time.monotonic()
    evidence = await walk(tls_that_waits, timeout_s=30).fails_at("greet")
    assert (evidence.condition, evidence.values["other"]) == ("wrong-security-mode", "tls")
    assert time.monotonic() - began < 10


async def test_silence_under_tls_is_no_greeting(walk: StartWalk, tls_that_waits: int) -> None:
    walking = walk(tls_that_waits, Security.TLS)
    await walking.before("greet")
    walking.hurry()
    assert (await walking.fails_at("greet")).condition == "no-greeting"


async def test_the_words_in_evidence_show_their_control_characters(scripted_smtp: StartSmtp, walk: StartWalk) -> None:
    nasty = "554 5.0.0 a\x1b[31mred\x07 \u202egnp.exe \x00end".encode() + b" \xff"
    server = scripted_smtp(Script(greeting=nasty))
    evidence = await walk(server.port).fails_at("greet")
    assert evidence.text == r"5.0.0 a\x1b[31mred\x07 \u202egnp.exe \x00end \xff"


async def test_evidence_says_where_it_was_seen(
    scripted_smtp: StartSmtp, walk: StartWalk, certificates: Certificates
) -> None:
    server = scripted_smtp(script(certificates.good, greeting=b"554 no"))
    evidence = await walk(server.port, host="127.0.0.1").fails_at("greet")
    assert evidence.values == {
        "host": "127.0.0.1",
        "port": str(server.port),
        "security": "starttls",
        "address": "127.0.0.1",
    }
