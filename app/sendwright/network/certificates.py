"""Describes certificates, and fetches those that a server offers although they do not verify."""

import asyncio
import ssl
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import msgspec
from cryptography import x509
from cryptography.hazmat.primitives import hashes

from sendwright.network.dial import dial
from sendwright.network.failures import ConnectFailed
from sendwright.network.noting import note_handshake
from sendwright.network.verification import (
    EXPIRED,
    NOT_YET_VALID,
    SELF_SIGNED,
    UNKNOWN_ISSUER,
    is_foreign,
    openssl_code,
)
from sendwright.recording.recorder import SILENCE, Recorder

Prepare = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]
"""Brings a fresh connection to the point where TLS starts, such as through STARTTLS."""


class CertificateFacts(msgspec.Struct, frozen=True, kw_only=True):
    """What a certificate says.

    subject, issuer: distinguished names (RFC 4514). names: the DNS names and addresses it is for
    (subjectAltName; the common name where it has none). not_before, not_after: RFC 3339 in UTC.
    fingerprint: SHA-256 of the whole certificate, as pairs of hex digits. Fields that cannot be read are
    empty.
    """

    subject: str = ""
    issuer: str = ""
    names: tuple[str, ...] = ()
    not_before: str = ""
    not_after: str = ""
    fingerprint: str = ""


@dataclass(frozen=True, kw_only=True)
class Offer:
    """What a server offers: the TLS version, such as `TLSv1.3`, and its certificates, its own first."""

    version: str
    chain: tuple[CertificateFacts, ...]


def describe(der: bytes) -> CertificateFacts:
    """Describe a certificate in DER form; a broken one as far as it can be read."""
    digest = hashes.Hash(hashes.SHA256())
    digest.update(der)
    fingerprint = digest.finalize().hex(":").upper()
    try:
        certificate = x509.load_der_x509_certificate(der)
        return CertificateFacts(
            subject=certificate.subject.rfc4514_string(),
            issuer=certificate.issuer.rfc4514_string(),
            names=_names(certificate),
            not_before=_moment(certificate.not_valid_before_utc),
            not_after=_moment(certificate.not_valid_after_utc),
            fingerprint=fingerprint,
        )
    except ValueError:
        return CertificateFacts(fingerprint=fingerprint)


def refine(error: ssl.SSLCertVerificationError, *, certificate: CertificateFacts, now: datetime | None = None) -> int:
    """Return OpenSSL's code for a refused certificate, by what it says itself where a system's word is vague.

    Windows has one number for "no longer" and "not yet", none for self-signed, and speaks of the issuer
    alone when an authority was given in addition. now: aware; None is the present.
    """
    code = openssl_code(error)
    if not is_foreign(error) or not certificate.not_before:
        return code
    moment = _moment(now or datetime.now(UTC))
    if code in (EXPIRED, UNKNOWN_ISSUER):
        if moment < certificate.not_before:
            return NOT_YET_VALID
        if moment > certificate.not_after:
            return EXPIRED
    if code == UNKNOWN_ISSUER and certificate.subject == certificate.issuer:
        return SELF_SIGNED
    return code


def chain_of(tls: ssl.SSLObject) -> tuple[CertificateFacts, ...]:
    """Describe the certificates as the server sent them, its own first."""
    source: Any = tls if hasattr(tls, "get_unverified_chain") else getattr(tls, "_sslobj", None)  # public since 3.13
    chain = source.get_unverified_chain() or () if source is not None else ()
    return tuple(
        describe(item if isinstance(item, bytes) else ssl.PEM_cert_to_DER_cert(item.public_bytes())) for item in chain
    )


async def offered(
    address: str,
    *,
    port: int,
    server_name: str,
    prepare: Prepare | None = None,
    timeout_s: float,
    recorder: Recorder = SILENCE,
) -> Offer | None:
    """Return what the server offers to a client that accepts everything, None where no handshake succeeds.

    Only to look: the connection is closed after the handshake and never carries a credential. Never raises
    for what the server does.
    """
    try:
        async with asyncio.timeout(timeout_s):
            dialled = await dial((address,), port=port, timeout_s=timeout_s, recorder=recorder)
            reader, writer = await asyncio.open_connection(sock=dialled.sock)
            try:
                if prepare is not None:
                    await prepare(reader, writer)
                await writer.start_tls(looking_context(), server_hostname=server_name)
                tls = writer.get_extra_info("ssl_object")
                chain = chain_of(tls)
                note_handshake(recorder, tls, name=server_name, chain=chain, looking=True)
                return Offer(version=tls.version() or "", chain=chain)
            finally:
                writer.transport.abort()
    except (OSError, EOFError, ValueError, ConnectFailed):
        return None


def looking_context() -> ssl.SSLContext:
    """Return the one context that verifies nothing and takes retired versions: it looks where others refuse."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    context.minimum_version = ssl.TLSVersion.MINIMUM_SUPPORTED
    context.set_ciphers("ALL:@SECLEVEL=0")
    return context


def _names(certificate: x509.Certificate) -> tuple[str, ...]:
    try:
        extension = certificate.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    except x509.ExtensionNotFound:
        common = certificate.subject.get_attributes_for_oid(x509.NameOID.COMMON_NAME)
        return tuple(str(name.value) for name in common)
    names = extension.get_values_for_type(x509.DNSName)
    return (*names, *(str(address) for address in extension.get_values_for_type(x509.IPAddress)))


def _moment(when: datetime) -> str:
    return when.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
