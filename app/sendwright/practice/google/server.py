"""Serves a simulated Google on this computer: sign-in and Gmail over TLS, submission and relay by STARTTLS."""

import asyncio
import ssl
from collections.abc import Callable

import trustme
from litestar.handlers import HTTPRouteHandler

from sendwright.practice.faults import Faults
from sendwright.practice.google.admin_desk import AdminDesk
from sendwright.practice.google.delivery import Delivery
from sendwright.practice.google.gmail import Gmail
from sendwright.practice.google.grants import Grants
from sendwright.practice.google.login import Login
from sendwright.practice.google.signing import Signing
from sendwright.practice.google.submission import Submission
from sendwright.practice.google.workspace import Workspace
from sendwright.practice.listening import Listener
from sendwright.practice.mail_server import Received
from sendwright.practice.messages import Sent
from sendwright.practice.names import HOST
from sendwright.practice.traffic import Measured


class SimulatedGoogle:
    """Listens on free ports of 127.0.0.1, with a certificate of its own authority for `localhost`.

    Use `start` and `stop` on the same event loop. received: is called on it for every message that was taken, as its
    recipients see it. workspace: read at every request, so a test may change it meanwhile. log: what was asked of it,
    without secrets. faults: what is to fail next.
    """

    def __init__(self, workspace: Workspace, received: Callable[[Received], None]) -> None:
        self.workspace = workspace
        self.log: list[str] = []
        self.faults = Faults()
        self._authority = trustme.CA(organization_name="Sendwright practice")
        self._grants = Grants(workspace)
        self._delivery = Delivery(workspace, received)
        self._login_listener = Listener()
        self._pages_listener = Listener()
        self._gmail_listener = Listener()
        self._gmail: Gmail | None = None
        self._submission, self._relay = (
            Submission(workspace, grants=self._grants, delivery=self._delivery, log=self.log, relay=relay)
            for relay in (False, True)
        )
        self._signing = Signing(workspace, grants=self._grants, log=self.log)
        self._desk = AdminDesk(workspace, self.log)
        self._latency_s = 0.0

    @property
    def authority_pem(self) -> str:
        """The certificate of the authority that its servers are issued by."""
        return self._authority.cert_pem.bytes().decode("ascii")

    @property
    def login(self) -> str:
        """Base of the sign-in addresses: `https://localhost:PORT`."""
        return self._login_listener.base

    @property
    def pages(self) -> str:
        """The same for a browser that does not know the authority: `http://localhost:PORT`, on this computer only."""
        return self._pages_listener.base

    @property
    def gmail(self) -> str:
        """Base of the Gmail API's addresses."""
        return self._gmail_listener.base

    @property
    def smtp_port(self) -> int:
        """Port of what is smtp.gmail.com in reality."""
        return self._submission.port

    @property
    def relay_port(self) -> int:
        """Port of the Workspace's SMTP relay."""
        return self._relay.port

    @property
    def sent(self) -> list[Sent]:
        """What lies in Sent, of all mailboxes."""
        return self._delivery.sent

    @property
    def revoked(self) -> list[tuple[str, str]]:
        """What was revoked: whose, and of which project."""
        return self._grants.revoked

    @property
    def latency_s(self) -> float:
        """How long it takes to accept a message, in seconds."""
        return self._latency_s

    @latency_s.setter
    def latency_s(self, seconds: float) -> None:
        self._latency_s = seconds
        if self._gmail is not None:
            self._gmail.latency_s = seconds

    def traffic(self, mailbox: str) -> Measured:
        """What was measured of the project that used `mailbox` through the Gmail API."""
        return self._gmail.traffic.of(mailbox) if self._gmail else Measured()

    async def start(self) -> None:
        """Listen."""
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self._authority.issue_cert(HOST, "127.0.0.1").configure_cert(context)
        login_socket, gmail_socket = self._login_listener.bind(), self._gmail_listener.bind()
        pages_socket = self._pages_listener.bind(plain=True)
        login = Login(
            self.workspace, grants=self._grants, faults=self.faults, listener=self._login_listener, log=self.log
        )
        self._gmail = Gmail(
            self.workspace,
            grants=self._grants,
            faults=self.faults,
            listener=self._gmail_listener,
            delivery=self._delivery,
            log=self.log,
        )
        self.latency_s = self._latency_s
        await asyncio.gather(
            self._login_listener.start(login.application(*self._more()), login_socket, context),
            self._pages_listener.start(login.application(*self._more()), pages_socket, None),
            self._gmail_listener.start(self._gmail.application(), gmail_socket, context),
            self._submission.start(context),
            self._relay.start(context),
        )

    def _more(self) -> tuple[HTTPRouteHandler, ...]:
        return (*self._signing.routes(), self._desk.routes())

    async def stop(self) -> None:
        """Stop listening, and end what is connected."""
        await asyncio.gather(self._submission.stop(), self._relay.stop())
        await asyncio.gather(self._login_listener.stop(), self._pages_listener.stop(), self._gmail_listener.stop())
