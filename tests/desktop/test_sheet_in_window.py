"""A sheet in the window: what is tried on it, what comes due, and what stays where it is meanwhile."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import msgspec
import pytest
from msgspec.structs import replace
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QPushButton
from pytestqt.qtbot import QtBot
from tests.desktop import sheets
from tests.desktop.conftest import Opened
from tests.desktop.hand_made import ShownStep
from tests.desktop.looking import button, words_of
from tests.desktop.samples import SENDER
from tests.wizard.surroundings import NOW

from sendwright.desktop.pages.stopped import StoppedPage
from sendwright.diagnosis.stage import Verdict
from sendwright.providers.provider import Advice
from sendwright.screens import Action, Answer, Consent, Halted, Recorded, Rejected, Screen, Sheet, Stopped
from sendwright.texts import text
from sendwright.wizard.draft import Draft
from sendwright.wizard.trail import answered
from sendwright.world import Progress, World

AFTER = ShownStep(replace(SENDER, step="after"))


@dataclass
class Board:
    """A step whose cells are proven as they are tried. given: all answers. held: it waits until that is set."""

    screen: Sheet = sheets.BOARD
    id: str = sheets.BOARD.step
    stop: str = "connect"
    given: list[Answer] = field(default_factory=list)
    fails: list[BaseException] = field(default_factory=list)
    held: bool = False

    def applies(self, state: Draft) -> bool:
        return True

    def show(self, state: Draft, world: World) -> Sheet:
        return self.screen

    async def advise(self, state: Draft, answer: Answer, world: World) -> Advice:
        return Advice()

    async def accept(self, state: Draft, answer: Answer, world: World, progress: Progress) -> Draft:
        self.given.append(answer)
        while self.held:  # noqa: ASYNC110 - it is set by another thread
            await asyncio.sleep(0.01)
        if self.fails:
            raise self.fails.pop()
        name = answer.get("action", "").removeprefix("try-")
        cells = tuple(replace(cell, verdict=Verdict.PASSED) if cell.id == name else cell for cell in self.screen.cells)
        self.screen = replace(self.screen, cells=cells)
        return state


@pytest.fixture
def board() -> Board:
    return Board()


@pytest.fixture
def opened(open_steps: Callable[..., Opened], board: Board) -> Opened:
    return open_steps(ShownStep(SENDER, stop="sender"), board, AFTER, at=1)


def press(opened: Opened, cell: str) -> None:
    opened.page.cells[cell].button.click()


def test_a_try_stays_on_the_page_which_stays_the_same(opened: Opened, board: Board, qtbot: QtBot) -> None:
    page, bar = opened.page, opened.view.column.verticalScrollBar()
    page.fields.put({"to": "anna@contoso.com"})
    page.cells["smtp"].button.setFocus()
    qtbot.wait(50)
    bar.setValue(page.cells["smtp"].y())
    before = bar.value()
    assert before > 0
    press(opened, "smtp")
    qtbot.waitUntil(lambda: page.cells["smtp"].state.text() == text("sheet.state.passed"))
    opened.rest()
    qtbot.wait(50)
    assert opened.page is page
    assert bar.value() == before
    assert page.cells["smtp"].button is QApplication.focusWidget()
    assert board.given == [{"to": "anna@contoso.com", "output": "", "action": "try-smtp"}]


def test_while_it_is_tried_the_page_says_so_and_can_be_left_alone(opened: Opened, board: Board, qtbot: QtBot) -> None:
    board.held = True
    press(opened, "smtp")
    assert opened.page.cells["smtp"].state.text() == text("sheet.trying")
    qtbot.waitUntil(opened.view.foot.cancel_button.isVisible)
    assert opened.page.isEnabled()
    assert not opened.view.foot.cancel_button.hasFocus()
    opened.view.foot.cancel_button.click()
    opened.rest()
    assert opened.page.cells["smtp"].state.text() == text("sheet.state.untried")
    assert opened.page.isEnabled()


def test_what_leads_on_holds_the_page_still(opened: Opened, board: Board, qtbot: QtBot) -> None:
    board.held = True
    opened.view.submit()
    qtbot.waitUntil(opened.view.foot.cancel_button.isVisible)
    qtbot.waitUntil(lambda: not opened.page.isEnabled())
    board.held = False
    opened.wait_for("after")


def test_what_is_typed_while_something_is_tried_stays_typed(opened: Opened, board: Board, qtbot: QtBot) -> None:
    board.held = True
    press(opened, "smtp")
    qtbot.waitUntil(opened.view.foot.cancel_button.isVisible)
    box = opened.page.fields.rows["output"].control.focus
    box.setFocus()
    QTest.keyClicks(box, "typed meanwhile")
    board.held = False
    qtbot.waitUntil(lambda: opened.page.cells["smtp"].state.text() == text("sheet.state.passed"))
    opened.rest()
    assert box.hasFocus()
    assert opened.page.answer()["output"] == "typed meanwhile"


def test_the_keyboard_alone_tries_one_cell_after_another(opened: Opened, board: Board) -> None:
    opened.page.cells["me-own"].button.setFocus()
    QTest.keyClick(QApplication.focusWidget(), Qt.Key.Key_Space)
    opened.rest()
    QTest.keyClick(QApplication.focusWidget(), Qt.Key.Key_Return)
    opened.rest()
    assert [answer["action"] for answer in board.given] == ["try-me-own", "try-me-own"]
    wanted = opened.page.cells["smtp"].button
    for _ in range(20):
        if QApplication.focusWidget() is wanted:
            break
        QTest.keyClick(QApplication.focusWidget(), Qt.Key.Key_Tab)
    assert QApplication.focusWidget() is wanted


def test_continuing_submits_the_fields(opened: Opened, board: Board) -> None:
    opened.page.fields.put({"to": "a@contoso.com", "output": "x"})
    opened.view.submit()
    opened.wait_for("after")
    assert board.given == [{"to": "a@contoso.com", "output": "x"}]


def test_what_comes_due_is_tried_by_itself_with_the_fields(opened: Opened, board: Board, qtbot: QtBot) -> None:
    opened.page.fields.put({"to": "a@contoso.com"})
    opened.page.due.emit("retry")
    qtbot.waitUntil(lambda: bool(board.given))
    opened.rest()
    assert board.given == [{"to": "a@contoso.com", "output": "", "action": "retry"}]


def test_what_comes_due_while_something_else_is_tried_follows_once(opened: Opened, board: Board, qtbot: QtBot) -> None:
    board.held = True
    press(opened, "smtp")
    qtbot.waitUntil(lambda: bool(board.given))
    opened.page.due.emit("retry")
    board.held = False
    qtbot.waitUntil(lambda: len(board.given) == 2)
    opened.rest()
    qtbot.wait(50)
    assert [answer["action"] for answer in board.given] == ["try-smtp", "retry"]


def test_a_new_moment_takes_the_place_of_what_came_due(opened: Opened, board: Board, qtbot: QtBot) -> None:
    board.held = True
    press(opened, "smtp")
    qtbot.waitUntil(lambda: bool(board.given))
    opened.page.due.emit("retry")
    board.screen = replace(board.screen, retry_at=NOW + timedelta(hours=1))
    board.held = False
    opened.rest()
    qtbot.wait(50)
    assert [answer["action"] for answer in board.given] == ["try-smtp"]


def test_what_came_due_is_forgotten_on_another_page(opened: Opened, board: Board, qtbot: QtBot) -> None:
    board.held = True
    opened.view.submit()
    qtbot.waitUntil(lambda: bool(board.given))
    opened.page.due.emit("retry")
    board.held = False
    opened.wait_for("after")
    qtbot.wait(50)
    assert len(board.given) == 1


def test_a_refused_field_is_marked_and_the_page_stays(opened: Opened, board: Board, qtbot: QtBot) -> None:
    board.fails.append(Rejected({"output": "microsoft365.board.output-missing"}))
    button(opened.page, text("microsoft365.board.read")).click()
    row = opened.page.fields.rows["output"]
    qtbot.waitUntil(lambda: row.error.text() == text("microsoft365.board.output-missing"))
    assert row.control.focus.hasFocus()


def test_a_refused_field_below_a_long_page_comes_into_sight_with_its_reason(
    opened: Opened, board: Board, qtbot: QtBot
) -> None:
    opened.view.window().resize(800, 600)
    board.fails.append(Rejected({"to": "address.empty"}))
    opened.view.column.verticalScrollBar().setValue(0)
    opened.page.cells["shared"].take_focus()
    press(opened, "shared")
    reason = opened.page.fields.rows["to"].error
    qtbot.waitUntil(lambda: bool(reason.text()))

    def in_sight() -> bool:
        port = opened.view.column.viewport()
        top = reason.mapTo(port, reason.rect().topLeft()).y()
        return 0 <= top <= port.height() - reason.height()

    qtbot.waitUntil(in_sight)


def test_a_way_of_weight_stands_in_the_foot_and_follows_the_page(open_steps: Callable[..., Opened]) -> None:
    board = Board(screen=sheets.READ, id=sheets.READ.step)
    opened = open_steps(ShownStep(SENDER, stop="sender"), board, AFTER, at=1)
    assert [way.text() for way in opened.view.foot.ways] == [text("microsoft365.board.limited")]
    assert text("microsoft365.board.limited") not in [way.text() for way in opened.page.below]
    opened.view.foot.ways[0].click()
    opened.wait_for("after")
    assert board.given[-1] == {"action": "other"}
    assert opened.view.foot.ways == ()


GRANTED = Action(name="granted", label="microsoft365.board.granted")


@pytest.mark.parametrize("by_keyboard", [False, True])
def test_the_way_on_that_a_stop_offers_first_is_its_primary_button(
    opened: Opened, board: Board, *, by_keyboard: bool
) -> None:
    quiet = Action(name="other", label="microsoft365.board.limited", quiet=True)
    board.fails.append(Halted(sheets.REFUSED, actions=(quiet, GRANTED)))
    press(opened, "smtp")
    opened.wait_for(board.id, kind=Stopped)
    assert isinstance(opened.page, StoppedPage)
    primary = opened.view.foot.primary_button
    assert primary.text() == text(GRANTED.label)
    assert button(opened.page, text(quiet.label)).property("role") == "quiet"
    assert button(opened.page, text("wizard.try-again")).property("role") is None
    if by_keyboard:
        opened.view.enter()
    else:
        primary.click()
    opened.wait_for("after")
    assert board.given[-1] == {"action": "granted"}


def test_trying_again_stays_possible_beside_the_way_on(opened: Opened, board: Board) -> None:
    board.fails.append(Halted(sheets.REFUSED, actions=(GRANTED,)))
    press(opened, "smtp")
    opened.wait_for(board.id, kind=Stopped)
    button(opened.page, text("wizard.try-again")).click()
    opened.wait_for("after")
    assert board.given[-1] == {}


def test_quiet_ways_on_leave_trying_again_the_primary_button(opened: Opened, board: Board) -> None:
    quiet = Action(name="other", label="microsoft365.board.limited", quiet=True)
    board.fails.append(Halted(sheets.REFUSED, actions=(quiet,)))
    press(opened, "smtp")
    opened.wait_for(board.id, kind=Stopped)
    assert opened.view.foot.primary_button.text() == text("wizard.try-again")
    button(opened.page, text(quiet.label)).click()
    opened.wait_for("after")
    assert board.given[-1] == {"action": "other"}


def test_a_page_without_a_primary_button_is_left_by_its_actions(open_steps: Callable[..., Opened]) -> None:
    board = Board(screen=sheets.WAITING, id=sheets.WAITING.step)
    opened = open_steps(ShownStep(SENDER, stop="sender"), board, AFTER, at=1)
    assert not opened.view.foot.primary_button.isVisible()
    opened.view.submit()
    assert board.given == []
    button(opened.page, text("microsoft365.board.granted")).click()
    opened.wait_for("after")


def recorded(screen: Screen) -> Recorded:
    values = {"number": "1", "total": "1", "when": "2026-11-20 10:00"}
    return Recorded(step="x", title="replay.page.title", values=values, inner=msgspec.to_builtins(screen))


def test_a_page_of_a_saved_diagnosis_waits_for_nothing(show_page: Callable[..., Any]) -> None:
    inner = show_page(recorded(sheets.BOARD)).inner
    assert inner.countdown is None
    assert sheets.CELLS[0].title in words_of(inner)
    assert not any(found.isEnabled() for found in inner.findChildren(QPushButton))


@pytest.mark.parametrize("screen", [sheets.EMBEDDED, sheets.BROWSER, sheets.DEVICE], ids=lambda one: str(one.way))
def test_a_sign_in_of_a_saved_diagnosis_opens_nothing(
    show_page: Callable[..., Any], opened_pages: list[str], screen: Consent
) -> None:
    inner = show_page(recorded(answered(screen, {}))).inner
    assert text("consent.recorded") in words_of(inner)
    assert screen.url not in " ".join(words_of(inner))
    assert opened_pages == []
