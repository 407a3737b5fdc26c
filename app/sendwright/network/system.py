"""The network of this computer."""

import ssl

from sendwright.network.network import Network
from sendwright.network.system_resolver import SystemResolver
from sendwright.network.trust import client_context


def system_network(*, timeout_s: float = 15.0, authorities_pem: str | None = None) -> Network:
    """Return the way to other computers as this one is set up; `timeout_s` bounds each operation.

    authorities_pem: certificates trusted for every connection, beside the system's. Raises TrustFailed for others.
    """

    def tls(ca_pem: str | None) -> ssl.SSLContext:
        given = [pem for pem in (authorities_pem, ca_pem) if pem is not None]
        return client_context("\n".join(given) if given else None)

    tls(None)
    return Network(resolver=SystemResolver(timeout_s=timeout_s), tls=tls, timeout_s=timeout_s)
