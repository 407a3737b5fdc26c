"""Which addresses the browser in the window may go to, and how it says where it is."""

import re
from dataclasses import dataclass
from typing import Final
from urllib.parse import SplitResult, urlsplit

LONGEST = 32_000
"""Letters of an address that is gone to; a code or an error comes back in far fewer."""

_DEFAULT_PORTS: Final = {"https": 443, "http": 80}
_NUMBERS: Final = re.compile(r"[0-9.]+|\[.*\]")
_TWO_PART: Final = frozenset({"ac", "co", "com", "edu", "gov", "net", "org"})


@dataclass(frozen=True)
class Host:
    """A host in full, as it goes over the wire (Punycode where it is written in other scripts).

    before, owned: its parts up to, and of, the name that somebody registered: that is to be looked at.
    """

    before: str
    owned: str

    @property
    def full(self) -> str:
        """The whole name."""
        return self.before + self.owned


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


def host_of(address: str) -> Host:
    """Return the host of `address` with its port where that is no usual one; empty where there is none."""
    parts = _split(address)
    if parts is None or not parts.hostname:
        return Host("", "")
    name = parts.hostname.encode("idna").decode("ascii") if not parts.hostname.isascii() else parts.hostname
    port = f":{parts.port}" if parts.port not in {None, _DEFAULT_PORTS.get(parts.scheme)} else ""
    if _NUMBERS.fullmatch(name):
        return Host("", name + port)
    labels = name.split(".")
    owned = 3 if len(labels) > 2 and labels[-2] in _TWO_PART and len(labels[-1]) == 2 else 2  # noqa: PLR2004 - labels
    return Host("".join(f"{part}." for part in labels[:-owned]), ".".join(labels[-owned:]) + port)


def where(address: str) -> str:
    """Return host and path, without what a query or a fragment might tell."""
    parts = _split(address)
    return "" if parts is None else f"{host_of(address).full}{parts.path}"


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
