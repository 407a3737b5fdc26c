"""Files that are dropped on a field, pasted into it, or chosen from the keyboard."""

import asyncio
from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDragMoveEvent, QDropEvent, QGuiApplication
from PySide6.QtWidgets import QApplication, QFileDialog, QWidget
from pytestqt.qtbot import QtBot

from sendwright.desktop.reading import Reading
from sendwright.desktop.theme.theme import Theme
from sendwright.desktop.widgets.field import FieldRow
from sendwright.desktop.widgets.lines import FileControl
from sendwright.desktop.widgets.long_text import LinesControl
from sendwright.recording import given_file
from sendwright.screens import Field, FieldKind
from sendwright.texts import text

COPY, LEFT, NONE = Qt.DropAction.CopyAction, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
MESSAGE = "From: anna@example.org\nSubject: Test\n\nGood morning\n"
KEY = Field(name="key", kind=FieldKind.FILE, label="custom_smtp.ca-file.label")
SOURCE = Field(name="source", kind=FieldKind.LINES, label="window.sent.field", help="window.sent.lead")

ShowRow = Callable[[Field], FieldRow]


@pytest.fixture
def show_row(theme: Theme, reading: Reading, show: Callable[..., QWidget]) -> ShowRow:
    def show_it(field: Field) -> FieldRow:
        row = FieldRow(theme, field, reading)
        show(row, width=500, height=260)
        return row

    return show_it


@pytest.fixture
def message(tmp_path: Path) -> Path:
    file = tmp_path / "message.eml"
    file.write_text(MESSAGE)
    return file


def urls(*addresses: str) -> QMimeData:
    data = QMimeData()
    data.setUrls([QUrl(one) if ":/" in one else QUrl.fromLocalFile(one) for one in addresses])
    return data


def words(plain: str) -> QMimeData:
    data = QMimeData()
    data.setText(plain)
    return data


def targets(row: FieldRow) -> list[QWidget]:
    if isinstance(row.control, LinesControl):
        return [row.control.box.viewport(), row.control.box]
    return [row.control.widget, row.control.focus]


def drop(target: QWidget, data: QMimeData) -> tuple[bool, ...]:
    """Drag `data` over `target` and let it go there; return what of it was accepted."""
    place = QPoint(5, 5)
    events = (
        QDragEnterEvent(place, COPY, data, LEFT, NONE),
        QDragMoveEvent(place, COPY, data, LEFT, NONE),
        QDropEvent(QPointF(place), COPY, data, LEFT, NONE),
    )
    for event in events:
        event.ignore()
        QApplication.sendEvent(target, event)
    return tuple(event.isAccepted() for event in events)


@pytest.mark.parametrize("place", [0, 1])
def test_a_file_that_is_dropped_is_the_one_that_is_named(
    show_row: ShowRow, qtbot: QtBot, message: Path, place: int
) -> None:
    row = show_row(KEY)
    with qtbot.waitSignal(row.edited):
        assert drop(targets(row)[place], urls(str(message))) == (True, True, True)
    assert row.value == str(message)
    assert row.error.text() == ""
    assert not row.given.isVisible()


@pytest.mark.parametrize("place", [0, 1])
def test_the_words_of_a_message_that_is_dropped_stand_in_the_field(
    show_row: ShowRow, qtbot: QtBot, message: Path, place: int
) -> None:
    row = show_row(SOURCE)
    row.put("what stood there")
    with qtbot.waitSignal(row.edited):
        assert drop(targets(row)[place], urls(str(message))) == (True, True, True)
    assert row.value == MESSAGE
    qtbot.waitUntil(row.given.isVisible)
    assert row.given.text() == text("file.loaded", name="message.eml")


def test_words_that_are_dragged_are_put_in_as_they_are(show_row: ShowRow) -> None:
    row = show_row(SOURCE)
    assert isinstance(row.control, LinesControl)
    drop(row.control.box.viewport(), words(MESSAGE))
    assert row.value == MESSAGE
    assert not row.given.isVisible()


@pytest.mark.parametrize("field", [KEY, SOURCE], ids=lambda field: field.name)
@pytest.mark.parametrize(
    ("addresses", "code"),
    [
        (("/home/anna/a.eml", "/home/anna/b.eml"), "several"),
        (("mailbox:///home/anna/Inbox?number=7",), "elsewhere"),
        (("imap://mail.example.org/INBOX",), "elsewhere"),
    ],
)
def test_what_is_no_single_file_of_this_computer_is_refused(
    show_row: ShowRow, field: Field, addresses: tuple[str, ...], code: str
) -> None:
    row = show_row(field)
    drop(targets(row)[0], urls(*addresses))
    assert row.error.text() == text(f"file.refused.{code}")
    assert row.value == ""


@pytest.mark.parametrize("field", [KEY, SOURCE], ids=lambda field: field.name)
def test_a_folder_is_refused_and_what_stood_there_stays(
    show_row: ShowRow, qtbot: QtBot, tmp_path: Path, field: Field
) -> None:
    row = show_row(field)
    row.put("before")
    drop(targets(row)[0], urls(str(tmp_path)))
    qtbot.waitUntil(lambda: row.error.text() == text("file.refused.folder"))
    assert row.value == "before"
    assert not row.given.isVisible()


def test_what_is_no_text_is_refused_where_words_are_wanted(show_row: ShowRow, qtbot: QtBot, tmp_path: Path) -> None:
    outlook = tmp_path / "message.msg"
    outlook.write_bytes(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600))
    row = show_row(SOURCE)
    drop(targets(row)[0], urls(str(outlook)))
    qtbot.waitUntil(lambda: row.error.text() == text("file.refused.no-text"))
    assert row.value == ""


@pytest.mark.parametrize("field", [KEY, SOURCE], ids=lambda field: field.name)
def test_a_file_that_is_too_large_is_refused(
    show_row: ShowRow, qtbot: QtBot, message: Path, monkeypatch: pytest.MonkeyPatch, field: Field
) -> None:
    monkeypatch.setattr(given_file, "LONGEST_FILE", 10)
    row = show_row(field)
    drop(targets(row)[0], urls(str(message)))
    qtbot.waitUntil(lambda: row.error.text() == text("file.refused.too-large"))


def test_of_a_long_file_it_is_said_how_much_was_taken(show_row: ShowRow, qtbot: QtBot, tmp_path: Path) -> None:
    long = tmp_path / "long.txt"
    long.write_text("a line of the log\n" * 10_000)
    row = show_row(SOURCE)
    drop(targets(row)[0], urls(str(long)))
    count = given_file.LONGEST_WORDS // len("a line of the log\n")
    qtbot.waitUntil(lambda: row.given.text() == text("file.begin", name="long.txt", count=count))
    assert row.value.count("\n") == count


def test_typing_takes_back_what_was_said_of_a_file(show_row: ShowRow, qtbot: QtBot, message: Path) -> None:
    row = show_row(SOURCE)
    drop(targets(row)[0], urls(str(message)))
    qtbot.waitUntil(row.given.isVisible)
    qtbot.keyClicks(row.control.focus, "x")
    assert not row.given.isVisible()


def test_whoever_goes_on_typing_is_not_overwritten_by_a_slow_file(
    show_row: ShowRow, qtbot: QtBot, reading: Reading, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun: list[bool] = []

    async def never() -> None:
        begun.append(True)
        await asyncio.Event().wait()

    monkeypatch.setattr(Reading, "read", lambda self, _file, **parties: self._engine.run(never(), **parties))
    row = show_row(SOURCE)
    drop(targets(row)[0], urls("/media/slow/message.eml"))
    qtbot.waitUntil(lambda: bool(begun))
    assert row.given.text() == text("file.reading", name="message.eml")
    qtbot.keyClicks(row.control.focus, "mine")
    assert row.value == "mine"
    assert not row.given.isVisible()


def test_a_copied_file_can_be_pasted(show_row: ShowRow, qtbot: QtBot, message: Path) -> None:
    row = show_row(SOURCE)
    assert isinstance(row.control, LinesControl)
    QGuiApplication.clipboard().setMimeData(urls(str(message)))
    qtbot.keyClick(row.control.box, Qt.Key.Key_V, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(lambda: row.value == MESSAGE)


def test_the_address_of_a_page_is_words_and_no_file(show_row: ShowRow) -> None:
    row = show_row(SOURCE)
    assert isinstance(row.control, LinesControl)
    data = urls("https://example.org/error?code=7")
    data.setText("https://example.org/error?code=7")
    row.control.box.insertFromMimeData(data)
    assert row.value == "https://example.org/error?code=7"
    assert row.error.text() == ""


@pytest.mark.parametrize("field", [KEY, SOURCE], ids=lambda field: field.name)
def test_the_keyboard_reaches_a_dialog_and_what_is_chosen_there_is_taken(
    show_row: ShowRow, qtbot: QtBot, qapp: QApplication, message: Path, field: Field
) -> None:
    row = show_row(field)
    assert isinstance(row.control, FileControl | LinesControl)
    row.take_focus()
    qtbot.keyClick(row.control.focus, Qt.Key.Key_Tab)
    assert row.control.browse.hasFocus()
    qtbot.keyClick(row.control.browse, Qt.Key.Key_Space)
    qtbot.waitUntil(lambda: isinstance(qapp.activeModalWidget(), QFileDialog))
    dialog = qapp.activeModalWidget()
    assert isinstance(dialog, QFileDialog)
    dialog.fileSelected.emit(str(message))
    dialog.close()
    qtbot.waitUntil(lambda: row.value == (str(message) if field is KEY else MESSAGE))
