"""False addresses, pages of the network and wrong clocks, by real servers."""

import asyncio
import ssl
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest
from tests.servers.fixtures import StartDns
from tests.unit.network.wall.stands import (
    HOST,
    Authorities,
    FixedNames,
    answers,
    at,
    codes,
    listening,
    port,
    speaks_smtp,
)

from sendwright.network.nameserver_resolver import NameserverResolver
from sendwright.network.network import Network
from sendwright.network.system_proxies import no_proxies
from sendwright.network.wall.draw import draw_wall
from sendwright.network.wall.question import Question
from sendwright.network.wall.wall import Outcome, Wall
from sendwright.network.wall.way import Speech, Verdict
from sendwright.problems.problem import Confidence

NOW = datetime(2026, 11, 20, 9, 41, tzinfo=UTC)
EVERYTHING = "@ A 127.0.0.1\n* A 127.0.0.1"


@pytest.fixture(scope="module")
def authorities() -> Authorities:
    return Authorities()


async def drawn(authorities: Authorities, question: Question, network: Network, at: datetime = NOW) -> Wall:
    return await draw_wall(question, network, proxies=no_proxies, trust=authorities.trust, clock=lambda: at)


@pytest.mark.parametrize("hijacked", [True, False])
async def test_a_resolver_that_knows_every_name_gives_a_false_address(
    authorities: Authorities, dns_server: StartDns, *, hijacked: bool
) -> None:
    zones: dict[str, str | None] = {"example.org": "mail A 127.0.0.1"}
    server = dns_server({**zones, "invalid": EVERYTHING} if hijacked else {**zones, "invalid": ""})
    resolver = NameserverResolver(server.host, port=server.port, timeout_s=3)
    network = Network(resolver=resolver, tls=authorities.usual, timeout_s=1.5)
    serve = speaks_smtp("STARTTLS", context=authorities.server(authorities.public))
    async with listening(serve) as number:
        wall = await drawn(authorities, Question(host=HOST, ports=(port(number),), plain_port=1), network)
    assert codes(wall) == (["dns-hijacked"] if hijacked else [])
    assert wall.outcome is (Outcome.FAILED if hijacked else Outcome.PASSED)
    assert at(wall, number).verdict is (Verdict.ALTERED if hijacked else Verdict.OPEN)
    if hijacked:
        assert wall.problems[0].values["addresses"] == "127.0.0.1"
        assert at(wall, number).problem == "dns-hijacked"


async def test_a_page_for_names_that_do_not_exist_is_no_false_address_of_the_server(authorities: Authorities) -> None:
    network = authorities.network(names=FixedNames({HOST: ("127.0.0.1",)}, made_up=("127.0.0.77",)))
    serve = speaks_smtp("STARTTLS", context=authorities.server(authorities.public))
    async with listening(serve) as number:
        wall = await drawn(authorities, Question(host=HOST, ports=(port(number),), plain_port=1), network)
    assert codes(wall) == []


async def test_the_made_up_name_is_another_one_every_time(authorities: Authorities) -> None:
    names = FixedNames({HOST: ("127.0.0.1",)})
    for _ in range(2):
        await drawn(authorities, Question(host=HOST, ports=(), plain_port=1), authorities.network(names=names))
    made_up = [name for name in names.asked if name.rstrip(".").endswith(".invalid")]
    assert len(set(made_up)) == 2


@pytest.mark.parametrize(
    ("head", "confidence"),
    [
        ("302 Found\r\nLocation: http://login.hotel.example/start?mac=aa:bb\r\n", Confidence.LIKELY),
        ("511 Network Authentication Required\r\n", Confidence.CERTAIN),
        ("200 OK\r\nContent-Type: text/html\r\n", Confidence.LIKELY),
    ],
)
async def test_a_page_where_tls_was_expected_is_the_networks(
    authorities: Authorities, head: str, confidence: Confidence
) -> None:
    async with listening(answers(f"HTTP/1.1 {head}\r\n")) as number:
        question = Question(host=HOST, ports=(port(number, Speech.HTTPS),), plain_port=1)
        wall = await drawn(authorities, question, authorities.network())
    way = at(wall, number)
    assert (way.verdict, way.problem) == (Verdict.ALTERED, "captive-portal")
    (problem,) = wall.problems
    assert (problem.code, problem.confidence) == ("captive-portal", confidence)
    assert "mac=" not in str(wall)
    assert wall.outcome is Outcome.FAILED


async def test_a_server_of_web_pages_without_tls_that_refuses_is_no_portal(authorities: Authorities) -> None:
    async with listening(answers("HTTP/1.1 400 Bad Request\r\n\r\n")) as number:
        question = Question(host=HOST, ports=(port(number, Speech.HTTPS),), plain_port=1)
        wall = await drawn(authorities, question, authorities.network())
    assert "captive-portal" not in codes(wall)


async def hang_up(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    writer.close()


@pytest.mark.parametrize(
    ("location", "captive"),
    [
        ("http://192.0.2.1/portal", True),
        ("https://wifi.hotel.example/", True),
        (f"https://{HOST}/", False),
        ("https://www.example.org/", False),
        ("/here", False),
        ("http://[broken", False),
    ],
)
async def test_a_page_in_clear_counts_only_where_it_leads_to_somebody_else(
    authorities: Authorities, location: str, *, captive: bool
) -> None:
    page = answers(f"HTTP/1.1 302 Found\r\nLocation: {location}\r\n\r\n")
    async with listening(page) as plain, listening(hang_up) as number:
        question = Question(host=HOST, ports=(port(number),), plain_port=plain)
        wall = await drawn(authorities, question, authorities.network())
    assert codes(wall)[:1] == (["captive-portal"] if captive else ["connection-dropped"])


@pytest.mark.parametrize("extensions", [("SIZE 1",), ("STARTTLS",)])
async def test_a_page_in_clear_says_nothing_where_a_mail_server_talks_encrypted_or_not(
    authorities: Authorities, extensions: tuple[str, ...]
) -> None:
    page = answers("HTTP/1.1 302 Found\r\nLocation: https://hosting.example.net/\r\n\r\n")
    async with listening(page) as plain, listening(speaks_smtp(*extensions)) as number:
        question = Question(host=HOST, ports=(port(number),), plain_port=plain)
        wall = await drawn(authorities, question, authorities.network())
    assert "captive-portal" not in codes(wall)
    assert at(wall, number).verdict is Verdict.OPEN


@pytest.mark.parametrize(
    ("status", "captive"), [("200 OK", False), ("302 Found", False), ("511 Network Authentication Required", True)]
)
async def test_a_server_that_speaks_its_pages_in_clear_at_the_port_of_the_web_is_no_portal(
    authorities: Authorities, status: str, *, captive: bool
) -> None:
    page = answers(f"HTTP/1.1 {status}\r\nLocation: https://hosting.example.net/\r\n\r\n")
    mail = speaks_smtp("STARTTLS", context=authorities.server(authorities.public))
    async with listening(page) as web, listening(mail) as number:
        question = Question(host=HOST, ports=(port(number), port(web, Speech.HTTPS)), plain_port=1)
        wall = await drawn(authorities, question, authorities.network())
    assert ("captive-portal" in codes(wall)) is captive
    assert at(wall, web).verdict is (Verdict.ALTERED if captive else Verdict.OPEN)
    assert at(wall, web).problem == ("captive-portal" if captive else "tls-handshake-failed")
    assert wall.outcome is (Outcome.FAILED if captive else Outcome.PASSED)


async def test_a_page_in_clear_says_nothing_where_the_server_has_shown_its_certificate(
    authorities: Authorities,
) -> None:
    page = answers("HTTP/1.1 302 Found\r\nLocation: https://hosting.example.net/\r\n\r\n")
    serve = speaks_smtp("STARTTLS", context=authorities.server(authorities.public))
    async with listening(page) as plain, listening(serve) as number:
        question = Question(host=HOST, ports=(port(number),), plain_port=plain)
        wall = await drawn(authorities, question, authorities.network())
    assert (codes(wall), wall.outcome) == ([], Outcome.PASSED)


class Dated(Authorities):
    """Issues certificates that ended yesterday, or begin tomorrow, by the real clock."""

    def server_at(self, begins: datetime, ends: datetime) -> ssl.SSLContext:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self.public.issue_cert(HOST, not_before=begins, not_after=ends).configure_cert(context)
        return context


@pytest.mark.parametrize("greeted", [True, False])
async def test_a_clock_that_is_wrong_is_told_from_a_certificate_that_is(*, greeted: bool) -> None:
    authorities = Dated()
    today = datetime.now(UTC).replace(microsecond=0)
    context = authorities.server_at(today - timedelta(days=60), today - timedelta(days=30))
    then = today - timedelta(days=45)
    said = format_datetime(then, usegmt=True)
    serve = (
        speaks_smtp("STARTTLS", greeting=f"220 {HOST} Exim {said}", context=context)
        if greeted
        else answers(f"HTTP/1.1 200 OK\r\nDate: {said}\r\n\r\n")
    )
    speech = Speech.SMTP if greeted else Speech.HTTPS
    async with listening(serve, context=None if greeted else context) as number:
        question = Question(host=HOST, ports=(port(number, speech),), plain_port=1)
        wall = await drawn(authorities, question, authorities.network(), today)
    (problem,) = (problem for problem in wall.problems if problem.code == "clock-wrong")
    assert problem.values["own_time"] == f"{today:%Y-%m-%d %H:%M} UTC"
    assert problem.values["server_time"] == f"{then:%Y-%m-%d %H:%M} UTC"
    assert at(wall, number).problem == "clock-wrong"
    assert wall.outcome is Outcome.FAILED


async def test_an_expired_certificate_stays_one_where_the_server_agrees_about_the_time() -> None:
    authorities = Dated()
    today = datetime.now(UTC).replace(microsecond=0)
    context = authorities.server_at(today - timedelta(days=60), today - timedelta(days=30))
    said = format_datetime(today, usegmt=True)
    serve = speaks_smtp("STARTTLS", greeting=f"220 {HOST} Exim {said}", context=context)
    async with listening(serve) as number:
        question = Question(host=HOST, ports=(port(number),), plain_port=1)
        wall = await drawn(authorities, question, authorities.network(), today)
    assert at(wall, number).problem == "tls-certificate-expired"
    assert "clock-wrong" not in codes(wall)
