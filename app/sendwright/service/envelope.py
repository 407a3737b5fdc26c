"""Encrypts values at rest: a fresh data key for each, wrapped by the key-encryption key, bound to its place.

AES-256-GCM (NIST SP 800-38D) twice. Layout: version byte, nonce of the wrapping (12 bytes), wrapped data key
(32 + 16 bytes), nonce of the value (12 bytes), ciphertext with its tag.
"""

import hmac
import os
from collections.abc import Sequence
from hashlib import sha256

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from sendwright.errors import SendwrightError

KEY_BYTES = 32
NONCE_BYTES = 12
TAG_BYTES = 16
LAYOUT = b"\x01"
_WRAPPED = KEY_BYTES + TAG_BYTES
_HEAD = len(LAYOUT) + NONCE_BYTES + _WRAPPED + NONCE_BYTES


class EnvelopeBroken(SendwrightError):
    """An encrypted value was altered, moved to another place, or belongs to another key."""


class Envelope:
    """Encrypts and decrypts with one key-encryption key of 32 bytes.

    installation: name of the backend that the values belong to. place: where in it a value belongs, such as
    `("profile", "3", "password")`; it decrypts nowhere else.
    """

    __slots__ = ("_installation", "_key", "_wrapping", "key_id")

    def __init__(self, key: bytes, *, installation: str = "") -> None:
        if len(key) != KEY_BYTES:
            raise ValueError(f"a key-encryption key has {KEY_BYTES} bytes")
        self._key = key
        self._installation = installation
        self._wrapping = AESGCM(self._derive(b"wrap"))
        self.key_id = self._derive(b"id").hex()[:32]

    def encrypt(self, plain: bytes, *, place: Sequence[str]) -> bytes:
        """Return `plain` encrypted for `place`."""
        bound = _bound((self._installation, *place))
        data_key, wrap_nonce, nonce = os.urandom(KEY_BYTES), os.urandom(NONCE_BYTES), os.urandom(NONCE_BYTES)
        wrapped = self._wrapping.encrypt(wrap_nonce, data_key, bound)
        return LAYOUT + wrap_nonce + wrapped + nonce + AESGCM(data_key).encrypt(nonce, plain, bound)

    def decrypt(self, sealed: bytes, *, place: Sequence[str]) -> bytes:
        """Return what was encrypted for `place`. Raises EnvelopeBroken."""
        if len(sealed) < _HEAD + TAG_BYTES or not sealed.startswith(LAYOUT):
            raise EnvelopeBroken("layout")
        bound = _bound((self._installation, *place))
        at = len(LAYOUT)
        wrap_nonce = sealed[at : at + NONCE_BYTES]
        wrapped = sealed[at + NONCE_BYTES : at + NONCE_BYTES + _WRAPPED]
        nonce = sealed[_HEAD - NONCE_BYTES : _HEAD]
        try:
            data_key = self._wrapping.decrypt(wrap_nonce, wrapped, bound)
            return AESGCM(data_key).decrypt(nonce, sealed[_HEAD:], bound)
        except InvalidTag as error:
            raise EnvelopeBroken("tag") from error

    def tag(self, purpose: str, value: str) -> bytes:
        """Return 32 bytes that only the holder of the key can compute from `purpose` and `value`."""
        return hmac.digest(self._derive(b"tag"), _bound((self._installation, purpose, value)), sha256)

    def _derive(self, purpose: bytes) -> bytes:
        return HKDF(SHA256(), KEY_BYTES, salt=None, info=b"sendwright " + purpose).derive(self._key)


def _bound(place: Sequence[str]) -> bytes:
    """Join the parts so that no two places look the same: each is preceded by its length."""
    return b"".join(len(part.encode()).to_bytes(4) + part.encode() for part in place)
