"""Hands messages to Microsoft Graph."""

import base64
from collections.abc import Callable
from datetime import UTC, datetime
from http import HTTPStatus
from typing import Final
from urllib.parse import quote

from sendwright.message import OutgoingMessage
from sendwright.network.network import Network
from sendwright.oauth.grant import TokenSource
from sendwright.oauth.web import Web
from sendwright.problems.evidence import System
from sendwright.senders.graph.asking import Asking
from sendwright.senders.graph.settings import GraphSettings, Route, Way
from sendwright.senders.interface.asking import Request
from sendwright.senders.interface.encoding import encoded
from sendwright.senders.interface.failures import TOO_LARGE, observed
from sendwright.senders.pace import MailboxPace, turn_of
from sendwright.senders.sender import Receipt, SendFailed

LARGEST_REQUEST: Final = 4 * 1024 * 1024
"""Octets of one request to Outlook; the message is a quarter smaller, as it goes as base64 (unconfirmed: 413 says)."""

LARGER_NEEDS: Final = "Mail.ReadWrite"
"""The permission that larger messages would need: they are drafts first, whose attachments are uploaded in pieces."""

PAUSE_S: Final = 60.0
"""Seconds for which a mailbox is left alone where Graph asks for a pause and does not say how long."""

_BUSY = frozenset({HTTPStatus.TOO_MANY_REQUESTS, HTTPStatus.SERVICE_UNAVAILABLE, HTTPStatus.GATEWAY_TIMEOUT})


class GraphReceipt(Receipt, frozen=True, kw_only=True):
    """Microsoft Graph took the message. request_id: its own name of the request; client_request_id: ours."""

    request_id: str = ""
    client_request_id: str = ""


class GraphSender:
    """A `senders.sender.Sender` over Microsoft Graph (POST sendMail, MIME form, which keeps headers as they are).

    `From` is the message's own; `Sender` is never set, as Exchange fills it in. pace: shared by all who send from the
    mailbox; None keeps to nothing, for a single message that a person asked for. A message that may have been taken is
    never sent a second time here.

    A request holds at most 4 MB. Graph's upload sessions are for the attachments of drafts alone, need the permission
    Mail.ReadWrite, which by default only an administrator can give, and our messages have no attachments: a message
    that does not fit is refused (`message-too-large`, with `size`, `limit` and `permission`) before anything is asked.
    Source: learn.microsoft.com/graph/api/user-sendmail, /graph/outlook-large-attachments.
    """

    def __init__(
        self,
        settings: GraphSettings,
        tokens: TokenSource,
        network: Network,
        *,
        pace: MailboxPace | None = None,
        web: Web | None = None,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self._settings = settings
        self._pace = pace
        self._values = values_of(settings)
        graph = settings.registration.place.graph
        self._asking = Asking(graph, tokens, network, values=self._values, web=web, clock=clock)

    async def submit(self, message: OutgoingMessage) -> GraphReceipt:
        """Submit `message` once. Raises SendFailed."""
        values = self._values | {"sender": message.sender_address, "recipient": message.recipient}
        content = base64.b64encode(await encoded(message, system=System.GRAPH, values=values))
        if len(content) > LARGEST_REQUEST:
            size, limit = str(len(content) // 4 * 3), str(LARGEST_REQUEST // 4 * 3)
            known = values | {"size": size, "limit": limit, "permission": LARGER_NEEDS}
            raise SendFailed(observed(TOO_LARGE, system=System.GRAPH, stage="submit", values=known))
        request = Request(method="POST", path=path_of(self._settings), stage="submit", content=content)
        async with turn_of(self._pace, values=values):
            try:
                answer = await self._asking.ask(request, good=HTTPStatus.ACCEPTED, values=values)
            except SendFailed as failed:
                self._learn(failed)
                raise
        return GraphReceipt(
            message_id=message.message_id,
            provider_id=answer.request_id or answer.client_request_id,
            reply=f"202 Accepted; client-request-id {answer.client_request_id}",
            request_id=answer.request_id,
            client_request_id=answer.client_request_id,
        )

    async def close(self) -> None:
        """Release connections; never raises."""
        await self._asking.close()

    def _learn(self, failed: SendFailed) -> None:
        """Let everybody leave the mailbox alone for as long as Graph asks."""
        evidence = failed.evidence
        if self._pace is None or evidence.http not in _BUSY:
            return
        usual_s = PAUSE_S if evidence.http == HTTPStatus.TOO_MANY_REQUESTS else 0.0
        self._pace.pause(usual_s if evidence.retry_after_s is None else evidence.retry_after_s)


def path_of(settings: GraphSettings) -> str:
    """Return where messages are posted, below Graph's version; a mailbox stands in it as one quoted segment."""
    if settings.route is Route.ME:
        return "/me/sendMail"
    return f"/users/{quote(settings.mailbox, safe='@')}/sendMail"


def values_of(settings: GraphSettings) -> dict[str, str]:
    """Return what evidence says of `settings`: whose mailbox, who acts, by which application and route."""
    account = settings.account if settings.way is Way.ACCOUNT else settings.client_id
    return {
        "username": account or settings.mailbox,
        "mailbox": settings.mailbox,
        "sender": settings.mailbox,
        "client_id": settings.client_id,
        "tenant": settings.tenant,
        "way": settings.way.value,
        "route": settings.route.value,
        **({"registration": "own"} if settings.certificate else {}),
    }
