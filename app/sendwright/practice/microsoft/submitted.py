"""A message as its recipients see it."""

from email.headerregistry import Address
from email.message import EmailMessage

from sendwright.practice.mail_server import Received
from sendwright.practice.messages import part, stated_name, stated_sender
from sendwright.practice.microsoft.rights import Identity
from sendwright.practice.microsoft.tenant import Tenant


def delivered(message: EmailMessage, identity: Identity, tenant: Tenant, *, to: list[str], at: str) -> Received:
    """Return `message` as it arrives: From and Sender as Exchange writes them, the alias as the sender chose it."""
    shown, stated = stated_name(message), stated_sender(message).lower()
    address = stated if tenant.policies.send_from_alias and tenant.mailbox(stated) == identity.mailbox else ""
    sender = Address(shown or tenant.called(identity.mailbox), addr_spec=address or identity.mailbox)
    behalf = Address(tenant.called(identity.sender), addr_spec=identity.sender) if identity.sender else None
    return Received(
        at=tenant.now(),
        sender=str(sender),
        recipient=", ".join(to),
        subject=str(message["Subject"] or ""),
        text=part(message, "plain"),
        html=part(message, "html"),
        mailbox=at,
        sender_header=str(behalf) if behalf else "",
        on_behalf_of=str(sender) if behalf else "",
        message_id=str(message["Message-ID"] or ""),
    )
