"""Reads non-delivery reports: what failed for whom, and apart from it the header of the message it was about."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from sendwright.problems.pasted import delivery_status, markup, mime
from sendwright.problems.pasted.delivery_status import DeliveryStatus, looks_like_status, read_status
from sendwright.problems.pasted.mime import Headers, Part

_STATUS_KINDS = frozenset({"message/delivery-status", "message/global-delivery-status"})
_ORIGINAL_KINDS = frozenset({"message/rfc822", "text/rfc822-headers", "message/global", "message/global-headers"})
_MESSAGE_KIND, _REPORT_KIND = "message/rfc822", "multipart/report"
_SEPARATORS = (
    "below this line is a copy of the message", "this is a copy of the message", "original message",
    "message header follows", "message headers follow", "unsent message", "undelivered message", "message text follows",
    "copy of the header",
)  # fmt: skip
_SIGNS = (
    "undeliverable", "undelivered mail", "delivery status notification", "delivery has failed",
    "returned mail:", "this is the qmail-send program", "created automatically by mail delivery software",
    "diagnostic information for administrators", "had permanent fatal errors", "the mail system at host",
    "address not found", "message not delivered", "wasn't delivered", "couldn't be delivered", "message blocked",
    "delivery incomplete", "could not be delivered", "failure notice",
)  # fmt: skip
_LONGEST_SEPARATOR = 120


@dataclass(frozen=True, kw_only=True)
class Report:
    """A report in its parts.

    status: its fields, if it has any. words: what is written for people, without the message it is about. headers: of
    the report itself. original: of the message that could not be delivered.
    """

    status: DeliveryStatus | None
    words: str
    headers: Headers = ()
    original: Headers = ()


def is_report(text: str) -> bool:
    """Tell whether `text` is a message, or a piece of a report that was cut out of one."""
    low = text[:20_000].casefold()
    return mime.is_message(text) or looks_like_status(text) or any(sign in low for sign in _SIGNS)


def read_report(text: str, *, forwarded: bool = False) -> Report:
    """Return the parts of `text`; one that is cut off is read as far as it goes.

    forwarded: it was attached to another message. A report that somebody forwarded is read where it is attached; the
    message that a report is about is never opened.
    """
    if not mime.is_message(text):
        words, original = _apart(_plain(text))
        status = read_status(words) if looks_like_status(words) else None
        return Report(status=status, words=words, original=original)
    headers, parts = mime.parts_of(text)
    fields = "\n\n".join(part.body for part in parts if part.kind in _STATUS_KINDS)
    written = [_apart(_plain(part.body)) for part in _best(part for part in parts if part.kind.startswith("text/"))]
    original = next((mime.headers_of(part.body) for part in parts if part.kind in _ORIGINAL_KINDS), ())
    original = original or next((found for _, found in written if found), ())
    words = "\n\n".join(words for words, _ in written)
    if not fields and looks_like_status(words):
        fields = words
    if not fields and not forwarded and not mime.value_of(headers, "content-type").startswith(_REPORT_KIND):
        for part in parts:
            if part.kind == _MESSAGE_KIND and (inner := read_report(part.body, forwarded=True)).status is not None:
                return inner
    return Report(status=read_status(fields) if fields else None, words=words, headers=headers, original=original)


def failures(status: DeliveryStatus) -> tuple[delivery_status.Fields, ...]:
    """Return the recipients whom the message did not reach."""
    return tuple(recipient for recipient in status.recipients if not delivery_status.went_well(recipient))


def _best(parts: Iterable[Part]) -> Iterator[Part]:
    """Yield what is written for people: plain text where there is any, else pages."""
    written = [part for part in parts if part.kind not in _ORIGINAL_KINDS]
    plain = [part for part in written if part.kind == "text/plain" and part.body.strip()]
    yield from plain or written


def _plain(text: str) -> str:
    return markup.words_of(text) if markup.is_markup(text) else text


def _apart(words: str) -> tuple[str, Headers]:
    """Return the words of a report without the message that some servers put below them, and its header."""
    place = 0
    for line in words.split("\n"):
        bare = line.strip()
        place += len(line) + 1
        if len(bare) <= _LONGEST_SEPARATOR and bare.startswith(("-", "=", "Original", "ORIGINAL", "original")):
            low = bare.casefold()
            if any(separator in low for separator in _SEPARATORS) and (bare[0] in "-=" or bare.endswith(":")):
                return words[: place - len(line) - 1], mime.headers_of(words[place:].lstrip())
    return words, ()
