"""The switch between the reading levels: by mouse, by keyboard, by ear."""

from collections.abc import Callable

import pytest
import shiboken6
from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible, QImage
from PySide6.QtWidgets import QLineEdit, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from sendwright.deployment.colour import contrast
from sendwright.desktop.reading import Reading
from sendwright.desktop.theme.theme import Theme
from sendwright.desktop.theme.tokens import load_tokens
from sendwright.desktop.widgets.levels import LevelSwitch
from sendwright.problems.level import Level
from sendwright.texts import LANGUAGES, speaking, text

Key = Qt.Key
MakeTheme = Callable[..., Theme]


@pytest.fixture
def switch(theme: Theme, reading: Reading, show: Callable[..., QWidget]) -> LevelSwitch:
    made = LevelSwitch(theme, reading)
    show(made, width=480, height=44)
    return made


def chosen(switch: LevelSwitch) -> list[Level]:
    return [level for level, segment in switch.segments.items() if segment.isChecked()]


def reached(switch: LevelSwitch) -> list[Level]:
    """What Tab comes past."""
    return [level for level, part in switch.segments.items() if part.focusPolicy() & Qt.FocusPolicy.TabFocus]


def test_it_begins_with_the_level_of_the_reading(theme: Theme, reading: Reading, qtbot: QtBot) -> None:
    for level in reversed(Level):
        reading.choose(level)
        made = LevelSwitch(theme, reading)
        qtbot.addWidget(made)
        assert chosen(made) == reached(made) == [level]


@pytest.mark.parametrize("level", [Level.IT, Level.SUPPORT])
def test_a_press_anywhere_on_a_segment_chooses_it(
    switch: LevelSwitch, reading: Reading, qtbot: QtBot, level: Level
) -> None:
    segment = switch.segments[level]
    for place in (segment.rect().topLeft(), segment.rect().center(), segment.rect().bottomRight()):
        reading.choose(Level.PLAIN)
        qtbot.mouseClick(segment, Qt.MouseButton.LeftButton, pos=place)
        assert reading.level is level
        assert chosen(switch) == reached(switch) == [level]


def test_arrow_keys_choose_and_take_the_keyboard_along(switch: LevelSwitch, reading: Reading, qtbot: QtBot) -> None:
    switch.segments[Level.PLAIN].setFocus()
    for key, level in ((Key.Key_Right, Level.IT), (Key.Key_Right, Level.SUPPORT), (Key.Key_Left, Level.IT)):
        qtbot.keyClick(switch.focusWidget(), key)
        assert reading.level is level
        assert switch.segments[level].hasFocus()
        assert reached(switch) == [level]


def test_two_switches_show_one_level_and_the_keyboard_stays(
    theme: Theme, reading: Reading, show: Callable[..., QWidget]
) -> None:
    holder = QWidget()
    column = QVBoxLayout(holder)
    first, second, line = LevelSwitch(theme, reading), LevelSwitch(theme, reading), QLineEdit()
    for part in (first, second, line):
        column.addWidget(part)
    show(holder, width=480, height=200)
    line.setFocus()
    reading.choose(Level.SUPPORT)
    assert chosen(first) == chosen(second) == [Level.SUPPORT]
    assert line.hasFocus()


def test_a_switch_that_is_gone_is_not_told(theme: Theme, reading: Reading, qtbot: QtBot) -> None:
    gone = LevelSwitch(theme, reading)
    shiboken6.delete(gone)
    reading.choose(Level.IT)
    assert reading.level is Level.IT


def test_a_screen_reader_hears_what_it_is_which_one_is_chosen_and_what_it_brings(switch: LevelSwitch) -> None:
    read = QAccessible.queryAccessibleInterface
    assert read(switch).text(QAccessible.Text.Name) == text("level.name")
    for level, segment in switch.segments.items():
        heard = read(segment)
        assert heard.role() == QAccessible.Role.RadioButton
        assert heard.text(QAccessible.Text.Name) == text(f"level.{level}.label")
        assert heard.text(QAccessible.Text.Description) == text(f"level.{level}.detail")
        assert heard.state().checked == (level is Level.PLAIN)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("room", [(520, 1.0), (300, 1.0), (540, 2.0)])
def test_the_words_have_room_in_every_language(
    make_theme: MakeTheme, reading: Reading, show: Callable[..., QWidget], language: str, room: tuple[int, float]
) -> None:
    width, scale = room
    with speaking(language):
        made = LevelSwitch(make_theme(scale=scale), reading)
    show(made, width=width, height=made.heightForWidth(width))
    heights = set()
    for segment in made.segments.values():
        assert segment.minimumSizeHint().width() <= segment.width()
        assert segment.heightForWidth(segment.width()) <= segment.height()
        heights.add(segment.height())
    assert len(heights) == 1


def test_nothing_moves_when_another_is_chosen(switch: LevelSwitch, reading: Reading) -> None:
    places = [segment.geometry() for segment in switch.segments.values()]
    hints = [segment.sizeHint() for segment in switch.segments.values()]
    reading.choose(Level.SUPPORT)
    assert [segment.geometry() for segment in switch.segments.values()] == places
    assert [segment.sizeHint() for segment in switch.segments.values()] == hints


@pytest.mark.parametrize("dark", [False, True])
def test_the_chosen_one_can_be_told_by_more_than_its_colour(
    make_theme: MakeTheme, reading: Reading, show: Callable[..., QWidget], dark: bool
) -> None:
    made = LevelSwitch(make_theme(dark=dark), reading)
    show(made, width=480, height=44)
    tokens = load_tokens(dark=dark, accent="#1f5fbf")
    assert contrast(tokens.colour("control"), tokens.colour("card")) >= 3
    ink = {}
    for level in (Level.PLAIN, Level.IT):
        reading.choose(level)
        picture = made.segments[Level.PLAIN].grab().toImage().convertToFormat(QImage.Format.Format_Grayscale8)
        words = picture.copy(picture.rect().adjusted(8, 6, -8, -6))
        ground = words.pixelColor(0, 0).lightness()
        far = [
            abs(words.pixelColor(x, y).lightness() - ground)
            for x in range(words.width())
            for y in range(words.height())
        ]
        ink[level] = sum(far)
    assert ink[Level.PLAIN] > 1.1 * ink[Level.IT]


def test_hovering_and_being_disabled_can_be_drawn(switch: LevelSwitch, qtbot: QtBot) -> None:
    other = switch.segments[Level.IT]
    usual = other.grab().toImage()
    other.setAttribute(Qt.WidgetAttribute.WA_UnderMouse)
    assert other.grab().toImage() != usual
    other.setEnabled(False)
    assert other.grab().toImage() == usual
    qtbot.mouseClick(other, Qt.MouseButton.LeftButton)
    assert chosen(switch) == [Level.PLAIN]
