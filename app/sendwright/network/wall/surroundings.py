"""What is found out before and beside the ways: addresses, families, made-up names, pages of the network."""

import asyncio
import contextlib
import ipaddress
import secrets
import socket
from collections.abc import Sequence
from dataclasses import dataclass

from sendwright.network.conditions import NetworkCondition
from sendwright.network.failures import STAGE_RESOLVE, ConnectFailed, ResolveFailed
from sendwright.network.names import literal, server_name
from sendwright.network.network import Network
from sendwright.network.resolver import Resolver
from sendwright.network.wall.http_head import Head, ask_head
from sendwright.network.wall.line import NoReply
from sendwright.network.wall.opening import directly
from sendwright.network.wall.way import Route
from sendwright.problems.evidence import Evidence, System

_DISCARD = 9
"""Port of the datagram that is never sent: connecting only asks the system for a way."""


@dataclass(frozen=True, kw_only=True)
class Names:
    """Addresses of a host, or why there are none."""

    addresses: tuple[str, ...] = ()
    failure: Evidence | None = None


async def resolve(resolver: Resolver, host: str, *, timeout_s: float) -> Names:
    """Return the addresses of `host`, or why there are none; never raises for what the resolver does."""
    try:
        async with asyncio.timeout(timeout_s):
            found = await resolver.addresses(host)
    except ResolveFailed as failed:
        return Names(failure=failed.evidence)
    except TimeoutError:
        return Names(failure=_nameless(host, NetworkCondition.DNS_RESOLVER_FAILED))
    return Names(addresses=found) if found else Names(failure=_nameless(host, NetworkCondition.DNS_NO_ADDRESS))


async def ask_for_nothing(resolver: Resolver, *, timeout_s: float) -> tuple[str, ...]:
    """Return the addresses of a random name below `.invalid` (RFC 6761 section 6.4): an honest resolver has none.

    The final dot keeps this computer from looking below its own domain, where a wildcard may answer in all honesty.
    """
    try:
        async with asyncio.timeout(timeout_s):
            return await resolver.addresses(f"{secrets.token_hex(8)}.invalid.")
    except (ResolveFailed, TimeoutError):
        return ()


def _nameless(host: str, condition: NetworkCondition) -> Evidence:
    return Evidence(stage=STAGE_RESOLVE, system=System.DNS, condition=condition.value, values={"host": host})


def family_of(address: str) -> Route:
    """Return the direct route to `address`."""
    return Route.IPV6 if ":" in address else Route.IPV4


def own_address(address: str) -> str:
    """Return the address of this computer from which packets to `address` would leave, empty without a way there.

    Nothing is sent.
    """
    if literal(address) is None:  # a name would be looked up
        return ""
    kind = socket.AF_INET6 if family_of(address) is Route.IPV6 else socket.AF_INET
    try:
        with socket.socket(kind, socket.SOCK_DGRAM) as asking:
            asking.connect((address, _DISCARD))
            return str(asking.getsockname()[0]).partition("%")[0]
    except (OSError, ValueError):
        return ""


def is_public(address: str) -> bool:
    """Tell whether `address` belongs to the internet, and not to an organisation's own network."""
    with contextlib.suppress(ValueError):
        return ipaddress.ip_address(address.partition("%")[0]).is_global
    return False


async def look_for_page(addresses: Sequence[str], *, host: str, port: int, network: Network) -> Head | None:
    """Return the head of what answers in clear at `port` of `host`, None where nothing does."""
    if not addresses:
        return None
    try:
        async with await directly(addresses, port=port, network=network)() as line:
            return await ask_head(line, "GET /", host=server_name(host))
    except (ConnectFailed, OSError, ValueError, NoReply):
        return None
