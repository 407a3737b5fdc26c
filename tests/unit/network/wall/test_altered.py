"""Devices that read along in mail and in TLS, as real servers on this computer."""

import asyncio
import ssl
from pathlib import Path

import pytest
import trustme
from tests.servers.ports import Address
from tests.unit.network.wall.stands import (
    HOST,
    Authorities,
    ConnectProxy,
    at,
    codes,
    listening,
    port,
    proxy_running,
    speaks_smtp,
)

from sendwright.network.system_proxies import SystemProxies, no_proxies
from sendwright.network.wall.draw import draw_wall
from sendwright.network.wall.question import Question
from sendwright.network.wall.wall import Outcome
from sendwright.network.wall.way import Port, Route, Speech, Verdict
from sendwright.network.wall.words import firewall_request, remarks
from sendwright.problems.problem import Confidence, Owner

STARS = "220 *******************************0*2******0***********************"
COMPANY = "Contoso web inspection"


@pytest.fixture(scope="module")
def authorities() -> Authorities:
    return Authorities()


def about(*ports: Port) -> Question:
    return Question(host=HOST, ports=ports, plain_port=1)


async def test_a_starttls_that_was_written_over_is_stripped(authorities: Authorities) -> None:
    async with listening(speaks_smtp("SIZE 1000", "XXXXXXXA")) as number:
        wall = await draw_wall(about(port(number)), authorities.network(), proxies=no_proxies, trust=authorities.trust)
    way = at(wall, number)
    assert (way.verdict, way.problem, way.starttls) == (Verdict.ALTERED, "starttls-stripped", False)
    assert way.evidence is not None
    assert "XXXXXXXA" in way.evidence.text
    (problem,) = wall.problems
    assert (problem.code, problem.owner, problem.confidence) == (
        "starttls-stripped",
        Owner.NETWORK_ADMIN,
        Confidence.CERTAIN,
    )
    assert wall.outcome is Outcome.FAILED


async def test_a_greeting_of_stars_is_rewritten_and_leaves_a_remark_where_the_rest_works(
    authorities: Authorities,
) -> None:
    serve = speaks_smtp("STARTTLS", greeting=STARS, context=authorities.server(authorities.public))
    async with listening(serve) as number:
        wall = await draw_wall(about(port(number)), authorities.network(), proxies=no_proxies, trust=authorities.trust)
    way = at(wall, number)
    assert (way.verdict, way.problem, way.secured) == (Verdict.ALTERED, "banner-rewritten", True)
    assert way.banner == STARS
    assert codes(wall) == ["banner-rewritten"]
    assert wall.outcome is Outcome.WARNING


async def test_stars_and_no_starttls_are_one_device_at_work(authorities: Authorities) -> None:
    async with listening(speaks_smtp("XXXA", "XXXXXXXA", greeting=STARS)) as number:
        wall = await draw_wall(about(port(number)), authorities.network(), proxies=no_proxies, trust=authorities.trust)
    assert at(wall, number).problem == "starttls-stripped"
    assert at(wall, number).banner == STARS
    assert codes(wall) == ["starttls-stripped"]


async def test_a_starttls_that_the_proxy_shows_and_the_direct_way_does_not_is_stripped(
    authorities: Authorities,
) -> None:
    honest = speaks_smtp("STARTTLS", context=authorities.server(authorities.public))
    async with listening(speaks_smtp("SIZE 1000")) as stripped, listening(honest) as far:
        proxy = ConnectProxy(target=Address("127.0.0.1", far))
        async with proxy_running(proxy):
            wall = await draw_wall(
                about(port(stripped)), authorities.network(), proxies=proxy.settings, trust=authorities.trust
            )
    assert at(wall, stripped).problem == "starttls-stripped"
    assert at(wall, stripped, Route.PROXY).problem is None
    (problem,) = wall.problems
    assert problem.confidence is Confidence.CERTAIN


async def test_a_starttls_that_only_another_port_offers_is_likely_stripped(authorities: Authorities) -> None:
    honest = speaks_smtp("STARTTLS", context=authorities.server(authorities.public))
    async with listening(speaks_smtp("SIZE 1000")) as stripped, listening(honest) as other:
        wall = await draw_wall(
            about(port(stripped), port(other)), authorities.network(), proxies=no_proxies, trust=authorities.trust
        )
    assert at(wall, stripped).verdict is Verdict.ALTERED
    assert at(wall, other).verdict is Verdict.OPEN
    (problem,) = wall.problems
    assert (problem.code, problem.confidence) == ("starttls-stripped", Confidence.LIKELY)


async def test_a_server_that_offers_no_starttls_anywhere_is_not_accused(authorities: Authorities) -> None:
    async with listening(speaks_smtp("SIZE 1000")) as number:
        wall = await draw_wall(about(port(number)), authorities.network(), proxies=no_proxies, trust=authorities.trust)
    assert (at(wall, number).starttls, at(wall, number).verdict) == (False, Verdict.OPEN)
    (problem,) = wall.problems
    assert (problem.code, problem.owner) == ("starttls-not-offered", Owner.MAIL_SERVER_ADMIN)
    assert problem.values["other_security"] == "tls"
    assert wall.outcome is Outcome.WARNING


async def test_a_certificate_of_the_company_where_another_port_shows_a_public_one_is_inspection(
    authorities: Authorities,
) -> None:
    mail = speaks_smtp("STARTTLS", context=authorities.server(authorities.public))
    inspected = authorities.server(authorities.company)
    async with listening(mail) as number, listening(speaks_smtp(), context=inspected) as web:
        question = about(port(number), port(web, Speech.SMTPS))
        wall = await draw_wall(question, authorities.network(), proxies=no_proxies, trust=authorities.trust)
    assert (at(wall, number).public, at(wall, web).public) == (True, False)
    assert at(wall, web).secured  # this computer trusts the company
    assert (at(wall, web).verdict, at(wall, web).problem) == (Verdict.ALTERED, "tls-inspected")
    (problem,) = wall.problems
    assert problem.confidence is Confidence.LIKELY  # a server can have another certificate at another port
    assert COMPANY in problem.values["issuer"]
    assert any(COMPANY in words for words in remarks(wall))
    assert COMPANY in firewall_request(wall)
    assert wall.outcome is Outcome.WARNING  # the other port is whole


async def test_an_inspecting_proxy_differs_from_the_direct_way(authorities: Authorities) -> None:
    async with (
        listening(speaks_smtp(), context=authorities.server(authorities.public)) as number,
        listening(speaks_smtp(), context=authorities.server(authorities.company)) as inspecting,
    ):
        proxy = ConnectProxy(target=Address("127.0.0.1", inspecting))
        async with proxy_running(proxy):
            wall = await draw_wall(
                about(port(number, Speech.SMTPS)),
                authorities.network(),
                proxies=proxy.settings,
                trust=authorities.trust,
            )
    assert at(wall, number).problem is None
    assert at(wall, number, Route.PROXY).problem == "tls-inspected"
    assert codes(wall) == ["tls-inspected"]


async def test_an_inspection_that_this_computer_does_not_trust_is_seen_too(authorities: Authorities) -> None:
    mail = speaks_smtp("STARTTLS", context=authorities.server(authorities.public))
    async with (
        listening(mail) as number,
        listening(speaks_smtp(), context=authorities.server(authorities.stranger)) as other,
    ):
        question = about(port(number), port(other, Speech.SMTPS))
        wall = await draw_wall(question, authorities.network(), proxies=no_proxies, trust=authorities.trust)
    way = at(wall, other)
    assert (way.secured, way.public, way.problem) == (False, False, "tls-inspected")
    assert "Nobody knows" in way.issuer
    (problem,) = wall.problems
    assert problem.evidence.verify in {18, 19, 20, 21}


@pytest.mark.parametrize("whose", ["company", "stranger"])
async def test_a_private_certificate_that_is_the_same_everywhere_is_the_servers_own(
    authorities: Authorities, whose: str
) -> None:
    authority: trustme.CA = getattr(authorities, whose)
    context = authorities.server(authority)
    async with (
        listening(speaks_smtp("STARTTLS", context=context)) as first,
        listening(speaks_smtp(), context=context) as second,
    ):
        question = about(port(first), port(second, Speech.SMTPS))
        wall = await draw_wall(question, authorities.network(), proxies=no_proxies, trust=authorities.trust)
    expected = None if whose == "company" else "tls-certificate-unknown-issuer"
    assert {at(wall, number).problem for number in (first, second)} == {expected}
    assert "tls-inspected" not in codes(wall)


async def test_a_wrong_name_says_nothing_of_the_issuer(authorities: Authorities) -> None:
    context = authorities.server(authorities.public, "another.example.net")
    async with listening(speaks_smtp(), context=context) as number:
        wall = await draw_wall(
            about(port(number, Speech.SMTPS)), authorities.network(), proxies=no_proxies, trust=authorities.trust
        )
    way = at(wall, number)
    assert (way.public, way.problem) == (None, "tls-certificate-wrong-name")
    assert "Public authority of the tests" in way.issuer
    assert codes(wall) == []


async def test_an_issuer_that_is_a_public_authority_by_name_is_not_taken_for_an_inspection(
    authorities: Authorities,
) -> None:
    forgetful = trustme.CA(organization_name="Public authority of the tests")
    honest = authorities.server(authorities.public)
    async with (
        listening(speaks_smtp(), context=authorities.server(forgetful)) as number,
        listening(speaks_smtp(), context=honest) as other,
    ):
        question = about(port(number, Speech.SMTPS), port(other, Speech.SMTPS))
        wall = await draw_wall(question, authorities.network(), proxies=no_proxies, trust=authorities.trust)
    assert at(wall, number).public is None
    assert "tls-inspected" not in codes(wall)


async def test_a_starttls_that_is_refused_keeps_its_own_name(authorities: Authorities) -> None:
    async with listening(speaks_smtp("STARTTLS")) as number:  # it answers 502
        wall = await draw_wall(
            about(port(number)), authorities.network(), proxies=SystemProxies, trust=authorities.trust
        )
    way = at(wall, number)
    assert (way.verdict, way.starttls, way.secured, way.problem) == (Verdict.OPEN, True, False, "starttls-refused")


@pytest.mark.parametrize(("sends_root", "public"), [(True, False), (False, None)])
async def test_a_known_name_excuses_a_forgotten_certificate_and_no_strange_root(
    authorities: Authorities, *, sends_root: bool, public: bool | None
) -> None:
    imitated = trustme.CA(organization_name="Public authority of the tests")
    leaf = imitated.issue_cert(HOST)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    with leaf.private_key_and_cert_chain_pem.tempfile() as file:
        if sends_root:
            Path(file).write_bytes(leaf.private_key_and_cert_chain_pem.bytes() + imitated.cert_pem.bytes())
        context.load_cert_chain(file)
    honest = authorities.server(authorities.public)
    async with listening(speaks_smtp(), context=context) as direct, listening(speaks_smtp(), context=honest) as far:
        proxy = ConnectProxy(target=Address("127.0.0.1", far))
        async with proxy_running(proxy):
            question = about(port(direct, Speech.SMTPS))
            wall = await draw_wall(question, authorities.network(), proxies=proxy.settings, trust=authorities.trust)
    assert at(wall, direct).public is public
    assert codes(wall) == (["tls-inspected"] if sends_root else [])


async def test_a_starttls_whose_command_is_written_over_is_stripped(authorities: Authorities) -> None:
    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"220 mail.example.org ESMTP\r\n")
        await reader.readline()
        writer.write(b"250-mail.example.org\r\n250 STARTTLS\r\n")
        await reader.readline()
        writer.write(b'500 5.5.1 Command unrecognized: "XXXXXXXX"\r\n')
        await reader.read()

    async with listening(serve) as number:
        wall = await draw_wall(about(port(number)), authorities.network(), proxies=no_proxies, trust=authorities.trust)
    way = at(wall, number)
    assert (way.verdict, way.problem, way.starttls) == (Verdict.ALTERED, "starttls-stripped", True)
    assert codes(wall) == ["starttls-stripped"]
    assert wall.outcome is Outcome.FAILED
