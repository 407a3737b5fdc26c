"""Reads HOST, HOST:PORT and [IPv6]:PORT as they are typed."""

from typing import NamedTuple

from sendwright.network.failures import ResolveFailed
from sendwright.network.names import literal, server_name

HIGHEST_PORT = 65535


class PlaceInvalid(ValueError):
    """What was typed is no HOST[:PORT]; argparse says so and quotes it."""


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
    if not host:
        raise PlaceInvalid(typed)
    if port is not None and not (port.isascii() and port.isdecimal() and 0 < int(port) <= HIGHEST_PORT):
        raise PlaceInvalid(typed)
    try:
        found = literal(host) or server_name(host)
    except ResolveFailed as failed:
        raise PlaceInvalid(typed) from failed
    return ServerPlace(host=found, port=None if port is None else int(port))


def _split(typed: str) -> tuple[str, str | None]:
    if typed.startswith("["):
        host, closed, rest = typed[1:].partition("]")
        if not closed or literal(host) is None or (rest and not rest.startswith(":")):
            raise PlaceInvalid(typed)
        return host, rest[1:] if rest else None
    if literal(typed) is not None:
        return typed, None
    host, colon, port = typed.partition(":")
    return host, port if colon else None
