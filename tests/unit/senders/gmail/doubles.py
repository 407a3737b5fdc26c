"""A Gmail that answers as it is told."""

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
from sendwright.profile import SenderProfile
from sendwright.senders.gmail.asking import Asking
from sendwright.senders.gmail.sender import GmailSender
from sendwright.senders.gmail.settings import GmailSettings, Route, Way
from sendwright.senders.pace import MailboxPace

CLIENT = "123456789012-abc.apps.googleusercontent.com"
ACCOUNT_ID = "110000000000000000001"
ACCOUNT = "anna@example.org"
NOTICES = "notices@example.org"
RECIPIENT = "bob@example.com"
SERVICE_ACCOUNT = "notices@project.iam.gserviceaccount.com"
SERVICE_ACCOUNT_ID = "104857600000000000001"
GMAIL = "https://gmail.googleapis.com"
SEND = f"{GMAIL}/gmail/v1/users/me/messages/send"


def settings(way: Way = Way.ACCOUNT, route: Route = Route.API, **changes: object) -> GmailSettings:
    """Return the settings of Anna's mailbox."""
    service = way is Way.SERVICE_ACCOUNT
    usual = GmailSettings(
        account=ACCOUNT,
        way=way,
        route=route,
        account_id="" if service else ACCOUNT_ID,
        domain="example.org",
        client_id=SERVICE_ACCOUNT_ID if service else CLIENT,
        service_account=SERVICE_ACCOUNT if service else "",
    )
    return msgspec.structs.replace(usual, **changes)


def profile(
    way: Way = Way.ACCOUNT, route: Route = Route.API, *, address: str = ACCOUNT, **changes: object
) -> SenderProfile:
    """Return a profile of Anna's mailbox; changes: of its settings, as JSON has them."""
    given = msgspec.to_builtins(settings(way, route)) | changes
    return SenderProfile(provider="gmail", sender="gmail", address=address, alias="Notices", settings=given)


def outgoing(**changes: object) -> OutgoingMessage:
    """Return a small message of Anna's."""
    usual = OutgoingMessage(
        sender_address=ACCOUNT,
        alias="Notices",
        recipient=RECIPIENT,
        subject="A test",
        message_id="<test.1@example.org>",
        text="Hello.",
        written_at=NOW,
    )
    return msgspec.structs.replace(usual, **changes)


@dataclass
class Gmail(Interface):
    """Gmail as one test wants it."""

    @property
    def posted(self) -> list[Message]:
        """The messages that were posted, decoded."""
        return [message_from_bytes(_message(body), policy=SMTP) for body in self.bodies if body]


def _message(body: bytes) -> bytes:
    if not body.startswith(b"{"):
        return body
    raw = msgspec.json.decode(body, type=dict[str, str])["raw"]
    return base64.b64decode(raw, altchars=b"-_", validate=True)


def accepted(message_id: str = "18c1f0a2b3c4d5e6", thread_id: str = "18c1f0a2b3c40000") -> httpx.Response:
    return httpx.Response(200, json={"id": message_id, "threadId": thread_id, "labelIds": ["SENT"]})


def error(
    status: int,
    *reasons: str,
    message: str = "",
    details: tuple[Mapping[str, object], ...] = (),
    state: str = "",
    headers: Mapping[str, str] | None = None,
) -> httpx.Response:
    """Return an error as Google writes it; details: of google.rpc, errors: one for each reason."""
    said = [{"message": message, "domain": "global", "reason": reason} for reason in reasons]
    body: dict[str, object] = {"code": status, "message": message, "errors": said}
    if state:
        body["status"] = state
    if details:
        body["details"] = list(details)
    return httpx.Response(status, json={"error": body}, headers=dict(headers or {}))


def info(reason: str, **metadata: str) -> Mapping[str, object]:
    """Return a google.rpc.ErrorInfo."""
    kind = "type.googleapis.com/google.rpc.ErrorInfo"
    return {"@type": kind, "reason": reason, "domain": "googleapis.com", "metadata": metadata}


def sender_of(
    gmail: Gmail, *, tokens: Tokens | None = None, chosen: GmailSettings | None = None, pace: MailboxPace | None = None
) -> GmailSender:
    return GmailSender(
        chosen or settings(), tokens or Tokens(), network(), pace=pace, web=gmail.client, clock=lambda: NOW
    )


def asking_of(gmail: Gmail, *, tokens: Tokens | None = None, recorder: Learning | None = None) -> Asking:
    return Asking(
        GMAIL,
        tokens or Tokens(),
        network(recorder=recorder),
        values={"username": ACCOUNT},
        web=gmail.client,
        clock=lambda: NOW,
    )
