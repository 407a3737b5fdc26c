"""Which addresses the browser in the window may go to, and how it says where it is."""

from typing import Final
from urllib.parse import SplitResult, urlsplit

LONGEST = 32_000
"""Letters of an address that is gone to; a code or an error comes back in far fewer."""

_DEFAULT_PORTS: Final = {"https": 443, "http": 80}


def may_open(address: str) -> bool:
    """Tell whether the browser may go there: https with a host, nothing else, and no name or password in it."""
    parts = _split(address)
    return parts is not None and parts.scheme == "https" and bool(parts.hostname) and parts.username is None


def is_callback(address: str, redirect_uri: str) -> bool:
    """Tell whether `address` is the redirect URI, whatever its query and fragment say (RFC 6749 section 3.1.2).

    Scheme, host and port are compared without regard to case, the path letter by letter.
    """
    if not redirect_uri:
        return False
    there, wanted = _split(address), _split(redirect_uri)
    return there is not None and wanted is not None and _place(there) == _place(wanted)


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
    if len(address) > LONGEST:
        return None
    try:
        parts = urlsplit(address)
        parts.port  # noqa: B018 - raises where it is no number
        (parts.hostname or "").encode("idna")
    except ValueError:
        return None
    return parts


def _place(parts: SplitResult) -> tuple[str, str | None, str, int | None, str | None]:
    port = parts.port if parts.port is not None else _DEFAULT_PORTS.get(parts.scheme)
    user = None if parts.username is None else parts.netloc  # never the same as an address without
    return parts.scheme, parts.hostname, parts.path or "/", port, user
