"""Which addresses the browser in the window may go to, and how it says where it is."""

from typing import Final
from urllib.parse import SplitResult, urlsplit

from sendwright.oauth.callback import LONGEST_ADDRESS

_DEFAULT_PORTS: Final = {"https": 443, "http": 80}


def may_open(address: str) -> bool:
    """Tell whether the browser may go there: https with a host, nothing else, and no name or password in it."""
    parts = _split(address)
    return parts is not None and parts.scheme == "https" and bool(parts.hostname) and parts.username is None


def host_of(address: str) -> str:
    """Return the host of `address` in full as it goes over the wire, empty where there is none.

    Names in other scripts are in Punycode: they cannot look like others. The port stands there where it is not usual.
    """
    parts = _split(address)
    if parts is None or not parts.hostname:
        return ""
    name = parts.hostname if parts.hostname.isascii() else parts.hostname.encode("idna").decode("ascii")
    return name if parts.port in {None, _DEFAULT_PORTS.get(parts.scheme)} else f"{name}:{parts.port}"


def origin_of(address: str) -> str:
    """Return scheme and host of an encrypted address; empty for any other."""
    return f"https://{host_of(address)}" if may_open(address) else ""


def where(address: str) -> str:
    """Return host and path, without what a query or a fragment might tell."""
    parts = _split(address)
    return "" if parts is None else f"{host_of(address)}{parts.path}"


def _split(address: str) -> SplitResult | None:
    if len(address) > LONGEST_ADDRESS:
        return None
    try:
        parts = urlsplit(address)
        parts.port  # noqa: B018 - raises where it is no number
        (parts.hostname or "").encode("idna")
    except ValueError:
        return None
    return parts
