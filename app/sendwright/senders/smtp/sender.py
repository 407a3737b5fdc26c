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
from sendwright.senders.smtp.connection import CLOSING, Facts
from sendwright.senders.smtp.session import SUBMIT_TIMEOUT_S, SmtpSession
from sendwright.senders.smtp.settings import SmtpSettings

IDLE_S = 20.0
"""Seconds for which an unused connection is kept: servers end one after some minutes, busy ones earlier."""

LARGE = 100_000
"""Characters from which on a message is encoded aside: that takes a second for some millions."""


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
        if len(message.text) + len(message.html) > LARGE:
            content = await asyncio.to_thread(_encoded, message)
        else:
            content = _encoded(message)
        self._stay()
        try:
            facts = await self._sent(message, content)
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

    async def _sent(self, message: OutgoingMessage, content: bytes) -> Facts:
        """Send; a kept connection that turns out to be closed, before MAIL was taken, is replaced once."""
        kept = self._session
        if kept is not None and kept.is_open:
            try:
                return await _send(kept, message, content)
            except SendFailed as failure:
                if not _closed_meanwhile(failure):
                    raise
        self._session = session = await self._opened()
        return await _send(session, message, content)

    async def _opened(self) -> SmtpSession:
        session = SmtpSession(
            self._settings,
            self._network,
            local_hostname=self._local_hostname,
            submit_timeout_s=self._submit_timeout_s,
        )
        if self._credential is not None:
            session.guard(self._credential)
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


def _encoded(message: OutgoingMessage) -> bytes:
    try:
        return encode(message, smtputf8=needs_utf8(message))
    except AddressInvalid as invalid:
        condition = SmtpCondition.ADDRESS_NOT_SENDABLE.value
        evidence = Evidence(stage="sender", system=System.SMTP, condition=condition, values={"reason": invalid.code})
        raise SendFailed(evidence) from invalid


async def _send(session: SmtpSession, message: OutgoingMessage, content: bytes) -> Facts:
    return await session.send(
        content, sender=message.sender_address, recipient=message.recipient, utf8=needs_utf8(message)
    )


def _closed_meanwhile(failure: SendFailed) -> bool:
    """Whether a kept connection was at its end before MAIL was taken."""
    evidence = failure.evidence
    lost = (NetworkCondition.CONNECTION_DROPPED.value, SmtpCondition.NONSENSE_REPLY.value)
    return evidence.stage == "sender" and (evidence.reply == CLOSING or evidence.condition in lost)
