from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QLabel, QLineEdit, QPushButton, QScrollArea, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from sendwright.desktop.reading_order import focusable, set_reading_order


def line(name: str) -> QLineEdit:
    made = QLineEdit()
    made.setObjectName(name)
    return made


def names(widget: QWidget) -> list[str]:
    return [found.objectName() for found in focusable(widget)]


def test_things_are_read_as_they_stand_and_not_as_they_were_made(qtbot: QtBot) -> None:
    holder = QWidget()
    qtbot.addWidget(holder)
    last, first, middle = line("last"), line("first"), line("middle")
    column = QVBoxLayout(holder)
    for part in (first, middle, last):
        column.addWidget(part)
    assert names(holder) == ["first", "middle", "last"]


def test_rows_are_read_before_what_stands_below(qtbot: QtBot) -> None:
    holder = QWidget()
    qtbot.addWidget(holder)
    column, row = QVBoxLayout(holder), QHBoxLayout()
    row.addWidget(line("left"))
    row.addStretch(1)
    row.addWidget(line("right"))
    column.addLayout(row)
    column.addWidget(line("below"))
    assert names(holder) == ["left", "right", "below"]


def test_what_the_keyboard_does_not_reach_is_passed_over(qtbot: QtBot) -> None:
    holder = QWidget()
    qtbot.addWidget(holder)
    column = QVBoxLayout(holder)
    clicked = QPushButton("x")
    clicked.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
    for part in (QLabel("words"), clicked, line("only")):
        column.addWidget(part)
    assert names(holder) == ["only"]


def test_it_looks_into_what_scrolls_and_into_what_is_nested(qtbot: QtBot) -> None:
    inner, area, outer = QWidget(), QScrollArea(), QWidget()
    qtbot.addWidget(outer)
    QVBoxLayout(inner).addWidget(line("inside"))
    area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    area.setWidget(inner)
    column = QVBoxLayout(outer)
    column.addWidget(area)
    column.addWidget(line("after"))
    assert names(outer) == ["inside", "after"]


def test_an_empty_place_to_scroll_is_no_trouble(qtbot: QtBot) -> None:
    area = QScrollArea()
    area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    qtbot.addWidget(area)
    assert names(area) == []


def test_tab_follows_the_parts_in_turn(show: Callable[..., QWidget], qtbot: QtBot) -> None:
    window = QWidget()
    row = QHBoxLayout(window)
    parts = [QWidget(), QWidget()]
    lines = {name: line(name) for name in ("d", "b", "c", "a")}
    for part, inside in zip(parts, (("a", "b"), ("c", "d")), strict=True):
        column = QVBoxLayout(part)
        for name in inside:
            column.addWidget(lines[name])
    for part in reversed(parts):
        row.addWidget(part)
    show(window, width=300, height=200)
    set_reading_order(window, (parts[0], None, parts[1]))
    lines["a"].setFocus()
    walked = ["a"]
    for _ in range(3):
        qtbot.keyClick(window.focusWidget(), Qt.Key.Key_Tab)
        walked.append(window.focusWidget().objectName())
    assert walked == ["a", "b", "c", "d"]


def test_what_has_no_place_in_the_window_yet_is_left_out(qtbot: QtBot) -> None:
    window, stray = QWidget(), QWidget()
    for widget in (window, stray):
        qtbot.addWidget(widget)
        QVBoxLayout(widget).addWidget(line("x"))
    set_reading_order(window, (window, stray))
