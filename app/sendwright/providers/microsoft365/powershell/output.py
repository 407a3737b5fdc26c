"""Takes apart what PowerShell printed: lists of properties, tables and errors, line by line."""

import re
import textwrap
from collections.abc import Iterator
from dataclasses import dataclass, field

from sendwright.providers.microsoft365.powershell.tables import Column, cells, columns, cut_off, normal

LONGEST_TEXT = 64 * 1024
LONGEST_LINE = 2_000
MOST_LINES = 1_000
DEEPEST_QUOTATION = 6

_COLOUR = re.compile(r"\x1b\[[0-9;]{0,20}[A-Za-z]")
"""PowerShell 7 paints its titles (ECMA-48 SGR)."""

_LONGEST_KEY = 64


@dataclass(frozen=True)
class Value:
    """What a property holds. line: where it stands. cut: its end is missing."""

    text: str
    line: int
    cut: bool = False

    @property
    def truth(self) -> bool | None:
        """The value as a switch; None where it is none. A boolean is printed in English in every language."""
        return {"true": True, "false": False}.get(self.text.lower())

    @property
    def members(self) -> tuple[str, ...]:
        """The members of a printed list such as `{FullAccess, ReadPermission}`."""
        inner = self.text.strip().removeprefix("{").removesuffix("}")
        return tuple(part.strip() for part in inner.split(",") if part.strip())


@dataclass
class Record:
    """One object. values: by normal name of the property. first: its first line. command: what printed it, if shown."""

    first: int
    command: str = ""
    values: dict[str, Value] = field(default_factory=dict)

    def has(self, *keys: str) -> bool:
        """Tell whether all of the properties stand there."""
        return all(normal(key) in self.values for key in keys)

    def get(self, key: str) -> Value | None:
        """Return what a property holds."""
        return self.values.get(normal(key))


@dataclass(frozen=True)
class Output:
    """What was pasted. lines: cleaned. records: in order. unreadable: lines of a table that fell into no columns."""

    lines: tuple[str, ...]
    records: tuple[Record, ...]
    unreadable: tuple[int, ...] = ()
    shortened: bool = False


def parse(text: str) -> Output:
    """Return `text` taken apart; what is no output of a cmdlet yields no records. Never raises."""
    shortened = len(text) > LONGEST_TEXT
    every = _COLOUR.sub("", text[:LONGEST_TEXT]).replace("\r\n", "\n").replace("\r", "\n").split("\n")
    shortened = shortened or len(every) > MOST_LINES
    lines = _moved_back([_clean(line) for line in every[:MOST_LINES]])
    reader = _Reader()
    for number, line in enumerate(lines):
        reader.take(number, line, lines[number + 1] if number + 1 < len(lines) else "")
    return Output(lines, tuple(reader.finished()), tuple(reader.unreadable), shortened)


class _Reader:
    """Goes through the lines once; knows at each whether it stands in a list, in a table or in neither."""

    def __init__(self) -> None:
        self._records: list[Record] = []
        self._head: tuple[Column, ...] = ()
        self._rule = -1
        self._open: Record | None = None
        self._key = ""
        self._indent = 0
        self._command = ""
        self.unreadable: list[int] = []

    def finished(self) -> Iterator[Record]:
        """Yield what was found."""
        return (record for record in self._records if record.values)

    def take(self, number: int, line: str, below: str) -> None:
        """Read one line, with a look at the one below."""
        if not line.strip():
            self._head, self._open, self._key = (), None, ""
        elif number == self._rule:
            pass
        elif head := columns(line, below):
            self._head, self._rule, self._open = head, number + 1, None
        elif self._head:
            self._row(number, line)
        elif not self._property(number, line):
            self._continue(line)

    def _row(self, number: int, line: str) -> None:
        found = cells(line, self._head)
        if not found:
            self.unreadable.append(number)
            return
        record = Record(number, self._command)
        for column, cell in zip(self._head, found, strict=True):
            record.values[column.key] = Value(cell, number, cut_off(cell))
        self._records.append(record)

    def _property(self, number: int, line: str) -> bool:
        name, colon, rest = line.partition(":")
        key = name.strip()
        if not colon or not key.isidentifier() or len(key) > _LONGEST_KEY or name[:1].isspace():
            if "-" in line and not line[:1].isspace():  # a prompt, or what was typed
                self._command, self._open = line, None
            return False
        if self._open is None or normal(key) in self._open.values:
            self._open = Record(number, self._command)
            self._records.append(self._open)
        self._key, self._indent = normal(key), len(name) + 2
        value = rest.strip()
        self._open.values[self._key] = Value(value, number, cut_off(value))
        return True

    def _continue(self, line: str) -> None:
        """Take a line that goes on with the value above: it begins below it."""
        if self._open is None or not self._key or len(line) - len(line.lstrip()) < self._indent:
            return
        former = self._open.values[self._key]
        if len(former.text) <= LONGEST_LINE:
            whole = f"{former.text} {line.strip()}".strip()
            self._open.values[self._key] = Value(whole, former.line, cut_off(whole))


def _moved_back(lines: list[str]) -> tuple[str, ...]:
    """Return `lines` without what a mail program put before all of them: signs of a quotation, blanks."""
    for _ in range(DEEPEST_QUOTATION):
        lines = textwrap.dedent("\n".join(lines)).split("\n")
        if not any(lines) or not all(line.startswith(">") for line in lines if line):
            break
        lines = [line[1:].rstrip() for line in lines]
    return tuple(lines)


def _clean(line: str) -> str:
    spaced = line.replace("\u00a0", " ").replace("\t", "    ").rstrip()[:LONGEST_LINE]
    return "".join(sign for sign in spaced if sign.isprintable())
