"""TLS, at once and by STARTTLS: certificates of all the broken kinds, old versions, the wrong mode."""

import ssl

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding
from tests.servers.certificates import Certificates
from tests.servers.fixtures import StartSmtp
from tests.servers.smtp_script import Drop, Flood, Say, Script, Silence, Trickle
from tests.unit.senders.smtp.conftest import StartWalk
from tests.unit.senders.smtp.walking import BOTH, script

from sendwright.problems.evidence import System
from sendwright.senders.smtp.settings import Security

BROKEN = {
    "expired": 10,
    "not_yet_valid": 9,
    "self_signed": 18,
    "private_root_sent": 19,
    "unknown_issuer": 20,
    "missing_intermediate": 20,
    "wrong_name": 62,
}


@pytest.mark.parametrize("security", BOTH)
@pytest.mark.parametrize("kind", BROKEN)
async def test_a_certificate_that_does_not_verify_is_refused_and_shown(
    scripted_smtp: StartSmtp, certificates: Certificates, walk: StartWalk, kind: str, security: Security
) -> None:
    server = scripted_smtp(script(getattr(certificates, kind), security))
    walking = walk(server.port, security)
    evidence = await walking.fails_at("secure")
    assert (evidence.system, evidence.verify) == (System.TLS, BROKEN[kind])
    assert evidence.condition == "tls-certificate-refused"
    values = evidence.values
    assert values["names"].split(", ")[0] in {"localhost", "another.example.net"}
    assert values["not_after"].endswith("Z")
    assert len(values["fingerprint"].split(":")) == 32
    assert evidence.text
    assert not walking.session.is_open


@pytest.mark.parametrize("security", BOTH)
async def test_a_refused_certificate_never_sees_credentials(
    scripted_smtp: StartSmtp, certificates: Certificates, walk: StartWalk, security: Security
) -> None:
    server = scripted_smtp(script(certificates.self_signed, security))
    await walk(server.port, security).fails_at("secure")
    assert set(server.record.verbs) <= {"EHLO", "STARTTLS"}


async def test_the_names_of_a_wrong_certificate_are_offered(
    scripted_smtp: StartSmtp, certificates: Certificates, walk: StartWalk
) -> None:
    server = scripted_smtp(script(certificates.wrong_name))
    evidence = await walk(server.port).fails_at("secure")
    assert evidence.values["names"] == "another.example.net"
    assert "localhost" in evidence.text


async def test_an_address_is_checked_against_the_certificate_too(
    scripted_smtp: StartSmtp, certificates: Certificates, walk: StartWalk
) -> None:
    server = scripted_smtp(script(certificates.wrong_name))
    evidence = await walk(server.port, host="127.0.0.1").fails_at("secure")
    assert evidence.verify == 64


@pytest.mark.parametrize("kind", ["good", "good_with_intermediate"])
async def test_an_own_authority_makes_a_private_certificate_good(
    scripted_smtp: StartSmtp, certificates: Certificates, walk: StartWalk, kind: str
) -> None:
    server = scripted_smtp(script(getattr(certificates, kind)))
    assert (await walk(server.port).until("secure"))["version"] == "TLSv1.3"


@pytest.mark.parametrize("security", BOTH)
async def test_a_servers_own_certificate_can_be_trusted_by_itself(
    scripted_smtp: StartSmtp, certificates: Certificates, walk: StartWalk, security: Security
) -> None:
    server = scripted_smtp(script(certificates.self_signed, security))
    pinned = certificates.self_signed.chain.read_text()
    assert (await walk(server.port, security, ca_pem=pinned).until("secure"))["chain"]


async def test_the_issuing_authority_is_enough_without_the_root_above_it(
    scripted_smtp: StartSmtp, certificates: Certificates, walk: StartWalk
) -> None:
    server = scripted_smtp(script(certificates.missing_intermediate))
    leaf, intermediate = x509.load_pem_x509_certificates(certificates.good_with_intermediate.chain.read_bytes())
    assert leaf.issuer == intermediate.subject
    pem = intermediate.public_bytes(Encoding.PEM).decode()
    assert (await walk(server.port, ca_pem=pem).until("secure"))["version"] == "TLSv1.3"


@pytest.mark.parametrize("kind", ["expired", "wrong_name"])
async def test_an_own_authority_excuses_nothing_else(
    scripted_smtp: StartSmtp, certificates: Certificates, walk: StartWalk, kind: str
) -> None:
    certificate = getattr(certificates, kind)
    server = scripted_smtp(script(certificate))
    pinned = certificates.ca_file.read_text() + certificate.chain.read_text()
    assert (await walk(server.port, ca_pem=pinned).fails_at("secure")).verify == BROKEN[kind]


async def test_without_the_own_authority_it_is_unknown(
    scripted_smtp: StartSmtp, certificates: Certificates, walk: StartWalk
) -> None:
    server = scripted_smtp(script(certificates.good))
    evidence = await walk(server.port, ca_pem=None).fails_at("secure")
    assert evidence.verify == 20


async def test_an_unreadable_authority_is_named(
    scripted_smtp: StartSmtp, certificates: Certificates, walk: StartWalk
) -> None:
    server = scripted_smtp(script(certificates.good))
    evidence = await walk(server.port, ca_pem="no certificate").fails_at("secure")
    assert (evidence.stage, evidence.condition) == ("secure", "tls-authority-invalid")


@pytest.mark.parametrize("security", BOTH)
@pytest.mark.parametrize("newest", [ssl.TLSVersion.TLSv1, ssl.TLSVersion.TLSv1_1])
async def test_a_server_with_retired_tls_only_is_named(
    scripted_smtp: StartSmtp,
    certificates: Certificates,
    walk: StartWalk,
    newest: ssl.TLSVersion,
    security: Security,
) -> None:
    server = scripted_smtp(script(certificates.good, security, newest_tls=newest))
    evidence = await walk(server.port, security).fails_at("secure")
    assert (evidence.system, evidence.condition) == (System.TLS, "tls-version-too-old")
    assert evidence.values["version"] == {"TLSv1": "TLSv1", "TLSv1_1": "TLSv1.1"}[newest.name]


async def test_tls_1_2_is_new_enough(scripted_smtp: StartSmtp, certificates: Certificates, walk: StartWalk) -> None:
    server = scripted_smtp(script(certificates.good, newest_tls=ssl.TLSVersion.TLSv1_2))
    assert (await walk(server.port).until("secure"))["version"] == "TLSv1.2"


@pytest.mark.parametrize(
    "script_of",
    [
        Script(),
        Script(greeting=Trickle(b"220 slow words\r\n", pause=0.02)),
        Script(greeting=b"554 5.3.2 not for you"),
    ],
)
async def test_tls_to_a_port_that_talks_in_clear_is_the_wrong_mode(
    scripted_smtp: StartSmtp, walk: StartWalk, script_of: Script
) -> None:
    server = scripted_smtp(script_of)
    evidence = await walk(server.port, Security.TLS).fails_at("secure")
    assert (evidence.condition, evidence.values["other"]) == ("wrong-security-mode", "starttls")


@pytest.mark.parametrize("words", [b"SSH-2.0-OpenSSH_9.2p1\r\n", b"+OK POP3 ready\r\n"])
async def test_tls_to_another_protocol_is_not_an_smtp_server(
    scripted_smtp: StartSmtp, walk: StartWalk, words: bytes
) -> None:
    server = scripted_smtp(Script(greeting=Say(words)))
    evidence = await walk(server.port, Security.TLS).fails_at("secure")
    assert evidence.condition == "not-an-smtp-server"
    assert evidence.text in words.decode()


@pytest.mark.parametrize("security", BOTH)
@pytest.mark.parametrize(
    ("handshake", "condition"),
    [
        (Drop(), "connection-dropped"),
        (Drop(reset=True), "connection-dropped"),
        (Silence(), "connection-timed-out"),
        (Say(b"\x15\x03\x03\x00\x02\x02\x28"), "tls-handshake-failed"),
        (Flood(2**16), "tls-handshake-failed"),
    ],
)
async def test_a_handshake_that_fails_is_told_apart(
    *,
    scripted_smtp: StartSmtp,
    certificates: Certificates,
    walk: StartWalk,
    security: Security,
    handshake: object,
    condition: str,
) -> None:
    server = scripted_smtp(script(certificates.good, security, handshake=handshake))
    walking = walk(server.port, security)
    await walking.before("secure")
    if condition == "connection-timed-out":
        walking.hurry()
    evidence = await walking.fails_at("secure")
    spoke_in_clear = security is Security.TLS and isinstance(handshake, Say | Flood)
    if spoke_in_clear:
        assert evidence.condition in {condition, "not-an-smtp-server", "wrong-security-mode"}
    else:
        assert evidence.condition == condition
    assert not walking.session.is_open
