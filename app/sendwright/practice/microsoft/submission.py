"""Simulated client submission of Exchange Online: STARTTLS, XOAUTH2, and its refusals."""

import asyncio
import ssl
from collections import defaultdict
from collections.abc import Callable
from datetime import UTC, datetime
from email.message import EmailMessage
from typing import Final

from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

from sendwright.practice import messages
from sendwright.practice.mail_server import Received
from sendwright.practice.messages import Sent
from sendwright.practice.microsoft import submitted
from sendwright.practice.microsoft.aadsts import Refused
from sendwright.practice.microsoft.directory import ANY, Directory
from sendwright.practice.microsoft.permissions import is_outlook
from sendwright.practice.microsoft.rights import acting
from sendwright.practice.microsoft.tenant import Right, Tenant
from sendwright.practice.microsoft.tokens import Tokens
from sendwright.practice.submission import SmtpListener, SmtpProtocol, SmtpSession, xoauth2

HOST: Final = "practice.outlook.office365.com"
SIZE: Final = 157286400
AT_ONCE: Final = 3
UNSUCCESSFUL: Final = f"535 5.7.3 Authentication unsuccessful [{HOST}]"
_REFUSED: Final = "535 5.7.139 Authentication unsuccessful, "
DISABLED: Final = (
    f"{_REFUSED}SmtpClientAuthentication is disabled for the Tenant. "
    "Visit https://aka.ms/smtp_auth_disabled for more information."
)
NO_PASSWORDS: Final = f"{_REFUSED}basic authentication is disabled."
WRONG_PASSWORD: Final = f"{_REFUSED}the user credentials were incorrect."
NOT_SIGNED_IN: Final = "530 5.7.57 Client not authenticated to send mail."
BUSY: Final = "432 4.3.2 STOREDRV.ClientSubmit; sender thread limit exceeded"
DENIED: Final = (
    "554 5.2.252 SendAsDenied; {actor} not allowed to send as {wanted}; STOREDRV.Submission.Exception:"
    "SendAsDeniedException.MapiExceptionSendAsDenied; Failed to process message due to a permanent exception with "
    "message Cannot submit message."
)


class _Session(SmtpSession):
    tenant: Tenant | None = None
    mailbox: str = ""


class _Smtp(SmtpProtocol):
    session_class = _Session


class Submission:
    """Listens on a free port. latency_s: how long it takes to accept a message. Use it on one event loop."""

    def __init__(
        self,
        directory: Directory,
        *,
        tokens: Tokens,
        received: Callable[[Received], None],
        sent: list[Sent],
        log: list[str],
    ) -> None:
        self._directory = directory
        self._tokens = tokens
        self._received = received
        self._sent = sent
        self._log = log
        self._listener = SmtpListener()
        self._in_flight: defaultdict[str, int] = defaultdict(int)
        self.latency_s = 0.0
        self.port = 0

    async def start(self, context: ssl.SSLContext) -> None:
        """Listen."""
        self.port = await self._listener.listen(lambda: self._protocol(context))

    async def stop(self) -> None:
        """Stop listening, and end what is connected."""
        await self._listener.stop()

    def _protocol(self, context: ssl.SSLContext) -> SMTP:
        return _Smtp(
            self,
            hostname=HOST,
            ident=f"Microsoft ESMTP MAIL Service ready at {datetime.now(UTC):%a, %d %b %Y %H:%M:%S +0000} [PRACTICE]",
            tls_context=context,
            require_starttls=True,
            auth_require_tls=True,
            auth_exclude_mechanism=["PLAIN"],
            authenticator=self._password,
            data_size_limit=SIZE,
            enable_SMTPUTF8=True,
            loop=asyncio.get_running_loop(),
        )

    async def handle_EHLO(  # noqa: N802 - aiosmtpd's name
        self, server: SMTP, session: Session, envelope: Envelope, hostname: str, responses: list[str]
    ) -> list[str]:
        """Offer what the real one offers; BDAT and the parameters of DSN are offered, but not carried out."""
        del responses, envelope
        session.host_name = hostname
        secured = server.session is not None and session.ssl is not None
        offered = ["SIZE 157286400", "PIPELINING", "DSN", "ENHANCEDSTATUSCODES"]
        offered += ["AUTH LOGIN XOAUTH2" if secured else "STARTTLS", "8BITMIME", "BINARYMIME", "CHUNKING"]
        return [f"250-{HOST} Hello [127.0.0.1]", *(f"250-{one}" for one in offered), "250 SMTPUTF8"]

    async def auth_XOAUTH2(self, server: SMTP, args: list[str]) -> AuthResult:  # noqa: N802 - aiosmtpd's name
        """Sign in by an access token; `user=` names the mailbox, the token whoever opens it."""
        said = await xoauth2(server, args)
        session = server.session
        if not isinstance(session, _Session) or said is None:
            return AuthResult(success=False, handled=False, message=UNSUCCESSFUL)
        refusal = self._token(session, *said)
        self._log.append(f"SMTP sign-in as {session.mailbox or '?'}: {refusal[:9] or 'taken'}")
        return AuthResult(success=not refusal, handled=False, message=refusal or None)

    def _token(self, session: _Session, user: str, token: str) -> str:
        bearer = self._tokens.read(token)
        if bearer is None or not is_outlook(bearer.audience) or bearer.application:
            return UNSUCCESSFUL
        tenant = self._directory.by_id(bearer.tenant)
        mailbox, own = tenant.mailbox(user), tenant.mailbox(bearer.username)
        if mailbox is None or own is None or tenant.now().timestamp() >= bearer.expires_at:
            return UNSUCCESSFUL
        if "SMTP.Send" not in bearer.permissions:
            return UNSUCCESSFUL
        if mailbox != own and not tenant.holds(own, mailbox, Right.FULL_ACCESS):
            return UNSUCCESSFUL
        if _is_off(tenant, mailbox):
            return DISABLED
        session.tenant, session.mailbox = tenant, mailbox
        return ""

    def _password(self, server: SMTP, session: Session, envelope: Envelope, mechanism: str, data: object) -> AuthResult:
        del server, envelope, mechanism
        refusal = WRONG_PASSWORD
        if isinstance(data, LoginPassword) and isinstance(session, _Session):
            try:
                tenant, person = self._directory.account(data.login.decode("utf-8", "replace"), ANY)
            except Refused:
                return AuthResult(success=False, handled=False, message=WRONG_PASSWORD)
            right = data.password.decode("utf-8", "replace") == person.password and person.mailbox
            if _is_off(tenant, person.username):
                refusal = DISABLED
            elif not tenant.policies.basic_auth:
                refusal = NO_PASSWORDS
            elif right and not person.mfa and not person.disabled:
                session.tenant, session.mailbox = tenant, person.username.lower()
                return AuthResult(success=True)
        return AuthResult(success=False, handled=False, message=refusal)

    async def handle_MAIL(  # noqa: N802 - aiosmtpd's name
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        """Take any envelope sender after a sign-in: whose message it is, From decides after DATA."""
        del server
        if not session.authenticated:
            return NOT_SIGNED_IN
        envelope.mail_from = address
        envelope.mail_options.extend(options)
        return "250 2.1.0 Sender OK"

    async def handle_RCPT(  # noqa: N802 - aiosmtpd's name
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        """Take every recipient."""
        del server, session, options
        envelope.rcpt_tos.append(address)
        return "250 2.1.5 Recipient OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802 - aiosmtpd's
        """Take the message where the mailbox may send as From."""
        del server
        if not isinstance(session, _Session) or session.tenant is None:
            return NOT_SIGNED_IN
        if self._in_flight[session.mailbox] >= AT_ONCE:
            return BUSY
        self._in_flight[session.mailbox] += 1
        try:
            await asyncio.sleep(self.latency_s)
            content = envelope.content if isinstance(envelope.content, bytes) else b""
            return self._take(session.tenant, session.mailbox, messages.parse(content), list(envelope.rcpt_tos))
        finally:
            self._in_flight[session.mailbox] -= 1

    async def handle_QUIT(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802 - aiosmtpd's
        """Take leave."""
        del server, session, envelope
        return "221 2.0.0 Service closing transmission channel"

    def _take(self, tenant: Tenant, mailbox: str, message: EmailMessage, to: list[str]) -> str:
        stated = messages.stated_sender(message) or mailbox
        identity = acting(tenant, actor=mailbox, wanted=tenant.mailbox(stated), at=mailbox)
        if identity is None:
            return DENIED.format(actor=mailbox, wanted=stated)
        message_id = str(message["Message-ID"] or "")
        subject = str(message["Subject"] or "")
        for copy in identity.copies:
            self._sent.append(Sent(at=tenant.now(), mailbox=copy, subject=subject, message_id=message_id))
        self._received(submitted.delivered(message, identity, tenant, to=to, at=mailbox))
        return f"250 2.0.0 OK {message_id or '<practice@localhost>'} [Hostname={HOST}]"


def _is_off(tenant: Tenant, mailbox: str) -> bool:
    on = {one.lower() for one in tenant.policies.smtp_auth_mailboxes}
    return not tenant.policies.smtp_auth and mailbox.lower() not in on
