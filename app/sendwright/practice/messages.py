"""Messages as they were handed over to a simulated service."""

from dataclasses import dataclass
from datetime import datetime
from email import policy
from email.message import EmailMessage
from email.parser import BytesParser


@dataclass(frozen=True, kw_only=True)
class Sent:
    """A copy among the sent messages of a mailbox."""

    at: datetime
    mailbox: str
    subject: str
    message_id: str


def parse(content: bytes) -> EmailMessage:
    """Return a message in Internet form (RFC 5322)."""
    return BytesParser(policy=policy.default).parsebytes(content)


def stated_sender(message: EmailMessage) -> str:
    """Return the address in From, empty where there is none."""
    addresses = getattr(message["From"], "addresses", ())
    return str(addresses[0].addr_spec) if addresses else ""


def stated_name(message: EmailMessage) -> str:
    """Return the name in From, empty where there is none."""
    addresses = getattr(message["From"], "addresses", ())
    return str(addresses[0].display_name) if addresses else ""


def recipients(message: EmailMessage) -> list[str]:
    """Return everybody the message is for."""
    found = []
    for name in ("To", "Cc", "Bcc"):
        for header in message.get_all(name, []):
            found += [one.addr_spec for one in getattr(header, "addresses", ()) if one.username and one.domain]
    return found


def part(message: EmailMessage, kind: str) -> str:
    """Return what the message says as `plain` or `html`, empty where it does not."""
    body = message.get_body(preferencelist=(kind,))
    return str(body.get_content()) if body is not None else ""
