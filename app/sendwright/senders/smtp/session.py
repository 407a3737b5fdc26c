"""One SMTP connection, walked stage by stage."""

import msgspec
from aiosmtplib import SMTPResponse

from sendwright.address import Address, parse_address
from sendwright.errors import AddressInvalid
from sendwright.network.network import Network
from sendwright.secret import Secret
from sendwright.senders.sender import SendFailed
from sendwright.senders.smtp.authentication import Attempt, choose
from sendwright.senders.smtp.conditions import SmtpCondition
from sendwright.senders.smtp.connection import CLOSING, Connection, Facts
from sendwright.senders.smtp.envelope import Command, Envelope, rcpt
from sendwright.senders.smtp.failures import changed
from sendwright.senders.smtp.queue_id import queue_id
from sendwright.senders.smtp.settings import Security, SmtpSettings
from sendwright.senders.smtp.wire import Wire

STARTTLS_ORDER = ("resolve", "connect", "greet", "secure", "sign-in", "sender", "recipient", "submit")
TLS_ORDER = ("resolve", "connect", "secure", "greet", "sign-in", "sender", "recipient", "submit")

SUBMIT_TIMEOUT_S = 600.0
"""Seconds that a server may take to accept a message (RFC 5321 section 4.5.3.2.6); less makes duplicates."""

GO_AHEAD = 354
INTERMEDIATE, REFUSALS = 300, 400
"""From here on a reply wants more, or says no (RFC 5321 section 4.2.1)."""


class SmtpSession(Connection):
    """A connection to the server of `settings`.

    Each stage returns what was seen, ready for JSON and free of secrets, and raises
    `senders.sender.SendFailed`, whose evidence carries the stage's id. Stages run in the order of `order`.
    After a refusal the connection stands and the stage may be tried again; after any other failure, and
    after 421, it is closed. Nothing is sent before TLS but EHLO and STARTTLS.

    local_hostname: the name given in EHLO, else this computer's address. submit_timeout_s: how long the
    server may take to accept a message.
    """

    def __init__(
        self,
        settings: SmtpSettings,
        network: Network,
        *,
        local_hostname: str | None = None,
        submit_timeout_s: float = SUBMIT_TIMEOUT_S,
    ) -> None:
        super().__init__(settings, network, local_hostname=local_hostname)
        self._submit_timeout_s = submit_timeout_s
        self._envelope: Envelope | None = None

    @staticmethod
    def order(settings: SmtpSettings) -> tuple[str, ...]:
        """Return the ids of the stages in the order in which they must run."""
        return TLS_ORDER if settings.security is Security.TLS else STARTTLS_ORDER

    def guard(self, password: Secret) -> None:
        """Let nothing that is seen from now on show `password`, although it is not used yet."""
        self._witness.redactor.learn(secret=password.reveal())
        self._network.recorder.learn(password)

    async def sign_in(self, password: Secret, *, token: bool = False) -> Facts:
        """Sign in as the settings' user with one single attempt; facts: mechanism, mechanisms, reply.

        token: `password` is an OAuth access token, for XOAUTH2.
        """
        return await self._within("sign-in", self._sign_in(password, token=token))

    async def sender(
        self, address: str, *, size: int | None = None, eight_bit: bool = False, utf8: bool = False
    ) -> Facts:
        """Give the envelope sender; facts: address, reply.

        size: of the content, in bytes. eight_bit: the content is not ASCII only. utf8: the recipient's
        address or the header needs SMTPUTF8; an address of the sender that does is seen here.
        """
        envelope = self._wrapped(address, size=size, eight_bit=eight_bit, utf8=utf8)
        return await self._within("sender", self._sender(envelope))

    async def recipient(self, address: str) -> Facts:
        """Give the recipient; facts: address, reply."""
        return await self._within("recipient", self._recipient(address))

    async def submit(self, content: bytes) -> Facts:
        """Hand over the message; facts: size, reply, queue_id.

        `perhaps_sent` of a failure's evidence is true when the message's end had left and no reply was understood.
        """
        self.check_size(len(content))
        await self._within("submit", self._ask_for_message())
        return await self._hand_over(content)

    async def send(self, content: bytes, *, sender: str, recipient: str, utf8: bool = False) -> Facts:
        """Run the stages sender, recipient and submit; facts and failures as theirs.

        Where the server offers PIPELINING (RFC 2920) their commands go out together, which saves two round trips.
        """
        self.check_size(len(content))
        eight_bit = not content.isascii()
        if "PIPELINING" not in self._extensions:
            await self.sender(sender, size=len(content), eight_bit=eight_bit, utf8=utf8)
            await self.recipient(recipient)
            return await self.submit(content)
        to = self._parsed("recipient", recipient)
        envelope = self._wrapped(sender, size=len(content), eight_bit=eight_bit, utf8=utf8 or to.needs_smtputf8)
        group = {
            "sender": self._mail("sender", envelope),
            "recipient": rcpt(to),
            "submit": (b"DATA",),
        }
        await self._agree(group)
        return await self._hand_over(content)

    def check_size(self, size: int) -> None:
        """Raise SendFailed (`message-too-large`) where the server takes less than `size` bytes."""
        limit = self._extensions.size_limit
        if limit is not None and size > limit:
            condition = SmtpCondition.MESSAGE_TOO_LARGE
            raise self._witness.seen("submit", condition, size=str(size), limit=str(limit))

    async def reset(self) -> None:
        """Forget sender and recipient (RSET). Raises SendFailed with stage `reset`."""
        self._envelope = None
        await self._within("reset", self._expect("reset", (b"RSET",)))

    async def _sign_in(self, password: Secret, *, token: bool) -> Facts:
        wire, username = self._standing(), self._settings.login(password)
        if wire.tls is None or username is None:
            raise ValueError("sign-in needs TLS and a user name")
        offered = self._extensions.mechanisms
        self._witness.values["username"] = self._settings.username or ""
        self.guard(password)  # some services take one token for both
        if "AUTH" not in self._extensions:
            raise self._witness.seen("sign-in", SmtpCondition.AUTH_NOT_OFFERED)
        mechanism = choose(offered, token=token)
        if mechanism is None:
            condition = SmtpCondition.AUTH_MECHANISM_UNSUPPORTED
            raise self._witness.seen("sign-in", condition, mechanisms=", ".join(offered))
        attempt = Attempt(wire, username=username, secret=password, redactor=self._witness.redactor)
        outcome = await attempt.run(mechanism)
        facts = {"mechanism": mechanism, "mechanisms": ", ".join(offered)} | outcome.refusal
        accepted = await self._accepted("sign-in", outcome.response, **facts)
        return {"mechanism": mechanism, "mechanisms": list(offered)} | self._reply(accepted)

    async def _sender(self, envelope: Envelope) -> Facts:
        accepted = await self._expect("sender", self._mail("sender", envelope))
        self._envelope = envelope
        return {"address": envelope.sender.text} | self._reply(accepted)

    def _wrapped(self, sender: str, *, size: int | None, eight_bit: bool, utf8: bool) -> Envelope:
        address = self._parsed("sender", sender)
        return Envelope(sender=address, size=size, eight_bit=eight_bit, utf8=utf8 or address.needs_smtputf8)

    def _mail(self, stage: str, envelope: Envelope, **values: str) -> Command:
        if envelope.utf8 and "SMTPUTF8" not in self._extensions:
            raise self._witness.seen(stage, SmtpCondition.SMTPUTF8_NOT_OFFERED, **values)
        return envelope.mail(self._extensions)

    async def _recipient(self, text: str) -> Facts:
        recipient = self._parsed("recipient", text)
        envelope = self._envelope
        if recipient.needs_smtputf8 and envelope is not None and not envelope.utf8:
            # SMTPUTF8 is announced with MAIL (RFC 6531 section 3.4), which knew nothing of this recipient
            mail = self._mail("recipient", msgspec.structs.replace(envelope, utf8=True), recipient=text)
            await self._expect("recipient", (b"RSET",))
            await self._expect("recipient", mail)
        accepted = await self._expect("recipient", rcpt(recipient))
        return {"address": text} | self._reply(accepted)

    async def _ask_for_message(self) -> None:
        self._go_ahead(await self._command(b"DATA"))

    async def _agree(self, group: dict[str, Command]) -> None:
        """Send the commands of several stages together; raise the failure of the first stage that went wrong."""
        wire = self._standing()
        await self._within(next(iter(group)), wire.send_together(*group.values()))
        replies: dict[str, SMTPResponse] = {}
        lost = None
        for stage in group:
            try:
                replies[stage] = await self._within(stage, wire.next_reply())
            except SendFailed as failure:
                lost = failure
                break
            if replies[stage].code == CLOSING:
                break
        asked_for = replies.get("submit")
        if asked_for is not None and asked_for.code == GO_AHEAD and not all(map(_is_yes, list(replies.values())[:-1])):
            self._abort()  # it waits for a message that it refused: what comes next would be taken for that
        for stage, response in replies.items():
            await self._within(stage, self._agreed(stage, response))
        if lost is not None:
            raise lost

    async def _agreed(self, stage: str, response: SMTPResponse) -> None:
        if stage == "submit":
            self._go_ahead(response)
        else:
            await self._accepted(stage, response)

    def _go_ahead(self, response: SMTPResponse) -> None:
        """Raise SendFailed unless the server asks for the message."""
        if response.code != GO_AHEAD:
            condition = None if response.code >= REFUSALS else SmtpCondition.NONSENSE_REPLY
            raise self._witness.refused("submit", response, condition=condition)

    async def _hand_over(self, content: bytes) -> Facts:
        failure = None
        wire = self._standing()
        try:
            response = await self._within("submit", wire.message(content), spare_s=self._submit_timeout_s)
        except SendFailed as failed:
            failure = changed(failed, perhaps_sent=True) if wire.end_left else failed
        if failure is not None:
            raise failure
        accepted = await self._within("submit", self._taken(wire, response))
        self._envelope = None
        words = self._witness.words(accepted.message)
        return {"size": len(content), "queue_id": queue_id(words)} | self._reply(accepted)

    async def _taken(self, wire: Wire, response: SMTPResponse) -> SMTPResponse:
        if not wire.end_left:
            self._abort()  # the server would take what comes next for the rest of the message
        if response.code >= REFUSALS:
            raise self._witness.refused("submit", response)
        if response.code < INTERMEDIATE and wire.end_left:
            return response
        nonsense = self._witness.refused("submit", response, condition=SmtpCondition.NONSENSE_REPLY)
        raise changed(nonsense, perhaps_sent=wire.end_left)

    async def _expect(self, stage: str, command: Command) -> SMTPResponse:
        return await self._accepted(stage, await self._command(*command))

    async def _accepted(self, stage: str, response: SMTPResponse, **values: str) -> SMTPResponse:
        """Return a reply that says yes (2yz); raise SendFailed for any other."""
        if _is_yes(response):
            return response
        condition = None if response.code >= REFUSALS else SmtpCondition.NONSENSE_REPLY
        raise self._witness.refused(stage, response, condition=condition, **values)

    def _parsed(self, stage: str, text: str) -> Address:
        try:
            return parse_address(text)
        except AddressInvalid as invalid:
            condition = SmtpCondition.ADDRESS_NOT_SENDABLE
            raise self._witness.seen(stage, condition, reason=invalid.code) from None

    def _reply(self, response: SMTPResponse) -> Facts:
        return {"reply": f"{response.code} {self._witness.words(response.message)}"}


def _is_yes(response: SMTPResponse) -> bool:
    return response.code < INTERMEDIATE
