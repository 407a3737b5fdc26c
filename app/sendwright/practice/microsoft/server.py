"""Serves a simulated Microsoft 365 on this computer: sign-in and Graph over TLS, client submission by STARTTLS."""

import asyncio
import ssl
from collections.abc import Callable

import trustme

from sendwright.practice.faults import Faults
from sendwright.practice.listening import Listener
from sendwright.practice.mail_server import Received
from sendwright.practice.messages import Sent
from sendwright.practice.microsoft.directory import Directory
from sendwright.practice.microsoft.grants import Grants
from sendwright.practice.microsoft.graph import Graph
from sendwright.practice.microsoft.it_desk import ItDesk
from sendwright.practice.microsoft.login import Login
from sendwright.practice.microsoft.submission import Submission
from sendwright.practice.microsoft.tenant import Tenant
from sendwright.practice.microsoft.tokens import Tokens
from sendwright.practice.names import HOST
from sendwright.practice.traffic import Measured


class SimulatedMicrosoft:
    """Listens on free ports of 127.0.0.1, with a certificate of its own authority for `localhost`.

    Use `start` and `stop` on the same event loop. received: is called on it for every message that was taken. tenant,
    others: read at every request, so a test may change them meanwhile. log: what was asked of it, without secrets.
    faults: what is to fail next.
    """

    def __init__(self, tenant: Tenant, received: Callable[[Received], None], *others: Tenant) -> None:
        self.tenant = tenant
        self.log: list[str] = []
        self.faults = Faults()
        self._directory = Directory((tenant, *others))
        self._received = received
        self._authority = trustme.CA(organization_name="Sendwright practice")
        self._grants = Grants()
        self._login_listener = Listener()
        self._graph_listener = Listener()
        self._login: Login | None = None
        self._graph: Graph | None = None
        self._submission: Submission | None = None
        self._latency_s = 0.0
        self._device_interval_s = 5.0

    @property
    def authority_pem(self) -> str:
        """The certificate of the authority that its servers are issued by."""
        return self._authority.cert_pem.bytes().decode("ascii")

    @property
    def login(self) -> str:
        """Base of the sign-in addresses: `https://localhost:PORT`."""
        return self._login_listener.base

    @property
    def graph(self) -> str:
        """Base of Graph's addresses, without the version."""
        return self._graph_listener.base

    @property
    def smtp_port(self) -> int:
        """Port of client submission."""
        return self._submission.port if self._submission else 0

    @property
    def reuse_detections(self) -> int:
        """How often a refresh token was used that another one had replaced."""
        return self._grants.reuse_detections

    @property
    def latency_s(self) -> float:
        """How long it takes to accept a message, in seconds."""
        return self._latency_s

    @latency_s.setter
    def latency_s(self, seconds: float) -> None:
        self._latency_s = seconds
        if self._graph is not None and self._submission is not None:
            self._graph.latency_s = self._submission.latency_s = seconds

    @property
    def device_interval_s(self) -> float:
        """How long an application waits between two questions about a device, in seconds."""
        return self._device_interval_s

    @device_interval_s.setter
    def device_interval_s(self, seconds: float) -> None:
        self._device_interval_s = seconds
        if self._login is not None:
            self._login.token_endpoint.interval_s = seconds

    @property
    def sent_items(self) -> list[Sent]:
        """The copies in Sent Items, of all mailboxes."""
        return self._graph.sent if self._graph else []

    def traffic(self, mailbox: str) -> Measured:
        """What was measured of the application that used `mailbox` through Graph."""
        return self._graph.traffic.of(mailbox) if self._graph else Measured()

    async def start(self) -> None:
        """Listen."""
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self._authority.issue_cert(HOST, "127.0.0.1").configure_cert(context)
        login_socket, graph_socket = self._login_listener.bind(), self._graph_listener.bind()
        tokens = Tokens(self.login)
        self._login = Login(
            self._directory,
            grants=self._grants,
            tokens=tokens,
            faults=self.faults,
            listener=self._login_listener,
            log=self.log,
        )
        self._graph = Graph(
            self._directory,
            tokens=tokens,
            faults=self.faults,
            listener=self._graph_listener,
            received=self._received,
            log=self.log,
        )
        desk = ItDesk(self.tenant, self.log)
        await self._login_listener.start(self._login.application(desk.routes()), login_socket, context)
        await self._graph_listener.start(self._graph.application(), graph_socket, context)

        self._submission = Submission(
            self._directory, tokens=tokens, received=self._received, sent=self._graph.sent, log=self.log
        )
        self.latency_s = self._latency_s
        self.device_interval_s = self._device_interval_s
        await self._submission.start(context)

    async def stop(self) -> None:
        """Stop listening, and end what is connected."""
        if self._submission is not None:
            await self._submission.stop()
        await asyncio.gather(self._login_listener.stop(), self._graph_listener.stop())
