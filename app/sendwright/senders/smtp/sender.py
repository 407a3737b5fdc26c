"""Sends one message after the other over one SMTP connection that is kept for a while."""

import asyncio
import contextlib

from sendwright.errors import AddressInvalid
from sendwright.message import OutgoingMessage, encode
from sendwright.network.conditions import NetworkCondition
from sendwright.network.network import Network
from sendwright.problems.evidence import Evidence, System
from sendwright.secret import Secret
from sendwright.senders.sender import Receipt, SendFailed
from sendwright.senders.smtp.conditions import SmtpCondition
from sendwright.senders.smtp.session import SUBMIT_TIMEOUT_S, SmtpSession
from sendwright.senders.smtp.settings import SmtpSettings

IDLE_S = 20.0
"""Seconds for which an unused connection is kept: servers end one after some minutes, busy ones earlier."""

CLOSING = 421


class SmtpSender:
    """A `senders.sender.Sender` over SMTP.

    credential: the password, None where the settings have no username; with `token` an OAuth access token.
    The connection is made with the first message, used again for the next ones, and closed after `idle_s`
    seconds without any. A message is never sent a second time here.
    """

    def __init__(
        self,
        settings: SmtpSettings,
        credential: Secret | None,
        network: Network,
        *,
        token: bool = False,
        local_hostname: str | None = None,
        idle_s: float = IDLE_S,
        submit_timeout_s: float = SUBMIT_TIMEOUT_S,
    ) -> None:
        self._settings = settings
        self._credential = credential
        self._network = network
        self._token = token
        self._local_hostname = local_hostname
        self._idle_s = idle_s
        self._submit_timeout_s = submit_timeout_s
        self._session: SmtpSession | None = None
        self._alarm: asyncio.TimerHandle | None = None
        self._leaving: set[asyncio.Task[None]] = set()

    async def submit(self, message: OutgoingMessage) -> Receipt:
        """Submit `message` once. Raises SendFailed."""
        utf8 = needs_utf8(message)
        content = _encoded(message, utf8=utf8)
        self._stay()
        try:
            session = await self._announced(message.sender_address, content, utf8=utf8)
            await session.recipient(message.recipient)
            facts = await session.submit(content)
        except BaseException as error:
            await self._tidy(error)
            raise
        self._leave_later()
        return Receipt(message_id=message.message_id, provider_id=str(facts["queue_id"]), reply=str(facts["reply"]))

    async def close(self) -> None:
        """Take leave of the server; never raises."""
        self._stay()
        session, self._session = self._session, None
        if session is not None:
            await session.quit()
        await asyncio.gather(*self._leaving, return_exceptions=True)

    async def _announced(self, sender: str, content: bytes, *, utf8: bool) -> SmtpSession:
        """Return a session that took MAIL; a kept connection that turns out to be closed is replaced once."""
        kept = self._session
        if kept is not None and kept.is_open:
            try:
                await self._mail(kept, sender, content, utf8=utf8)
            except SendFailed as failure:
                if not _closed_meanwhile(failure):
                    raise
            else:
                return kept
        self._session = session = await self._opened()
        await self._mail(session, sender, content, utf8=utf8)
        return session

    async def _mail(self, session: SmtpSession, sender: str, content: bytes, *, utf8: bool) -> None:
        session.check_size(len(content))
        await session.sender(sender, size=len(content), eight_bit=not content.isascii(), utf8=utf8)

    async def _opened(self) -> SmtpSession:
        session = SmtpSession(
            self._settings,
            self._network,
            local_hostname=self._local_hostname,
            submit_timeout_s=self._submit_timeout_s,
        )
        steps = {
            "resolve": session.resolve,
            "connect": session.connect,
            "greet": session.greet,
            "secure": session.secure,
        }
        try:
            for stage in session.order(self._settings):
                if stage in steps:
                    await steps[stage]()
            if self._credential is not None:
                await session.sign_in(self._credential, token=self._token)
        except BaseException:
            await session.close()
            raise
        return session

    async def _tidy(self, error: BaseException) -> None:
        """Make the connection fit for the next message, or close it."""
        session = self._session
        if session is None:
            return
        if isinstance(error, SendFailed) and session.is_open:
            with contextlib.suppress(SendFailed):
                await session.reset()
                self._leave_later()
                return
        self._session = None
        await session.close()

    def _leave_later(self) -> None:
        self._alarm = asyncio.get_running_loop().call_later(self._idle_s, self._leave)

    def _leave(self) -> None:
        session, self._session = self._session, None
        if session is not None:
            task = asyncio.create_task(session.quit())
            self._leaving.add(task)
            task.add_done_callback(self._leaving.discard)

    def _stay(self) -> None:
        if self._alarm is not None:
            self._alarm.cancel()
            self._alarm = None


def needs_utf8(message: OutgoingMessage) -> bool:
    """Tell whether an address of `message` can only be written with SMTPUTF8; a domain never needs it."""
    written = (message.sender_address, message.recipient, message.reply_to or "")
    return not all(address.rpartition("@")[0].isascii() for address in written)


def _encoded(message: OutgoingMessage, *, utf8: bool) -> bytes:
    try:
        return encode(message, smtputf8=utf8)
    except AddressInvalid as invalid:
        condition = SmtpCondition.ADDRESS_NOT_SENDABLE.value
        evidence = Evidence(stage="sender", system=System.SMTP, condition=condition, values={"reason": invalid.code})
        raise SendFailed(evidence) from invalid


def _closed_meanwhile(failure: SendFailed) -> bool:
    """Whether a kept connection was at its end before MAIL was taken."""
    evidence = failure.evidence
    lost = (NetworkCondition.CONNECTION_DROPPED.value, SmtpCondition.NONSENSE_REPLY.value)
    return evidence.reply == CLOSING or evidence.condition in lost
