"""Tells the columns of a printed table from the line under its titles."""

from dataclasses import dataclass

CUT = ("\u2026", "...")
"""How a value ends that did not fit its column: PowerShell 7, Windows PowerShell."""


@dataclass(frozen=True)
class Column:
    """A column. key: its title without blanks, in small letters. start: where it begins."""

    key: str
    start: int


def columns(titles: str, rule: str) -> tuple[Column, ...]:
    """Return the columns of `titles` with `rule` below it; empty where that is no table's head.

    The rule has one row of dashes for each title. How wide a column is depends on language and console, so only
    where the dashes begin counts.
    """
    if not rule.strip() or set(rule.strip()) - {"-", " "}:
        return ()
    starts = [place for place, sign in enumerate(rule) if sign == "-" and (place == 0 or rule[place - 1] == " ")]
    cells = _cut(titles, starts)
    if not all(cells):
        return ()
    return tuple(Column(normal(cell), start) for cell, start in zip(cells, starts, strict=True))


def cells(line: str, head: tuple[Column, ...]) -> tuple[str, ...]:
    """Return the values of a row; empty where they cannot be told apart.

    Mail programs squeeze blanks: where a column does not begin with one, the row may still fall into as many parts.
    """
    starts = [column.start for column in head]
    if all(start >= len(line) or start == 0 or line[start - 1] == " " for start in starts):
        return tuple(_cut(line, starts))
    parts = line.split()
    return tuple(parts) if len(parts) == len(head) else ()


def cut_off(value: str) -> bool:
    """Tell whether the end of a value is missing."""
    return value.rstrip("}").endswith(CUT)


def normal(key: str) -> str:
    """Return the name of a property as it is compared."""
    return "".join(key.split()).lower()


def _cut(line: str, starts: list[int]) -> list[str]:
    ends = [*starts[1:], len(line)]
    return [line[start:end].strip() for start, end in zip(starts, ends, strict=True)]
