"""What the prober finds behind ports: scripted servers of every kind, real certificates, real silence."""

import asyncio
from collections.abc import Mapping

import pytest
from tests.servers.certificates import Certificates
from tests.servers.fixtures import StartSmtp
from tests.servers.ports import Address
from tests.servers.postfix import PostfixServer
from tests.servers.smtp_script import Drop, Flood, Say, Script, Silence, Trickle
from tests.servers.smtp_script import Security as Speaks
from tests.unit.providers.doubles import BROKEN, HANG, FakeResolver

from sendwright.network.network import Network
from sendwright.network.trust import client_context
from sendwright.providers.custom_smtp.probe import DOORS, Probed, Reach, SmtpProber
from sendwright.senders.smtp.settings import Security

HOST = "mail.example.org"
TLS, STARTTLS = Security.TLS, Security.STARTTLS


def prober(
    certificates: Certificates | None = None,
    *,
    hosts: Mapping[str, tuple[str, ...] | str] | None = None,
    patience_s: float = 5.0,
) -> SmtpProber:
    resolver = FakeResolver(hosts=hosts or {HOST: ("127.0.0.1",), "localhost": ("127.0.0.1",)})
    network = Network(resolver=resolver, tls=client_context, timeout_s=20.0)
    pem = certificates.ca_file.read_text() if certificates else None
    return SmtpProber(network, ca_pem=pem, patience_s=patience_s)


async def one(tried: SmtpProber, port: int, security: Security, *, host: str = HOST) -> Probed:
    return (await tried.doors(host, [(port, security)]))[0]


def test_the_doors_are_the_usual_ones_best_first() -> None:
    assert [port for port, _ in DOORS] == [465, 587, 2525, 25]
    assert [security for _, security in DOORS] == [TLS, STARTTLS, STARTTLS, STARTTLS]


async def test_a_server_with_tls_from_the_start_is_secure(scripted_smtp: StartSmtp, certificates: Certificates) -> None:
    server = scripted_smtp(Script(security=Speaks.TLS, certificate=certificates.good))
    outcome = await one(prober(certificates), server.port, TLS)
    assert (outcome.reach, outcome.security, outcome.condition) == (Reach.SECURE, TLS, "")
    assert outcome.usable


async def test_a_server_with_starttls_is_secure_and_is_left_politely(
    scripted_smtp: StartSmtp, certificates: Certificates
) -> None:
    server = scripted_smtp(Script(security=Speaks.STARTTLS, certificate=certificates.good))
    outcome = await one(prober(certificates), server.port, STARTTLS)
    assert outcome.reach is Reach.SECURE
    assert [command.verb for command in server.record.commands] == ["EHLO", "STARTTLS", "EHLO", "QUIT"]


async def test_nobody_ever_signs_in_or_names_a_mailbox(scripted_smtp: StartSmtp, certificates: Certificates) -> None:
    server = scripted_smtp(Script(security=Speaks.STARTTLS, certificate=certificates.good))
    await one(prober(certificates), server.port, STARTTLS)
    assert server.record.sign_ins == []
    assert not any("@" in command.argument for command in server.record.commands)


@pytest.mark.parametrize("kind", ["expired", "wrong_name", "unknown_issuer", "self_signed"])
@pytest.mark.parametrize("speaks", [Speaks.TLS, Speaks.STARTTLS])
async def test_a_certificate_that_does_not_verify_is_told(
    scripted_smtp: StartSmtp, certificates: Certificates, kind: str, speaks: Speaks
) -> None:
    server = scripted_smtp(Script(security=speaks, certificate=getattr(certificates, kind)))
    outcome = await one(prober(certificates), server.port, Security(speaks.value))
    assert outcome.reach is Reach.UNTRUSTED
    assert outcome.usable
    assert server.record.sign_ins == []


async def test_an_own_authority_counts_only_when_it_is_given(
    scripted_smtp: StartSmtp, certificates: Certificates
) -> None:
    server = scripted_smtp(Script(security=Speaks.TLS, certificate=certificates.good))
    assert (await one(prober(), server.port, TLS)).reach is Reach.UNTRUSTED
    assert (await one(prober(certificates), server.port, TLS)).reach is Reach.SECURE


async def test_a_server_without_encryption_is_found_and_not_usable(scripted_smtp: StartSmtp) -> None:
    outcome = await one(prober(), scripted_smtp(Script()).port, STARTTLS)
    assert outcome.reach is Reach.PLAINTEXT
    assert not outcome.usable


@pytest.mark.parametrize(("speaks", "asked", "found"), [(Speaks.TLS, STARTTLS, TLS), (Speaks.STARTTLS, TLS, STARTTLS)])
async def test_a_port_that_is_protected_the_other_way_is_found_out(
    scripted_smtp: StartSmtp, certificates: Certificates, speaks: Speaks, asked: Security, found: Security
) -> None:
    server = scripted_smtp(Script(security=speaks, certificate=certificates.good))
    outcome = await one(prober(certificates), server.port, asked)
    assert (outcome.reach, outcome.security) == (Reach.SECURE, found)


async def test_a_closed_port_is_closed(closed_port: Address) -> None:
    assert (await one(prober(), closed_port.port, STARTTLS)).reach is Reach.CLOSED


async def test_a_filtered_port_is_silent(black_hole: Address) -> None:
    outcome = await one(prober(patience_s=0.3), black_hole.port, TLS)
    assert outcome.reach is Reach.SILENT
    assert not outcome.usable


@pytest.mark.parametrize("answer", [BROKEN, "", ()])
async def test_a_name_that_leads_nowhere_is_told(answer: str | tuple[str, ...]) -> None:
    outcome = await one(prober(hosts={HOST: answer}), 465, TLS)
    assert outcome.reach is Reach.NO_HOST


async def test_a_nameserver_that_never_answers_is_not_waited_for() -> None:
    async with asyncio.timeout(20):
        outcome = await one(prober(hosts={HOST: HANG}, patience_s=0.1), 465, TLS)
    assert not outcome.usable


@pytest.mark.parametrize(
    "script",
    [
        Script(greeting=Silence()),
        Script(greeting=Trickle(b"220 " + b"x" * 4_000, pause=0.05)),
        Script(ehlo=Silence()),
    ],
)
async def test_a_server_that_falls_silent_is_given_up(scripted_smtp: StartSmtp, script: Script) -> None:
    async with asyncio.timeout(30):
        outcome = await one(prober(patience_s=0.3), scripted_smtp(script).port, STARTTLS)
    assert not outcome.usable


@pytest.mark.parametrize(
    "script",
    [
        Script(greeting=Say(b"HTTP/1.1 400 Bad Request\r\n\r\n")),
        Script(greeting=Drop()),
        Script(greeting=Drop(reset=True)),
        Script(greeting=b"554 5.7.1 No"),
        Script(ehlo=Flood(20_000_000)),
        Script(ehlo=b"500 What?"),
        Script(security=Speaks.STARTTLS, starttls=b"454 4.7.0 not now"),
        Script(security=Speaks.STARTTLS, handshake=Say(b"\x00" * 64)),
    ],
)
async def test_a_server_that_talks_nonsense_is_not_usable_and_nothing_is_raised(
    scripted_smtp: StartSmtp, script: Script
) -> None:
    async with asyncio.timeout(60):
        outcome = await one(prober(patience_s=2.0), scripted_smtp(script).port, STARTTLS)
    assert outcome.reach in {Reach.OTHER, Reach.SILENT}
    assert outcome.condition


async def test_doors_are_tried_side_by_side_and_answered_in_order(
    scripted_smtp: StartSmtp, certificates: Certificates, closed_port: Address, black_hole: Address
) -> None:
    tls = scripted_smtp(Script(security=Speaks.TLS, certificate=certificates.good))
    starttls = scripted_smtp(Script(security=Speaks.STARTTLS, certificate=certificates.good))
    doors = [
        (black_hole.port, TLS),
        (tls.port, TLS),
        (closed_port.port, STARTTLS),
        (starttls.port, STARTTLS),
    ]
    outcomes = await prober(certificates, patience_s=1.0).doors(HOST, doors)
    assert [outcome.port for outcome in outcomes] == [port for port, _ in doors]
    assert [outcome.reach for outcome in outcomes] == [
        Reach.SILENT,
        Reach.SECURE,
        Reach.CLOSED,
        Reach.SECURE,
    ]


async def test_cancelling_closes_the_connection(scripted_smtp: StartSmtp) -> None:
    server = scripted_smtp(Script(ehlo=Silence()))
    probing = asyncio.ensure_future(one(prober(patience_s=20.0), server.port, STARTTLS))
    await asyncio.to_thread(server.record.wait_for, "EHLO")
    probing.cancel()
    with pytest.raises(asyncio.CancelledError):
        await probing


@pytest.mark.real_server
async def test_a_real_postfix_is_found_on_its_ports(postfix: PostfixServer, certificates: Certificates) -> None:
    doors = [(postfix.ports.submissions, TLS), (postfix.ports.submission, STARTTLS)]
    outcomes = await prober(certificates).doors("localhost", doors)
    assert [outcome.reach for outcome in outcomes] == [Reach.SECURE, Reach.SECURE]
