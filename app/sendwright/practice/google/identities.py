"""Who a message of the simulated Gmail comes from: its sending addresses, and what becomes of any other From."""

from collections.abc import Iterator
from dataclasses import dataclass
from email.headerregistry import Address
from email.message import EmailMessage

from sendwright.practice.google.workspace import Person, SendAs
from sendwright.practice.messages import stated_name, stated_sender


@dataclass(frozen=True, kw_only=True)
class Identity:
    """From as the recipients see it. replaced: another one was stated."""

    sender: Address
    replaced: bool


def usual(person: Person) -> Address:
    """Return the default sending address: the mailbox's own where none is set."""
    for one in person.send_as.values():
        if one.default and not one.pending:
            return Address(one.name or person.name, addr_spec=one.address)
    return Address(person.name, addr_spec=person.email)


def identity(message: EmailMessage, person: Person) -> Identity:
    """Return who the message comes from: whoever it states where that is a confirmed address, else the default one."""
    wanted = stated_sender(message)
    own = {person.email.lower(), *(one.address.lower() for one in person.send_as.values() if not one.pending)}
    if wanted.lower() in own:
        return Identity(sender=Address(stated_name(message), addr_spec=wanted), replaced=False)
    return Identity(sender=usual(person), replaced=bool(wanted))


def stated(message: EmailMessage) -> Identity:
    """Return who the message says it comes from: the relay leaves that as it is."""
    address = stated_sender(message)
    sender = Address(stated_name(message), addr_spec=address) if address else Address()
    return Identity(sender=sender, replaced=False)


def listed(person: Person) -> Iterator[dict[str, object]]:
    """Yield the sending addresses as settings.sendAs lists them; the mailbox's own is not asked whether it is one."""
    default = usual(person).addr_spec
    yield {
        "sendAsEmail": person.email,
        "displayName": person.name,
        "replyToAddress": "",
        "signature": "",
        "isPrimary": True,
        "isDefault": default == person.email,
    }
    for one in person.send_as.values():
        yield _alias(one, default=default == one.address)


def _alias(one: SendAs, *, default: bool) -> dict[str, object]:
    found: dict[str, object] = {
        "sendAsEmail": one.address,
        "displayName": one.name,
        "replyToAddress": "",
        "signature": "",
        "isDefault": default,
        "treatAsAlias": True,
        "verificationStatus": "pending" if one.pending else "accepted",
    }
    if one.server:
        found["smtpMsa"] = {"host": one.server, "port": 587, "securityMode": "starttls"}
    return found
