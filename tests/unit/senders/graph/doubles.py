"""A Graph that answers as it is told."""

import base64
from collections.abc import Mapping
from dataclasses import dataclass
from email import message_from_bytes
from email.message import Message
from email.policy import SMTP

import httpx
import msgspec
from tests.unit.senders.doubles import NOW, Interface, Learning, Tokens, network

from sendwright.message import OutgoingMessage
from sendwright.senders.graph.asking import Asking
from sendwright.senders.graph.sender import GraphSender
from sendwright.senders.graph.settings import GraphSettings, Route, Way
from sendwright.senders.pace import MailboxPace

TENANT = "aaaabbbb-0000-4000-8000-000000000001"
CLIENT = "ccccdddd-0000-4000-8000-000000000002"
ACCOUNT_ID = "eeeeffff-0000-4000-8000-000000000003"
ACCOUNT = "anna@contoso.com"
MAILBOX = "notices@contoso.com"
RECIPIENT = "bob@example.com"
GRAPH = "https://graph.microsoft.com"


def settings(route: Route = Route.ME, way: Way = Way.ACCOUNT, **changes: object) -> GraphSettings:
    """Return the settings of Contoso's shared mailbox."""
    account, account_id = (ACCOUNT, ACCOUNT_ID) if way is Way.ACCOUNT else ("", "")
    usual = GraphSettings(
        client_id=CLIENT,
        tenant=TENANT,
        mailbox=MAILBOX,
        way=way,
        route=route,
        account=account,
        account_id=account_id,
    )
    return msgspec.structs.replace(usual, **changes)


def outgoing(**changes: object) -> OutgoingMessage:
    """Return a small message from the shared mailbox."""
    usual = OutgoingMessage(
        sender_address=MAILBOX,
        alias="Notices",
        recipient=RECIPIENT,
        subject="A test",
        message_id="<test.1@contoso.com>",
        text="Hello.",
        written_at=NOW,
    )
    return msgspec.structs.replace(usual, **changes)


@dataclass
class Graph(Interface):
    """Microsoft Graph as one test wants it."""

    @property
    def posted(self) -> list[Message]:
        """The messages that were posted, decoded."""
        return [message_from_bytes(base64.b64decode(body, validate=True), policy=SMTP) for body in self.bodies if body]


def accepted(request_id: str = "11112222-0000-4000-8000-00000000000a") -> httpx.Response:
    return httpx.Response(202, headers={"request-id": request_id})


def error(
    status: int, code: str, message: str = "", *, headers: Mapping[str, str] | None = None, **inner: str
) -> httpx.Response:
    """Return an error as Graph writes it."""
    body = {"error": {"code": code, "message": message, "innerError": inner}}
    return httpx.Response(status, json=body, headers=dict(headers or {}))


def sender_of(
    graph: Graph, *, tokens: Tokens | None = None, chosen: GraphSettings | None = None, pace: MailboxPace | None = None
) -> GraphSender:
    return GraphSender(
        chosen or settings(), tokens or Tokens(), network(), pace=pace, web=graph.client, clock=lambda: NOW
    )


def asking_of(graph: Graph, *, tokens: Tokens | None = None, recorder: Learning | None = None) -> Asking:
    return Asking(
        GRAPH,
        tokens or Tokens(),
        network(recorder=recorder),
        values={"username": ACCOUNT},
        web=graph.client,
        clock=lambda: NOW,
    )
