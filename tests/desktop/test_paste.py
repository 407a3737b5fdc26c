"""A place for plain words of several lines; a file that is dropped is handed on."""

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDragMoveEvent, QDropEvent, QGuiApplication
from PySide6.QtWidgets import QPushButton, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from sendwright.desktop.theme.theme import Theme
from sendwright.desktop.widgets import paste
from sendwright.desktop.widgets.paste import PasteField
from sendwright.texts import text

COPY = Qt.DropAction.CopyAction
LEFT, NONE = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier


class Ear:
    def __init__(self, field: PasteField) -> None:
        self.files: list[str] = []
        self.refusals = 0
        field.dropped.connect(self.files.append)
        field.too_long.connect(self._refused)

    def _refused(self) -> None:
        self.refusals += 1


@pytest.fixture
def field(theme: Theme, show: Callable[..., QWidget]) -> PasteField:
    made = PasteField(theme)
    show(made, width=500, height=120)
    return made


def words(plain: str = "", html: str = "") -> QMimeData:
    data = QMimeData()
    if plain:
        data.setText(plain)
    if html:
        data.setHtml(html)
    return data


def files(*paths: str) -> QMimeData:
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(path) if "://" not in path else QUrl(path) for path in paths])
    return data


def test_several_lines_are_pasted_as_they_are(field: PasteField) -> None:
    log = "550 5.7.1 refused\n\tby mail.example.org\n<b>not bold</b>"
    QGuiApplication.clipboard().setText(log)
    field.paste()
    assert field.toPlainText() == log


def test_a_look_is_never_pasted(field: PasteField) -> None:
    field.insertFromMimeData(words("535 refused", html="<h1 style='color:red'>535 refused</h1>"))
    assert field.toPlainText() == "535 refused"
    assert not field.document().isEmpty()
    assert field.currentCharFormat().fontPointSize() == 0


def test_what_is_pasted_again_stands_after_what_is_there(field: PasteField) -> None:
    for part in ("one\n", "two"):
        field.insertFromMimeData(words(part))
    assert field.toPlainText() == "one\ntwo"


@pytest.mark.parametrize(("there", "more", "kept"), [(0, 100, True), (40, 60, True), (0, 101, False), (41, 60, False)])
def test_more_than_it_holds_is_refused_and_what_is_there_stays(
    field: PasteField, monkeypatch: pytest.MonkeyPatch, there: int, more: int, kept: bool
) -> None:
    monkeypatch.setattr(paste, "LONGEST", 100)
    ear = Ear(field)
    field.setPlainText("a" * there)
    field.insertFromMimeData(words("b" * more))
    assert len(field.toPlainText()) == (there + more if kept else there)
    assert ear.refusals == (0 if kept else 1)


def test_a_hundred_megabytes_hold_nothing_up(field: PasteField) -> None:
    ear = Ear(field)
    field.insertFromMimeData(words("x" * 100_000_000))
    assert field.toPlainText() == ""
    assert ear.refusals == 1


@pytest.mark.parametrize("name", ["a.eml", "B.EML", "mail.log", "answer.json", "x y.txt"])
def test_a_file_is_handed_on_and_not_inserted(field: PasteField, name: str) -> None:
    ear = Ear(field)
    data = files(f"/home/anna/{name}")
    assert field.canInsertFromMimeData(data)
    field.insertFromMimeData(data)
    assert ear.files == [f"/home/anna/{name}"]
    assert field.toPlainText() == ""


@pytest.mark.parametrize(
    "paths", [("/home/a.exe",), ("/home/a.eml", "/home/b.eml"), ("https://example.org/a.eml",), ("/home/folder",), ()]
)
def test_other_files_are_not_read(field: PasteField, paths: tuple[str, ...]) -> None:
    ear = Ear(field)
    field.insertFromMimeData(files(*paths))
    assert ear.files == []


def drop_on(field: PasteField, data: QMimeData) -> tuple[bool, bool, bool]:
    """Drag `data` over the field and let it go there; return what of it was accepted."""
    inside = QPoint(10, 10)
    entered = QDragEnterEvent(inside, COPY, data, LEFT, NONE)
    moved = QDragMoveEvent(inside, COPY, data, LEFT, NONE)
    dropped = QDropEvent(QPointF(inside), COPY, data, LEFT, NONE)
    for event in (entered, moved, dropped):
        event.ignore()
    field.dragEnterEvent(entered)
    field.dragMoveEvent(moved)
    field.dropEvent(dropped)
    return entered.isAccepted(), moved.isAccepted(), dropped.isAccepted()


def test_a_file_can_be_dropped(field: PasteField, tmp_path: Path) -> None:
    ear = Ear(field)
    file = tmp_path / "report.eml"
    assert drop_on(field, files(str(file))) == (True, True, True)
    assert ear.files == [str(file)]
    assert field.toPlainText() == ""


def test_words_can_be_dropped_too(field: PasteField) -> None:
    assert drop_on(field, words("550 no"))[0]
    assert "550 no" in field.toPlainText()


def test_tab_leaves_it_and_enter_stays_in_it(theme: Theme, show: Callable[..., QWidget], qtbot: QtBot) -> None:
    holder = QWidget()
    column = QVBoxLayout(holder)
    field, button = PasteField(theme), QPushButton("after")
    column.addWidget(field)
    column.addWidget(button)
    show(holder, width=400, height=200)
    field.setFocus()
    qtbot.keyClicks(field, "one")
    qtbot.keyClick(field, Qt.Key.Key_Return)
    qtbot.keyClicks(field, "two")
    assert field.toPlainText() == "one\ntwo"
    qtbot.keyClick(field, Qt.Key.Key_Tab)
    assert button.hasFocus()


@pytest.mark.parametrize("scale", [1.0, 2.0])
def test_four_lines_have_room_at_every_text_size(make_theme: Callable[..., Theme], qtbot: QtBot, scale: float) -> None:
    made = PasteField(make_theme(scale=scale))
    qtbot.addWidget(made)
    assert made.height() >= 4 * made.fontMetrics().lineSpacing()
    assert made.accessibleName() == text("window.sent.field")
