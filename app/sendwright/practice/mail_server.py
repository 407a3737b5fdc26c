"""The practice mail server: takes every sign-in with the practice password, and shows what it was sent."""

import asyncio
import ssl
from collections.abc import Callable
from datetime import UTC, datetime
from email.message import EmailMessage

import msgspec
import trustme
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

from sendwright.practice.messages import parse, part
from sendwright.practice.names import HOST
from sendwright.practice.scenarios import Scenario
from sendwright.practice.submission import SmtpListener, SmtpProtocol

PASSWORD = "let-me-practise"  # noqa: S105 - the one password of the simulated server, shown to everybody
_SIZE_LIMIT = 25 * 1024 * 1024


class Received(msgspec.Struct, frozen=True, kw_only=True):
    """A message in the practice inbox.

    sender: From as the recipient sees it. mailbox: whose mailbox handed it over; sender_header: Sender as the recipient
    sees it ("… on behalf of …"), with on_behalf_of whom; message_id: as in the message; these four are those of the
    simulated Microsoft and Google. source: the message as it arrived, simulated Google only.
    """

    at: datetime
    sender: str
    recipient: str
    subject: str
    text: str
    html: str
    mailbox: str = ""
    sender_header: str = ""
    on_behalf_of: str = ""
    message_id: str = ""
    source: bytes = b""


class PracticeMailServer:
    """Listens on this computer only, with a certificate of its own authority.

    received: called on the loop's thread for every message. Use `start` and `stop` on the same event loop.
    """

    def __init__(self, scenario: Scenario, received: Callable[[Received], None]) -> None:
        self._scenario = scenario
        self._received = received
        self._authority = trustme.CA(organization_name="Sendwright practice")
        self._listener = SmtpListener()
        self._deferred: set[str] = set()
        self.tls_port = 0
        self.starttls_port = 0

    @property
    def authority_pem(self) -> str:
        """The certificate of the authority, to be trusted in this practice only."""
        return self._authority.cert_pem.bytes().decode("ascii")

    async def start(self) -> None:
        """Listen on two free ports: TLS from the start, and STARTTLS."""
        certificate = self._authority.issue_cert(HOST, "127.0.0.1")  # what the practice backend finds here, too
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        certificate.configure_cert(context)
        self.tls_port = await self._listener.listen(lambda: self._protocol(None), context=context)
        self.starttls_port = await self._listener.listen(lambda: self._protocol(context))

    async def stop(self) -> None:
        """Stop listening and end what is still connected."""
        await self._listener.stop()

    def _protocol(self, starttls: ssl.SSLContext | None) -> SMTP:
        return SmtpProtocol(
            self,
            hostname="mail.example.org",
            ident="practice",
            tls_context=starttls,
            require_starttls=starttls is not None,
            auth_require_tls=starttls is not None,  # with TLS from the start aiosmtpd knows of no TLS
            authenticator=self._authenticate,
            data_size_limit=_SIZE_LIMIT,
            enable_SMTPUTF8=True,
            loop=asyncio.get_running_loop(),
        )

    def _authenticate(
        self, server: SMTP, session: Session, envelope: Envelope, mechanism: str, data: object
    ) -> AuthResult:
        del server, session, envelope, mechanism
        refusal = self._scenario.refuse_sign_in
        right = isinstance(data, LoginPassword) and data.password.decode("utf-8", "replace") == PASSWORD
        if right and not refusal:
            return AuthResult(success=True)
        return AuthResult(success=False, handled=False, message=refusal or None)

    async def handle_MAIL(  # noqa: N802 - aiosmtpd's name
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        """Take the sender after a sign-in, unless the scenario has it refused."""
        del server
        if not session.authenticated:
            return "530 5.7.0 Authentication required"
        if self._scenario.refuse_sender:
            return self._scenario.refuse_sender
        envelope.mail_from = address
        envelope.mail_options.extend(options)
        return "250 2.1.0 Ok"

    async def handle_RCPT(  # noqa: N802 - aiosmtpd's name
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        """Take the recipient; defer it the first time, or refuse it, where the scenario says so."""
        del server, session, options
        if self._scenario.refuse_recipient:
            return self._scenario.refuse_recipient
        if self._scenario.defer_first and address not in self._deferred:
            self._deferred.add(address)
            return self._scenario.defer_first
        envelope.rcpt_tos.append(address)
        return "250 2.1.5 Ok"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802 - aiosmtpd's
        """Put the message into the practice inbox."""
        del server, session
        content = envelope.content if isinstance(envelope.content, bytes) else b""
        message = parse(content)
        self._received(_read(message, ", ".join(envelope.rcpt_tos)))
        return "250 2.0.0 Ok: queued as PRACTICE"


def _read(message: EmailMessage, recipient: str) -> Received:
    return Received(
        at=datetime.now(UTC),
        sender=str(message["From"] or ""),
        recipient=recipient,
        subject=str(message["Subject"] or ""),
        text=part(message, "plain"),
        html=part(message, "html"),
    )
