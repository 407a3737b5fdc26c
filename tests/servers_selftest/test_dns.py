"""The real nameserver answers what the test wrote, and fails the way nameservers fail."""

import dns.exception
import dns.message
import dns.query
import dns.rcode
import dns.resolver
import pytest
from tests.servers.dns import DnsServer
from tests.servers.fixtures import StartDns

pytestmark = pytest.mark.real_server

ZONE = """\
@ MX 10 mail
@ MX 20 backup.example.net.
mail A 127.0.0.1
mail AAAA ::1
_submissions._tcp SRV 0 1 465 mail
_submission._tcp SRV 0 0 0 .
@ TXT "v=spf1 mx -all"
autoconfig CNAME mail
"""
ZONES = {"example.org": ZONE, "xn--bcher-kva.example": "@ A 127.0.0.9", "broken.example": None}


@pytest.fixture
def server(dns_server: StartDns) -> DnsServer:
    return dns_server(ZONES)


def _ask(server: DnsServer, name: str, kind: str) -> list[str]:
    resolver = dns.resolver.Resolver(configure=False)
    resolver.nameservers, resolver.port = [server.host], server.port
    return sorted(str(record) for record in resolver.resolve(name, kind, lifetime=5))


@pytest.mark.parametrize(
    ("name", "kind", "records"),
    [
        ("example.org", "MX", ["10 mail.example.org.", "20 backup.example.net."]),
        ("mail.example.org", "A", ["127.0.0.1"]),
        ("mail.example.org", "AAAA", ["::1"]),
        ("_submissions._tcp.example.org", "SRV", ["0 1 465 mail.example.org."]),
        ("_submission._tcp.example.org", "SRV", ["0 0 0 ."]),
        ("example.org", "TXT", ['"v=spf1 mx -all"']),
        ("autoconfig.example.org", "A", ["127.0.0.1"]),
        ("bücher.example", "A", ["127.0.0.9"]),
    ],
)
def test_the_zone_is_answered(server: DnsServer, name: str, kind: str, records: list[str]) -> None:
    assert _ask(server, name, kind) == records


def test_a_name_that_is_not_there_and_a_kind_that_is_not_there(server: DnsServer) -> None:
    with pytest.raises(dns.resolver.NXDOMAIN):
        _ask(server, "nothing.example.org", "A")
    with pytest.raises(dns.resolver.NoAnswer):
        _ask(server, "mail.example.org", "MX")


@pytest.mark.parametrize(
    ("name", "code"),
    [("mail.broken.example", dns.rcode.SERVFAIL), ("elsewhere.example", dns.rcode.REFUSED)],
)
def test_zones_that_do_not_load_or_are_not_ours(server: DnsServer, name: str, code: dns.rcode.Rcode) -> None:
    question = dns.message.make_query(name, "A")
    assert dns.query.udp(question, server.host, port=server.port, timeout=5).rcode() == code


def test_two_nameservers_keep_to_themselves(dns_server: StartDns) -> None:
    first, second = (dns_server({"example.org": f"@ A 127.0.0.{last}"}) for last in (2, 3))
    assert _ask(first, "example.org", "A") == ["127.0.0.2"]
    assert _ask(second, "example.org", "A") == ["127.0.0.3"]


def test_a_record_that_does_not_parse_is_an_error_of_the_test(dns_server: StartDns) -> None:
    with pytest.raises(dns.exception.DNSException):
        dns_server({"example.org": "mail A not-an-address"})
