"""Host names and address literals, as the resolver and TLS want them."""

import ipaddress

import idna

from sendwright.network.conditions import NetworkCondition
from sendwright.network.failures import ResolveFailed
from sendwright.problems.evidence import Evidence, System

MAXIMUM_LENGTH = 253
"""Characters of a whole name without its final dot (RFC 1035 section 2.3.4)."""


def literal(host: str) -> str | None:
    """Return the IP address that `host` is, None where it is a name.

    Takes `192.0.2.1`, `2001:db8::1`, `fe80::1%eth0`, and the forms of RFC 5321 section 4.1.3 in brackets.
    """
    bare = host.strip()
    if bare.startswith("[") and bare.endswith("]"):
        bare = bare[1:-1]
        if bare[:5].lower() == "ipv6:":
            bare = bare[5:]
    try:
        return str(ipaddress.ip_address(bare))
    except ValueError:
        return None


def a_labels(name: str) -> str:
    """Return a host name in lower case with A-labels (RFC 5891), without the final dot.

    Labels in ASCII are left as they are: service names such as `_submissions._tcp` are no IDNA labels. Raises
    ResolveFailed (`dns-name-not-found`) for what cannot be a name.
    """
    bare = name.strip().removesuffix(".").lower()
    try:
        encoded = bare if bare.isascii() else idna.encode(bare, uts46=True).decode("ascii")
    except idna.IDNAError as error:
        raise _no_name(name) from error
    labels = encoded.split(".")
    fits = len(encoded) <= MAXIMUM_LENGTH and all(0 < len(label) <= 63 for label in labels)  # noqa: PLR2004 - RFC 1035
    if not fits or any(character <= " " or character == "\x7f" for character in encoded):
        raise _no_name(name)
    return encoded


def server_name(host: str) -> str:
    """Return the name that the certificate of `host` must carry: the name or the address, without zone."""
    address = literal(host)
    return a_labels(host) if address is None else address.partition("%")[0]


def _no_name(name: str) -> ResolveFailed:
    return ResolveFailed(
        Evidence(
            stage="resolve",
            system=System.DNS,
            condition=NetworkCondition.DNS_NAME_NOT_FOUND.value,
            values={"host": name[:MAXIMUM_LENGTH]},
        )
    )
