"""What is found out beside the ways: own addresses, made-up names, pages in clear, questions."""

import pytest
from tests.servers.ports import Address
from tests.unit.network.wall.stands import HOST, Authorities, FixedNames, answers, listening

from sendwright.network.failures import TrustFailed
from sendwright.network.system import system_network
from sendwright.network.wall.question import Question
from sendwright.network.wall.surroundings import (
    ask_for_nothing,
    family_of,
    is_public,
    look_for_page,
    own_address,
    resolve,
)
from sendwright.network.wall.trust import trust_of
from sendwright.network.wall.way import USUAL_PORTS, Port, Route, Speech


@pytest.mark.parametrize(
    ("address", "family", "public"),
    [
        ("93.184.216.34", Route.IPV4, True),
        ("10.0.0.9", Route.IPV4, False),
        ("192.168.1.1", Route.IPV4, False),
        ("127.0.0.1", Route.IPV4, False),
        ("100.64.0.1", Route.IPV4, False),
        ("2606:2800:220:1::1", Route.IPV6, True),
        ("fd00::1", Route.IPV6, False),
        ("fe80::1%eth0", Route.IPV6, False),
        ("nonsense", Route.IPV4, False),
    ],
)
def test_an_address_tells_its_family_and_whose_it_is(address: str, family: Route, *, public: bool) -> None:
    assert (family_of(address), is_public(address)) == (family, public)


@pytest.mark.parametrize(("address", "own"), [("127.0.0.1", "127.0.0.1"), ("::1", "::1"), ("nonsense", ""), ("", "")])
def test_the_system_says_from_where_packets_would_leave(address: str, own: str) -> None:
    assert own_address(address) == own


async def test_a_name_is_looked_up_and_its_failure_kept() -> None:
    names = FixedNames({HOST: ("192.0.2.1", "2001:db8::1")})
    assert (await resolve(names, HOST, timeout_s=5)).addresses == ("192.0.2.1", "2001:db8::1")
    failed = await resolve(names, "nowhere.example", timeout_s=5)
    assert failed.addresses == ()
    assert failed.failure is not None
    assert failed.failure.condition == "dns-name-not-found"


async def test_an_honest_resolver_knows_no_name_that_was_made_up() -> None:
    names = FixedNames({})
    assert await ask_for_nothing(names, timeout_s=5) == ()
    (asked,) = names.asked
    assert asked.endswith(".invalid.")
    assert len(asked) > len("0123456789.invalid")
    assert await ask_for_nothing(FixedNames({}, made_up=("192.0.2.7",)), timeout_s=5) == ("192.0.2.7",)


async def test_a_page_in_clear_is_looked_at_or_is_not_there(closed_port: Address) -> None:
    network = Authorities().network()
    async with listening(answers("HTTP/1.1 302 Found\r\nLocation: /x\r\n\r\n")) as port:
        page = await look_for_page(("127.0.0.1",), host=HOST, port=port, network=network)
    assert page is not None
    assert (page.status, page.redirected_to) == (302, "/x")
    assert await look_for_page(("127.0.0.1",), host=HOST, port=closed_port.port, network=network) is None
    assert await look_for_page((), host=HOST, port=80, network=network) is None
    async with listening(answers("no http\r\n")) as port:
        assert await look_for_page(("127.0.0.1",), host=HOST, port=port, network=network) is None


@pytest.mark.parametrize(
    ("question", "numbers"),
    [
        (Question(host=HOST), [25, 465, 587, 2525, 443]),
        (Question(host=HOST, port=587), [25, 465, 587, 2525, 443]),
        (Question(host=HOST, port=10_025, speech=Speech.SMTPS), [10_025, 25, 465, 587, 2525, 443]),
        (Question(host=HOST, web_host="help.example.org"), [25, 465, 587, 2525, 443, 443]),
        (Question(host=HOST, web_host=HOST), [25, 465, 587, 2525, 443]),
        (Question(host=HOST, ports=()), []),
    ],
)
def test_a_question_names_every_place_to_try(question: Question, numbers: list[int]) -> None:
    assert [port.number for _, port in question.places] == numbers
    assert {host for host, _ in question.places} <= {HOST, "help.example.org"}


def test_a_port_of_ones_own_speaks_what_it_is_said_to() -> None:
    question = Question(host=HOST, port=10_025, speech=Speech.SMTPS)
    assert question.places[0] == (HOST, Port(number=10_025, speech=Speech.SMTPS))


def test_only_port_25_is_one_that_networks_block_as_a_matter_of_course() -> None:
    assert [port.number for port in USUAL_PORTS if port.outbound] == [25]


def test_the_public_authorities_are_those_of_browsers() -> None:
    trust = trust_of(system_network())
    assert len(trust.public.get_ca_certs()) > 50
    assert trust.knows("CN=Whatever R1,O=DigiCert Inc,C=US")
    assert not trust.knows("CN=Contoso Web Inspection,O=Contoso")
    assert not trust.knows("")
    assert not trust.knows("no name at all")


def test_an_authority_that_is_none_is_refused() -> None:
    with pytest.raises(TrustFailed):
        trust_of(system_network(), ca_pem="no certificate")
