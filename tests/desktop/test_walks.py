"""The whole wizard in its window, by keyboard alone and by mouse alone, against a mail server that really listens."""

from collections.abc import Callable, Iterator
from contextlib import AbstractAsyncContextManager
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QComboBox, QLineEdit, QWidget
from pytestqt.qtbot import QtBot
from tests.desktop.conftest import Opened
from tests.wizard.surroundings import NOW, Stage, stage
from tests.wizard.walking import PASSWORD

from sendwright.desktop.widgets.option import OptionCard
from sendwright.practice.scenarios import scenario
from sendwright.screens import Done, Proof, Stopped, Working
from sendwright.texts import text
from sendwright.wizard.opening import open_wizard
from sendwright.wizard.store import StoredDrafts

ADDRESS = "notifications@example.org"
ALIAS = "Example Organisation"
SCREENS = ["start", "platform", "provider", "smtp-address", "smtp-connect", "sender", "test", "arrival", "review"]
TYPED = {
    "smtp-address": {"address": ADDRESS},
    "smtp-connect": {"username": ADDRESS, "password": PASSWORD},
    "sender": {"alias": ALIAS, "address": ADDRESS},
    "test": {"to": "anna@example.org"},
}
CHOSEN = {"start": "set-up", "platform": "this-computer", "provider": "custom_smtp", "arrival": "yes"}

SetUp = Callable[..., tuple[Opened, Stage]]


@pytest.fixture
def set_up(open_wizard_window: Callable[..., Opened], run: Callable[..., Any], tmp_path: Path) -> Iterator[SetUp]:
    """Start the mail server on the engine, and open the wizard in front of it."""
    entered: list[AbstractAsyncContextManager[Stage]] = []

    def start(scenario_name: str = "usual") -> tuple[Opened, Stage]:
        play = stage(tmp_path, scenario=scenario(scenario_name))
        made: Stage = run(play.__aenter__())
        entered.append(play)
        wizard = run(open_wizard(made.world, StoredDrafts(tmp_path)))
        return open_wizard_window(wizard), made

    yield start
    for play in entered:
        run(play.__aexit__(None, None, None))


def settled(opened: Opened, former: object) -> None:
    """Wait until another screen is shown that asks for something."""

    def ready() -> bool:
        screen = opened.conductor.scene.screen
        return not opened.conductor.busy and screen is not former and not isinstance(screen, Working)

    opened.qtbot.waitUntil(ready, timeout=30_000)
    opened.qtbot.wait(20)


def press(key: Qt.Key, modifier: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
    QTest.keyClick(QApplication.focusWidget(), key, modifier)


def tab_to(wanted: Callable[[QWidget], bool]) -> QWidget:
    """Press Tab until the keyboard is at what is wanted."""
    for _ in range(60):
        focused = QApplication.focusWidget()
        if wanted(focused):
            return focused
        press(Qt.Key.Key_Tab)
    raise AssertionError("the keyboard does not reach it")


def type_by_keyboard(step: str) -> None:
    for field, value in TYPED.get(step, {}).items():
        line = tab_to(lambda found, field=field: found.objectName() == f"field-{field}")
        assert isinstance(line, QLineEdit)
        press(Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
        QTest.keyClicks(line, value)


def choose_by_keyboard(step: str) -> None:
    if step not in CHOSEN:
        return
    card = tab_to(lambda found: isinstance(found, OptionCard))
    assert isinstance(card, OptionCard)
    press(Qt.Key.Key_Space)
    for _ in range(6):
        focused = QApplication.focusWidget()
        if isinstance(focused, OptionCard) and focused.value == CHOSEN[step]:
            return
        press(Qt.Key.Key_Down)
    raise AssertionError(f"no card for {CHOSEN[step]}")


def click(widget: QWidget) -> None:
    QTest.mouseClick(widget, Qt.MouseButton.LeftButton, pos=QPoint(14, widget.height() // 2))


def fill_by_mouse(opened: Opened, step: str) -> None:
    """Everything is pointed at; only words are typed."""
    if step in CHOSEN:
        click(next(card for card in opened.page.findChildren(OptionCard) if card.value == CHOSEN[step]))
    for field, value in TYPED.get(step, {}).items():
        line = opened.page.findChild(QLineEdit, f"field-{field}")
        opened.view.column.ensureWidgetVisible(line)
        QTest.mouseDClick(line, Qt.MouseButton.LeftButton)
        line.selectAll()
        QTest.keyClicks(line, value)


def walk(opened: Opened, fill: Callable[[str], None], go_on: Callable[[], None]) -> list[str]:
    """Answer every screen until the end or a stop; return the steps that asked."""
    seen: list[str] = []
    while True:
        screen = opened.conductor.scene.screen
        if isinstance(screen, Done | Stopped):
            return seen
        seen.append(screen.step)
        assert len(seen) < 20, seen
        fill(screen.step)
        go_on()
        settled(opened, screen)


def by_keyboard(step: str) -> None:
    choose_by_keyboard(step)
    type_by_keyboard(step)


def test_by_keyboard_alone_from_the_first_page_to_the_last(set_up: SetUp) -> None:
    opened, play = set_up()
    seen = walk(opened, by_keyboard, lambda: press(Qt.Key.Key_Return))
    assert seen == SCREENS
    assert isinstance(opened.conductor.scene.screen, Done)
    assert opened.faults == []
    outcome = opened.wizard.draft.outcome
    assert outcome is not None
    assert (outcome.profile.address, outcome.profile.alias) == (ADDRESS, ALIAS)
    assert [message.recipient for message in play.inbox] == ["anna@example.org"]
    assert play.inbox[0].sender == f"{ALIAS} <{ADDRESS}>"
    assert play.backend.organisation_now.in_force is not None


def test_by_mouse_alone_from_the_first_page_to_the_last(set_up: SetUp) -> None:
    opened, play = set_up()
    seen = walk(opened, lambda step: fill_by_mouse(opened, step), lambda: click(opened.view.foot.primary_button))
    assert seen == SCREENS
    assert isinstance(opened.conductor.scene.screen, Done)
    assert len(play.inbox) == 1


def test_the_last_page_says_what_is_in_force_and_its_buttons_work(set_up: SetUp) -> None:
    opened, play = set_up()
    walk(opened, by_keyboard, lambda: press(Qt.Key.Key_Return))
    for action in ("done.send-kinds", "done.undo"):
        words = text(action)
        former = opened.conductor.scene.screen
        click(next(found for found in opened.page.findChildren(QAbstractButton) if found.text() == words))
        settled(opened, former)
    assert len(play.backend.notifications_taken) > 5
    assert play.backend.organisation_now.in_force is None
    assert opened.page.title.text() == text("done.undone-title")


def test_the_settings_are_found_and_offered(set_up: SetUp) -> None:
    opened, play = set_up()
    while opened.step != "smtp-connect":
        screen = opened.conductor.scene.screen
        by_keyboard(screen.step)
        press(Qt.Key.Key_Return)
        settled(opened, screen)
    labels = [card.accessibleName() for card in opened.page.proposals.cards]
    assert any(str(play.mail.tls_port) in words for words in labels)
    other = opened.page.proposals.cards[1]
    click(other)
    box = opened.page.findChild(QComboBox, "field-security")
    assert box.currentData() == "starttls"
    assert opened.page.answer()["port"] == str(play.mail.starttls_port)


def test_a_wrong_password_is_told_and_put_right_without_a_mouse(set_up: SetUp) -> None:
    opened, play = set_up()
    while opened.step != "smtp-connect":
        screen = opened.conductor.scene.screen
        by_keyboard(screen.step)
        press(Qt.Key.Key_Return)
        settled(opened, screen)
    type_by_keyboard("smtp-connect")
    QTest.keyClicks(QApplication.focusWidget(), "-wrong")
    former = opened.conductor.scene.screen
    press(Qt.Key.Key_Return)
    settled(opened, former)
    stopped = opened.conductor.scene.screen
    assert isinstance(stopped, Stopped)
    assert stopped.problem.code == "auth-wrong-credentials"
    tab_to(lambda found: getattr(found, "text", str)() == text("remedies.type-password"))
    press(Qt.Key.Key_Return)
    settled(opened, stopped)
    assert opened.step == "smtp-connect"
    line = QApplication.focusWidget()
    assert line.objectName() == "field-password"
    QTest.keyClicks(line, PASSWORD)
    former = opened.conductor.scene.screen
    press(Qt.Key.Key_Return)
    settled(opened, former)
    assert opened.step == "sender"
    assert opened.faults == []
    assert play.inbox == []


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("foreign-sender", "sender-not-allowed"),
        ("unknown-recipient", "recipient-unknown"),
        ("greylisting", "greylisted"),
    ],
)
def test_what_the_server_refuses_is_a_card_with_its_name(set_up: SetUp, name: str, code: str) -> None:
    opened, play = set_up(name)
    walk(opened, by_keyboard, lambda: press(Qt.Key.Key_Return))
    stopped = opened.conductor.scene.screen
    assert isinstance(stopped, Stopped)
    assert stopped.problem.code == code
    assert opened.page.card.isVisible()
    assert play.inbox == []


def test_greylisting_passes_with_the_second_try(set_up: SetUp) -> None:
    opened, play = set_up("greylisting")
    walk(opened, by_keyboard, lambda: press(Qt.Key.Key_Return))
    stopped = opened.conductor.scene.screen
    opened.view.submit()
    settled(opened, stopped)
    assert isinstance(opened.conductor.scene.screen, Proof)
    assert len(play.inbox) == 1


def test_back_through_the_whole_wizard_loses_nothing(set_up: SetUp) -> None:
    opened, _ = set_up()
    while opened.step != "review":
        screen = opened.conductor.scene.screen
        by_keyboard(screen.step)
        press(Qt.Key.Key_Return)
        settled(opened, screen)
    back = []
    while opened.conductor.scene.can_go_back:
        screen = opened.conductor.scene.screen
        press(Qt.Key.Key_Left, Qt.KeyboardModifier.AltModifier)
        settled(opened, screen)
        back.append(opened.step)
    assert back == [*reversed(SCREENS[:-1])]
    forth = walk(
        opened,
        lambda step: choose_by_keyboard(step) if step == "arrival" else None,
        lambda: press(Qt.Key.Key_Return),
    )
    assert forth == SCREENS
    assert isinstance(opened.conductor.scene.screen, Done)


def test_closed_in_the_middle_and_opened_again_it_goes_on(
    set_up: SetUp, open_wizard_window: Callable[..., Opened], run: Callable[..., Any], tmp_path: Path, qtbot: QtBot
) -> None:
    opened, play = set_up()
    while opened.step != "sender":
        screen = opened.conductor.scene.screen
        by_keyboard(screen.step)
        press(Qt.Key.Key_Return)
        settled(opened, screen)
    line = tab_to(lambda found: found.objectName() == "field-alias")
    press(Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
    QTest.keyClicks(line, "Half ty")
    with qtbot.waitSignal(opened.window.closed):
        opened.window.close()
    again = open_wizard_window(run(open_wizard(play.world, StoredDrafts(tmp_path))))
    assert again.step == "sender"
    assert again.view.resumed is not None
    assert again.page.answer()["alias"] == "Half ty"
    walk(again, by_keyboard, lambda: press(Qt.Key.Key_Return))
    assert isinstance(again.conductor.scene.screen, Done)
    assert again.wizard.draft.outcome is not None
    assert again.wizard.draft.outcome.at == NOW
