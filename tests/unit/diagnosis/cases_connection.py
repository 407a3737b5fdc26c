"""Servers that fail before anybody signs in: one case for each problem code of these stages."""

import ssl
from collections.abc import Callable
from dataclasses import dataclass

import pytest
from tests.servers.certificates import Certificate, Certificates
from tests.servers.smtp_script import Drop, Say, Script, Silence
from tests.servers.smtp_script import Security as Speaks
from tests.unit.diagnosis.walking import TIMEOUT_S, Login, Target

from sendwright.network.nameserver_resolver import NameserverResolver
from sendwright.senders.smtp.settings import Security

Start = Callable[[pytest.FixtureRequest], Target]

# The kernel refuses to connect to a multicast address before anything leaves the computer.
NOWHERE = "224.0.0.1"

ALERT_HANDSHAKE_FAILURE = b"\x15\x03\x03\x00\x02\x02\x28"


@dataclass(frozen=True, kw_only=True)
class Case:
    """A server, what is asked of it, and the code and stage that must come of it."""

    code: str
    stage: str
    start: Start
    security: Security = Security.STARTTLS
    login: Login | None = None
    submit: bool = False
    retry: str | None = None

    def __str__(self) -> str:
        return f"{self.code} at {self.stage}"


def scripted(script: Callable[[Certificates], Script]) -> Start:
    def start(request: pytest.FixtureRequest) -> Target:
        server = request.getfixturevalue("scripted_smtp")(script(request.getfixturevalue("certificates")))
        return Target(port=server.port)

    return start


def showing(choose: Callable[[Certificates], Certificate]) -> Start:
    """A server whose certificate is chosen from those of the kit."""
    return scripted(lambda kit: Script(security=Speaks.STARTTLS, certificate=choose(kit)))


def plain(**script: object) -> Start:
    return scripted(lambda _: Script(**script))  # type: ignore[arg-type]  # the cases below name its fields


def encrypted(**script: object) -> Start:
    """A server with STARTTLS and a good certificate."""
    return scripted(lambda kit: Script(**{"security": Speaks.STARTTLS, "certificate": kit.good, **script}))  # type: ignore[arg-type]  # as above


def nameserver(zones: dict[str, str | None], *, host: str) -> Start:
    def start(request: pytest.FixtureRequest) -> Target:
        server = request.getfixturevalue("dns_server")(zones)
        resolver = NameserverResolver(server.host, port=server.port, timeout_s=TIMEOUT_S)
        return Target(host=host, port=587, resolver=resolver)

    return start


def silent_nameserver(request: pytest.FixtureRequest) -> Target:
    server = request.getfixturevalue("silent_nameserver")
    resolver = NameserverResolver(server.host, port=server.port, timeout_s=0.5)
    return Target(host="mail.example.org", port=587, resolver=resolver)


def closed(request: pytest.FixtureRequest) -> Target:
    address = request.getfixturevalue("closed_port")
    return Target(host=address.host, port=address.port)


def filtered(request: pytest.FixtureRequest) -> Target:
    address = request.getfixturevalue("black_hole")
    return Target(host=address.host, port=address.port)


RESOLVE = (
    Case(
        code="dns-name-not-found",
        stage="resolve",
        start=nameserver({"example.org": "mail A 127.0.0.1"}, host="nail.example.org"),
        retry="after-fix",
    ),
    Case(
        code="dns-no-address",
        stage="resolve",
        start=nameserver({"example.org": 'mail TXT "no address"'}, host="mail.example.org"),
    ),
    Case(
        code="dns-resolver-failed",
        stage="resolve",
        start=nameserver({"broken.example": None}, host="mail.broken.example"),
        retry="later",
    ),
    Case(code="dns-resolver-failed", stage="resolve", start=silent_nameserver),
)

CONNECT = (
    Case(code="connection-refused", stage="connect", start=closed, retry="later"),
    Case(code="connection-timed-out", stage="connect", start=filtered, retry="later"),
    Case(code="network-unreachable", stage="connect", start=lambda _: Target(host=NOWHERE, port=587)),
)

GREET = (
    Case(code="not-an-smtp-server", stage="greet", start=plain(greeting=b"HTTP/1.1 400 Bad Request")),
    Case(code="not-an-smtp-server", stage="greet", start=plain(greeting=b"SSH-2.0-OpenSSH_9.2p1")),
    Case(
        code="server-not-accepting",
        stage="greet",
        start=plain(greeting=b"554 mail.example.org ESMTP not accepting connections"),
        retry="after-fix",
    ),
    Case(
        code="too-many-connections",
        stage="greet",
        start=plain(greeting=b"421 4.7.0 mail.example.org Error: too many connections"),
        retry="later",
    ),
    Case(
        code="wrong-security-mode",
        stage="greet",
        start=scripted(lambda kit: Script(security=Speaks.TLS, certificate=kit.good)),
    ),
    Case(code="wrong-security-mode", stage="secure", start=plain(), security=Security.TLS),
    Case(code="connection-dropped", stage="greet", start=plain(greeting=Drop())),
    Case(code="connection-dropped", stage="greet", start=plain(ehlo=Drop(reset=True)), retry="later"),
    Case(code="connection-dropped", stage="greet", start=plain(ehlo=Drop(say=b"250-mail"))),
    Case(code="answer-timed-out", stage="greet", start=plain(greeting=Silence()), retry="later"),
)

SECURE = (
    Case(code="starttls-not-offered", stage="secure", start=plain(), retry="after-fix"),
    Case(
        code="starttls-refused",
        stage="secure",
        start=encrypted(starttls=b"454 4.7.0 TLS not available due to local problem"),
        retry="later",
    ),
    Case(
        code="starttls-refused",
        stage="secure",
        start=encrypted(starttls=b"502 5.5.1 Error: command not implemented"),
        retry="after-fix",
    ),
    Case(code="tls-certificate-expired", stage="secure", start=showing(lambda kit: kit.expired)),
    Case(code="tls-certificate-not-yet-valid", stage="secure", start=showing(lambda kit: kit.not_yet_valid)),
    Case(code="tls-certificate-self-signed", stage="secure", start=showing(lambda kit: kit.self_signed)),
    Case(code="tls-certificate-unknown-issuer", stage="secure", start=showing(lambda kit: kit.unknown_issuer)),
    Case(code="tls-certificate-unknown-issuer", stage="secure", start=showing(lambda kit: kit.private_root_sent)),
    Case(
        code="tls-certificate-unknown-issuer",
        stage="secure",
        start=showing(lambda kit: kit.missing_intermediate),
    ),
    Case(code="tls-certificate-wrong-name", stage="secure", start=showing(lambda kit: kit.wrong_name)),
    Case(
        code="tls-version-too-old",
        stage="secure",
        start=scripted(
            lambda kit: Script(security=Speaks.STARTTLS, certificate=kit.good, newest_tls=ssl.TLSVersion.TLSv1_1)
        ),
    ),
    Case(
        code="tls-handshake-failed",
        stage="secure",
        start=encrypted(handshake=Say(ALERT_HANDSHAKE_FAILURE)),
    ),
    Case(
        code="data-before-tls",
        stage="secure",
        start=encrypted(starttls=Say(b"220 2.0.0 Ready\r\n250 mail.evil.example\r\n")),
    ),
)

CASES = (*RESOLVE, *CONNECT, *GREET, *SECURE)
