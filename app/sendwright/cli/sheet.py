"""Asks a sheet in the terminal: what it says, what can be tried, typed, read and done."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import Final

from rich.console import RenderableType
from rich.rule import Rule
from rich.text import Text

from sendwright.cli.document_view import draw_document
from sendwright.cli.listing import Item
from sendwright.cli.questions import Pick, Questions, pick_of
from sendwright.cli.render import MARKS, problem_card
from sendwright.document.blocks import Document
from sendwright.problems.explanation import explain
from sendwright.screens import Action, Answer, Cell, Field, FieldKind, Sheet
from sendwright.texts import text

ON, BY_ITSELF = "", "wait"
_DOCUMENT, _FIELD, _PROBLEM = "document:", "field:", "problem:"
_LONGEST_SHOWN: Final = 60


def show_sheet(sheet: Sheet, questions: Questions) -> None:
    """Write what the sheet says."""
    questions.out.print(draw_document(sheet.document), highlight=False, crop=False)
    for cell in sheet.cells:
        for part in _cell(cell):
            questions.out.print(part, highlight=False)


def ask_sheet(sheet: Sheet, questions: Questions, *, can_go_back: bool) -> Answer:
    """Return the answer to a sheet that is shown; the action BY_ITSELF asks to wait for its retry.

    Raises questions.Back and questions.Cancelled.
    """
    typed = {field.name: field.value for field in sheet.fields}
    if can_go_back:
        questions.out.print(text("terminal.hint"), style="dim", markup=False)
    while True:
        chosen = questions.choose(_offered(sheet, typed), BY_ITSELF if sheet.retry else ON)
        if chosen.startswith(_DOCUMENT):
            show_document(sheet.documents[int(chosen.removeprefix(_DOCUMENT))], questions)
        elif chosen.startswith(_PROBLEM):
            cell = next(one for one in sheet.cells if one.id == chosen.removeprefix(_PROBLEM))
            if cell.problem is not None:
                questions.out.print(problem_card(explain(cell.problem)))
        elif chosen.startswith(_FIELD):
            field = next(one for one in sheet.fields if one.name == chosen.removeprefix(_FIELD))
            typed[field.name] = questions.field(field, typed[field.name])
        else:
            return typed | ({"action": chosen} if chosen else {})


def show_document(document: Document, questions: Questions) -> None:
    """Write a whole document with its title."""
    questions.out.print(Rule(Text(document.title), align="left", style="dim"))
    questions.out.print(draw_document(document), highlight=False, crop=False)
    questions.out.print()


async def wait_for_retry(
    sheet: Sheet,
    questions: Questions,
    *,
    clock: Callable[[], datetime],
    sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
) -> Answer:
    """Wait until the sheet tries again by itself, and return that answer."""
    typed = {field.name: field.value for field in sheet.fields}
    if sheet.retry is None:
        return typed
    if sheet.retry_at is not None:
        questions.out.print(
            text("terminal.waiting-until", at=f"{sheet.retry_at.astimezone():%H:%M:%S}"), style="cyan", markup=False
        )
        await sleep(max(0.0, (sheet.retry_at - clock()).total_seconds()))
    return typed | {"action": sheet.retry.name}


def _offered(sheet: Sheet, typed: dict[str, str]) -> list[Pick]:
    """Return what can be done, what leads on first."""
    picks = [] if sheet.without_submit else [Pick(value=ON, words=text(sheet.submit, **sheet.values))]
    if sheet.retry is not None:
        picks.insert(0, Pick(value=BY_ITSELF, words=text("terminal.wait-by-itself")))
    picks += [
        Pick(value=cell.action.name, words=_of_cell(cell, cell.action))
        for cell in sorted(sheet.cells, key=lambda cell: not cell.recommended)
        if cell.action is not None
    ]
    picks += [
        Pick(value=f"{_PROBLEM}{cell.id}", words=text("terminal.why", title=cell.title))
        for cell in sheet.cells
        if cell.problem is not None
    ]
    picks += map(pick_of, sheet.actions)
    picks += [Pick(value=f"{_FIELD}{field.name}", words=_of_field(field, typed[field.name])) for field in sheet.fields]
    picks += [
        Pick(value=f"{_DOCUMENT}{number}", words=text("terminal.read", title=document.title))
        for number, document in enumerate(sheet.documents)
    ]
    return picks


def _of_cell(cell: Cell, action: Action) -> str:
    return text("terminal.fact", name=cell.title, value=text(action.label, **action.values))


def _of_field(field: Field, value: str) -> str:
    label = text(field.label)
    if field.kind is FieldKind.LINES:
        return text("terminal.paste", label=label)
    shown = value if len(value) <= _LONGEST_SHOWN else f"{value[:_LONGEST_SHOWN]}…"
    return text("terminal.change", label=label, value=shown)


def _cell(cell: Cell) -> list[RenderableType]:
    if cell.waiting:
        mark, style, word = "…", "yellow", text("terminal.cell-waiting")
    elif cell.verdict is None:
        mark, style, word = "·", "dim", text("terminal.cell-untested")
    else:
        mark, style = MARKS[cell.verdict]
        word = text(f"verdicts.{cell.verdict}")
    parts: list[RenderableType] = [
        Text(),
        Item(text("terminal.fact", name=cell.title, value=word), first=f"{mark} ", style=style),
    ]
    if cell.detail:
        parts.append(Item(cell.detail, first="    ", style="dim"))
    parts += [Item(text("terminal.fact", name=name, value=value), first="    ") for name, value in cell.facts]
    return parts
