"""Shows what was measured: a table for people, JSON for programs."""

from collections.abc import Iterator, Mapping, Sequence

import msgspec
from tests.benchmarks.line import Line, Spread, spread

SCHEMA = "sendwright.benchmarks/1"
HEADS = ("", "", "here", "against", "", "ratio", "aim")
GAP = "  "
DIGITS = 3


class Measured(msgspec.Struct, frozen=True, kw_only=True):
    """A row that was run. trouble: why there are no lines."""

    row: str
    lines: tuple[Line, ...] = ()
    trouble: str = ""


def as_text(machine: Mapping[str, str], measured: Sequence[Measured]) -> str:
    """Return the machine's facts, the table, and the notes on it."""
    cells = [HEADS]
    notes: list[str] = []
    for each in measured:
        cells += _cells_of(each, notes)
    widths = [max(map(len, column)) for column in zip(*cells, strict=True)]
    rule = "-" * (sum(widths) + len(GAP) * (len(widths) - 1))
    table = [GAP.join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in cells]
    machine_line = ", ".join(f"{name} {value}" for name, value in machine.items())
    remarks = [f"[{number}] {note}" for number, note in enumerate(notes, start=1)]
    explained = "median (least..most) of several runs; ratio: here / against, run by run; nothing passes or fails"
    return "\n".join([machine_line, explained, "", table[0], rule, *table[1:], "", *remarks]).rstrip() + "\n"


def as_json(machine: Mapping[str, str], measured: Sequence[Measured]) -> bytes:
    """Return the same, every single value included."""
    lines = [
        {"row": each.row, **msgspec.to_builtins(line), "ratio": line.ratio and line.ratio._asdict()}
        for each in measured
        for line in each.lines
    ]
    troubles = {each.row: each.trouble for each in measured if each.trouble}
    content = {"schema": SCHEMA, "machine": machine, "lines": lines, "not_measured": troubles}
    return msgspec.json.format(msgspec.json.encode(content))


def _cells_of(measured: Measured, notes: list[str]) -> Iterator[tuple[str, ...]]:
    if measured.trouble:
        yield (measured.row, f"not measured{_mark(measured.trouble, notes)}", *[""] * (len(HEADS) - 2))
    for number, line in enumerate(measured.lines):
        yield (
            "" if number else measured.row,
            line.what + (f", {line.unit}" if line.unit else "") + _mark(line.note, notes),
            _shown(spread(line.ours)),
            _shown(spread(line.theirs)),
            line.against,
            _shown(line.ratio),
            line.aim,
        )


def _mark(note: str, notes: list[str]) -> str:
    """Return the mark that leads to `note`, which stands below the table once."""
    if not note:
        return ""
    if note not in notes:
        notes.append(note)
    return f" [{notes.index(note) + 1}]"


def _shown(values: Spread | None) -> str:
    if values is None:
        return ""
    return f"{_number(values.median)} ({_number(values.least)}..{_number(values.most)})"


def _number(value: float) -> str:
    """Return three digits that mean something, and no more; whole numbers stay whole."""
    if value == 0 or abs(value) >= 10 ** (DIGITS - 1):
        return f"{value:.0f}"
    return f"{value:#.{DIGITS}g}".removesuffix(".")
