from collections.abc import Callable

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QAccessible, QFont, QFontInfo, QFontMetricsF, QImage, QPainter
from PySide6.QtWidgets import QApplication, QHBoxLayout, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from sendwright.desktop.theme.theme import Theme
from sendwright.desktop.widgets.paragraph import LEADING, TIGHT, Paragraph
from sendwright.desktop.widgets.words import Words, label, line, short

SENTENCE = "The server takes connections from certain networks only, as its administrator can tell you."


def font(pixels: int = 14) -> QFont:
    made = QFont()
    made.setPixelSize(pixels)
    return made


def test_lines_stand_nearly_one_and_a_half_letters_apart(qapp: QApplication) -> None:
    assert LEADING == 1.45
    made = Paragraph(words="one\ntwo\nthree", font=font())
    assert made.line_height == round(14 * 1.45)
    assert made.size().height() == 3 * made.line_height


def test_titles_stand_closer(qapp: QApplication) -> None:
    assert Paragraph(words="x", font=font(28), leading=TIGHT).line_height < 28 * LEADING


@pytest.mark.parametrize("leading", [0.1, 0.9, 1.0])
def test_lines_never_run_into_each_other(qapp: QApplication, leading: float) -> None:
    made = Paragraph(words="x", font=font(), leading=leading)
    assert made.line_height >= QFontMetricsF(font()).height() - 1


def test_narrower_is_higher(qapp: QApplication) -> None:
    made = Paragraph(words=SENTENCE, font=font())
    heights = [made.size(width).height() for width in (600, 400, 300, 200, 100)]
    assert heights == sorted(heights)
    assert heights[0] < heights[-1]


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(words=st.text(max_size=200), width=st.integers(20, 600))
def test_words_never_take_more_width_than_they_are_given(qapp: QApplication, words: str, width: int) -> None:
    made = Paragraph(words=words, font=font())
    widest_letter = max((QFontMetricsF(font()).horizontalAdvance(letter) for letter in words), default=0)
    assert made.size(width).width() <= max(width, widest_letter) + 2
    assert made.size(width).height() >= made.line_height


def test_a_word_that_is_too_long_breaks(qapp: QApplication) -> None:
    made = Paragraph(words="x" * 300, font=font())
    assert made.size(200).width() <= 200
    assert made.size(200).height() > 3 * made.line_height


@pytest.mark.parametrize("words", ["a\nb", "a\r\nb", "a\u2028b"])
def test_a_line_break_breaks_the_line(qapp: QApplication, words: str) -> None:
    made = Paragraph(words=words, font=font())
    assert made.size().height() == 2 * made.line_height


def test_the_narrowest_width_holds_usual_words_whole(qapp: QApplication) -> None:
    made = Paragraph(words="Stopping wizards", font=font())
    whole = QFontMetricsF(font()).horizontalAdvance("Stopping")
    assert made.narrowest() >= whole
    assert Paragraph(words="x" * 300, font=font()).narrowest() < 200


def test_it_draws_from_the_top_in_the_painters_pen(qapp: QApplication) -> None:
    made = Paragraph(words="MMMM", font=font())
    image = QImage(100, 60, QImage.Format.Format_ARGB32)
    image.fill(Qt.GlobalColor.white)
    painter = QPainter(image)
    painter.setPen(Qt.GlobalColor.red)
    made.draw(painter, QRectF(0, 0, 100, 60))
    painter.end()
    rows = [y for y in range(60) for x in range(100) if image.pixelColor(x, y).green() < 100]
    assert rows
    assert max(rows) <= made.line_height


def test_a_label_is_as_high_as_its_words_at_every_width(
    theme: Theme, show: Callable[..., QWidget], qtbot: QtBot
) -> None:
    holder = QWidget()
    layout = QVBoxLayout(holder)
    words = label(SENTENCE * 3)
    layout.addWidget(words)
    layout.addStretch(1)
    show(holder, width=400, height=400)
    wide = words.height()
    holder.resize(200, 800)
    qtbot.waitUntil(lambda: words.width() < 200)
    assert words.height() == words.heightForWidth(words.width())
    assert words.height() > wide


def test_a_label_never_pushes_wider(theme: Theme, show: Callable[..., QWidget]) -> None:
    holder = QWidget()
    QHBoxLayout(holder).addWidget(label("https://example.org/" + "x" * 500))
    assert holder.minimumSizeHint().width() < 250


def test_a_label_reads_its_words_to_screen_readers_and_follows_changes(theme: Theme, qtbot: QtBot) -> None:
    words = label("before")
    qtbot.addWidget(words)
    interface = QAccessible.queryAccessibleInterface(words)
    assert interface.role() == QAccessible.Role.StaticText
    words.setText("after <b>all</b>")
    assert interface.text(QAccessible.Text.Name) == "after <b>all</b>"


def test_what_looks_like_markup_is_words(theme: Theme, qtbot: QtBot) -> None:
    plain, marked = label("bxb"), label("<b>x</b>")
    for made in (plain, marked):
        qtbot.addWidget(made)
    assert marked.textFormat() is Qt.TextFormat.PlainText
    assert marked.sizeHint().width() > plain.sizeHint().width()


@pytest.mark.parametrize(("role", "size"), [("title", 28), ("heading", 20), ("lead", 16), ("small", 12), ("", 14)])
def test_a_role_gives_its_size(theme: Theme, qtbot: QtBot, role: str, size: int) -> None:
    made = Words("x", role=role)
    qtbot.addWidget(made)
    made.ensurePolished()
    assert QFontInfo(made.font()).pixelSize() == size


def test_margins_count(theme: Theme, qtbot: QtBot) -> None:
    made = label(SENTENCE)
    qtbot.addWidget(made)
    height = made.heightForWidth(300)
    made.setContentsMargins(100, 5, 0, 7)
    assert made.heightForWidth(400) == height + 12
    assert made.minimumSizeHint().width() > 100


def test_words_stand_in_the_middle_of_their_row(theme: Theme, show: Callable[..., QWidget]) -> None:
    made = label("MMMM")
    made.setStyleSheet("color: #ff0000; background: #ffffff")
    show(made, width=100, height=101)
    image = made.grab().toImage()
    rows = [y for y in range(101) if any(image.pixelColor(x, y).green() < 100 for x in range(100))]
    assert abs((rows[0] + rows[-1]) / 2 - 50) < 4


def test_short_words_stay_on_one_line_and_a_line_is_a_hairline(theme: Theme, qtbot: QtBot) -> None:
    made, rule = short("one two three four", role="muted"), line()
    for widget in (made, rule):
        qtbot.addWidget(widget)
        widget.ensurePolished()
    assert not made.wordWrap()
    assert made.textFormat() is Qt.TextFormat.PlainText
    assert rule.maximumHeight() == theme.tokens.size("hairline")
