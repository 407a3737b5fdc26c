"""Writes a document as plain text, for a terminal, a mail or a ticket."""

import textwrap
from collections.abc import Iterator

from sendwright.document.blocks import (
    AnyBlock,
    Command,
    Document,
    Heading,
    Line,
    Lines,
    Link,
    Mail,
    Mark,
    Paragraph,
    Points,
    QrCode,
    Row,
    Table,
)
from sendwright.document.seen import seen
from sendwright.texts import text

WIDTH = 100
"""Columns of prose. What is to be copied is never broken: a command, an address, a line that was pasted."""

_INDENT = "    "
_GAP = 2


def to_plain(document: Document) -> str:
    """Return the document as text; it ends with a line end."""
    lines = [*_prose(document.title), "=" * min(len(document.title), WIDTH)]
    for block in document.blocks:
        lines += ["", *_block(block)]
    return "\n".join(line.rstrip() for line in lines) + "\n"


def _block(block: AnyBlock) -> Iterator[str]:
    match block:
        case Heading():
            yield from _prose(block.text)
            yield "-" * min(len(block.text), WIDTH)
        case Paragraph():
            yield from _prose(block.text)
        case Points():
            yield from _points(block)
        case Table():
            yield from _table(block)
        case Command() | QrCode():
            yield from _prose(block.label)
            yield from _literal(block.value)
        case Link():
            yield from _link(block)
        case Mail():
            yield from _mail(block)
        case Lines():
            yield from _lines(block)


def _points(points: Points) -> Iterator[str]:
    for number, item in enumerate(points.items, start=1):
        yield from _prose(item, first=f"{number:>3}. " if points.numbered else "  - ")


def _link(link: Link) -> Iterator[str]:
    yield from _prose(link.label)
    yield from _literal(link.address)
    if link.path:
        yield from _prose(link.path, first=_INDENT)


def _lines(lines: Lines) -> Iterator[str]:
    yield from _prose(lines.label)
    for line in lines.lines:
        yield from _line(line)


def _prose(words: str, *, first: str = "") -> Iterator[str]:
    """Yield `words` wrapped; further lines stand below the beginning of the first."""
    for number, part in enumerate(seen(words).split("\n")):
        indent = first if number == 0 else " " * len(first)
        wrapped = textwrap.wrap(
            part,
            WIDTH,
            initial_indent=indent,
            subsequent_indent=" " * len(first),
            break_long_words=False,
            break_on_hyphens=False,
        )
        yield from wrapped or [indent]


def _literal(value: str) -> Iterator[str]:
    return (f"{_INDENT}{line}" for line in seen(value).split("\n"))


def _table(table: Table) -> Iterator[str]:
    if table.caption:
        yield from _prose(table.caption)
    if not table.columns:
        for row in table.rows:
            yield from _fact(row)
        return
    marked = any(row.mark is not Mark.NONE for row in table.rows)
    rows = [_cells(row, marked=marked) for row in table.rows]
    head = [*([""] if marked else []), *(_flat(title) for title in table.columns)]
    widths = [max(len(row[place]) for row in (head, *rows) if place < len(row)) for place in range(len(head))]
    if sum(widths) + _GAP * (len(widths) - 1) <= WIDTH:
        for cells in (head, ["-" * width for width in widths], *rows):
            yield (" " * _GAP).join(cell.ljust(width) for cell, width in zip(cells, widths, strict=False))
        return
    yield from _records(table)


def _cells(row: Row, *, marked: bool) -> list[str]:
    """Return the cells of a row; with the word of its mark before them in a table that has marks."""
    return [*((*_mark(row.mark), "")[:1] if marked else ()), *(_flat(cell) for cell in row.cells)]


def _records(table: Table) -> Iterator[str]:
    """Yield a table that is too wide as one small list for each row."""
    for number, row in enumerate(table.rows):
        if number:
            yield ""
        for title, cell in zip(table.columns, row.cells, strict=False):
            yield from _fact(Row(cells=(title, cell), mark=row.mark if title == table.columns[0] else Mark.NONE))


def _fact(row: Row) -> Iterator[str]:
    name, *values = row.cells or ("",)
    said = "".join(f"{word} " for word in _mark(row.mark))
    words = text("document.fact", name=_flat(name), value=", ".join(_flat(value) for value in values))
    return _prose(f"{said}{words if values else _flat(name)}", first="  ")


def _mail(mail: Mail) -> Iterator[str]:
    yield from _prose(mail.label)
    if mail.to:
        yield from _prose(text("document.fact", name=text("document.mail-to"), value=mail.to), first=_INDENT)
    yield from _prose(text("document.fact", name=text("document.mail-subject"), value=mail.subject), first=_INDENT)
    yield ""
    yield from _literal(mail.body)


def _line(line: Line) -> Iterator[str]:
    yield from _literal(line.text)
    if line.remark:
        said = "".join(f"{word} " for word in _mark(line.mark))
        yield from _prose(f"{said}{line.remark}", first=f"{_INDENT}  ^ ")


def _mark(mark: Mark) -> list[str]:
    return [text("document.marked", mark=text(f"document.mark.{mark}"))] if mark is not Mark.NONE else []


def _flat(cell: str) -> str:
    """Return a cell on one line."""
    return " ".join(seen(cell).split())
