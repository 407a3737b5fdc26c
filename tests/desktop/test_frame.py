"""What stands around the page: rail, foot, scroll area, banner, the note of a resumed draft."""

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QAccessible, QPixmap
from PySide6.QtWidgets import QLabel, QLineEdit, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from sendwright.deployment import Platform
from sendwright.desktop.theme.theme import Theme
from sendwright.desktop.widgets import rail as rails
from sendwright.desktop.widgets.banner import PracticeBanner
from sendwright.desktop.widgets.column import Column
from sendwright.desktop.widgets.foot import Foot
from sendwright.desktop.widgets.rail import Rail
from sendwright.desktop.widgets.resumed import ResumedNote
from sendwright.desktop.widgets.words import Words, label
from sendwright.texts import text
from sendwright.wizard.wizard import RailEntry

ENTRIES = (
    RailEntry("start", "done", reachable=True),
    RailEntry("platform", "done", reachable=False),
    RailEntry("connect", "current", reachable=False),
    RailEntry("done", "to-come", reachable=False),
)


@pytest.fixture
def rail(theme: Theme, show: Callable[..., QWidget]) -> Rail:
    made = Rail(theme, name="Sendwright", platform=Platform())
    made.show_stops(ENTRIES)
    show(made, width=220, height=500)
    return made


def test_every_stop_says_where_it_stands_by_drawing_and_name(rail: Rail) -> None:
    drawings = [button.drawing for button in rail.buttons.values()]
    assert drawings == ["passed", "passed", "chevron-right", "to-come"]
    names = [button.accessibleName() for button in rail.buttons.values()]
    assert names[0] == text("window.stop.done", stop=text("rail.start"))
    assert names[2] == text("window.stop.current", stop=text("rail.connect"))
    assert names[3] == text("window.stop.to-come", stop=text("rail.done"))


def test_only_what_can_be_returned_to_can_be_pressed(rail: Rail, qtbot: QtBot) -> None:
    assert [button.isEnabled() for button in rail.buttons.values()] == [True, False, False, False]
    with qtbot.waitSignal(rail.chosen) as chosen:
        qtbot.mouseClick(rail.buttons["start"], Qt.MouseButton.LeftButton)
    assert chosen.args == ["start"]
    with qtbot.assertNotEmitted(rail.chosen):
        qtbot.mouseClick(rail.buttons["done"], Qt.MouseButton.LeftButton)


def test_a_step_on_keeps_the_buttons_and_changes_their_state(rail: Rail) -> None:
    buttons = list(rail.buttons.values())
    rail.show_stops(
        (*ENTRIES[:2], RailEntry("connect", "done", reachable=True), RailEntry("done", "current", reachable=False))
    )
    assert list(rail.buttons.values()) == buttons
    assert rail.buttons["done"].property("state") == "current"
    assert rail.buttons["connect"].isEnabled()


def test_another_walk_has_other_stops(rail: Rail) -> None:
    rail.show_stops((ENTRIES[0], RailEntry("check", "current", reachable=False)))
    assert list(rail.buttons) == ["start", "check"]


def test_whom_to_ask_stands_below(theme: Theme, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> None:
    opened: list[str] = []
    monkeypatch.setattr(rails, "open_page", opened.append)
    platform = Platform(support_contact="help@example.org", help_url="https://example.org/help")
    made = Rail(theme, name="Sendwright", platform=platform)
    qtbot.addWidget(made)
    words = [found.text() for found in made.findChildren(Words)]
    assert text("window.support", contact="help@example.org") in words
    made.help.click()
    assert opened == ["https://example.org/help"]


def test_the_platforms_logo_stands_on_top_and_fits(theme: Theme, qtbot: QtBot, tmp_path: Path) -> None:
    file = tmp_path / "logo.png"
    picture = QPixmap(2000, 400)
    picture.fill(Qt.GlobalColor.red)
    picture.save(str(file))
    made = Rail(theme, name="Example", platform=Platform(logo=file))
    qtbot.addWidget(made)
    logos = [found.pixmap() for found in made.findChildren(QLabel) if not found.pixmap().isNull()]
    assert len(logos) == 1
    assert logos[0].width() <= theme.tokens.size("rail")


@pytest.fixture
def foot(theme: Theme, show: Callable[..., QWidget]) -> Foot:
    made = Foot(theme)
    show(made, width=600, height=70)
    return made


def test_the_primary_button_stands_bottom_right(foot: Foot) -> None:
    foot.show_state(back="Back", primary="Continue", waiting="One moment…", cancellable=True)
    places = [part.mapTo(foot, QPoint(0, 0)).x() for part in (foot.back_button, foot.cancel_button)]
    right = foot.primary_button.mapTo(foot, QPoint(foot.primary_button.width(), 0)).x()
    assert max(places) < foot.primary_button.x()
    assert foot.width() - right < 30


def test_empty_words_hide_their_part(foot: Foot) -> None:
    foot.show_state(back="", primary="")
    parts = (foot.back_button, foot.cancel_button, foot.primary_button)
    assert not any(part.isVisible() for part in parts)
    foot.show_state(back="Back", primary="Continue")
    assert [part.isVisible() for part in parts] == [True, False, True]


def test_the_foot_says_what_was_pressed(foot: Foot, qtbot: QtBot) -> None:
    foot.show_state(back="Back", primary="Continue", cancellable=True)
    for button, signal in (
        (foot.back_button, foot.back),
        (foot.cancel_button, foot.cancel),
        (foot.primary_button, foot.primary),
    ):
        with qtbot.waitSignal(signal):
            qtbot.mouseClick(button, Qt.MouseButton.LeftButton)


class Tall(QWidget):
    """Lines to type into, one below the other."""

    def __init__(self, count: int) -> None:
        super().__init__()
        column = QVBoxLayout(self)
        self.lines = [QLineEdit() for _ in range(count)]
        for line in self.lines:
            column.addWidget(line)
        column.addStretch(1)


@pytest.fixture
def scrolled(theme: Theme, show: Callable[..., QWidget]) -> tuple[Column, Tall]:
    area, inner = Column(), Tall(30)
    area.setWidget(inner)
    show(area, width=300, height=200)
    return area, inner


def seen(area: Column, widget: QWidget) -> bool:
    top = widget.mapTo(area.viewport(), QPoint(0, 0)).y()
    return top >= 0 and top + widget.height() <= area.viewport().height()


def test_the_page_scrolls_to_whatever_the_keyboard_reaches(scrolled: tuple[Column, Tall], qtbot: QtBot) -> None:
    area, inner = scrolled
    for line in (inner.lines[20], inner.lines[29], inner.lines[0]):
        line.setFocus()
        assert seen(area, line)


def test_what_can_be_seen_already_moves_nothing(scrolled: tuple[Column, Tall]) -> None:
    area, inner = scrolled
    inner.lines[10].setFocus()
    place = area.verticalScrollBar().value()
    inner.lines[9].setFocus()
    assert area.verticalScrollBar().value() == place


def test_it_begins_at_the_top_and_the_first_key_shows_the_keyboards_place(
    scrolled: tuple[Column, Tall], qtbot: QtBot
) -> None:
    area, inner = scrolled
    inner.lines[25].setFocus()
    area.begin_with(inner.lines[25])
    assert area.verticalScrollBar().value() == 0
    qtbot.keyClicks(inner.lines[25], "x")
    assert seen(area, inner.lines[25])
    assert inner.lines[25].text() == "x"


def test_it_never_scrolls_sideways(scrolled: tuple[Column, Tall]) -> None:
    area, inner = scrolled
    assert area.horizontalScrollBarPolicy() is Qt.ScrollBarPolicy.ScrollBarAlwaysOff
    assert inner.width() == area.viewport().width()


def test_it_is_as_high_as_the_words_need(theme: Theme, show: Callable[..., QWidget], qtbot: QtBot) -> None:
    area, inner = Column(), QWidget()
    column = QVBoxLayout(inner)
    words = label("Words that go on. " * 40)
    column.addWidget(words)
    area.setWidget(inner)
    show(area, width=300, height=150)
    assert words.height() >= words.heightForWidth(words.width())
    words.setText("Few words.")
    qtbot.waitUntil(lambda: inner.height() == area.viewport().height())


def test_the_beginning_of_a_tall_part_counts(theme: Theme, show: Callable[..., QWidget]) -> None:
    area, inner = Column(), QWidget()
    column = QVBoxLayout(inner)
    first, tall = QLineEdit(), QWidget()
    tall.setFocusPolicy(Qt.FocusPolicy.TabFocus)
    tall.setMinimumHeight(800)
    column.addWidget(first)
    column.addWidget(tall)
    area.setWidget(inner)
    show(area, width=300, height=200)
    first.setFocus()
    tall.setFocus()
    assert tall.mapTo(area.viewport(), QPoint(0, 0)).y() >= 0


def test_the_banner_says_that_it_is_practice_and_leads_out(theme: Theme, qtbot: QtBot) -> None:
    banner = PracticeBanner(theme)
    qtbot.addWidget(banner)
    banner.show()
    banner.offer_inbox(offered=False)
    assert banner.note.words.text() == text("wizard.practice")
    assert not banner.inbox_button.isVisible()
    with qtbot.waitSignal(banner.ending):
        banner.end_button.click()


def test_where_there_is_little_room_the_banner_leads_to_the_inbox(theme: Theme, qtbot: QtBot) -> None:
    banner = PracticeBanner(theme)
    qtbot.addWidget(banner)
    banner.show()
    banner.offer_inbox(offered=True)
    banner.count(3)
    assert banner.inbox_button.text() == text("window.inbox-count", number=3)
    with qtbot.waitSignal(banner.inbox_toggled):
        banner.inbox_button.click()
    assert banner.inbox_chosen
    assert banner.note.words.toolTip() == text("wizard.practice")


def test_beginning_again_is_asked_twice(theme: Theme, qtbot: QtBot) -> None:
    note = ResumedNote(theme)
    qtbot.addWidget(note)
    note.show()
    assert note.note.words.text() == text("wizard.resumed")
    with qtbot.assertNotEmitted(note.starting_over):
        note.again.click()
    assert note.note.words.text() == text("window.start-over-sure")
    note.keep.click()
    assert note.note.words.text() == text("wizard.resumed")
    assert not note.keep.isVisible()
    note.again.click()
    with qtbot.waitSignal(note.starting_over):
        note.again.click()


def test_the_note_can_be_put_away(theme: Theme, qtbot: QtBot) -> None:
    note = ResumedNote(theme)
    qtbot.addWidget(note)
    note.show()
    interface = QAccessible.queryAccessibleInterface(note.hide_button)
    assert interface.text(QAccessible.Text.Name) == text("window.hide-note")
    note.hide_button.click()
    assert not note.isVisible()
