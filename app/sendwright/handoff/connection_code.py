"""The connection code: where a backend listens and a one-time secret, as one text that people copy and paste.

`SW1-` and RFC 4648 base32 in groups: no letter has two meanings, no mail program or chat changes it. Inside
are the length, a MessagePack array (URL, secret, certificates in DER) and a checksum, so that what was cut
off or altered on the way is told apart before anything is asked over the network.
"""

import re
import ssl
from base64 import b32decode, b32encode
from dataclasses import dataclass
from hashlib import sha256
from ipaddress import ip_address
from typing import Final
from urllib.parse import urlsplit

import msgspec

from sendwright.errors import SendwrightError
from sendwright.handoff.backend import BackendAddress
from sendwright.secret import Secret

PREFIX: Final = "SW1-"
MAX_LENGTH: Final = 64 * 1024

_LENGTH_BYTES = 2
_CHECKSUM_BYTES = 4
_GROUP = 5
_START = re.compile(r"(?<![A-Z0-9])SW([0-9]{1,3})\s?[-\u2010-\u2015\u2212]", re.IGNORECASE)
_INVISIBLE = re.compile(r"[\u00ad\u200b-\u200f\u2060\ufeff]+")
# What wrapping, quoting and typography put between the letters.
_FILLING = re.compile(r"[\s>=_*|\u2010-\u2015\u2212-]+")
_ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"
_CERTIFICATE = re.compile(r"-----BEGIN CERTIFICATE-----.+?-----END CERTIFICATE-----", re.DOTALL)


class ConnectionCodeInvalid(SendwrightError):
    """What was pasted is no usable connection code.

    `reason` is `not-a-code`, `truncated` (its end is missing), `damaged` (a letter is wrong), `newer` (made
    by a later version) or `unsafe-address` (unencrypted, and not on this computer). The code is not in the
    exception.
    """

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True)
class ConnectionCode:
    """What a code says; prints without its secret."""

    address: BackendAddress
    secret: Secret


class _Body(msgspec.Struct, frozen=True, array_like=True):
    url: str
    secret: str
    authorities: tuple[bytes, ...] = ()


def format_connection_code(code: ConnectionCode) -> Secret:
    """Return the text of `code`.

    Raises ValueError for an address that `parse_connection_code` would refuse.
    """
    if not is_safe(code.address.url):
        raise ValueError("not an address that a code may carry")
    pems = _CERTIFICATE.findall(code.address.ca_pem or "")
    authorities = tuple(ssl.PEM_cert_to_DER_cert(pem) for pem in pems)
    body = msgspec.msgpack.encode(_Body(code.address.url, code.secret.reveal(), authorities))
    whole = len(body).to_bytes(_LENGTH_BYTES) + body + _checksum(body)
    letters = b32encode(whole).decode().rstrip("=")
    return Secret(PREFIX + "-".join(letters[at : at + _GROUP] for at in range(0, len(letters), _GROUP)))


def parse_connection_code(text: str) -> ConnectionCode:
    """Return the code inside `text`, whatever surrounds or wraps it. Raises ConnectionCodeInvalid."""
    body = _open(text)
    try:
        found = msgspec.msgpack.decode(body, type=_Body)
    except msgspec.MsgspecError:
        raise ConnectionCodeInvalid("damaged") from None
    if not is_safe(found.url):
        raise ConnectionCodeInvalid("unsafe-address")
    ca_pem = "".join(ssl.DER_cert_to_PEM_cert(authority) for authority in found.authorities)
    return ConnectionCode(BackendAddress(url=found.url, ca_pem=ca_pem or None), Secret(found.secret))


def is_safe(url: str) -> bool:
    """Tell whether a token may be sent to `url`: encrypted, or to this computer; and no name hides in it."""
    try:
        parts = urlsplit(url)
        host, _ = parts.hostname or "", parts.port
    except ValueError:
        return False
    if not host or parts.username is not None or parts.query or parts.fragment:
        return False
    return parts.scheme == "https" or (parts.scheme == "http" and is_loopback(host))


def is_loopback(host: str) -> bool:
    """Tell whether `host` is this computer; of names only `localhost` is believed (RFC 6761 section 6.3)."""
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _open(text: str) -> bytes:
    visible = _INVISIBLE.sub("", text[:MAX_LENGTH])
    start = _START.search(visible)
    if start is None:
        raise ConnectionCodeInvalid("not-a-code")
    if start[1] != "1":
        raise ConnectionCodeInvalid("newer")
    rest = _FILLING.sub("", visible[start.end() :]).upper()
    length = int.from_bytes(_first_bytes(rest, _LENGTH_BYTES))
    whole = _first_bytes(rest, _LENGTH_BYTES + length + _CHECKSUM_BYTES)
    body, checksum = whole[_LENGTH_BYTES:-_CHECKSUM_BYTES], whole[-_CHECKSUM_BYTES:]
    if checksum != _checksum(body):
        raise ConnectionCodeInvalid("damaged")
    return body


def _first_bytes(rest: str, count: int) -> bytes:
    """Return the first `count` bytes; what follows the code in the text does not matter."""
    needed = (count * 8 + 4) // 5
    letters = rest[:needed]
    wrong = letters.lstrip(_ALPHABET)[:1]
    if wrong.isalnum():
        raise ConnectionCodeInvalid("damaged")
    if wrong or len(letters) < needed:
        raise ConnectionCodeInvalid("truncated")
    return b32decode(letters + "=" * (-needed % 8))[:count]


def _checksum(body: bytes) -> bytes:
    return sha256(PREFIX.encode() + body).digest()[:_CHECKSUM_BYTES]
