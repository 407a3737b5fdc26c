"""Turns a message into the octets that go over the wire (RFC 5322, RFC 2045 to 2047, RFC 6532).

By hand because it is done for every attempt of every notification: email.generator takes more than twenty times as
long, and address.phrase says what else is wrong with it. The encodings themselves are the standard library's.
"""

import base64
import binascii
import hashlib
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from email.utils import format_datetime

from sendwright.address import Address, Mailbox, parse_address
from sendwright.address.phrase import clean, encode_unstructured, is_plain
from sendwright.errors import AddressInvalid
from sendwright.message.outgoing import OutgoingMessage
from sendwright.message.plain import text_of_html

MAX_LINE = 998
"""Octets of a line without its CRLF (RFC 5322 section 2.1.1)."""

FIXED_HEADERS = (
    ("MIME-Version", "1.0"),
    ("Auto-Submitted", "auto-generated"),  # RFC 3834 section 5: no vacation replies
    ("X-Auto-Response-Suppress", "All"),  # the same for Exchange, MS-OXCMAIL section 2.1.3.2.20
)

_NAME = re.compile(r"[!-9;-~]{1,70}")
_MESSAGE_ID = re.compile(r"<[!-;=?A-~]{1,400}@[!-;=?A-~]{1,400}>")
_OURS = frozenset(
    [
        "bcc",
        "cc",
        "date",
        "dkim-signature",
        "from",
        "message-id",
        "received",
        "reply-to",
        "resent-from",
        "resent-to",
        "return-path",
        "sender",
        "subject",
        "to",
        "mime-version",
        "auto-submitted",
        "x-auto-response-suppress",
    ]
)


def encode(message: OutgoingMessage, *, smtputf8: bool = False) -> bytes:
    """Return the complete message with CRLF line ends, ready for DATA before dot-stuffing.

    All of it is ASCII (7bit) in lines of at most 998 octets, unless `smtputf8` and an address needs it. Where text
    is empty it is derived from html. Raises AddressInvalid when an address cannot be used (`needs-smtputf8`: only a
    server with SMTPUTF8 can carry it) and ValueError for a header or Message-ID that no program of ours makes.
    """
    lines = [f"{name}: {value}" for name, value in _headers(message, smtputf8=smtputf8)]
    lines += _body(message)
    return "\r\n".join(lines).encode()


def _headers(message: OutgoingMessage, *, smtputf8: bool) -> Iterator[tuple[str, str]]:
    sender, recipient = parse_address(message.sender_address), parse_address(message.recipient)
    reply_to = parse_address(message.reply_to) if message.reply_to else None
    needed = any(one.needs_smtputf8 for one in (sender, recipient, reply_to) if one)
    if needed and not smtputf8:
        raise AddressInvalid("needs-smtputf8")
    if not _MESSAGE_ID.fullmatch(message.message_id):
        raise ValueError("not a Message-ID")
    yield "Date", format_datetime(message.written_at or datetime.now(UTC))
    yield "From", Mailbox(sender, message.alias).header(smtputf8=needed)
    yield "To", _bare(recipient, smtputf8=needed)
    if reply_to:
        yield "Reply-To", _bare(reply_to, smtputf8=needed)
    yield "Subject", encode_unstructured(message.subject, used=len("Subject: "))
    yield "Message-ID", message.message_id
    yield from FIXED_HEADERS
    for name, value in message.headers.items():
        yield _own_header(name, value)


def _bare(address: Address, *, smtputf8: bool) -> str:
    return address.text if smtputf8 else address.ascii_text


def _own_header(name: str, value: str) -> tuple[str, str]:
    folded = name.lower()
    if not _NAME.fullmatch(name) or folded in _OURS or folded.startswith("content-"):
        raise ValueError("not a header that a message may bring along")
    line = clean(value)
    if is_plain(line) and len(name) + len(": ") + len(line) <= MAX_LINE:
        return name, line  # unfolded: a fold would change what a List-Unsubscribe or a signature means
    return name, encode_unstructured(value, used=len(name) + len(": "))


def _body(message: OutgoingMessage) -> Iterator[str]:
    text = message.text or (text_of_html(message.html) if message.html else "")
    if not message.html:
        yield from _part("plain", text)
        return
    # "=_" cannot occur in quoted-printable, and "=" only at the end of base64: no part can hold the boundary
    boundary = f"=_{hashlib.sha256(message.message_id.encode()).hexdigest()[:32]}"
    yield f'Content-Type: multipart/alternative; boundary="{boundary}"'
    yield ""
    for subtype, content in (("plain", text), ("html", message.html)):
        yield f"--{boundary}"
        yield from _part(subtype, content)
    yield f"--{boundary}--"
    yield ""


def _part(subtype: str, content: str) -> Iterator[str]:
    octets = re.sub(r"\r\n?", "\n", content).encode(errors="replace")
    foreign = len(octets) - len(octets.translate(None, bytes(range(0x80, 0x100))))
    yield f"Content-Type: text/{subtype}; charset=utf-8"
    if 6 * foreign > len(octets):  # quoted-printable makes three of one, base64 four of three
        yield "Content-Transfer-Encoding: base64"
        yield ""
        yield from base64.encodebytes(octets.replace(b"\n", b"\r\n")).decode("ascii").splitlines()
    else:
        yield "Content-Transfer-Encoding: quoted-printable"
        yield ""
        yield from binascii.b2a_qp(octets, istext=True).decode("ascii").split("\n")
    yield ""
