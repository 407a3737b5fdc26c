"""The network of this computer."""

from sendwright.network.network import Network
from sendwright.network.system_resolver import SystemResolver
from sendwright.network.trust import client_context


def system_network(*, timeout_s: float = 15.0) -> Network:
    """Return the way to other computers as this one is set up; `timeout_s` bounds each operation."""
    return Network(resolver=SystemResolver(timeout_s=timeout_s), tls=client_context, timeout_s=timeout_s)
