"""Reads the private key and the certificate by which an application signs (RFC 7468, PKCS #8, X.509)."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final

from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm

from sendwright.oauth.rsa_key import RsaKeyUnusable, read_rsa_key
from sendwright.secret import Secret

_BEGIN: Final = "-----BEGIN "
_DASHES: Final = "-----"


class PairUnusable(ValueError):
    """What was given is no such pair; the only argument says why, and nothing of it.

    `key-unreadable`, `key-locked` (it wants a passphrase), `key-not-rsa`, `certificate-unreadable`, `key-of-another`.
    """


@dataclass(frozen=True, kw_only=True)
class SigningPair:
    """An RSA private key and its certificate, each one block of PEM; facts: what the certificate says."""

    private_key: str = field(repr=False)
    certificate: str
    facts: x509.Certificate = field(repr=False)


def read_pair(pem: Secret) -> SigningPair:
    """Return the first private key and the first certificate in `pem`, in any order. Raises PairUnusable.

    Source: learn.microsoft.com/entra/identity-platform/certificate-credentials
    """
    blocks = tuple(_blocks(pem.reveal()))
    key = next((block for kind, block in blocks if kind.endswith("PRIVATE KEY")), "")
    certificate = next((block for kind, block in blocks if kind == "CERTIFICATE"), "")
    try:
        private = read_rsa_key(key)
    except RsaKeyUnusable as unusable:
        raise PairUnusable(*unusable.args) from None
    try:
        facts = x509.load_pem_x509_certificate(certificate.encode())
        public = facts.public_key()
    except (ValueError, UnsupportedAlgorithm):
        raise PairUnusable("certificate-unreadable") from None
    if private.public_key() != public:
        raise PairUnusable("key-of-another")
    return SigningPair(private_key=key, certificate=certificate, facts=facts)


def _blocks(pem: str) -> Iterator[tuple[str, str]]:
    """Yield the kind and the text of each whole block (RFC 7468 section 2)."""
    kind, lines = "", list[str]()
    for line in map(str.strip, pem.splitlines()):
        if line.startswith(_BEGIN) and line.endswith(_DASHES):
            kind, lines = line.removeprefix(_BEGIN).removesuffix(_DASHES), []
        if kind:
            lines.append(line)
        if kind and line == f"-----END {kind}-----":
            yield kind, "\n".join(lines)
            kind = ""
