"""Reads HOST, HOST:PORT and [IPv6]:PORT as they are typed."""

from typing import NamedTuple

from sendwright.network.names import literal
from sendwright.providers.custom_smtp.connection import read_port
from sendwright.providers.custom_smtp.host import HostInvalid, parse_host


class PlaceInvalid(ValueError):
    """What was typed is no HOST[:PORT]; `code` is `host.<reason>` or `port.invalid`, its words `custom_smtp.<code>`."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class ServerPlace(NamedTuple):
    """A host name with A-labels, or an address literal without brackets; port None where none was typed."""

    host: str
    port: int | None


def parse_place(typed: str) -> ServerPlace:
    """Return the place that `typed` names. Raises PlaceInvalid.

    More than one colon without brackets is an IPv6 address without a port (RFC 3986 section 3.2.2 wants
    brackets to say more).
    """
    host, port = _split(typed.strip())
    if "//" in typed:
        raise PlaceInvalid("host.url")
    try:
        found = parse_host(host)
    except HostInvalid as invalid:
        raise PlaceInvalid(f"host.{invalid.code}") from invalid
    if port is None:
        return ServerPlace(host=found, port=None)
    number = read_port(port)
    if number is None:
        raise PlaceInvalid("port.invalid")
    return ServerPlace(host=found, port=number)


def _split(typed: str) -> tuple[str, str | None]:
    if typed.startswith("["):
        host, closed, rest = typed.partition("]")
        if not closed or literal(host + closed) is None or (rest and not rest.startswith(":")):
            raise PlaceInvalid("host.invalid")
        return host + closed, rest[1:] if rest else None
    if literal(typed) is not None:
        return typed, None
    host, colon, port = typed.partition(":")
    return host, port if colon else None
