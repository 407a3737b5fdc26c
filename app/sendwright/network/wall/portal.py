"""Knows the page of a network that wants a sign-in before it lets anything out (RFC 8952)."""

from typing import Final
from urllib.parse import urlsplit

from sendwright.network.wall.http_head import Head
from sendwright.problems.evidence import Evidence, System

CAPTIVE: Final = "captive-portal"
SIGN_IN_FIRST: Final = 511
_PAGES: Final = range(200, 300)
_LABELS_OF_DOMAIN: Final = 2


def portal_in(head: Head, *, host: str, values: dict[str, str], instead_of_tls: bool) -> Evidence | None:
    """Return the evidence of a page of the network in the answer of what should be `host`, None where it is none.

    It is by its status (RFC 6585 section 6: 511), by leading to somebody else, and where TLS was expected by being a
    page at all.
    """
    elsewhere = leads_elsewhere(head.redirected_to, host=host)
    if head.status != SIGN_IN_FIRST and not elsewhere and not (instead_of_tls and head.status in _PAGES):
        return None
    facts = {**values, **({"location": _place(head.redirected_to)} if elsewhere else {})}
    return Evidence(
        stage="connect", system=System.HTTP, condition=CAPTIVE, http=head.status, text=head.line, values=facts
    )


def leads_elsewhere(location: str, *, host: str) -> bool:
    """Tell whether an address leads away from `host` and its domain; a path alone does not."""
    try:
        other = (urlsplit(location).hostname or "").rstrip(".").lower()
    except ValueError:
        return False
    own = host.rstrip(".").lower()
    return bool(other) and other != own and _domain(other) != _domain(own)


def _domain(host: str) -> str:
    labels = host.split(".")
    if ":" in host or labels[-1].isdecimal():
        return host  # an address
    return ".".join(labels[-_LABELS_OF_DOMAIN:])


def _place(location: str) -> str:
    """Return scheme and host of an address: its path and query can hold what nobody else is to know."""
    parts = urlsplit(location)
    return f"{parts.scheme}://{parts.hostname}/"
