"""Reads from a message that arrived, pasted or dropped, who sent it as far as its recipient sees."""

import re
from datetime import UTC, datetime
from email.errors import InvalidHeaderDefect, MessageError
from email.policy import default
from email.utils import parsedate_to_datetime
from typing import Final

import msgspec

from sendwright.address import parse_address
from sendwright.errors import AddressInvalid, SendwrightError
from sendwright.message.authentication import Stated, stated_in
from sendwright.message.composing import CODE_HEADER, KIND_HEADER
from sendwright.message.header_block import Fields, header_of, values_of

LARGEST: Final = 10_000_000
"""Octets, or letters, of what is looked at; a test message has some thousand."""

LONGEST_SENDER: Final = 4_000
"""Letters of a From that are looked at: the standard library's parser needs long for long ones."""

_ORIGINAL = "x-google-original-from"
_MOST_ORIGINALS = 3
_LONGEST_LINE = 1_000
_MOST_LINES = 60
_OUTLOOK = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
"""How compound files begin (MS-CFB section 2.2): a .msg file of Outlook."""

_SENDER_LINE = re.compile(r"\s*(?:from|de|van|von)\s*:\s*(\S.*)", re.IGNORECASE)
"""How the lists of details in mail programs begin, in the languages of this program and German."""

_MESSAGE_ID = re.compile(r"<[^<>\s]{1,990}>")
_UNUSABLE = (MessageError, ValueError, TypeError, AttributeError, LookupError, RecursionError)
"""What the standard library's header parser raises for headers that are none."""


class Unreadable(SendwrightError):
    """What was given is no message. code: `empty`, `too-large`, `outlook-file` or `no-sender`."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class ArrivedMessage(msgspec.Struct, frozen=True, kw_only=True):
    """What the header of a message says; all of it could have been written by anybody.

    sender: the one address in From, empty where there is not exactly one (then nobody can say what a recipient sees).
    originals: addresses that Gmail says it replaced (`X-Google-Original-From`). acting: the address in Sender.
    message_ids: its own and the one that Gmail replaced. kind, code: of a message of ours. written_at: its Date, aware.
    stated: by the topmost Authentication-Results. whole: it is a message, and not only a line that names a sender.
    """

    sender: str
    originals: tuple[str, ...] = ()
    acting: str = ""
    message_ids: tuple[str, ...] = ()
    kind: str = ""
    code: str = ""
    written_at: datetime | None = None
    stated: tuple[Stated, ...] = ()
    whole: bool = False


def read_arrived(content: bytes | str) -> ArrivedMessage:
    """Return what a message's source, a file of it, or only the line with its sender says. Raises Unreadable."""
    text = _text(content)
    if not text.strip():
        raise Unreadable("empty")
    fields, whole = header_of(text)
    senders = values_of(fields, "from")
    if not senders:
        return ArrivedMessage(sender=_one_address((_sender_line(text),)))
    return ArrivedMessage(
        sender=_one_address(senders),
        originals=tuple(filter(None, (_one_address((one,)) for one in values_of(fields, _ORIGINAL)[:_MOST_ORIGINALS]))),
        acting=_one_address(values_of(fields, "sender")[:1]),
        message_ids=_message_ids(fields),
        kind=_first(fields, KIND_HEADER),
        code=_first(fields, CODE_HEADER),
        written_at=_date(_first(fields, "date")),
        stated=stated_in(_first(fields, "authentication-results")),
        whole=whole,
    )


def _text(content: bytes | str) -> str:
    if len(content) > LARGEST:
        raise Unreadable("too-large")
    if isinstance(content, str):
        return content.removeprefix("\ufeff")
    if content.startswith(_OUTLOOK):
        raise Unreadable("outlook-file")
    wide = content.startswith((b"\xff\xfe", b"\xfe\xff"))
    return content.decode("utf-16" if wide else "utf-8-sig", errors="replace")


def _sender_line(text: str) -> str:
    """Return what names the sender where there is no header: a line of details, or the only line. Raises Unreadable."""
    lines = [line for line in text[: _LONGEST_LINE * _MOST_LINES].splitlines() if line.strip()]
    for line in lines[:_MOST_LINES]:
        named = _SENDER_LINE.fullmatch(line[:_LONGEST_LINE])
        if named is not None and "@" in named[1]:
            return named[1]
    if len(lines) == 1 and "@" in lines[0] and len(text) <= _LONGEST_LINE:
        return lines[0].strip()
    raise Unreadable("no-sender")


def _one_address(values: tuple[str, ...]) -> str:
    """Return the address of the one field with one address; empty for anything else.

    The address has to stand there as it is: an encoded word (RFC 2047 section 5) is no address, whatever it spells.
    """
    if len(values) != 1 or len(values[0]) > LONGEST_SENDER:
        return ""
    try:
        read = default.header_factory("From", values[0])
        [group] = read.groups
        [found] = group.addresses
        if group.display_name is not None or any(isinstance(defect, InvalidHeaderDefect) for defect in read.defects):
            return ""  # mail programs differ in what they show of it
        address = parse_address(found.addr_spec).text
        stands_there = found.addr_spec.casefold() in values[0].casefold()
    except (*_UNUSABLE, AddressInvalid):
        return ""
    return address if stands_there else ""


def _message_ids(fields: Fields) -> tuple[str, ...]:
    values = (*values_of(fields, "message-id"), *values_of(fields, "x-google-original-message-id"))
    return tuple(found[0] for value in values if (found := _MESSAGE_ID.search(value)))


def _first(fields: Fields, name: str) -> str:
    return next(iter(values_of(fields, name.lower())), "")


def _date(value: str) -> datetime | None:
    try:
        written = parsedate_to_datetime(value[:100])
        return (written if written.tzinfo else written.replace(tzinfo=UTC)).astimezone(UTC)
    except (*_UNUSABLE, OverflowError):
        return None
