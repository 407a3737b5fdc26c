"""Sends over an SMTP server that one signs in to by an access token (XOAUTH2)."""

from collections.abc import Callable, Mapping

from sendwright.message import OutgoingMessage
from sendwright.network.network import Network
from sendwright.oauth.fixed import ENDED
from sendwright.oauth.grant import AccessToken, OAuthFailed, TokenSource
from sendwright.problems.classify import classify
from sendwright.problems.evidence import System
from sendwright.secret import Secret
from sendwright.senders.pace import MailboxPace, turn_of
from sendwright.senders.sender import Receipt, Sender, SendFailed
from sendwright.senders.smtp.failures import changed
from sendwright.senders.smtp.sender import SmtpSender
from sendwright.senders.smtp.settings import SmtpSettings

OpenSmtp = Callable[[SmtpSettings, Secret, Network], Sender]

NOT_SIGNED_IN = 535
FINAL = 500

USED_UP = "sending-limit-reached"
USED_UP_S = 3_600.0
"""The problem of a mailbox that may send no more today, and seconds until it is tried again: no server says when.

Where the server calls it final (5yz) it is the limit of a day; what it calls passing is one of minutes, and waits less.
"""


def _with_token(settings: SmtpSettings, token: Secret, network: Network) -> Sender:
    return SmtpSender(settings, token, network, token=True)


class SubmissionSender:
    """A `senders.sender.Sender` over client submission; every new connection signs in with a token that lasts.

    A token that the server refuses is replaced once: a refused sign-in is before any message. open_smtp: makes the
    sender of one token. values, system: what is known of who sends and whose the mailbox is, for evidence.
    """

    def __init__(
        self,
        settings: SmtpSettings,
        tokens: TokenSource,
        network: Network,
        *,
        values: Mapping[str, str],
        system: System = System.GRAPH,
        pace: MailboxPace | None = None,
        open_smtp: OpenSmtp = _with_token,
    ) -> None:
        self._smtp_settings = settings
        self._values = dict(values)
        self._system = system
        self._tokens = tokens
        self._network = network
        self._pace = pace
        self._open_smtp = open_smtp
        self._used: Secret | None = None
        self._sender: Sender | None = None

    async def submit(self, message: OutgoingMessage) -> Receipt:
        """Submit `message` once. Raises SendFailed."""
        known = self._values | {"sender": message.sender_address}
        async with turn_of(self._pace, values=known, system=self._system):
            try:
                return await self._once_signed_in(message)
            except SendFailed as failed:
                if self._pace is not None and _is_used_up(failed):
                    self._pace.pause(USED_UP_S, why=USED_UP)
                raise

    async def close(self) -> None:
        """Take leave of the server; never raises."""
        sender, self._sender = self._sender, None
        if sender is not None:
            await sender.close()

    async def _once_signed_in(self, message: OutgoingMessage) -> Receipt:
        access = await self._token()
        try:
            return await self._submit(message, access)
        except SendFailed as failed:
            if not _is_refused_token(failed):
                raise
            await self._tokens.refused(access)
            other = await self._another(access)
            if other.secret == access.secret:
                raise
        return await self._submit(message, other)

    async def _submit(self, message: OutgoingMessage, access: AccessToken) -> Receipt:
        sender = await self._signed_in_by(access)
        try:
            return await sender.submit(message)
        except SendFailed as failed:
            raise changed(failed, values=self._values | failed.evidence.values) from failed.__cause__

    async def _signed_in_by(self, access: AccessToken) -> Sender:
        if self._sender is None or self._used != access.secret:
            await self.close()
            self._sender = self._open_smtp(self._smtp_settings, access.secret, self._network)
            self._used = access.secret
        return self._sender

    async def _token(self) -> AccessToken:
        try:
            return await self._tokens.token()
        except OAuthFailed as failed:
            raise changed(SendFailed(failed.evidence), values=self._values | failed.evidence.values) from None

    async def _another(self, access: AccessToken) -> AccessToken:
        try:
            return await self._token()
        except SendFailed as failed:
            if failed.evidence.condition != ENDED:
                raise
        return access


def _is_refused_token(failed: SendFailed) -> bool:
    """Tell whether the server refused the sign-in: nothing of a message was said then."""
    return failed.evidence.stage == "sign-in" and failed.evidence.reply == NOT_SIGNED_IN


def _is_used_up(failed: SendFailed) -> bool:
    """Tell whether the mailbox has sent as much as it may."""
    reply = failed.evidence.reply
    return reply is not None and reply >= FINAL and classify(failed.evidence).code == USED_UP
