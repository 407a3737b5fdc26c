"""Seals credentials for one notification backend and one profile: nothing on the way can read or move them.

Compact JWE (RFC 7516), ECDH-ES direct key agreement and A256GCM (RFC 7518 sections 4.6 and 5.3). The payload
names the digest of the profile it belongs to: credentials put beside another profile do not open.
"""

import re
from base64 import urlsafe_b64decode, urlsafe_b64encode
from binascii import Error as Base64Error
from collections.abc import Iterable, Mapping
from hashlib import sha256
from typing import Any, Final, Literal

import msgspec
from joserfc import jwe
from joserfc.errors import JoseError
from joserfc.jwk import ECKey

from sendwright.errors import SendwrightError
from sendwright.handoff.backend import HandoffFailed
from sendwright.problems.evidence import Evidence, System
from sendwright.profile import SenderProfile
from sendwright.secret import Secret

ALGORITHM: Final = "ECDH-ES"
ENCRYPTION: Final = "A256GCM"
CURVES: Final = frozenset({"P-256", "P-384", "P-521"})
MAX_LENGTH: Final = 64 * 1024

_PUBLIC_MEMBERS = frozenset({"kty", "crv", "x", "y", "kid", "use", "alg", "key_ops"})
_SEGMENTS = 5
_BASE64URL = re.compile(r"[A-Za-z0-9_-]*")


class SealBroken(SendwrightError):
    """Sealed credentials cannot be opened.

    `code` is `credentials-unreadable` (altered, weak or no JWE), `credentials-sealed-for-another-key` or
    `credentials-of-another-profile`.
    """

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class _Contents(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    profile: str
    credentials: dict[str, str]


class _EphemeralKey(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    kty: Literal["EC"]
    crv: Literal["P-256", "P-384", "P-521"]
    x: str
    y: str


class _Header(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The only parameters that are understood; compression is none of them (it bursts on opening)."""

    alg: str
    enc: str
    kid: str
    epk: _EphemeralKey


def digest_of(profile: SenderProfile) -> str:
    """Return the hexadecimal SHA-256 of `profile` as JSON without blanks, names sorted, in UTF-8."""
    return sha256(msgspec.json.encode(profile, order="sorted")).hexdigest()


def fingerprint_of(sealed: str) -> str:
    """Return the first 16 hexadecimal digits of the SHA-256 of `sealed`; it says nothing about the inside."""
    return sha256(sealed.encode()).hexdigest()[:16]


def seal(credentials: Mapping[str, Secret], jwks: Mapping[str, Any], *, profile: SenderProfile) -> str:
    """Return `credentials` as a compact JWE for the first suitable key of `jwks`, bound to `profile`.

    Raises HandoffFailed with the condition `backend-key-unsuitable` where no key is good enough.
    """
    contents = _Contents(digest_of(profile), {name: secret.reveal() for name, secret in credentials.items()})
    key = _suitable_key(jwks)
    header = {"alg": ALGORITHM, "enc": ENCRYPTION, "kid": key["kid"]}
    public = ECKey.import_key({name: value for name, value in key.items() if name in _PUBLIC_MEMBERS})
    return jwe.encrypt_compact(header, msgspec.json.encode(contents), public, algorithms=[ALGORITHM, ENCRYPTION])


def open_sealed(sealed: str, private_keys: Iterable[ECKey], *, profile: SenderProfile) -> dict[str, Secret]:
    """Return the credentials that were sealed for one of `private_keys` and for `profile`.

    Raises SealBroken.
    """
    header = _read_header(sealed)
    if (header.alg, header.enc) != (ALGORITHM, ENCRYPTION):
        raise SealBroken("credentials-unreadable")
    key = next((key for key in private_keys if key.kid == header.kid), None)
    if key is None:
        raise SealBroken("credentials-sealed-for-another-key")
    try:
        opened = jwe.decrypt_compact(sealed, key, algorithms=[ALGORITHM, ENCRYPTION])
        contents = msgspec.json.decode(opened.plaintext or b"", type=_Contents)
    except (JoseError, ValueError, TypeError, msgspec.MsgspecError):
        # What the library says may quote the input; the code says enough.
        raise SealBroken("credentials-unreadable") from None
    if contents.profile != digest_of(profile):
        raise SealBroken("credentials-of-another-profile")
    return {name: Secret(value) for name, value in contents.credentials.items()}


def new_sealing_key() -> ECKey:
    """Return a fresh key pair on P-256, named by its thumbprint (RFC 7638)."""
    key = ECKey.generate_key("P-256", {"use": "enc", "alg": ALGORITHM}, private=True, auto_kid=True)
    key.ensure_kid()
    return key


def published(keys: Iterable[ECKey]) -> dict[str, list[dict[str, Any]]]:
    """Return the public halves as a JWK set, in the given order."""
    return {"keys": [dict(key.as_dict(private=False)) for key in keys]}


def _suitable_key(jwks: Mapping[str, Any]) -> Mapping[str, Any]:
    keys = jwks.get("keys")
    for key in keys if isinstance(keys, list) else []:
        if isinstance(key, dict) and _is_suitable(key):
            return key
    raise HandoffFailed(Evidence(stage="backend", system=System.BACKEND, condition="backend-key-unsuitable"))


def _is_suitable(key: Mapping[str, Any]) -> bool:
    named = isinstance(key.get("kid"), str) and bool(key["kid"])
    meant_for_this = key.get("use", "enc") == "enc" and key.get("alg", ALGORITHM) == ALGORITHM
    if not named or not meant_for_this or key.get("kty") != "EC" or key.get("crv") not in CURVES or "d" in key:
        return False
    try:
        ECKey.import_key(dict(key))
    except (JoseError, ValueError, TypeError, KeyError):
        return False  # a point that is not on its curve, for example
    return True


def _read_header(sealed: str) -> _Header:
    segments = sealed.split(".")
    if len(sealed) > MAX_LENGTH or len(segments) != _SEGMENTS:
        raise SealBroken("credentials-unreadable")
    try:
        decoded = [_decode(segment) for segment in segments]
        header = msgspec.json.decode(decoded[0], type=_Header)
    except (ValueError, msgspec.MsgspecError):
        raise SealBroken("credentials-unreadable") from None
    if decoded[1]:  # direct key agreement has no encrypted key (RFC 7518 section 4.6)
        raise SealBroken("credentials-unreadable")
    return header


def _decode(segment: str) -> bytes:
    """Decode base64url in its one spelling: several would make several texts of the same seal."""
    if not _BASE64URL.fullmatch(segment):
        raise ValueError("not base64url")
    try:
        decoded = urlsafe_b64decode(segment + "=" * (-len(segment) % 4))
    except Base64Error as error:
        raise ValueError("not base64url") from error
    if urlsafe_b64encode(decoded).rstrip(b"=") != segment.encode():
        raise ValueError("not the one spelling")
    return decoded
