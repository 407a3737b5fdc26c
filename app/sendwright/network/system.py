"""The network of this computer."""

import ssl

from sendwright.network.network import Network
from sendwright.network.system_resolver import SystemResolver
from sendwright.network.trust import client_context
from sendwright.recording.recorder import SILENCE, Recorder


def system_network(
    *, timeout_s: float = 15.0, authorities_pem: str | None = None, recorder: Recorder = SILENCE
) -> Network:
    """Return the way to other computers as this one is set up; `timeout_s` bounds each operation.

    authorities_pem: certificates trusted for every connection, beside the system's. Raises TrustFailed for others.
    recorder: is told of names asked for and of connections.
    """

    def tls(ca_pem: str | None) -> ssl.SSLContext:
        given = [pem for pem in (authorities_pem, ca_pem) if pem is not None]
        return client_context("\n".join(given) if given else None)

    tls(None)
    resolver = SystemResolver(timeout_s=timeout_s, recorder=recorder)
    return Network(resolver=resolver, tls=tls, timeout_s=timeout_s, recorder=recorder)
