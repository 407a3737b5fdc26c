from collections.abc import Callable

import pytest
from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QIcon, QImage, QPainter, QPalette
from PySide6.QtWidgets import QApplication, QLabel
from pytestqt.qtbot import QtBot

from sendwright import resources
from sendwright.desktop.theme.drawings import Drawings
from sendwright.desktop.theme.palette import palette
from sendwright.desktop.theme.theme import Theme, text_scale
from sendwright.desktop.theme.tokens import load_tokens

ICONS = sorted(file.stem for file in resources.path("icons").glob("*.svg"))


def colours_of(image: QImage) -> set[str]:
    """The opaque colours of an image."""
    found = set()
    for x in range(image.width()):
        for y in range(image.height()):
            colour = image.pixelColor(x, y)
            if colour.alpha() == 255:
                found.add(colour.name())
    return found


def drawn(name: str, colour: str, side: int = 48) -> QImage:
    image = QImage(QSize(side, side), QImage.Format.Format_ARGB32)
    image.fill(Qt.GlobalColor.transparent)
    painter = QPainter(image)
    Drawings().draw(painter, QRectF(image.rect()), name, colour)
    painter.end()
    return image


@pytest.mark.parametrize("name", ICONS)
def test_every_drawing_has_the_colour_that_was_asked_for_and_no_other(qapp: QApplication, name: str) -> None:
    assert colours_of(drawn(name, "#c01020")) == {"#c01020"}


@pytest.mark.parametrize("name", ICONS)
def test_every_drawing_is_made_for_the_same_square(name: str) -> None:
    drawing = resources.path(f"icons/{name}.svg").read_text(encoding="utf-8")
    assert 'viewBox="0 0 24 24"' in drawing
    assert "currentColor" in drawing
    assert "#" not in drawing


def test_an_unknown_drawing_is_the_sign_for_a_remark(qapp: QApplication) -> None:
    assert drawn("no-such-thing", "#000000") == drawn("info", "#000000")


@pytest.mark.parametrize("density", [1, 2, 3])
def test_an_icon_is_sharp_on_every_screen(qapp: QApplication, density: int) -> None:
    icon = Drawings().icon("passed", "#000000", 20)
    pixmap = icon.pixmap(QSize(20, 20), density)
    assert pixmap.size() == QSize(20, 20) * density
    assert pixmap.devicePixelRatio() == density


def test_an_icon_keeps_its_colour_where_it_cannot_be_pressed(qapp: QApplication) -> None:
    icon = Drawings().icon("passed", "#00aa00", 20)
    assert "#00aa00" in colours_of(icon.pixmap(QSize(20, 20), 1, QIcon.Mode.Disabled).toImage())


@pytest.mark.parametrize(
    ("pixels", "platform", "scale"),
    [
        (12, "win32", 1.0),
        (24, "win32", 2.0),
        (13, "darwin", 1.0),
        (26, "darwin", 2.0),
        (12, "linux", 1.0),
        (13, "linux", 1.0),
        (15, "linux", 1.0),
        (27, "linux", 2.0),
        (8, "linux", 1.0),
        (0, "linux", 1.0),
        (500, "linux", 3.0),
    ],
)
def test_the_text_follows_the_systems_size(pixels: int, platform: str, scale: float) -> None:
    assert text_scale(pixels, platform) == pytest.approx(scale, abs=0.03)


def test_the_theme_begins_as_the_system_is(qapp: QApplication, theme: Theme) -> None:
    system_is_dark = qapp.styleHints().colorScheme() is Qt.ColorScheme.Dark
    assert theme.tokens.dark is system_is_dark


def test_a_change_of_the_system_is_followed_and_told(theme: Theme, qtbot: QtBot) -> None:
    with qtbot.waitSignal(theme.changed):
        theme._follow(Qt.ColorScheme.Dark)
    assert theme.tokens.dark
    with qtbot.waitSignal(theme.changed):
        theme._follow(Qt.ColorScheme.Light)
    assert not theme.tokens.dark


def test_the_same_again_is_no_change(theme: Theme, qtbot: QtBot) -> None:
    with qtbot.assertNotEmitted(theme.changed):
        theme.use(dark=theme.tokens.dark)


def test_the_whole_application_wears_it(qapp: QApplication, make_theme: Callable[..., Theme]) -> None:
    for dark in (False, True):
        theme = make_theme(dark=dark)
        assert theme.tokens.colour("window") in qapp.styleSheet()
        assert qapp.palette().color(QPalette.ColorRole.Window).name() == theme.tokens.colour("window")


@pytest.mark.parametrize("dark", [False, True])
def test_words_that_cannot_be_used_are_muted(dark: bool) -> None:
    tokens = load_tokens(dark=dark, accent="#1f5fbf")
    made = palette(tokens)
    group = QPalette.ColorGroup.Disabled
    assert made.color(group, QPalette.ColorRole.ButtonText).name() == tokens.colour("muted")
    assert made.color(QPalette.ColorRole.ButtonText).name() == tokens.colour("text")
    assert made.color(QPalette.ColorRole.PlaceholderText).name() == tokens.colour("muted")


def test_a_label_has_the_colour_and_size_of_its_role(theme: Theme, qtbot: QtBot) -> None:
    made = QLabel("Words")
    made.setProperty("role", "lead")
    qtbot.addWidget(made)
    made.ensurePolished()
    assert made.font().pixelSize() == theme.tokens.size("lead")
    assert made.palette().color(made.foregroundRole()) == QColor(theme.tokens.colour("muted"))


def test_icons_are_made_in_the_colours_of_now(make_theme: Callable[..., Theme]) -> None:
    theme = make_theme()
    for dark in (False, True):
        theme.use(dark=dark)
        side = theme.tokens.size("icon")
        image = theme.icon("failed", "failed").pixmap(QSize(side, side), 1).toImage()
        assert theme.tokens.colour("failed") in colours_of(image)
