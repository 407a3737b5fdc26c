"""Certificates described, and looked at when they do not verify."""

import asyncio
import datetime as dt
import ssl
import time
from collections.abc import AsyncIterator, Callable

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding
from tests.servers.certificates import Certificate, Certificates
from tests.servers.ports import Address

from sendwright.network.certificates import CertificateFacts, describe, offered

StartTls = Callable[..., object]


def der_of(certificate: Certificate) -> bytes:
    return x509.load_pem_x509_certificates(certificate.chain.read_bytes())[0].public_bytes(Encoding.DER)


@pytest.fixture
async def serve() -> AsyncIterator[Callable[[ssl.SSLContext | None, bytes], object]]:
    servers: list[asyncio.Server] = []

    async def start(context: ssl.SSLContext | None, words: bytes = b"") -> int:
        async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            writer.write(words)
            await reader.read()
            writer.close()

        servers.append(await asyncio.start_server(talk, "127.0.0.1", 0, ssl=context))
        return int(servers[-1].sockets[0].getsockname()[1])

    yield start
    for server in servers:
        server.close()


def test_a_certificate_says_for_whom_by_whom_and_for_how_long(certificates: Certificates) -> None:
    facts = describe(der_of(certificates.good))
    assert facts.names == ("localhost", "mail.example.org", "127.0.0.1", "::1")
    assert "Sendwright test authority" in facts.issuer
    assert facts.subject.startswith("OU=")
    for moment in (facts.not_before, facts.not_after):
        assert dt.datetime.fromisoformat(moment).tzinfo == dt.UTC
        assert moment.endswith("Z")


def test_the_fingerprint_is_that_of_the_whole_certificate(certificates: Certificates) -> None:
    der = der_of(certificates.good)
    expected = x509.load_der_x509_certificate(der).fingerprint(hashes.SHA256()).hex().upper()
    assert describe(der).fingerprint.replace(":", "") == expected


def test_without_alternative_names_the_common_name_counts() -> None:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "old.example.org")])
    now = dt.datetime.now(dt.UTC)
    certificate = (
        x509.CertificateBuilder(name, name, key.public_key(), 1, now, now + dt.timedelta(days=1))
        .sign(key, hashes.SHA256())
        .public_bytes(Encoding.DER)
    )
    facts = describe(certificate)
    assert facts.names == ("old.example.org",)
    assert facts.subject == facts.issuer == "CN=old.example.org"


@pytest.mark.parametrize("der", [b"", b"no certificate", b"\x30\x82\x01\x00"])
def test_a_broken_certificate_has_a_fingerprint_at_least(der: bytes) -> None:
    facts = describe(der)
    assert len(facts.fingerprint.split(":")) == 32
    assert facts == CertificateFacts(fingerprint=facts.fingerprint)


@pytest.mark.parametrize("kind", ["expired", "self_signed", "wrong_name", "unknown_issuer", "good"])
async def test_what_does_not_verify_can_be_looked_at(certificates: Certificates, serve: StartTls, kind: str) -> None:
    certificate = getattr(certificates, kind)
    port = await serve(certificate.server_context())  # type: ignore[misc]
    offer = await offered("127.0.0.1", port=port, server_name="localhost", timeout_s=2)
    assert offer is not None
    assert offer.version == "TLSv1.3"
    assert offer.chain[0] == describe(der_of(certificate))


async def test_the_chain_comes_as_it_is_sent(certificates: Certificates, serve: StartTls) -> None:
    port = await serve(certificates.good_with_intermediate.server_context())  # type: ignore[misc]
    offer = await offered("127.0.0.1", port=port, server_name="localhost", timeout_s=2)
    assert offer is not None
    assert len(offer.chain) == 2
    assert offer.chain[0].issuer == offer.chain[1].subject


@pytest.mark.parametrize("newest", [ssl.TLSVersion.TLSv1, ssl.TLSVersion.TLSv1_1, ssl.TLSVersion.TLSv1_2])
async def test_old_versions_can_be_looked_at(
    certificates: Certificates, serve: StartTls, newest: ssl.TLSVersion
) -> None:
    port = await serve(certificates.good.server_context(newest=newest))  # type: ignore[misc]
    offer = await offered("127.0.0.1", port=port, server_name="localhost", timeout_s=2)
    assert offer is not None
    assert offer.version.replace(".", "_").replace("TLSv1_0", "TLSv1") == newest.name


async def test_a_connection_can_be_prepared_for_tls(certificates: Certificates, serve: StartTls) -> None:
    port = await serve(certificates.good.server_context())  # type: ignore[misc]
    prepared: list[bool] = []

    async def prepare(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        prepared.append(not reader.at_eof() and not writer.is_closing())

    offer = await offered("127.0.0.1", port=port, server_name="localhost", prepare=prepare, timeout_s=2)
    assert offer is not None
    assert prepared == [True]


async def test_where_no_tls_answers_there_is_nothing_to_see(serve: StartTls, closed_port: Address) -> None:
    plain = await serve(None, b"220 mail.example.org\r\n")  # type: ignore[misc]
    for port in (plain, closed_port.port):
        assert await offered("127.0.0.1", port=port, server_name="localhost", timeout_s=1) is None


async def test_a_silent_port_is_not_waited_for(serve: StartTls, black_hole: Address) -> None:
    silent = await serve(None)  # type: ignore[misc]
    for port in (silent, black_hole.port):
        began = time.monotonic()
        assert await offered("127.0.0.1", port=port, server_name="localhost", timeout_s=0.3) is None
        assert time.monotonic() - began < 3


@pytest.mark.parametrize("error", [EOFError, ValueError, ConnectionAbortedError])
async def test_a_preparation_that_fails_ends_the_look(serve: StartTls, error: type[Exception]) -> None:
    port = await serve(None)  # type: ignore[misc]

    async def prepare(_: asyncio.StreamReader, __: asyncio.StreamWriter) -> None:
        raise error

    offer = await offered("127.0.0.1", port=port, server_name="localhost", prepare=prepare, timeout_s=1)
    assert offer is None
