"""Serves a simulated Microsoft 365 on this computer: sign-in and Graph over TLS, client submission by STARTTLS."""

from collections.abc import Callable

from sendwright.practice.mail_server import Received
from sendwright.practice.microsoft.tenant import Tenant


class SimulatedMicrosoft:
    """Listens on free ports of 127.0.0.1, with a certificate of its own authority for `localhost`.

    Use `start` and `stop` on the same event loop. received: is called on it for every message that was taken. tenant:
    read at every request, so a test may change it meanwhile. log: what was asked of it, without secrets.
    """

    def __init__(self, tenant: Tenant, received: Callable[[Received], None]) -> None:
        self.tenant = tenant
        self.log: list[str] = []
        self._received = received

    @property
    def authority_pem(self) -> str:
        """The certificate of the authority that its servers are issued by."""
        raise NotImplementedError

    @property
    def login(self) -> str:
        """Base of the sign-in addresses: `https://localhost:PORT`."""
        raise NotImplementedError

    @property
    def graph(self) -> str:
        """Base of Graph's addresses, without the version."""
        raise NotImplementedError

    @property
    def smtp_port(self) -> int:
        """Port of client submission."""
        raise NotImplementedError

    async def start(self) -> None:
        """Listen."""
        raise NotImplementedError

    async def stop(self) -> None:
        """Stop listening, and end what is connected."""
        raise NotImplementedError
