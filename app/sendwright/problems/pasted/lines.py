"""Cuts a text into lines, with what belongs to one answer put together."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from sendwright.problems.reading import MAX_TEXT

_CONTINUES = re.compile(r"([^0-9A-Za-z]{0,8}(?:[A-Za-z]{1,6}[:>] ?|SERVER -> CLIENT: )?)([2-5][0-9]{2})-")
_ENHANCED = re.compile(r"[245]\.[0-9]{1,3}\.[0-9]{1,3} ?")
_QMAIL = ("remote_host_said:", "_does_not_like_", "i_couldn't_find", "sorry,_")
_LONGEST_LINE = 20_000


@dataclass(frozen=True)
class Line:
    """One line, or several that are one answer. place: where it begins in the text, in characters."""

    text: str
    place: int


def lines_of(text: str) -> Iterator[Line]:
    """Yield the lines of `text` that are not blank, stripped; each at most 20,000 characters of the original.

    The lines of one reply become one (RFC 5321 section 4.2.1), folded lines join the line before.
    """
    held: list[str] = []
    place = size = begun_at = 0
    beginning = ""
    for raw in text.split("\n"):
        at, place = place, place + len(raw) + 1
        bare = raw[:_LONGEST_LINE].strip()
        if not bare:
            if held:
                yield Line(_joined(held), begun_at)
            held, beginning = [], ""
            continue
        reply = _CONTINUES.match(bare)
        if held and beginning and bare.startswith(beginning):
            rest = bare[len(beginning) + 1 :]
            ended = bare[len(beginning) : len(beginning) + 1] != "-"
            if size < MAX_TEXT:
                held.append(_ENHANCED.sub("", rest, count=1) if _ENHANCED.match(rest) else rest)
                size += len(rest)
            if ended:
                beginning = ""
            continue
        if held and not beginning and reply is None and _folded(raw, bare, held[-1]) and size < MAX_TEXT:
            held.append(bare)
            size += len(bare)
            continue
        if held:
            yield Line(_joined(held), begun_at)
        held, size, begun_at = [bare], len(bare), at
        beginning = reply[1] + reply[2] if reply else ""
    if held:
        yield Line(_joined(held), begun_at)


def _folded(raw: str, bare: str, before: str) -> bool:
    """Tell whether the line goes on with the one before: indented, and no line of a transcript or a stack."""
    if not raw[0].isspace() or bare.startswith(("at ", "... ")):
        return False
    if before.endswith(":"):  # Exim puts the answer below `SMTP error from remote mail server after RCPT TO:<…>:`
        return True
    return (bare[0].isalpha() or bare[0] in "(<") and not bare.startswith(("<-", "<~", "<*", "<<", "< "))


def _joined(parts: list[str]) -> str:
    line = " ".join(parts)
    if "_" in line and any(words in line.casefold() for words in _QMAIL):
        return line.replace("_", " ")
    return line
