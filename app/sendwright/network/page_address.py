"""Which pages are opened in the person's own browser."""

from typing import Final
from urllib.parse import urlsplit

_HERE: Final = frozenset({"localhost", "127.0.0.1"})


def may_be_opened(address: str) -> bool:
    """Return whether a browser is asked to open `address`, whoever wrote it: https, and nothing else from elsewhere.

    A page of this computer itself needs no TLS: a practice has its sign-in pages there, where the browser would
    otherwise warn of the practice's certificate.
    """
    try:
        parts = urlsplit(address)
        host = parts.hostname
    except ValueError:
        return False
    return bool(host) and (parts.scheme == "https" or (parts.scheme == "http" and host in _HERE))
