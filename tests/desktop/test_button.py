from collections.abc import Callable

import pytest
from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from sendwright.desktop.theme.theme import Theme
from sendwright.desktop.widgets.button import Button, alone
from sendwright.desktop.widgets.toggle import Toggle

LONG = "Allow it for the whole organisation (Exchange Online PowerShell)"


def differs(one: QImage, other: QImage) -> bool:
    return one != other


def colours(image: QImage) -> set[str]:
    return {image.pixelColor(x, y).name() for x in range(image.width()) for y in range(image.height())}


@pytest.mark.parametrize("role", ["", "primary", "quiet", "stop"])
def test_long_words_wrap_instead_of_pushing_wider(theme: Theme, qtbot: QtBot, role: str) -> None:
    button = Button(theme, LONG, icon="open", role=role)
    qtbot.addWidget(button)
    hint = button.sizeHint()
    assert button.minimumSizeHint().width() < hint.width() / 2
    assert button.heightForWidth(hint.width() // 2) > hint.height()
    assert button.heightForWidth(hint.width()) == hint.height()


@pytest.mark.parametrize("scale", [1.0, 1.25, 1.5, 2.0])
@pytest.mark.parametrize("words", ["Back", "Zurück", "Terug", "Retour", "Fill", "Vorige"])
def test_one_short_word_is_never_broken_however_little_room_there_is(
    make_theme: Callable[..., Theme], qtbot: QtBot, words: str, scale: float
) -> None:
    button = Button(make_theme(scale=scale), words)
    qtbot.addWidget(button)
    narrowest = button.minimumSizeHint().width()
    assert button.heightForWidth(narrowest) == button.heightForWidth(button.sizeHint().width())


def test_a_wrapped_button_has_the_height_it_needs(theme: Theme, show: Callable[..., QWidget]) -> None:
    holder = QWidget()
    column = QVBoxLayout(holder)
    button = Button(theme, LONG)
    column.addLayout(alone(button))
    column.addStretch(1)
    show(holder, width=220, height=300)
    assert button.width() <= 220
    assert button.height() == button.heightForWidth(button.width())


def test_alone_it_is_as_wide_as_its_words(theme: Theme, show: Callable[..., QWidget]) -> None:
    holder = QWidget()
    column = QVBoxLayout(holder)
    button = Button(theme, "Copy")
    column.addLayout(alone(button))
    show(holder, width=500, height=100)
    assert button.width() == button.sizeHint().width()
    assert button.x() < 20


@pytest.mark.parametrize("role", ["", "primary", "quiet", "stop"])
def test_focus_moves_nothing(theme: Theme, show: Callable[..., QWidget], qtbot: QtBot, role: str) -> None:
    holder = QWidget()
    row = QHBoxLayout(holder)
    button, other = Button(theme, "Continue", icon="copy", role=role), Button(theme, "Other")
    row.addWidget(button)
    row.addWidget(other)
    show(holder, width=300, height=60)
    other.setFocus()
    before, calm = button.geometry(), button.sizeHint()
    button.setFocus()
    qtbot.wait(10)
    assert button.geometry() == before
    assert button.sizeHint() == calm


@pytest.mark.parametrize("role", ["", "primary", "quiet", "stop"])
def test_focus_can_be_seen(theme: Theme, show: Callable[..., QWidget], qtbot: QtBot, role: str) -> None:
    holder = QWidget()
    row = QHBoxLayout(holder)
    button, other = Button(theme, "Continue", role=role), Button(theme, "Other")
    row.addWidget(button)
    row.addWidget(other)
    show(holder, width=300, height=60)
    other.setFocus()
    unfocused = button.grab().toImage()
    button.setFocus()
    qtbot.wait(10)
    assert differs(unfocused, button.grab().toImage())


def test_what_cannot_be_pressed_looks_so(theme: Theme, show: Callable[..., QWidget]) -> None:
    button = Button(theme, "Continue", role="primary")
    show(button, width=120, height=40)
    assert theme.tokens.colour("accent") in colours(button.grab().toImage())
    button.setEnabled(False)
    assert theme.tokens.colour("accent") not in colours(button.grab().toImage())


def test_the_drawing_can_change(theme: Theme, show: Callable[..., QWidget]) -> None:
    button = Button(theme, "Copy", icon="copy", role="quiet")
    show(button, width=120, height=40)
    before = button.grab().toImage()
    button.show_as("done")
    assert (button.drawing, button.drawing_colour) == ("done", "accent")
    assert differs(before, button.grab().toImage())
    button.show_as("failed", "failed")
    assert theme.tokens.colour("failed") in colours(button.grab().toImage())


def test_a_button_of_a_drawing_alone_is_square_and_small(theme: Theme, qtbot: QtBot) -> None:
    button = Button(theme, icon="close", role="quiet")
    qtbot.addWidget(button)
    assert button.sizeHint().width() < 2 * theme.tokens.size("icon")


def test_space_and_mouse_press_it(theme: Theme, show: Callable[..., QWidget], qtbot: QtBot) -> None:
    button = Button(theme, "Continue")
    show(button, width=120, height=40)
    for press in (
        lambda: qtbot.keyClick(button, Qt.Key.Key_Space),
        lambda: qtbot.mouseClick(button, Qt.MouseButton.LeftButton),
    ):
        with qtbot.waitSignal(button.clicked):
            press()


def test_the_theme_changes_under_it(make_theme: Callable[..., Theme], show: Callable[..., QWidget]) -> None:
    theme = make_theme()
    button = Button(theme, "Continue", icon="copy", role="primary")
    show(button, width=160, height=40)
    for dark in (True, False):
        theme.use(dark=dark)
        assert theme.tokens.colour("accent") in colours(button.grab().toImage())


def test_a_toggle_wraps_its_words(theme: Theme, qtbot: QtBot) -> None:
    toggle = Toggle(theme, LONG)
    qtbot.addWidget(toggle)
    assert toggle.minimumSizeHint().width() < 300
    assert toggle.heightForWidth(200) > toggle.heightForWidth(600)
    assert toggle.sizeHint().height() == toggle.heightForWidth(toggle.sizeHint().width())


def test_a_toggle_is_pressed_anywhere_and_by_space(theme: Theme, show: Callable[..., QWidget], qtbot: QtBot) -> None:
    toggle = Toggle(theme, "Also look in Mozilla's public list")
    show(toggle, width=400, height=40)
    qtbot.mouseClick(toggle, Qt.MouseButton.LeftButton, pos=toggle.rect().bottomRight() - toggle.rect().topLeft() / 2)
    assert toggle.isChecked()
    qtbot.keyClick(toggle, Qt.Key.Key_Space)
    assert not toggle.isChecked()


def test_a_ticked_toggle_differs_in_more_than_colour(theme: Theme, show: Callable[..., QWidget]) -> None:
    toggle = Toggle(theme, "Words")
    show(toggle, width=120, height=40)
    toggle.clearFocus()
    empty = colours(toggle.grab().toImage())
    toggle.setChecked(True)
    ticked = toggle.grab().toImage()
    assert theme.tokens.colour("accent") not in empty
    assert {theme.tokens.colour("accent"), theme.tokens.colour("on-accent")} <= colours(ticked)


def test_a_toggles_focus_can_be_seen(theme: Theme, show: Callable[..., QWidget], qtbot: QtBot) -> None:
    holder = QWidget()
    column = QVBoxLayout(holder)
    toggle, other = Toggle(theme, "Words"), Toggle(theme, "Other")
    column.addWidget(toggle)
    column.addWidget(other)
    show(holder, width=200, height=100)
    other.setFocus()
    before = toggle.grab().toImage()
    toggle.setFocus()
    qtbot.wait(10)
    assert differs(before, toggle.grab().toImage())


@pytest.mark.parametrize("scale", [1.0, 2.0])
def test_a_button_grows_with_the_text(make_theme: Callable[..., Theme], qtbot: QtBot, scale: float) -> None:
    theme = make_theme(scale=scale)
    button = Button(theme, "Continue", icon="copy")
    qtbot.addWidget(button)
    least = QSize(round(60 * scale), round(30 * scale))
    assert button.sizeHint().expandedTo(least) == button.sizeHint()
