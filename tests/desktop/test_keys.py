"""Everything works by keyboard alone, in the order of reading."""

import asyncio
import sys
from collections.abc import Callable
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QPushButton, QWidget
from pytestqt.qtbot import QtBot
from tests.desktop import samples
from tests.desktop.conftest import Opened
from tests.desktop.hand_made import ShownStep
from tests.desktop.states import SEVERAL

from sendwright.desktop.reading import Reading
from sendwright.desktop.reading_order import focusable
from sendwright.desktop.widgets.levels import Segment
from sendwright.problems.level import Level
from sendwright.providers.provider import Advice
from sendwright.screens import Answer, Rejected
from sendwright.texts import text
from sendwright.world import Progress

OpenSteps = Callable[..., Opened]
Key = Qt.Key
START = ShownStep(samples.START, stop="start")
REVIEW = ShownStep(samples.REVIEW, stop="review")


def press(key: Qt.Key, modifier: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
    """Press a key where the keyboard is."""
    target = QApplication.focusWidget() or QApplication.activeWindow()
    QTest.keyClick(target, key, modifier)


def where() -> QWidget:
    return QApplication.focusWidget()


def tour(limit: int = 60) -> list[QWidget]:
    """Press Tab until the keyboard is where it began."""
    seen = [where()]
    for _ in range(limit):
        press(Key.Key_Tab)
        if where() is seen[0]:
            return seen
        seen.append(where())
    raise AssertionError("the keyboard does not come round")


def name_of(widget: QWidget) -> str:
    words: Any = getattr(widget, "text", None)
    return widget.objectName() or widget.accessibleName() or (words() if callable(words) else "")


def test_enter_goes_on_from_wherever_the_keyboard_is(open_steps: OpenSteps) -> None:
    for field in ("host", "password", "security", "port"):
        opened = open_steps(START, ShownStep(samples.CONNECT), REVIEW, at=1)
        opened.page.fields.focus_field(field)
        press(Key.Key_Return)
        opened.wait_for("review")


@pytest.mark.parametrize("key", [Key.Key_Return, Key.Key_Enter])
def test_both_enter_keys_go_on(open_steps: OpenSteps, key: Qt.Key) -> None:
    opened = open_steps(START, REVIEW, ShownStep(samples.DONE), at=0)
    press(key)
    opened.wait_for("review")


def test_enter_on_a_card_chooses_it_and_enter_again_goes_on_with_it(open_steps: OpenSteps) -> None:
    taken: list[Answer] = []

    async def take(answer: Answer, progress: Progress) -> None:
        taken.append(dict(answer))

    opened = open_steps(ShownStep(samples.PROVIDER, stop="provider", act=take), REVIEW, at=0)
    assert opened.page.cards.chosen == ""
    press(Key.Key_Return)
    opened.rest()
    assert (opened.step, opened.page.cards.chosen, taken) == ("provider", "custom_smtp", [])
    press(Key.Key_Return)
    opened.wait_for("review")
    assert taken[0]["choice"] == "custom_smtp"


def test_enter_on_a_button_presses_that_button(open_steps: OpenSteps) -> None:
    opened = open_steps(START, ShownStep(samples.CONNECT), REVIEW, at=1)
    opened.view.foot.back_button.setFocus()
    press(Key.Key_Return)
    opened.wait_for("start")


def test_enter_on_a_toggle_goes_on_and_does_not_switch_it(open_steps: OpenSteps) -> None:
    taken: list[Answer] = []

    async def take(answer: Answer, progress: Progress) -> None:
        taken.append(dict(answer))

    opened = open_steps(START, ShownStep(samples.ADDRESS, act=take), REVIEW, at=1)
    opened.page.fields.focus_field("ask_mozilla")
    press(Key.Key_Return)
    opened.wait_for("review")
    assert taken[0]["ask_mozilla"] == "false"


def test_enter_on_what_is_folded_unfolds_it(open_steps: OpenSteps) -> None:
    opened = open_steps(START, ShownStep(samples.CONNECT), REVIEW, at=1)
    fold = next(found for found in opened.page.findChildren(QPushButton) if found.text() == text("window.advanced"))
    fold.setFocus()
    press(Key.Key_Return)
    assert opened.page.fields.rows["ca_file"].isVisible()
    assert opened.step == "smtp-connect"


def test_escape_cancels_what_runs(open_steps: OpenSteps, qtbot: QtBot) -> None:
    async def forever(answer: Answer, progress: Progress) -> None:
        await asyncio.sleep(60)

    opened = open_steps(START, ShownStep(samples.ADDRESS), ShownStep(samples.RUNNING, act=forever), REVIEW, at=1)
    opened.view.submit()
    qtbot.waitUntil(lambda: opened.step == "test-run")
    press(Key.Key_Escape)
    opened.wait_for("smtp-address")


def test_escape_leaves_a_page_alone(open_steps: OpenSteps, qtbot: QtBot) -> None:
    opened = open_steps(START, ShownStep(samples.SENDER), REVIEW, at=1)
    press(Key.Key_Escape)
    qtbot.wait(30)
    assert opened.step == "sender"
    assert opened.window.isVisible()


def test_the_key_for_back_goes_back_and_keeps_what_is_typed(open_steps: OpenSteps) -> None:
    opened = open_steps(START, ShownStep(samples.SENDER), REVIEW, at=1)
    opened.page.fields.put({"alias": "Half ty"})
    opened.page.fields.focus_field("alias")
    if sys.platform == "darwin":
        press(Key.Key_BracketLeft, Qt.KeyboardModifier.ControlModifier)
    else:
        press(Key.Key_Left, Qt.KeyboardModifier.AltModifier)
    opened.wait_for("start")
    opened.view.submit()
    opened.wait_for("sender")
    assert opened.page.fields.rows["alias"].value == "Half ty"


def test_the_key_for_back_does_nothing_on_the_first_page(open_steps: OpenSteps, qtbot: QtBot) -> None:
    opened = open_steps(START, REVIEW, at=0)
    press(Key.Key_Left, Qt.KeyboardModifier.AltModifier)
    qtbot.wait(30)
    assert opened.step == "start"


@pytest.mark.parametrize("name", samples.SCREENS)
def test_tab_walks_in_the_order_of_reading(open_steps: OpenSteps, qtbot: QtBot, name: str) -> None:
    opened = open_steps(START, ShownStep(samples.SCREENS[name], stop="connect"), REVIEW, at=1)
    qtbot.wait(20)
    walked = tour()
    parts = (opened.view.rail, opened.page, opened.view.foot)
    read = [found for part in parts for found in focusable(part) if found.isVisible() and found.isEnabled()]
    start = read.index(walked[0])
    assert [name_of(found) for found in walked] == [name_of(found) for found in read[start:] + read[:start]]


@pytest.mark.parametrize("name", samples.SCREENS)
def test_tab_walks_down_the_page(open_steps: OpenSteps, qtbot: QtBot, name: str) -> None:
    opened = open_steps(START, ShownStep(samples.SCREENS[name], stop="connect"), REVIEW, at=1)
    qtbot.wait(20)
    places = []
    for found in tour():
        if opened.page.isAncestorOf(found):
            corner = found.mapTo(opened.page, found.rect().topLeft())
            places.append((corner.y() // 10, corner.x()))
    first = places.index(min(places)) if places else 0
    assert places[first:] + places[:first] == sorted(places)


def test_backwards_it_walks_the_other_way(open_steps: OpenSteps) -> None:
    opened = open_steps(START, ShownStep(samples.SENDER), REVIEW, at=1)
    there = tour()
    press(Key.Key_Backtab)
    back = [where()]
    while back[-1] is not there[0]:
        press(Key.Key_Backtab)
        back.append(where())
    assert back == [*reversed(there)]
    assert opened.step == "sender"


def test_what_appears_later_takes_its_place_in_the_order(open_steps: OpenSteps, qtbot: QtBot) -> None:
    opened = open_steps(START, ShownStep(samples.CONNECT), REVIEW, at=1)
    opened.page.show_advice(Advice(proposals=tuple(reversed(samples.PROPOSALS[:2]))))
    qtbot.wait(30)
    walked = tour()
    found = walked.index(opened.page.found.cards[0])
    fold = next(place for place, one in enumerate(walked) if name_of(one) == text("window.advanced"))
    assert fold < found < walked.index(opened.view.foot.back_button)


def test_the_keyboard_can_always_be_seen(open_steps: OpenSteps, qtbot: QtBot) -> None:
    opened = open_steps(START, ShownStep(samples.CONNECT), REVIEW, at=1, size=(640, 480))
    viewport = opened.view.column.viewport()
    for _ in range(len(tour())):
        press(Key.Key_Tab)
        if opened.page.isAncestorOf(where()):
            top = where().mapTo(viewport, where().rect().topLeft()).y()
            assert top >= 0
            assert top + where().height() <= viewport.height()


def test_a_wrong_field_is_reached_and_corrected_without_a_mouse(open_steps: OpenSteps) -> None:
    attempts: list[Answer] = []

    async def strict(answer: Answer, progress: Progress) -> None:
        attempts.append(dict(answer))
        if "@" not in answer["address"]:
            raise Rejected({"address": "address.no-at-sign"})

    opened = open_steps(START, ShownStep(samples.ADDRESS, act=strict), REVIEW, at=1)
    QTest.keyClicks(where(), "anna")
    press(Key.Key_Return)
    opened.rest()
    assert opened.page.fields.rows["address"].error.isVisible()
    press(Key.Key_End)
    QTest.keyClicks(where(), "@example.org")
    press(Key.Key_Return)
    opened.wait_for("review")
    assert [attempt["address"] for attempt in attempts] == ["anna", "anna@example.org"]


@pytest.mark.parametrize("field", ["port", "password"])
@pytest.mark.parametrize("size", [(640, 480), (800, 600), (960, 680)])
def test_what_is_wrong_with_a_field_is_in_sight(open_steps: OpenSteps, field: str, size: tuple[int, int]) -> None:
    async def strict(answer: Answer, progress: Progress) -> None:
        raise Rejected({field: "custom_smtp.password.missing"})

    opened = open_steps(START, ShownStep(samples.CONNECT, act=strict), REVIEW, at=1, size=size)
    press(Key.Key_Return)
    opened.rest()
    QApplication.processEvents()
    error = opened.page.fields.rows[field].error
    viewport = opened.view.column.viewport()
    top = error.mapTo(viewport, error.rect().topLeft()).y()
    assert error.isVisible()
    assert 0 <= top <= viewport.height() - error.height()


def test_tab_walks_through_an_answer_as_it_is_read(open_steps: OpenSteps, reading: Reading, qtbot: QtBot) -> None:
    opened = open_steps(START, ShownStep(samples.MANY_WAYS, stop="connect"), REVIEW, at=1)
    sent = opened.page.sent
    sent.open()
    sent.field.setPlainText(SEVERAL)
    sent.explain()
    qtbot.waitUntil(lambda: sent.meaning is not None and len(sent.meaning.cards) > 1)
    for level in Level:
        reading.choose(level)
        qtbot.wait(30)
        walked = tour(limit=120)
        parts = (opened.view.rail, opened.page, opened.view.foot)
        read = [found for part in parts for found in focusable(part) if found.isVisible() and found.isEnabled()]
        start = read.index(walked[0])
        assert [name_of(found) for found in walked] == [name_of(found) for found in read[start:] + read[:start]]
        assert all(card in walked for card in sent.meaning.cards)


def test_arrow_keys_change_the_level_and_enter_still_goes_on(
    open_steps: OpenSteps, reading: Reading, qtbot: QtBot
) -> None:
    opened = open_steps(START, ShownStep(samples.UNKNOWN, stop="connect"), REVIEW, at=1)
    press(Key.Key_Tab)
    assert isinstance(where(), Segment)
    press(Key.Key_Right)
    assert reading.level is Level.IT
    press(Key.Key_Right)
    assert reading.level is Level.SUPPORT
    assert where() is opened.page.card.findChildren(Segment)[-1]
    press(Key.Key_Return)
    opened.wait_for("review")
    assert reading.level is Level.SUPPORT
