"""A message as it was handed over, and as its recipients see it."""

from dataclasses import dataclass
from datetime import datetime
from email import policy
from email.headerregistry import Address
from email.message import EmailMessage
from email.parser import BytesParser

from sendwright.practice.mail_server import Received
from sendwright.practice.microsoft.rights import Identity
from sendwright.practice.microsoft.tenant import Tenant


@dataclass(frozen=True, kw_only=True)
class Sent:
    """A copy in a mailbox's Sent Items."""

    at: datetime
    mailbox: str
    subject: str
    message_id: str


def parse(content: bytes) -> EmailMessage:
    """Return a message in Internet form (RFC 5322)."""
    return BytesParser(policy=policy.default).parsebytes(content)


def stated_sender(message: EmailMessage) -> str:
    """Return the address in From, empty where there is none."""
    return _first(message, "From")


def recipients(message: EmailMessage) -> list[str]:
    """Return everybody the message is for."""
    found = []
    for name in ("To", "Cc", "Bcc"):
        for header in message.get_all(name, []):
            found += [one.addr_spec for one in getattr(header, "addresses", ()) if one.username and one.domain]
    return found


def delivered(message: EmailMessage, identity: Identity, tenant: Tenant, *, to: list[str], at: str) -> Received:
    """Return `message` as it arrives: From and Sender as Exchange writes them, the alias as the sender chose it."""
    shown, stated = _alias(message), stated_sender(message).lower()
    address = stated if tenant.policies.send_from_alias and tenant.mailbox(stated) == identity.mailbox else ""
    sender = Address(shown or tenant.called(identity.mailbox), addr_spec=address or identity.mailbox)
    behalf = Address(tenant.called(identity.sender), addr_spec=identity.sender) if identity.sender else None
    return Received(
        at=tenant.now(),
        sender=str(sender),
        recipient=", ".join(to),
        subject=str(message["Subject"] or ""),
        text=_part(message, "plain"),
        html=_part(message, "html"),
        mailbox=at,
        sender_header=str(behalf) if behalf else "",
        on_behalf_of=str(sender) if behalf else "",
        message_id=str(message["Message-ID"] or ""),
    )


def _first(message: EmailMessage, name: str) -> str:
    addresses = getattr(message[name], "addresses", ())
    return str(addresses[0].addr_spec) if addresses else ""


def _alias(message: EmailMessage) -> str:
    addresses = getattr(message["From"], "addresses", ())
    return str(addresses[0].display_name) if addresses else ""


def _part(message: EmailMessage, kind: str) -> str:
    body = message.get_body(preferencelist=(kind,))
    return str(body.get_content()) if body is not None else ""
