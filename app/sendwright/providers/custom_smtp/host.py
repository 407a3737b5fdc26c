"""Checks and normalises what was typed or received as the name of a mail server."""

import ipaddress

import idna

MAX_LENGTH = 253
MAX_LABEL = 63
MAX_PORT = 65535


class HostInvalid(ValueError):  # noqa: N818 - named like errors.AddressInvalid
    """What was given names no host; `code` is `missing`, `url`, `with-port`, `address` or `invalid`."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def parse_host(typed: str) -> str:
    """Return the host in the form used on the wire: lower-case A-labels (RFC 5890) or an IP address literal.

    A final dot and the brackets around an IPv6 literal are dropped. Raises HostInvalid.
    """
    host = typed.strip()
    if not host:
        raise HostInvalid("missing")
    literal = _literal(host.removeprefix("[").removesuffix("]"))
    if literal is not None:
        return literal
    if "://" in host or "/" in host:
        raise HostInvalid("url")
    if "@" in host:
        raise HostInvalid("address")
    name, colon, port = host.rpartition(":")
    if colon and name and port.isdecimal():
        raise HostInvalid("with-port")
    return to_ascii(host)


def to_ascii(name: str) -> str:
    """Return the domain `name` as lower-case A-labels without a final dot. Raises HostInvalid."""
    name = name.strip().rstrip("。.")
    if not name:
        raise HostInvalid("missing")
    try:
        ascii_name = idna.encode(name, uts46=True, transitional=False).decode("ascii").lower()
    except (idna.IDNAError, UnicodeError):
        ascii_name = name.lower() if _is_plain(name) else ""
    if not ascii_name or len(ascii_name) > MAX_LENGTH or ascii_name.rpartition(".")[2].isdecimal():
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


def _literal(text: str) -> str | None:
    try:
        address = ipaddress.ip_address(text)
    except ValueError:
        return None
    return str(address)


def _is_plain(name: str) -> bool:
    """Names that IDNA refuses and servers bear all the same: underscores, doubled hyphens."""
    return all(
        0 < len(label) <= MAX_LABEL and label.isascii() and label.replace("-", "").replace("_", "").isalnum()
        for label in name.split(".")
    )
