"""The search against a real nameserver, a real https server and mail servers on real sockets."""

import asyncio
from collections.abc import Sequence

import httpx
import pytest
from tests.servers.autoconfig_https import EveryHostLeadsTo, HttpsServer, Page
from tests.servers.certificates import Certificates
from tests.servers.dns import DnsServer
from tests.servers.fixtures import StartDns, StartHttps, StartSmtp
from tests.servers.ports import Address
from tests.servers.smtp_script import Script
from tests.servers.smtp_script import Security as Speaks
from tests.unit.providers.custom_smtp.test_autoconfig import document, server
from tests.unit.providers.doubles import Reported

from sendwright.network.nameserver_resolver import NameserverResolver
from sendwright.network.network import Network
from sendwright.network.trust import client_context
from sendwright.providers.custom_smtp.discovery import Discovery, Search
from sendwright.providers.custom_smtp.presets import load
from sendwright.providers.custom_smtp.probe import Door, Probed, SmtpProber
from sendwright.providers.custom_smtp.publisher import Publisher
from sendwright.senders.smtp.settings import Security

pytestmark = pytest.mark.real_server

AUTOCONFIG = "autoconfig.example.org/mail/config-v1.1.xml"
HOSTS = "smtp A 127.0.0.1\nmail A 127.0.0.1\nautoconfig A 127.0.0.1\n"


class ElsewhereProber:
    """Tries the ports that a test's servers happen to have instead of the usual ones."""

    def __init__(self, inner: SmtpProber, doors: Sequence[Door]) -> None:
        self._inner = inner
        self._doors = doors

    async def doors(self, host: str, doors: Sequence[Door] = ()) -> tuple[Probed, ...]:
        return await self._inner.doors(host, self._doors)


async def search(
    resolver: NameserverResolver,
    certificates: Certificates,
    *,
    https: HttpsServer | Address,
    doors: Sequence[Door] = (),
    ask_mozilla: bool = False,
    budget_s: float = 20.0,
) -> tuple[Search, Reported]:
    pem = certificates.ca_file.read_text()
    address = https if isinstance(https, Address) else https.address
    network = Network(resolver=resolver, tls=client_context, timeout_s=10.0)

    def http() -> httpx.AsyncClient:
        return httpx.AsyncClient(transport=EveryHostLeadsTo(address, context=client_context(pem)))

    discovery = Discovery(
        resolver=resolver,
        publisher=Publisher(http),
        prober=ElsewhereProber(SmtpProber(network, ca_pem=pem, patience_s=2.0), doors),
        presets=load(),
        budget_s=budget_s,
    )
    reported = Reported()
    async with asyncio.timeout(60):
        return await discovery.search("example.org", ask_mozilla=ask_mozilla, progress=reported), reported


def resolver_of(nameserver: DnsServer | Address) -> NameserverResolver:
    return NameserverResolver(nameserver.host, port=nameserver.port, timeout_s=5.0)


async def test_srv_records_are_read_from_the_zone(
    dns_server: StartDns, https_server: StartHttps, certificates: Certificates
) -> None:
    zone = (
        f"{HOSTS}_submissions._tcp SRV 0 1 465 smtp\n_submission._tcp SRV 10 1 587 mail\n"
        "_submission._tcp SRV 20 1 587 smtp.hoster.example."
    )
    found, _ = await search(resolver_of(dns_server({"example.org": zone})), certificates, https=https_server({}))
    assert [(one.host, one.port, one.note) for one in found.candidates] == [
        ("smtp.example.org", 465, ""),
        ("mail.example.org", 587, ""),
        ("smtp.hoster.example", 587, "custom_smtp.notes.other-domain"),
    ]


async def test_a_service_that_is_decidedly_not_offered_is_believed(
    dns_server: StartDns, https_server: StartHttps, certificates: Certificates
) -> None:
    zone = "_submissions._tcp SRV 0 0 0 .\n_submission._tcp SRV 0 0 0 ."
    found, reported = await search(resolver_of(dns_server({"example.org": zone})), certificates, https=https_server({}))
    assert found.candidates == ()
    assert reported["srv"].evidence["reason"] == "not-offered"


async def test_the_mail_exchanger_shows_the_provider(
    dns_server: StartDns, https_server: StartHttps, certificates: Certificates
) -> None:
    zone = "@ MX 10 mx00.ionos.de.\n@ MX 20 mx01.ionos.de."
    found, _ = await search(resolver_of(dns_server({"example.org": zone})), certificates, https=https_server({}))
    assert [(one.host, one.port) for one in found.candidates] == [
        ("smtp.ionos.de", 465),
        ("smtp.ionos.de", 587),
    ]


async def test_settings_published_over_https_are_read_and_the_certificate_counts(
    dns_server: StartDns, https_server: StartHttps, certificates: Certificates
) -> None:
    pages = {AUTOCONFIG: Page(body=document(server(host="out.example.org")))}
    resolver = resolver_of(dns_server({"example.org": HOSTS}))
    trusted = https_server(pages, certificate=certificates.issue("autoconfig.example.org"))
    found, _ = await search(resolver, certificates, https=trusted)
    assert [one.host for one in found.candidates] == ["out.example.org"]
    assert trusted.seen[0].target == "/mail/config-v1.1.xml"
    foreign = https_server(pages, certificate=certificates.unknown_issuer)
    found, reported = await search(resolver, certificates, https=foreign)
    assert found.candidates == ()
    assert reported["autoconfig"].evidence["reason"] == "unreachable"
    assert foreign.seen == []


async def test_the_ports_of_likely_hosts_are_tried_on_real_sockets(
    dns_server: StartDns,
    https_server: StartHttps,
    scripted_smtp: StartSmtp,
    certificates: Certificates,
    closed_port: Address,
) -> None:
    certificate = certificates.issue("smtp.example.org", name="smtp-only")
    tls = scripted_smtp(Script(security=Speaks.TLS, certificate=certificate))
    starttls = scripted_smtp(Script(security=Speaks.STARTTLS, certificate=certificate))
    doors = [
        (closed_port.port, Security.TLS),
        (tls.port, Security.TLS),
        (starttls.port, Security.STARTTLS),
    ]
    found, _ = await search(
        resolver_of(dns_server({"example.org": HOSTS})), certificates, https=https_server({}), doors=doors
    )
    trusted = [one for one in found.candidates if not one.note]
    assert {(one.host, one.port, one.security) for one in trusted} == {
        ("smtp.example.org", tls.port, Security.TLS),
        ("smtp.example.org", starttls.port, Security.STARTTLS),
    }
    assert {one.note for one in found.candidates[2:]} == {"custom_smtp.notes.certificate"}
    assert tls.record.sign_ins == starttls.record.sign_ins == []


@pytest.mark.parametrize("ask_mozilla", [False, True])
async def test_mozilla_sees_a_request_only_with_consent_and_never_an_address(
    dns_server: StartDns, https_server: StartHttps, certificates: Certificates, *, ask_mozilla: bool
) -> None:
    names = ("v1.ispdb.net", "autoconfig.example.org", "example.org")
    web = https_server(
        {"v1.ispdb.net/example.org": Page(body=document(server()))},
        certificate=certificates.issue(*names, name="three-names"),
    )
    found, _ = await search(
        resolver_of(dns_server({"example.org": HOSTS})), certificates, https=web, ask_mozilla=ask_mozilla
    )
    asked = [(seen.host, seen.target) for seen in web.seen if seen.host == "v1.ispdb.net"]
    assert asked == ([("v1.ispdb.net", "/example.org")] if ask_mozilla else [])
    assert bool(found.candidates) is ask_mozilla
    assert not any("@" in seen.target or "?" in seen.target or seen.body for seen in web.seen)


async def test_a_world_that_never_answers_is_given_up(
    silent_nameserver: Address, black_hole: Address, certificates: Certificates
) -> None:
    found, reported = await search(
        resolver_of(silent_nameserver), certificates, https=black_hole, ask_mozilla=True, budget_s=1.0
    )
    assert found.candidates == ()
    assert len(reported.results) == 5
