"""A part that is shown before it has its place flashes as a window of its own, and takes the keyboard with it."""

from collections.abc import Callable, Iterator

import pytest
from PySide6.QtCore import QEvent, QObject
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot
from tests.desktop import samples
from tests.desktop.conftest import Opened
from tests.desktop.hand_made import ShownStep
from tests.desktop.states import SEVERAL
from typing_extensions import override

from sendwright.desktop.practice import PracticeInbox
from sendwright.desktop.reading import Reading
from sendwright.desktop.theme.theme import Theme
from sendwright.desktop.waiting import WaitingView
from sendwright.desktop.window import Window
from sendwright.problems.level import Level
from sendwright.providers.provider import Advice
from sendwright.screens import Notice, Rejected


class WindowsShown(QObject):
    """Remembers the type of whatever is shown as a window."""

    def __init__(self) -> None:
        super().__init__()
        self.kinds: list[str] = []

    @override
    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Show and isinstance(watched, QWidget) and watched.isWindow():
            self.kinds.append(type(watched).__name__)
        return False


@pytest.fixture
def shown(qapp: QApplication) -> Iterator[WindowsShown]:
    watch = WindowsShown()
    qapp.installEventFilter(watch)
    yield watch
    qapp.removeEventFilter(watch)


@pytest.mark.parametrize("name", samples.SCREENS)
def test_a_page_opens_no_window_but_its_own(
    open_steps: Callable[..., Opened], shown: WindowsShown, qtbot: QtBot, name: str
) -> None:
    open_steps(ShownStep(samples.SCREENS[name]), resumed=True)
    qtbot.wait(30)
    assert shown.kinds == ["Window"]


def test_nor_do_remarks_proposals_and_errors(
    open_steps: Callable[..., Opened], shown: WindowsShown, qtbot: QtBot
) -> None:
    opened = open_steps(ShownStep(samples.CONNECT))
    notices = (Notice(key="custom_smtp.username.none", field="username"), Notice(key="window.waiting"))
    opened.page.show_advice(Advice(notices=notices, proposals=samples.PROPOSALS))
    opened.page.show_rejection(Rejected({"host": "custom_smtp.host.missing", "": "wizard.choose-one"}))
    opened.page.fields.focus_field("ca_file")
    qtbot.wait(30)
    assert shown.kinds == ["Window"]


def test_nor_do_another_level_and_an_error_that_was_sent(
    open_steps: Callable[..., Opened], shown: WindowsShown, reading: Reading, qtbot: QtBot
) -> None:
    opened = open_steps(ShownStep(samples.MANY_WAYS))
    for level in (Level.SUPPORT, Level.IT, Level.PLAIN):
        reading.choose(level)
    opened.page.sent.open()
    opened.page.sent.field.setPlainText(SEVERAL)
    opened.page.sent.explain()
    qtbot.waitUntil(lambda: opened.page.sent.meaning is not None)
    reading.choose(Level.SUPPORT)
    qtbot.wait(30)
    assert shown.kinds == ["Window"]


def test_nor_does_a_practice(theme: Theme, shown: WindowsShown, qtbot: QtBot) -> None:
    window = Window(theme, title="Sendwright")
    qtbot.addWidget(window)
    view = WaitingView(theme, "…")
    window.show_view(view, view, beside=PracticeInbox(theme, password="practice", expect="Everything works."))
    window.show()
    other = WaitingView(theme, "…")
    window.show_view(other, other)
    qtbot.wait(30)
    assert shown.kinds == ["Window"]
