"""Reads an RSA private key (RFC 7468, PKCS #1 and #8)."""

from typing import Final

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.serialization import load_pem_private_key

UNREADABLE: Final = "key-unreadable"
LOCKED: Final = "key-locked"
NOT_RSA: Final = "key-not-rsa"


class RsaKeyUnusable(ValueError):
    """It is no such key; the only argument says why, and nothing of it.

    `key-unreadable`, `key-locked` (it wants a passphrase), `key-not-rsa`.
    """


def read_rsa_key(pem: str) -> RSAPrivateKey:
    """Return the private key. Raises RsaKeyUnusable."""
    try:
        private = load_pem_private_key(pem.encode(), password=None)
    except TypeError:
        raise RsaKeyUnusable(LOCKED) from None
    except (ValueError, UnsupportedAlgorithm):
        raise RsaKeyUnusable(UNREADABLE) from None
    if not isinstance(private, RSAPrivateKey):
        raise RsaKeyUnusable(NOT_RSA)
    return private
