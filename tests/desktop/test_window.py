import asyncio
from collections.abc import Callable
from pathlib import Path

import pytest
import shiboken6
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot
from tests.desktop import samples
from tests.desktop.conftest import Opened
from tests.desktop.hand_made import ShownStep, hand_made_wizard, hand_made_world

from sendwright.desktop.practice import PracticeInbox
from sendwright.desktop.theme.theme import Theme
from sendwright.desktop.waiting import WaitingView
from sendwright.desktop.window import HEIGHT, WIDTH, Window
from sendwright.screens import Answer
from sendwright.wizard.store import StoredDrafts
from sendwright.world import Progress

START = ShownStep(samples.START, stop="start")
REVIEW = ShownStep(samples.REVIEW, stop="review")


@pytest.fixture
def window(theme: Theme, qtbot: QtBot) -> Window:
    made = Window(theme, title="Sendwright")
    qtbot.addWidget(made)
    return made


def waiting(theme: Theme, words: str = "…") -> WaitingView:
    return WaitingView(theme, words)


def test_it_opens_at_the_usual_size_but_never_larger_than_the_screen(window: Window, qapp: QApplication) -> None:
    available = qapp.primaryScreen().availableGeometry()
    assert window.width() == min(WIDTH, available.width())
    assert window.height() == min(HEIGHT, available.height())
    assert window.windowTitle() == "Sendwright"


def test_one_view_gives_way_to_another_in_its_place(window: Window, theme: Theme, qtbot: QtBot) -> None:
    first, second = waiting(theme, "one"), waiting(theme, "two")
    window.show_view(first, first)
    window.show()
    window.show_view(second, second)
    assert second.isVisible()
    qtbot.waitUntil(lambda: not shiboken6.isValid(first))
    assert second.width() == window.width()


def test_keys_reach_the_view_that_is_shown(window: Window, theme: Theme, qtbot: QtBot) -> None:
    first, second = waiting(theme), waiting(theme)
    window.show_view(first, first)
    window.show()
    window.show_view(second, second)
    qtbot.waitUntil(window.isActiveWindow)
    with qtbot.waitSignal(second.cancelled):
        qtbot.keyClick(window, Qt.Key.Key_Escape)


def test_a_window_without_a_view_ignores_keys(window: Window, qtbot: QtBot) -> None:
    window.show()
    qtbot.waitUntil(window.isActiveWindow)
    qtbot.keyClick(window, Qt.Key.Key_Escape)
    qtbot.keyClick(window, Qt.Key.Key_Return)
    assert window.isVisible()


def test_closing_vanishes_at_once_and_goes_when_everything_is_ready(window: Window, qtbot: QtBot) -> None:
    ready: list[Callable[[], None]] = []
    window.leaving = ready.append
    window.show()
    with qtbot.assertNotEmitted(window.closed):
        window.close()
    assert not window.isVisible()
    assert len(ready) == 1
    with qtbot.waitSignal(window.closed):
        ready[0]()


def test_closing_twice_leaves_once(window: Window, qtbot: QtBot) -> None:
    ready: list[Callable[[], None]] = []
    window.leaving = ready.append
    window.show()
    window.close()
    window.close()
    assert len(ready) == 1


def test_in_practice_the_banner_stands_above_and_the_inbox_beside(window: Window, theme: Theme) -> None:
    view, inbox = waiting(theme), PracticeInbox(theme, password="practice")
    window.show_view(view, view, beside=inbox)
    window.resize(1264, 680)
    window.show()
    assert window.banner.isVisible()
    assert inbox.isVisible()
    assert view.isVisible()
    assert inbox.x() > view.x()


def test_without_practice_there_is_no_banner(window: Window, theme: Theme) -> None:
    view = waiting(theme)
    window.show_view(view, view)
    window.show()
    assert not window.banner.isVisible()
    assert window.beside is None


def test_ending_a_practice_takes_banner_and_inbox_away(window: Window, theme: Theme, qtbot: QtBot) -> None:
    view, inbox = waiting(theme), PracticeInbox(theme, password="practice")
    window.show_view(view, view, beside=inbox)
    window.show()
    other = waiting(theme)
    window.show_view(other, other)
    assert not window.banner.isVisible()
    qtbot.waitUntil(lambda: not shiboken6.isValid(inbox))
    assert other.isVisible()


def test_a_window_that_becomes_narrow_keeps_the_page_and_offers_the_inbox(
    window: Window, theme: Theme, qtbot: QtBot
) -> None:
    view, inbox = waiting(theme), PracticeInbox(theme, password="practice")
    window.show_view(view, view, beside=inbox)
    window.resize(1264, 680)
    window.show()
    window.resize(640, 480)
    qtbot.waitUntil(lambda: not inbox.isVisible())
    assert view.isVisible()
    window.banner.inbox_button.click()
    assert inbox.isVisible()
    assert not view.isVisible()
    window.resize(1264, 680)
    qtbot.waitUntil(view.isVisible)
    assert inbox.isVisible()


def test_closing_in_the_middle_of_typing_saves_it(
    open_wizard_window: Callable[..., Opened], tmp_path: Path, qtbot: QtBot
) -> None:
    store = StoredDrafts(tmp_path)
    steps = (START, ShownStep(samples.CONNECT), REVIEW)
    opened = open_wizard_window(hand_made_wizard(hand_made_world(tmp_path), *steps, at=1, store=store))
    opened.page.fields.put({"host": "half.a.na", "password": "secret"})
    with qtbot.waitSignal(opened.window.closed):
        opened.window.close()
    position = store.load()
    assert position is not None
    assert position.step == "smtp-connect"
    assert position.draft.typed["smtp-connect"]["host"] == "half.a.na"
    assert "secret" not in (tmp_path / "draft.json").read_text()


def test_closing_in_the_middle_of_work_ends_it_first(open_steps: Callable[..., Opened], qtbot: QtBot) -> None:
    ended: list[str] = []

    async def linger(answer: Answer, progress: Progress) -> None:
        try:
            await asyncio.sleep(60)
        finally:
            await asyncio.sleep(0.02)
            ended.append("ended")

    opened = open_steps(START, ShownStep(samples.RUNNING, act=linger), REVIEW, at=1)
    qtbot.wait(30)
    with qtbot.waitSignal(opened.window.closed):
        opened.window.close()
    assert ended == ["ended"]
    assert opened.faults == []


@pytest.mark.parametrize("key", [Qt.Key.Key_W, Qt.Key.Key_Q])
def test_the_usual_keys_close_it(window: Window, qtbot: QtBot, key: Qt.Key) -> None:
    window.show()
    qtbot.waitUntil(window.isActiveWindow)
    with qtbot.waitSignal(window.closed):
        qtbot.keyClick(window, key, Qt.KeyboardModifier.ControlModifier)
