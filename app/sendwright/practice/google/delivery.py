"""A message of the simulated Gmail as its recipients see it."""

import secrets
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from email.message import EmailMessage
from email.utils import format_datetime

from sendwright.practice.google.identities import Identity
from sendwright.practice.google.workspace import Person, Workspace
from sendwright.practice.mail_server import Received
from sendwright.practice.messages import Sent, part

ORIGINAL_FROM = "X-Google-Original-From"
ORIGINAL_ID = "X-Google-Original-Message-ID"


@dataclass
class Delivery:
    """Delivers, and keeps what was sent. sent: the copies in Sent of all mailboxes."""

    workspace: Workspace
    received: Callable[[Received], None]
    sent: list[Sent] = field(default_factory=list)

    def full(self, person: Person) -> datetime | None:
        """Return when the mailbox may send again where it has sent as much as it may in 24 hours, else None."""
        now, policies = self.workspace.now(), self.workspace.policies
        recent = [one.at for one in self.sent if one.mailbox == person.email and one.at > now - timedelta(days=1)]
        most = policies.per_day if person.domain else policies.per_day_personal
        if len(recent) + person.sent_today < most:
            return None
        return (recent[0] if recent else now) + timedelta(days=1)

    def take(
        self, message: EmailMessage, identity: Identity, person: Person, *, to: Sequence[str], told: bool = False
    ) -> None:
        """Rewrite `message` as Gmail does, keep a copy, deliver it. told: the From that was replaced is kept along."""
        now = self.workspace.now()
        if told and identity.replaced:
            message[ORIGINAL_FROM] = str(message["From"])
        _put(message, "From", str(identity.sender))
        stated = str(message["Message-ID"] or "").strip()
        if stated:
            message[ORIGINAL_ID] = stated
        _put(message, "Message-ID", f"<CA{secrets.token_urlsafe(32)}@mail.gmail.com>")
        if message["Date"] is None:
            message["Date"] = format_datetime(now)
        del message["Bcc"]
        message_id = str(message["Message-ID"])
        subject = str(message["Subject"] or "")
        self.sent.append(Sent(at=now, mailbox=person.email, subject=subject, message_id=message_id))
        self.received(
            Received(
                at=now,
                sender=str(identity.sender),
                recipient=", ".join(to),
                subject=subject,
                text=part(message, "plain"),
                html=part(message, "html"),
                mailbox=person.email,
                message_id=message_id,
                source=_arrived(message, person, now),
            )
        )


def _put(message: EmailMessage, name: str, value: str) -> None:
    """Replace a header where it stands."""
    if message[name] is None:
        message[name] = value
        return
    message.replace_header(name, value)


def _arrived(message: EmailMessage, person: Person, now: datetime) -> bytes:
    """Return the message with what servers on its way put before it (RFC 5321 section 4.4)."""
    trace = (
        f"Return-Path: <{person.email}>\r\n"
        f"Received: from mail.gmail.com (mail.gmail.com [127.0.0.1])\r\n"
        f"        by mail.example.org with ESMTPS; {format_datetime(now)}\r\n"
    )
    return trace.encode("ascii") + message.as_bytes().replace(b"\r\n", b"\n").replace(b"\n", b"\r\n")
