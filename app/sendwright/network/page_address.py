"""Which pages are opened in the person's own browser."""

from typing import Final
from urllib.parse import urlsplit

_HERE: Final = frozenset({"localhost", "127.0.0.1"})


def may_be_opened(address: str) -> bool:
    """Return whether a browser is asked to open `address`, whoever wrote it: https, and nothing else from elsewhere.

    A page of this computer itself needs no TLS (`is_here`).
    """
    try:
        parts = urlsplit(address)
        secured = parts.scheme == "https" and bool(parts.hostname)
    except ValueError:
        return False
    return secured or is_here(address)


def is_here(address: str) -> bool:
    """Return whether `address` is a page of this computer, without TLS and without a name to sign in with.

    A practice has its sign-in pages there: over TLS the person's own browser would warn of the practice's certificate.
    """
    try:
        parts = urlsplit(address)
        here = parts.scheme == "http" and parts.hostname in _HERE
    except ValueError:
        return False
    return here and "@" not in parts.netloc
