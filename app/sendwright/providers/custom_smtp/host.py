"""Checks and normalises what was typed or received as the name of a mail server."""

import idna

from sendwright.network.failures import ResolveFailed
from sendwright.network.names import a_labels, literal

MAX_PORT = 65535
MAX_TYPED = 300

_DOTS = ".\u3002\uff0e\uff61"  # the full stops that IDNA takes for one (RFC 3490 section 3.1)
_MARKS = str.maketrans("", "", "-_")  # underscores are no host name, and servers bear them all the same


class HostInvalid(ValueError):
    """What was given names no host; `code` is `missing`, `url`, `with-port`, `address` or `invalid`."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def parse_host(typed: str) -> str:
    """Return the host in the form used on the wire: lower-case A-labels (RFC 5890) or an IP address.

    A final dot and the brackets around an address are dropped. Raises HostInvalid.
    """
    host = typed.strip()
    if not host:
        raise HostInvalid("missing")
    if len(host) > MAX_TYPED:  # before any label is decoded: Punycode takes time quadratic in its length
        raise HostInvalid("invalid")
    address = literal(host)
    if address is not None:
        return address
    if "/" in host or "\\" in host:
        raise HostInvalid("url")
    if "@" in host:
        raise HostInvalid("address")
    name, colon, port = host.rpartition(":")
    if colon and name and port.isdecimal():
        raise HostInvalid("with-port")
    return to_ascii(host)


def to_ascii(name: str) -> str:
    """Return the domain `name` as lower-case A-labels without a final dot. Raises HostInvalid."""
    try:
        ascii_name = a_labels(name.strip().rstrip(_DOTS))
    except ResolveFailed:
        raise HostInvalid("invalid") from None
    labels = ascii_name.split(".")
    letters = (label.translate(_MARKS) for label in labels)
    if labels[-1].isdecimal() or not all(label.isascii() and label.isalnum() for label in letters):
        raise HostInvalid("invalid")
    return ascii_name


def to_unicode(host: str) -> str:
    """Return `host` as a person reads it; as it is where it has no readable form."""
    try:
        return idna.decode(host)
    except (idna.IDNAError, UnicodeError):
        return host


def belongs_to(host: str, domain: str) -> bool:
    """Tell whether `host` is `domain` or lies below it; both in A-label form."""
    return host == domain or host.endswith(f".{domain}")
