"""Draws a document for a terminal: nothing that is to be copied is ever broken by us."""

from collections.abc import Iterator, Mapping
from types import MappingProxyType

import msgspec
from rich.console import Group, RenderableType
from rich.padding import Padding
from rich.table import Table as Grid
from rich.text import Text

from sendwright.cli.listing import Item
from sendwright.document.blocks import (
    AnyBlock,
    Command,
    Document,
    Heading,
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
from sendwright.document.qr import modules_of
from sendwright.texts import text

SIGNS: Mapping[Mark, tuple[str, str]] = MappingProxyType(
    {Mark.NONE: ("", ""), Mark.GOOD: ("✓", "green"), Mark.ATTENTION: ("!", "yellow"), Mark.WRONG: ("✗", "red")}
)
"""Sign and style of a mark; the word stands beside it."""

QUIET_ZONE = 2
"""Modules of white around a QR code on a screen; ISO/IEC 18004 asks for 4 in print, readers are content with 2."""


def draw_document(document: Document) -> RenderableType:
    """Return the document without its title, to be printed uncropped: what is to be copied is as long as it is."""
    parts: list[RenderableType] = []
    heading = ""
    for block in document.blocks:
        said = isinstance(block, Table) and block.caption == heading  # it stands right above
        parts += _draw(msgspec.structs.replace(block, caption="") if said and isinstance(block, Table) else block)
        heading = block.text if isinstance(block, Heading) else ""
    return Group(*parts)


def sign(mark: Mark) -> Text:
    """Return a mark as sign and word, nothing where there is none."""
    drawn, style = SIGNS[mark]
    return Text(f"{drawn} {text(f'document.mark.{mark}')}", style=style) if drawn else Text()


def _draw(block: AnyBlock) -> Iterator[RenderableType]:
    match block:
        case Heading():
            yield Text()
            yield Text(block.text, style="bold")
        case Paragraph():
            yield Text(block.text, style="bold" if block.strong else "")
        case Points():
            for number, item in enumerate(block.items, start=1):
                yield Item(item, first=f"{number:>3}. " if block.numbered else "  • ")
        case Table():
            yield from _table(block)
        case Command() | Link() | QrCode():
            yield from _to_copy(block)
        case Mail():
            yield from _mail(block)
        case Lines():
            yield from _lines(block)


def _to_copy(block: Command | Link | QrCode) -> Iterator[RenderableType]:
    yield Text(block.label)
    match block:
        case Command():
            yield from _literal(block.value)
        case Link():
            yield from _literal(block.address)
            if block.path:
                yield Padding(Text(text("card.path", path=block.path), style="dim"), (0, 0, 0, 4))
        case QrCode():
            yield from _literal(block.value)
            yield draw_qr(block.value)


def _literal(value: str) -> Iterator[RenderableType]:
    for line in value.splitlines() or [""]:
        yield Text(f"    {line}", style="bold", no_wrap=True, overflow="ignore")


def _table(table: Table) -> Iterator[RenderableType]:
    if table.caption:
        yield Text(table.caption, style="bold")
    if not table.columns:
        for row in table.rows:
            yield _fact(row)
        return
    grid = Grid(box=None, padding=(0, 2, 0, 0), pad_edge=False, header_style="bold")
    marked = any(row.mark is not Mark.NONE for row in table.rows)
    for title in (*([""] if marked else []), *table.columns):
        grid.add_column(title, overflow="fold")
    for row in table.rows:
        grid.add_row(*([sign(row.mark)] if marked else []), *(Text(cell) for cell in row.cells))
    yield grid


def _fact(row: Row) -> RenderableType:
    name, *values = row.cells or ("",)
    words = text("terminal.fact", name=name, value=", ".join(values)) if values else name
    drawn, style = SIGNS[row.mark]
    first = f"  {drawn} " if drawn else "    "
    return Item(f"{words} ({text(f'document.mark.{row.mark}')})" if drawn else words, first=first, style=style)


def draw_qr(value: str) -> RenderableType:
    """Return a QR code, two rows of modules in each line, dark on light whatever the terminal's colours are.

    Nothing is drawn where `value` is too long for one.
    """
    rows = list(modules_of(value, around=QUIET_ZONE))
    if len(rows) % 2:
        rows.append(bytes(len(rows[0])))
    drawn = Text(no_wrap=True, overflow="ignore")
    for above, below in zip(rows[::2], rows[1::2], strict=True):
        drawn.append("    ")
        signs = (" ▄▀█"[2 * upper + lower] for upper, lower in zip(above, below, strict=True))
        drawn.append("".join(signs), style="black on white")
        drawn.append("\n")
    return drawn


def _mail(mail: Mail) -> Iterator[RenderableType]:
    yield Text(mail.label)
    head = [text("terminal.fact", name=text("terminal.mail.subject"), value=mail.subject)]
    if mail.to:
        head.insert(0, text("terminal.fact", name=text("terminal.mail.to"), value=mail.to))
    for line in (*head, "", *mail.body.splitlines()):
        yield Item(line, first="    ") if line else Text()


def _lines(lines: Lines) -> Iterator[RenderableType]:
    yield Text(lines.label)
    for line in lines.lines:
        drawn, style = SIGNS[line.mark]
        yield Text(f"  {drawn or ' '} {line.text}", style=style, no_wrap=True, overflow="ignore")
        if line.remark:
            yield Item(line.remark, first="      ", style=style)
