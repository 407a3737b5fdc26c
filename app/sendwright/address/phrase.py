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

_PAYLOAD = 45  # octets that fill an encoded word: 60 characters of base64, 12 around them, RFC 2047 allows 75


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
    return encode_words(phrase)


def encode_unstructured(text: str, *, used: int) -> str:
    """Return `text` as the value of a header such as Subject, whose name takes `used` characters."""
    line = clean(text)
    if is_plain(line) and len(line) + used <= LINE:
        return line
    return encode_words(line)


def encode_words(text: str) -> str:
    """Return `text` as encoded words, each on a line of its own; a decoder drops the folds between them."""
    words = (base64.b64encode(chunk).decode("ascii") for chunk in _chunks(text))
    return "\r\n ".join(f"=?utf-8?b?{word}?=" for word in words)


def is_plain(text: str) -> bool:
    """Tell whether `text` can stand in a header as it is: ASCII that no reader takes for an encoded word."""
    return text.isascii() and "=?" not in text


def _chunks(text: str) -> Iterator[bytes]:
    """Whole characters only: each encoded word must be decodable by itself (RFC 2047 section 5)."""
    chunk = bytearray()
    for character in text:
        octets = character.encode()
        if len(chunk) + len(octets) > _PAYLOAD:
            yield bytes(chunk)
            chunk.clear()
        chunk += octets
    if chunk:
        yield bytes(chunk)
