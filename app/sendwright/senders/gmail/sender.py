"""Hands messages to Gmail."""

import base64
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Final

from sendwright.message import OutgoingMessage
from sendwright.network.network import Network
from sendwright.oauth.grant import TokenSource
from sendwright.oauth.web import Web
from sendwright.problems.classify import classify
from sendwright.problems.evidence import System
from sendwright.senders.gmail.asking import ME, Asking
from sendwright.senders.gmail.settings import GmailSettings, Way
from sendwright.senders.interface.answer import word
from sendwright.senders.interface.asking import Request
from sendwright.senders.interface.encoding import encoded
from sendwright.senders.interface.failures import TOO_LARGE, observed
from sendwright.senders.pace import MailboxPace, turn_of
from sendwright.senders.sender import Receipt, SendFailed

LARGEST: Final = 25 * 1024 * 1024
"""Octets of a message as it is encoded; Gmail's interface itself would take 35 MiB.

Source: support.google.com/mail/answer/6584; Gmail discovery document 20261005, messages.send.
"""

UPLOAD_FROM: Final = 5 * 1024 * 1024
"""Octets from which on a message goes as it is: within JSON it would be a third longer."""

PAUSES_S: Final = {
    "gmail-rate-limited": 60.0,
    "sending-limit-reached": 3_600.0,
    "gmail-project-quota": 3_600.0,
}
"""Seconds for which a mailbox is left alone, by problem, where Gmail names no time.

A minute is the period of its quota. The account's limit is one of 24 hours, and only trying shows when it is over.
"""

NARROW_S: Final = 120.0
"""Seconds for which one at a time asks after that: `Too many concurrent requests for user` names no number."""

_SEND: Final = f"{ME}/messages/send"


class GmailReceipt(Receipt, frozen=True, kw_only=True):
    """Gmail took the message. provider_id: the message's id in the mailbox; thread_id: that of its conversation."""

    thread_id: str = ""


class GmailSender:
    """A `senders.sender.Sender` over Gmail (users.messages.send, which takes the recipients from the headers).

    pace: shared by all who send from the mailbox; None keeps to nothing, for a single message that a person asked for.
    A message that may have been taken is never sent a second time here. One has one recipient, so that the 100 that
    Gmail allows are never met (support.google.com/a/answer/166852); one that is too large is refused
    (`message-too-large`, with `size` and `limit`) before anything is asked. Gmail may replace From in silence:
    `GmailSettings.proof` says what is known of that.
    Source: developers.google.com/workspace/gmail/api/reference/rest/v1/users.messages/send
    """

    def __init__(
        self,
        settings: GmailSettings,
        tokens: TokenSource,
        network: Network,
        *,
        pace: MailboxPace | None = None,
        web: Web | None = None,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self._pace = pace
        self._values = values_of(settings)
        self._asking = Asking(settings.place.gmail, tokens, network, values=self._values, web=web, clock=clock)

    async def submit(self, message: OutgoingMessage) -> GmailReceipt:
        """Submit `message` once. Raises SendFailed."""
        values = self._values | {"sender": message.sender_address, "recipient": message.recipient}
        content = await encoded(message, system=System.GMAIL, values=values)
        if len(content) > LARGEST:
            known = values | {"size": str(len(content)), "limit": str(LARGEST)}
            raise SendFailed(observed(TOO_LARGE, system=System.GMAIL, stage="submit", values=known))
        async with turn_of(self._pace, values=values, system=System.GMAIL):
            try:
                answer = await self._asking.ask(_request(content), values=values)
            except SendFailed as failed:
                self._learn(failed)
                raise
        return GmailReceipt(
            message_id=message.message_id,
            provider_id=word(answer.content.get("id")),
            reply="200 OK",
            thread_id=word(answer.content.get("threadId")),
        )

    async def close(self) -> None:
        """Release connections; never raises."""
        await self._asking.close()

    def _learn(self, failed: SendFailed) -> None:
        """Let everybody leave the mailbox alone for as long as Gmail asks, and ask one by one after that."""
        if self._pace is None:
            return
        asked_s, problem = failed.evidence.retry_after_s, classify(failed.evidence).code
        usual_s = PAUSES_S.get(problem)
        if usual_s is not None:
            wait_s = asked_s or usual_s
            self._pace.pause(wait_s, why=problem)
            self._pace.narrow(wait_s + NARROW_S)
        elif asked_s:
            self._pace.pause(asked_s)


def values_of(settings: GmailSettings) -> dict[str, str]:
    """Return what evidence says of `settings`: whose mailbox, who acts, by which client and route."""
    service = settings.way is Way.SERVICE_ACCOUNT
    known = {
        "username": settings.account,
        "mailbox": settings.account,
        "sender": settings.account,
        "client_id": settings.client_id,
        "service_account": settings.service_account,
        "way": settings.way.value,
        "route": settings.route.value,
        "registration": "own" if settings.own or service else "",
    }
    return {name: value for name, value in known.items() if value}


def _request(content: bytes) -> Request:
    """Return the request that hands `content` over: within JSON, or as it is where that is large."""
    if len(content) >= UPLOAD_FROM:
        path = f"/upload{_SEND}?uploadType=media"
        return Request(method="POST", path=path, stage="submit", content=content, media="message/rfc822")
    raw = b'{"raw":"' + base64.urlsafe_b64encode(content) + b'"}'
    return Request(method="POST", path=_SEND, stage="submit", content=raw, media="application/json")
