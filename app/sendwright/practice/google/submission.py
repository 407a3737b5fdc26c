"""The simulated SMTP servers of Google: smtp.gmail.com, and the SMTP relay of a Workspace, both with XOAUTH2."""

import ssl
from typing import Final

from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

from sendwright.oauth.google.scopes import MAIL
from sendwright.practice.google.delivery import Delivery
from sendwright.practice.google.grants import Grants
from sendwright.practice.google.identities import Identity, identity, stated
from sendwright.practice.google.workspace import Person, Workspace
from sendwright.practice.messages import parse
from sendwright.practice.submission import SmtpListener, SmtpProtocol, SmtpSession, xoauth2

SUBMISSION: Final = "smtp.gmail.com"
RELAY: Final = "smtp-relay.gmail.com"
SIZE: Final = 35_882_577
CHALLENGE: Final = b'{"status":"400","schemes":"Bearer","scope":"https://mail.google.com/"}'
NOT_ACCEPTED: Final = (
    "535-5.7.8 Username and Password not accepted. For more information, go to\r\n"
    "535 5.7.8  https://support.google.com/mail/?p=BadCredentials practice - gsmtp"
)
NOT_SIGNED_IN: Final = (
    "530-5.7.0 Authentication Required. For more information, go to\r\n"
    "530 5.7.0  https://support.google.com/accounts/troubleshooter/2402620. practice - gsmtp"
)
TOO_MANY: Final = "452 4.5.3 Your message has too many recipients. practice - gsmtp"
TOO_LARGE: Final = "552 5.3.4 Your message exceeded Google's message size limits. practice - gsmtp"
DAILY: Final = "550 5.4.5 Daily user sending limit exceeded. practice - gsmtp"
RELAY_DENIED: Final = (
    "550-5.7.1 Invalid credentials for relay [127.0.0.1]. The IP address you've\r\n"
    "550 5.7.1 registered in your Workspace SMTP Relay service doesn't match. practice - gsmtp"
)
REFUSED_FROM: Final = "550 5.7.1 The From address is no sending address of the mailbox. practice - gsmtp"


class _Session(SmtpSession):
    person: Person | None = None


class _Smtp(SmtpProtocol):
    session_class = _Session


class Submission:
    """Listens on a free port. relay: the relay of the Workspace, which replaces no From. Use it on one event loop."""

    def __init__(
        self, workspace: Workspace, *, grants: Grants, delivery: Delivery, log: list[str], relay: bool = False
    ) -> None:
        self._workspace = workspace
        self._grants = grants
        self._delivery = delivery
        self._log = log
        self._relay = relay
        self._host = RELAY if relay else SUBMISSION
        self._listener = SmtpListener()
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
            hostname=self._host,
            ident="ESMTP practice - gsmtp",
            tls_context=context,
            require_starttls=True,
            auth_require_tls=True,
            authenticator=self._password,
            data_size_limit=SIZE,
            enable_SMTPUTF8=True,
        )

    async def handle_EHLO(  # noqa: N802 - aiosmtpd's name
        self, server: SMTP, session: Session, envelope: Envelope, hostname: str, responses: list[str]
    ) -> list[str]:
        """Offer what the real one offers; BDAT is offered, but not carried out."""
        del server, responses, envelope
        session.host_name = hostname
        offered = [f"SIZE {SIZE}", "8BITMIME"]
        offered += ["AUTH LOGIN PLAIN XOAUTH2 PLAIN-CLIENTTOKEN OAUTHBEARER XOAUTH" if session.ssl else "STARTTLS"]
        offered += ["ENHANCEDSTATUSCODES", "PIPELINING"]
        return [
            f"250-{self._host} at your service, [127.0.0.1]",
            *(f"250-{one}" for one in offered),
            "250 SMTPUTF8",
        ]

    async def auth_XOAUTH2(self, server: SMTP, args: list[str]) -> AuthResult:  # noqa: N802 - aiosmtpd's name
        """Sign in by an access token; a refusal is told in a challenge first, which the client answers by nothing."""
        said = await xoauth2(server, args)
        session = server.session
        person = self._who(*said) if said is not None else None
        self._log.append(f"SMTP sign-in as {person.email if person else '?'}: {'taken' if person else '535'}")
        if person is not None and isinstance(session, _Session):
            session.person = person
            return AuthResult(success=True, handled=False)
        await server.challenge_auth(CHALLENGE)
        return AuthResult(success=False, handled=False, message=NOT_ACCEPTED)

    def _who(self, user: str, token: str) -> Person | None:
        """Return whose mailbox a token opens: the one that is named, and by the scope of all mail only."""
        access = self._grants.read(token)
        if access is None or MAIL not in access.scopes or access.person is None:
            return None
        person = access.person
        return person if person.mailbox and user.lower() == person.email.lower() else None

    def _password(self, server: SMTP, session: Session, envelope: Envelope, mechanism: str, data: object) -> AuthResult:
        """Take no password: those of accounts count no more, and app passwords are not simulated."""
        del server, session, envelope, mechanism
        user = data.login.decode("utf-8", "replace") if isinstance(data, LoginPassword) else "?"
        self._log.append(f"SMTP sign-in with a password as {user}: 535")
        return AuthResult(success=False, handled=False, message=NOT_ACCEPTED)

    async def handle_MAIL(  # noqa: N802 - aiosmtpd's name
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        """Take the envelope sender after a sign-in; the relay only where it is on, and for the Workspace's own."""
        del server
        person = session.person if isinstance(session, _Session) else None
        if person is None:
            return NOT_SIGNED_IN
        if self._relay and not self._relays(person, address):
            return RELAY_DENIED
        envelope.mail_from = address
        envelope.mail_options.extend(options)
        return "250 2.1.0 OK practice - gsmtp"

    async def handle_RCPT(  # noqa: N802 - aiosmtpd's name
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        """Take so many recipients and no more."""
        del server, session, options
        if len(envelope.rcpt_tos) >= self._workspace.policies.most_recipients:
            return TOO_MANY
        envelope.rcpt_tos.append(address)
        return "250 2.1.5 OK practice - gsmtp"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802 - aiosmtpd's
        """Take the message; what is no sending address of the mailbox does not stay in From, except at the relay."""
        del server
        person = session.person if isinstance(session, _Session) else None
        content = envelope.content if isinstance(envelope.content, bytes) else b""
        if person is None:
            return NOT_SIGNED_IN
        if len(content) > self._workspace.policies.largest:
            return TOO_LARGE
        if not self._relay and self._delivery.full(person) is not None:
            return DAILY
        message = parse(content)
        found: Identity = stated(message) if self._relay else identity(message, person)
        if found.replaced and self._workspace.policies.rewrite == "refuse":
            return REFUSED_FROM
        self._delivery.take(message, found, person, to=list(envelope.rcpt_tos), told=True)
        return "250 2.0.0 OK  1795000000 practice - gsmtp"

    async def handle_QUIT(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802 - aiosmtpd's
        """Take leave."""
        del server, session, envelope
        return "221 2.0.0 closing connection practice - gsmtp"

    def _relays(self, person: Person, sender: str) -> bool:
        domain = self._workspace.domain
        return self._workspace.policies.relay and person.domain == domain and sender.lower().endswith(f"@{domain}")
