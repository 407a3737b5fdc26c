"""Takes a JSON Web Token apart (RFC 7519, RFC 7515 section 3.1) without believing any of it."""

import base64
import binascii
from dataclasses import dataclass
from typing import Final

import msgspec

from sendwright.secret import Secret

LONGEST_TOKEN: Final = 65_536
_PARTS = 3  # header, claims, signature


@dataclass(frozen=True)
class JwtParts:
    """What a signed token says; nobody has looked at its signature."""

    header: dict[str, object]
    claims: dict[str, object]


def take_apart(token: Secret) -> JwtParts | None:
    """Return header and claims; None where `token` is something else, encrypted ones included. Never raises."""
    letters = token.reveal()
    parts = letters.split(".", _PARTS) if len(letters) <= LONGEST_TOKEN and letters.isascii() else []
    if len(parts) != _PARTS:
        return None
    header, claims = _object(parts[0]), _object(parts[1])
    return None if header is None or claims is None else JwtParts(header, claims)


def _object(encoded: str) -> dict[str, object] | None:
    try:
        octets = base64.b64decode(encoded + "=" * (-len(encoded) % 4), altchars=b"-_", validate=True)
        return msgspec.json.decode(octets, type=dict[str, object])
    except (binascii.Error, ValueError, RecursionError):  # msgspec's errors are ValueErrors
        return None
