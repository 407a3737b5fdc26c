"""What is heard over a way from servers that behave, misbehave, or stop in the middle."""

import asyncio
import ssl
from collections.abc import Callable

import pytest
from tests.servers.certificates import Certificates
from tests.servers.fixtures import StartSmtp
from tests.servers.postfix import PostfixServer
from tests.servers.scripted_smtp import ScriptedSmtp
from tests.servers.smtp_script import Answer, Drop, Flood, Say, Script, Silence, Trickle
from tests.servers.smtp_script import Security as Speaks
from tests.unit.network.wall.stands import FixedNames, at, codes, listening, port, speaks_smtp

from sendwright.network.network import Network
from sendwright.network.system_proxies import no_proxies
from sendwright.network.trust import client_context
from sendwright.network.wall.draw import draw_wall
from sendwright.network.wall.question import Question
from sendwright.network.wall.trust import Trust
from sendwright.network.wall.wall import Outcome, Wall
from sendwright.network.wall.way import Port, Speech, Verdict

HOST = "localhost"
TIMEOUT_S = 1.2


@pytest.fixture
def trust(certificates: Certificates) -> Trust:
    """An internet whose only public authority is that of the test certificates."""
    context = client_context(certificates.ca_file.read_text())
    public = ssl.create_default_context(cafile=certificates.ca_file)
    return Trust(usual=context, public=public)


async def drawn(trust: Trust, *ports: Port, timeout_s: float = TIMEOUT_S) -> Wall:
    names = FixedNames({HOST: ("127.0.0.1",)})
    network = Network(resolver=names, tls=lambda _: trust.usual, timeout_s=timeout_s)
    question = Question(host=HOST, ports=ports, plain_port=1)
    return await draw_wall(question, network, proxies=no_proxies, trust=trust)


async def test_a_real_postfix_is_open_at_all_its_ports(postfix: PostfixServer, trust: Trust) -> None:
    ports = (
        port(postfix.ports.submission),
        port(postfix.ports.submissions, Speech.SMTPS),
        port(postfix.ports.relay),
    )
    wall = await drawn(trust, *ports, timeout_s=10.0)
    for number in (postfix.ports.submission, postfix.ports.submissions):
        way = at(wall, number)
        assert (way.verdict, way.secured, way.problem) == (Verdict.OPEN, True, None)
        assert way.banner.startswith("220 ")
        assert "Sendwright test authority" in way.issuer
    assert at(wall, postfix.ports.submission).starttls
    assert "tls-inspected" not in codes(wall)


@pytest.fixture
def start(scripted_smtp: StartSmtp, certificates: Certificates) -> Callable[..., ScriptedSmtp]:
    """Start a server that changes to TLS, with some places of its script changed."""
    return lambda **places: scripted_smtp(Script(security=Speaks.STARTTLS, certificate=certificates.good, **places))


@pytest.mark.parametrize(
    "case",
    [
        ("greeting", Silence(), Verdict.SILENT, "answer-timed-out"),
        ("greeting", Drop(), Verdict.OPEN, "connection-dropped"),
        ("greeting", Say(b"SSH-2.0-OpenSSH\r\n"), Verdict.OPEN, "not-an-smtp-server"),
        ("greeting", Flood(100_000, lines=False), Verdict.OPEN, None),
        ("greeting", Flood(100_000), Verdict.OPEN, None),
        ("greeting", b"220 " + b"*" * 60, Verdict.ALTERED, "banner-rewritten"),
        ("greeting", Trickle(b"220 mail.example.org slow\r\n"), Verdict.OPEN, None),
        ("ehlo", Silence(), Verdict.OPEN, None),
        ("ehlo", Drop(), Verdict.OPEN, "connection-dropped"),
        ("ehlo", b"502 5.5.1 What is that", Verdict.OPEN, None),
        ("greeting", b"421 4.7.0 Too many connections, try later", Verdict.OPEN, None),
        ("greeting", b"554 5.7.1 No SMTP service here", Verdict.OPEN, None),
        ("greeting", b"220 mail\x1b[2J\x1b[31m.example.org", Verdict.OPEN, None),
        ("starttls", b'500 5.5.1 Command unrecognized: "XXXXXXXX"', Verdict.ALTERED, "starttls-stripped"),
        ("ehlo", Say(b"250-mail\r\n250 XXXXXXXA\r\n"), Verdict.ALTERED, "starttls-stripped"),
        ("ehlo", Say(b"250-mail\r\n250 XXXXB\r\n"), Verdict.ALTERED, "banner-rewritten"),
        ("starttls", b"454 4.7.0 TLS not available", Verdict.OPEN, "starttls-refused"),
        ("starttls", Drop(), Verdict.OPEN, "connection-dropped"),
        ("handshake", Drop(), Verdict.OPEN, None),
        ("handshake", Say(b"no TLS at all\r\n"), Verdict.OPEN, "tls-handshake-failed"),
    ],
)
async def test_every_misbehaviour_leaves_a_way_with_what_was_seen(
    start: Callable[..., ScriptedSmtp], trust: Trust, case: tuple[str, Answer, Verdict, str | None]
) -> None:
    place, answer, verdict, problem = case
    server = start(**{place: answer})
    way = at(await drawn(trust, port(server.port)), server.port)
    assert way.verdict is verdict
    if problem is not None:
        assert way.problem == problem
    assert len(way.banner) <= 2_100
    assert "\x1b" not in way.banner
    assert way.evidence is None or len(way.evidence.text) <= 2_000


@pytest.mark.parametrize(
    "case",
    [
        ("good", None, True),
        ("good_with_intermediate", None, True),
        ("expired", "tls-certificate-expired", None),
        ("not_yet_valid", "tls-certificate-not-yet-valid", None),
        ("self_signed", "tls-certificate-self-signed", False),
        ("wrong_name", "tls-certificate-wrong-name", None),
        ("unknown_issuer", "tls-certificate-unknown-issuer", False),
        ("private_root_sent", "tls-certificate-unknown-issuer", False),
    ],
)
async def test_every_certificate_says_who_made_it_and_what_is_wrong_with_it(
    scripted_smtp: StartSmtp, certificates: Certificates, trust: Trust, case: tuple[str, str | None, bool | None]
) -> None:
    kind, problem, public = case
    certificate = getattr(certificates, kind)
    server = scripted_smtp(Script(security=Speaks.TLS, certificate=certificate))
    wall = await drawn(trust, port(server.port, Speech.SMTPS))
    way = at(wall, server.port)
    assert (way.verdict, way.problem, way.public) == (Verdict.OPEN, problem, public)
    assert way.secured is (problem is None)
    assert way.issuer
    assert codes(wall) == []
    assert wall.outcome is Outcome.PASSED


async def test_a_way_says_nothing_that_could_be_a_sign_in(
    scripted_smtp: StartSmtp, certificates: Certificates, trust: Trust
) -> None:
    server = scripted_smtp(Script(security=Speaks.STARTTLS, certificate=certificates.good))
    await drawn(trust, port(server.port))
    words = {command.verb for command in server.record.commands}
    assert words == {"EHLO", "STARTTLS", "QUIT"}
    assert not server.record.sign_ins
    assert not server.record.messages


@pytest.mark.parametrize("security", [Speaks.STARTTLS, Speaks.TLS])
@pytest.mark.parametrize("kind", ["good", "unknown_issuer"])
async def test_every_connection_ends_with_quit_and_there_are_few(
    scripted_smtp: StartSmtp, certificates: Certificates, trust: Trust, security: Speaks, kind: str
) -> None:
    server = scripted_smtp(Script(security=security, certificate=getattr(certificates, kind)))
    speech = Speech.SMTP if security is Speaks.STARTTLS else Speech.SMTPS
    await drawn(trust, port(server.port, speech))
    verified = kind == "good"
    expected = 2 if verified else 1  # a handshake that is refused ends the connection by itself
    await asyncio.to_thread(server.record.wait_until, lambda record: record.verbs.count("QUIT") == expected)
    assert server.record.connections <= (2 if verified else 3)


@pytest.mark.parametrize(
    ("greeting", "reply", "enhanced"),
    [(b"421 4.7.0 Too many connections", 421, "4.7.0"), (b"554 No", 554, None), (b"450 4.3.2 Busy", 450, "4.3.2")],
)
async def test_a_server_that_turns_away_keeps_its_words_and_is_asked_nothing_more(
    start: Callable[..., ScriptedSmtp], trust: Trust, greeting: bytes, reply: int, enhanced: str | None
) -> None:
    server = start(greeting=greeting)
    wall = await drawn(trust, port(server.port))
    way = at(wall, server.port)
    assert way.evidence is not None
    assert (way.evidence.reply, way.evidence.enhanced) == (reply, enhanced)
    assert way.verdict is Verdict.OPEN
    assert set(server.record.verbs) <= {"QUIT"}
    assert wall.outcome is Outcome.WARNING
    assert len(wall.problems) == 1


async def test_tls_is_not_spoken_to_a_server_that_grew_busy(certificates: Certificates, trust: Trust) -> None:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificates.good.chain, certificates.good.key)
    honest = speaks_smtp("STARTTLS", greeting="220 localhost ESMTP", context=context)
    heard: list[bytes] = []
    seen = 0

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        nonlocal seen
        seen += 1
        if seen == 1:
            await honest(reader, writer)
            return
        writer.write(b"421 4.7.0 localhost Too many connections\r\n")
        heard.append(await reader.read())

    async with listening(serve) as number:
        way = at(await drawn(trust, port(number)), number)
    assert (way.secured, way.problem, way.public) == (True, None, None)
    assert heard in ([], [b"QUIT\r\n"])  # nothing but taking leave, whether it arrived before the end or not
