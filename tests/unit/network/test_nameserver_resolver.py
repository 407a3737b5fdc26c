"""Questions to one given nameserver: what is there, what is not, and who does not answer."""

import time

import pytest
from tests.servers.dns import DnsServer
from tests.servers.fixtures import StartDns
from tests.servers.ports import Address

from sendwright.network.failures import ResolveFailed
from sendwright.network.nameserver_resolver import NameserverResolver
from sendwright.network.resolver import MailExchanger, Resolver, Service
from sendwright.problems.evidence import System

ZONE = """
@ MX 20 backup
@ MX 10 MAIL
@ TXT "v=spf1 " "include:example.net -all"
@ TXT "other=\\195\\188\\255"
mail A 192.0.2.1
mail A 192.0.2.2
mail AAAA 2001:db8::1
four A 192.0.2.4
alias CNAME mail
nothing TXT "no address here"
null MX 0 .
_submissions._tcp SRV 0 1 465 small
_submissions._tcp SRV 0 9 465 big
_submissions._tcp SRV 10 1 465 later
_submission._tcp SRV 0 0 0 .
many TXT "{long}"
""".format(long='" "'.join("x" * 250 for _ in range(20)))
ZONES = {"example.org": ZONE, "xn--bcher-kva.example": "mail A 192.0.2.9", "broken.example": None}


@pytest.fixture
def server(dns_server: StartDns) -> DnsServer:
    return dns_server(ZONES)


@pytest.fixture
def resolver(server: DnsServer) -> NameserverResolver:
    return NameserverResolver(server.host, port=server.port, timeout_s=3)


async def test_it_is_a_resolver(resolver: Resolver) -> None:
    assert await resolver.addresses("127.0.0.1") == ("127.0.0.1",)


@pytest.mark.parametrize(
    ("host", "addresses"),
    [
        ("mail.example.org", {"2001:db8::1", "192.0.2.1", "192.0.2.2"}),
        ("MAIL.EXAMPLE.ORG.", {"2001:db8::1", "192.0.2.1", "192.0.2.2"}),
        ("alias.example.org", {"2001:db8::1", "192.0.2.1", "192.0.2.2"}),
        ("four.example.org", {"192.0.2.4"}),
        ("mail.bücher.example", {"192.0.2.9"}),
        ("nothing.example.org", set()),
        ("[IPv6:2001:db8::7]", {"2001:db8::7"}),
    ],
)
async def test_addresses_of_both_families(resolver: NameserverResolver, host: str, addresses: set[str]) -> None:
    found = await resolver.addresses(host)
    assert set(found) == addresses
    assert list(found) == sorted(found, key=lambda address: ":" not in address)


async def test_mail_exchangers_come_best_first(resolver: NameserverResolver) -> None:
    assert await resolver.mail_exchangers("example.org") == (
        MailExchanger(10, "mail.example.org"),
        MailExchanger(20, "backup.example.org"),
    )
    assert await resolver.mail_exchangers("null.example.org") == (MailExchanger(0, "."),)
    assert await resolver.mail_exchangers("mail.example.org") == ()


async def test_services_come_best_first_and_can_be_declined(resolver: NameserverResolver) -> None:
    found = await resolver.services("_submissions._tcp.example.org")
    assert [service.host.partition(".")[0] for service in found] == ["big", "small", "later"]
    assert await resolver.services("_submission._tcp.example.org") == (Service(0, 0, ".", 0),)


async def test_texts_are_joined_and_always_text(resolver: NameserverResolver) -> None:
    assert await resolver.texts("example.org") == (r"other=ü\xff", "v=spf1 include:example.net -all")
    assert await resolver.texts("mail.example.org") == ()


async def test_an_answer_that_is_too_large_for_one_packet_comes_all_the_same(
    resolver: NameserverResolver,
) -> None:
    assert await resolver.texts("many.example.org") == ("x" * 5_000,)


@pytest.mark.parametrize("question", ["addresses", "mail_exchangers", "services", "texts"])
@pytest.mark.parametrize(
    ("name", "condition"),
    [
        ("nowhere.example.org", "dns-name-not-found"),
        ("mail.broken.example", "dns-resolver-failed"),  # SERVFAIL
        ("mail.example.com", "dns-resolver-failed"),  # REFUSED
        ("not a name", "dns-name-not-found"),
    ],
)
async def test_no_such_name_is_told_from_no_answer(
    resolver: NameserverResolver, question: str, name: str, condition: str
) -> None:
    with pytest.raises(ResolveFailed) as caught:
        await getattr(resolver, question)(name)
    evidence = caught.value.evidence
    assert (evidence.stage, evidence.system, evidence.condition) == ("resolve", System.DNS, condition)
    assert evidence.values["host"] == name


async def test_a_silent_nameserver_is_not_waited_for_longer_than_asked(silent_nameserver: Address) -> None:
    resolver = NameserverResolver(silent_nameserver.host, port=silent_nameserver.port, timeout_s=0.5)
    began = time.monotonic()
    with pytest.raises(ResolveFailed) as caught:
        await resolver.addresses("mail.example.org")
    assert time.monotonic() - began < 3
    assert caught.value.evidence.condition == "dns-resolver-failed"


async def test_a_nameserver_that_cannot_be_reached_is_a_failed_resolver(closed_port: Address) -> None:
    resolver = NameserverResolver(closed_port.host, port=closed_port.port, timeout_s=0.5)
    with pytest.raises(ResolveFailed) as caught:
        await resolver.texts("example.org")
    assert caught.value.evidence.condition == "dns-resolver-failed"


async def test_one_family_is_enough(resolver: NameserverResolver, monkeypatch: pytest.MonkeyPatch) -> None:
    ask = resolver.ask

    async def half(name: str, kind: int) -> tuple[object, ...]:
        return await (ask("mail.broken.example", kind) if kind == 28 else ask(name, kind))  # type: ignore[arg-type]

    monkeypatch.setattr(resolver, "ask", half)
    assert set(await resolver.addresses("mail.example.org")) == {"192.0.2.1", "192.0.2.2"}
    with pytest.raises(ResolveFailed) as caught:  # not "no address": nobody knows
        await resolver.addresses("nothing.example.org")
    assert caught.value.evidence.condition == "dns-resolver-failed"
