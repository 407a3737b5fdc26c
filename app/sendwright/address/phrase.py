"""Encodes words for a header: safe whatever is in them, and the same again when decoded.

By hand because the standard library does not do it: email.policy (CPython 3.11) leaves what looks like an
encoded word as it is, so that `=?utf-8?q?x?=` typed as a name arrives as `x`, and mixes encoded words with
bare atoms.
"""

import base64
import unicodedata
from collections.abc import Iterator

LINE = 76
"""Characters of a line with an encoded word (RFC 2047 section 2)."""

_AROUND = len("=?utf-8?b??=")
_FEWEST = 12  # octets in the first word; with less room than that it begins on a line of its own


def clean(text: str) -> str:
    """Return `text` on one line: a control, a line break or half a surrogate pair becomes a space."""
    replaced = (" " if unicodedata.category(one) in {"Cc", "Cs", "Zl", "Zp"} else one for one in text)
    return "".join(replaced).strip()


def encode_phrase(text: str) -> str:
    """Return `text` as an RFC 5322 phrase: a quoted string, or encoded words (RFC 2047 section 5, case 3)."""
    phrase = clean(text)
    quoted = '"' + phrase.replace("\\", "\\\\").replace('"', '\\"') + '"'
    if is_plain(phrase) and len(quoted) <= LINE - len("Reply-To: "):
        return quoted
    return encode_words(phrase, used=len("Reply-To: "))


def encode_unstructured(text: str, *, used: int) -> str:
    """Return `text` as the value of a header such as Subject, whose name takes `used` characters."""
    line = clean(text)
    if is_plain(line) and len(line) + used <= LINE:
        return line
    return encode_words(line, used=used)


def encode_words(text: str, *, used: int) -> str:
    """Return `text` as encoded words, each on a line of its own; a decoder drops the folds between them.

    used: how much of the first line the header's name takes.
    """
    first = _room(used)
    words = [base64.b64encode(chunk).decode("ascii") for chunk in _chunks(text, first=first)]
    folded = "\r\n ".join(f"=?utf-8?b?{word}?=" for word in words)
    return folded if first >= _FEWEST else f"\r\n {folded}"


def _room(used: int) -> int:
    """Return how many octets an encoded word holds where `used` characters of its line are taken."""
    return (LINE - used - _AROUND) // 4 * 3


def is_plain(text: str) -> bool:
    """Tell whether `text` can stand in a header as it is: ASCII that no reader takes for an encoded word."""
    return text.isascii() and "=?" not in text


def _chunks(text: str, *, first: int) -> Iterator[bytes]:
    """Cut at whole characters only: each word must be decodable by itself (RFC 2047 section 5)."""
    room = first if first >= _FEWEST else _room(1)
    chunk = bytearray()
    for character in text:
        octets = character.encode()
        if len(chunk) + len(octets) > room:
            yield bytes(chunk)
            chunk.clear()
            room = _room(1)
        chunk += octets
    if chunk:
        yield bytes(chunk)
