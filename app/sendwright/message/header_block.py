"""Finds the header of a message (RFC 5322 sections 2.2 and 3.6) in whatever somebody pasted or dropped.

By hand because what is pasted is seldom a whole message: pages of mail programs put tables in front of it, and the
standard library's parser would take the first line that is no field for the end of the header.
"""

import re
from collections.abc import Iterator
from typing import Final

LONGEST_HEADER: Final = 512_000
"""Letters that are looked at; headers of real messages have some ten thousand."""

_FIELD = re.compile(r"([!-9;-~]{1,76})[ \t]*:(.*)", re.DOTALL)
_LINE_ENDS = re.compile(r"\r\n|\r|\n")
_SENDER = "from"
_OF_A_MESSAGE: Final = frozenset(
    {"message-id", "received", "return-path", "delivered-to", "dkim-signature", "mime-version"}
)
"""Fields that the tables of mail programs do not show under these names."""

Fields = tuple[tuple[str, str], ...]
"""Names in small letters and unfolded values, in their order."""


def header_of(text: str) -> tuple[Fields, bool]:
    """Return the fields of the first header in `text` that names a sender, and whether it is a whole one.

    What stands in front of it (a table, an mbox line) is passed over; what is quoted or attached inside comes after
    its own header, so that it is never taken for it. Nothing where no line names a sender.
    """
    part: Fields = ()
    for fields in _runs(text[:LONGEST_HEADER]):
        names = {name for name, _ in fields}
        if _SENDER not in names:
            continue
        if names & _OF_A_MESSAGE:
            return fields, True
        part = part or fields
    return part, False


def values_of(fields: Fields, name: str) -> tuple[str, ...]:
    """Return the values of all fields called `name` (in small letters)."""
    return tuple(value for known, value in fields if known == name)


def _runs(text: str) -> Iterator[Fields]:
    """Yield what stands together: fields without any other line between them."""
    run: list[tuple[str, list[str]]] = []
    for line in _LINE_ENDS.split(text):
        if run and line[:1] in {" ", "\t"} and line.strip():
            run[-1][1].append(line.strip())
            continue
        field = _FIELD.fullmatch(line)
        if field is not None:
            run.append((field[1].lower(), [field[2].strip()]))
        elif run:
            yield _unfolded(run)
            run = []
    if run:
        yield _unfolded(run)


def _unfolded(run: list[tuple[str, list[str]]]) -> Fields:
    return tuple((name, " ".join(parts)) for name, parts in run)
