from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from msgspec.structs import replace
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot
from tests.desktop import sheets
from tests.desktop.conftest import Opened
from tests.desktop.hand_made import ShownStep, go_on
from tests.desktop.looking import button, words_of
from tests.desktop.samples import SENDER
from tests.wizard.surroundings import NOW

from sendwright.desktop.pages.sheet import SheetPage
from sendwright.desktop.reading import Reading
from sendwright.desktop.theme.theme import Theme
from sendwright.desktop.widgets.countdown import Countdown
from sendwright.diagnosis.stage import Verdict
from sendwright.document.blocks import Document, Paragraph
from sendwright.screens import Action, Cell, Field, FieldKind, Notice, Option, Rejected, Sheet
from sendwright.texts import text


class Clock:
    """Tells whatever time the test wants."""

    def __init__(self) -> None:
        self.now = NOW

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def open_sheet(
    theme: Theme, reading: Reading, show: Callable[..., QWidget], clock: Clock
) -> Callable[[Sheet], SheetPage]:
    def open_it(screen: Sheet) -> SheetPage:
        page = SheetPage(theme, screen, reading, clock=clock)
        show(page, width=700, height=900)
        return page

    return open_it


OpenSheet = Callable[[Sheet], SheetPage]


def tick(countdown: Countdown | None) -> None:
    assert countdown is not None
    countdown._tick()


def acts_of(page: SheetPage) -> list[str]:
    acts: list[str] = []
    page.acted.connect(acts.append)
    return acts


@pytest.mark.parametrize(
    ("cell", "state", "drawing"),
    list(
        zip(
            sheets.CELLS,
            ("passed", "failed", "waiting", "untried", "untried"),
            ("passed", "failed", "waiting", "to-come", "to-come"),
            strict=True,
        )
    ),
    ids=[cell.id for cell in sheets.CELLS],
)
def test_a_cell_says_how_it_stands_with_a_drawing_and_a_word(
    open_sheet: OpenSheet, cell: Cell, state: str, drawing: str
) -> None:
    card = open_sheet(sheets.BOARD).cells[cell.id]
    words = words_of(card)
    assert card.drawing.name == drawing
    assert card.state.text() == text(f"sheet.state.{state}")
    assert {cell.title, cell.detail} <= set(words)
    assert card.accessibleName() == text("sheet.cell", title=cell.title, state=text(f"sheet.state.{state}"))
    assert (card.button is not None) is (cell.action is not None)
    assert (text("sheet.begin-here") in words) is cell.recommended
    assert (text("sheet.waiting") in words) is cell.waiting
    for name, value in cell.facts:
        assert {name, value} <= set(words)


@pytest.mark.parametrize("verdict", Verdict)
def test_every_verdict_has_a_word_and_a_drawing(open_sheet: OpenSheet, verdict: Verdict) -> None:
    cell = replace(sheets.CELLS[3], verdict=verdict)
    card = open_sheet(replace(sheets.BOARD, cells=(cell,))).cells[cell.id]
    assert card.state.text() == text(f"sheet.state.{verdict}")
    assert text("sheet.begin-here") not in words_of(card)


def test_why_a_cell_was_refused_is_folded_and_made_only_when_asked_for(open_sheet: OpenSheet) -> None:
    card = open_sheet(sheets.BOARD).cells["me-shared"]
    assert card.why is not None
    assert card.card is None
    card.why.open()
    assert card.card is not None
    assert card.card.isVisible()
    first = card.card
    card.why.button.click()
    card.why.button.click()
    assert card.card is first


def test_pressing_a_cells_button_tries_it_and_says_so(open_sheet: OpenSheet) -> None:
    page = open_sheet(sheets.BOARD)
    acts = acts_of(page)
    card = page.cells["smtp"]
    assert card.button is not None
    card.button.click()
    assert acts == ["try-smtp"]
    assert card.state.text() == text("sheet.trying")
    page.rest()
    assert card.state.text() == text("sheet.state.untried")


def test_what_is_typed_goes_along_and_is_kept(open_sheet: OpenSheet) -> None:
    page = open_sheet(sheets.BOARD)
    assert page.asks
    page.fields.put({"to": "anna@contoso.com", "output": "a\nb"})
    assert page.answer() == {"to": "anna@contoso.com", "output": "a\nb"}
    assert not open_sheet(sheets.READ).asks


@pytest.mark.parametrize(("screen", "primary"), [(sheets.READ, "wizard.continue"), (sheets.WAITING, "")])
def test_some_pages_are_left_by_their_actions_only(open_sheet: OpenSheet, screen: Sheet, primary: str) -> None:
    assert open_sheet(screen).primary == (text(primary) if primary else "")


def test_lines_are_pasted_as_they_are_and_tab_leads_out_of_them(open_sheet: OpenSheet, qtbot: QtBot) -> None:
    page = open_sheet(replace(sheets.BOARD, cells=()))
    page.take_focus()
    page.fields.focus_field("output")
    box: Any = page.fields.rows["output"].control.focus
    qtbot.waitUntil(box.hasFocus)
    QApplication.clipboard().setText("Identity : a\nAccess   : {b}")
    box.paste()
    QTest.keyClick(box, Qt.Key.Key_Return)
    assert page.answer()["output"] == "Identity : a\nAccess   : {b}\n"
    QTest.keyClick(box, Qt.Key.Key_Tab)
    assert not box.hasFocus()


def test_what_is_too_long_to_be_an_output_is_refused_whole_and_said(open_sheet: OpenSheet) -> None:
    page = open_sheet(sheets.BOARD)
    row = page.fields.rows["output"]
    QApplication.clipboard().setText("x" * 200_000)
    row.control.focus.paste()  # type: ignore[attr-defined]
    assert row.value == ""
    assert row.error.text() == text("sheet.too-long")


def test_a_clock_runs_down_to_the_moment_then_it_is_tried_by_itself_once(open_sheet: OpenSheet, clock: Clock) -> None:
    page = open_sheet(sheets.BOARD)
    due: list[str] = []
    page.due.connect(due.append)
    assert page.countdown is not None
    assert page.countdown.clock.text() == text("window.again-in", time="4:05")
    clock.now += timedelta(minutes=4)
    tick(page.countdown)
    assert page.countdown.clock.text() == text("window.again-in", time="0:05")
    assert due == []
    clock.now += timedelta(hours=8)  # the computer slept
    tick(page.countdown)
    assert due == ["retry"]


def test_a_wait_of_hours_is_shown_in_hours(open_sheet: OpenSheet) -> None:
    page = open_sheet(sheets.WAITING)
    assert page.countdown is not None
    assert page.countdown.clock.text() == text("window.again-in", time="1:30:00")


def test_nobody_has_to_wait_for_the_clock(open_sheet: OpenSheet) -> None:
    page = open_sheet(sheets.WAITING)
    acts = acts_of(page)
    button(page, text(sheets.RETRY.label)).click()
    assert acts == ["retry"]


def test_a_retry_without_a_moment_is_only_a_button(open_sheet: OpenSheet) -> None:
    page = open_sheet(replace(sheets.WAITING, retry_at=None))
    acts = acts_of(page)
    assert page.countdown is None
    button(page, text(sheets.RETRY.label)).click()
    assert acts == ["retry"]


def test_a_refused_answer_stops_the_clock_and_marks_the_field(open_sheet: OpenSheet, clock: Clock) -> None:
    page = open_sheet(sheets.BOARD)
    due: list[str] = []
    page.due.connect(due.append)
    page.show_rejection(Rejected({"output": "microsoft365.board.output-missing"}))
    assert page.fields.rows["output"].error.text() == text("microsoft365.board.output-missing")
    assert page.countdown is not None
    assert not page.countdown.clock.isVisible()
    assert not page.countdown._timer.isActive()


def changed(**changes: object) -> Sheet:
    return replace(sheets.BOARD, **changes)


def test_a_cell_that_was_tried_is_drawn_anew_and_everything_else_stays(open_sheet: OpenSheet) -> None:
    page = open_sheet(sheets.BOARD)
    document, cards, rows = page.document, dict(page.cells), dict(page.fields.rows)
    page.cells["me-shared"].why.open()  # type: ignore[union-attr]
    page.fields.put({"output": "half typed"})
    smtp = cards["smtp"].button
    assert smtp is not None
    smtp.setFocus()
    tried = replace(sheets.CELLS[3], verdict=Verdict.PASSED, facts=(("Recipients see", "info@contoso.com"),))
    assert page.follow(changed(cells=(*sheets.CELLS[:3], tried, sheets.CELLS[4])))
    assert page.document is document
    assert page.fields.rows == rows
    assert page.answer()["output"] == "half typed"
    assert {name for name, card in page.cells.items() if card is not cards[name]} == {"smtp"}
    assert page.cells["smtp"].state.text() == text("sheet.state.passed")
    assert "info@contoso.com" in words_of(page)
    assert page.cells["smtp"].button.hasFocus()  # type: ignore[union-attr]
    assert page.cells["me-shared"].why.button.isChecked()  # type: ignore[union-attr]
    order = [page._tried.itemAt(place).widget().objectName() for place in range(page._tried.count())]  # type: ignore[union-attr]
    assert order == [f"cell-{cell.id}" for cell in sheets.CELLS]


def test_what_was_unfolded_in_a_cell_stays_so_when_it_is_tried_again(open_sheet: OpenSheet) -> None:
    page = open_sheet(sheets.BOARD)
    page.cells["me-shared"].why.open()  # type: ignore[union-attr]
    again = replace(sheets.CELLS[1], facts=(("Tried", "twice"),))
    assert page.follow(changed(cells=(sheets.CELLS[0], again, *sheets.CELLS[2:])))
    assert page.cells["me-shared"].why.button.isChecked()  # type: ignore[union-attr]


def test_a_new_document_and_new_words_take_the_place_of_the_former(open_sheet: OpenSheet) -> None:
    page = open_sheet(sheets.BOARD)
    document = Document(id="board", title="Board", blocks=(Paragraph(text="Now there is more to read."),))
    notice = Notice(key="start.you-need")
    later = changed(document=document, notices=(notice,), actions=(), title="review.title")
    assert page.follow(later)
    QApplication.processEvents()
    words = words_of(page)
    assert "Now there is more to read." in words
    assert "Try it." not in words
    assert text(notice.key) in words
    assert text("review.open.junk") not in words
    assert page.accessibleName() == text("review.title") == page.title.text()
    assert [found.objectName() for found in page.below] == ["document-it-sheet"]


def test_the_keyboard_stays_on_the_action_that_was_pressed(open_sheet: OpenSheet) -> None:
    page = open_sheet(sheets.BOARD)
    button(page, text("microsoft365.board.read")).setFocus()
    more = Action(name="more", label="microsoft365.board.granted")
    assert page.follow(changed(actions=(*sheets.BOARD.actions, more)))
    assert [found.objectName() for found in page.below if found.hasFocus()] == ["action-read"]


def test_a_value_that_the_step_changed_is_taken_over(open_sheet: OpenSheet) -> None:
    page = open_sheet(sheets.BOARD)
    page.fields.put({"output": "typed", "to": "typed@contoso.com"})
    fields = (replace(sheets.TO, value="kept@contoso.com"), sheets.OUTPUT)
    assert page.follow(changed(fields=fields))
    assert page.answer() == {"to": "kept@contoso.com", "output": "typed"}


def test_a_new_moment_starts_the_clock_again(open_sheet: OpenSheet) -> None:
    page = open_sheet(sheets.BOARD)
    former = page.countdown
    assert page.follow(changed(retry_at=NOW + timedelta(minutes=10)))
    assert page.countdown is not former
    assert page.countdown is not None
    assert page.countdown.clock.text() == text("window.again-in", time="10:00")
    assert page.follow(changed(retry=None, retry_at=None))
    assert page.countdown is None


@pytest.mark.parametrize(
    "other",
    [{"fields": ()}, {"without_submit": True}, {"step": "another"}, {"lead": ""}],
    ids=lambda one: next(iter(one)),
)
def test_another_page_is_not_followed(open_sheet: OpenSheet, other: dict[str, object]) -> None:
    assert not open_sheet(sheets.BOARD).follow(changed(**other))


def test_other_cells_are_drawn_in_the_place_of_the_former(open_sheet: OpenSheet) -> None:
    page = open_sheet(sheets.BOARD)
    assert page.follow(changed(cells=sheets.CELLS[:2]))
    assert [*page.cells] == ["me-own", "me-shared"]
    assert page._tried.count() == 2


def test_the_keyboard_begins_with_what_is_recommended(open_sheet: OpenSheet) -> None:
    page = open_sheet(sheets.BOARD)
    page.take_focus()
    assert page.cells["smtp"].button is QApplication.focusWidget()


@pytest.mark.parametrize(("kind", "begins"), [(FieldKind.TEXT, True), (FieldKind.CHOICE, False)])
def test_no_key_changes_a_choice_that_is_out_of_sight(open_sheet: OpenSheet, kind: FieldKind, *, begins: bool) -> None:
    options = (Option(value="own", label="microsoft365.plan.sends-from-own"),)
    field = Field(name="which", kind=kind, label="microsoft365.plan.sends-from", options=options)
    page = open_sheet(replace(sheets.READ, fields=(field,)))
    page.take_focus()
    assert page.fields.rows["which"].control.focus.hasFocus() is begins


def test_nobody_leaves_a_waiting_page_by_pressing_enter(open_sheet: OpenSheet) -> None:
    page = open_sheet(sheets.WAITING)
    page.take_focus()
    focused = QApplication.focusWidget()
    assert focused is not None
    assert focused.objectName() == "action-retry"
    page = open_sheet(replace(sheets.WAITING, retry=None))
    page.take_focus()
    assert page.below[0].hasFocus()


def test_a_problems_card_leads_to_a_field(open_sheet: OpenSheet) -> None:
    page = open_sheet(sheets.BOARD)
    page.focus_field("to", "bob@contoso.com")
    assert page.answer()["to"] == "bob@contoso.com"
    assert page.fields.rows["to"].control.focus.hasFocus()


@pytest.mark.parametrize("begin", ["output", "limited"])
def test_the_keyboard_begins_where_the_screen_says(open_steps: Callable[..., Opened], begin: str) -> None:
    field = Field(name="output", kind=FieldKind.LINES, label="window.sent.field")
    action = Action(name="limited", label="microsoft365.board.limited")
    screen = replace(sheets.BOARD, fields=(field,), actions=(action,), begin=begin)
    opened = open_steps(ShownStep(SENDER, stop="sender"), ShownStep(screen, act=go_on), at=1)
    held = opened.view.window().focusWidget()
    assert isinstance(held, QWidget)
    assert held.objectName() == (f"action-{begin}" if begin == "limited" else f"field-{begin}")
    assert held is not opened.view.foot.primary_button
