from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import QStandardPaths, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtPdf import QPdfDocument
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QFileDialog, QPushButton, QWidget
from pytestqt.qtbot import QtBot
from tests.desktop import sheets
from tests.desktop.conftest import Opened
from tests.desktop.hand_made import ShownStep
from tests.desktop.looking import words_of
from tests.desktop.test_fit import settle

from sendwright.desktop.theme.theme import Theme
from sendwright.desktop.widgets.document.paper import pdf_of
from sendwright.desktop.widgets.document.reader import DocumentButton, DocumentReader
from sendwright.document.html import to_html
from sendwright.document.plain import to_plain
from sendwright.texts import text


@pytest.fixture
def read(theme: Theme, show: Callable[..., QWidget], qtbot: QtBot) -> DocumentReader:
    """Open the document from its button."""
    holder = show(QWidget(), width=300, height=200)
    button = DocumentButton(theme, sheets.IT_SHEET)
    button.setParent(holder)
    button.show()
    button.click()
    assert button.opened is not None
    qtbot.waitUntil(button.opened.isVisible)
    return button.opened


def test_each_document_of_a_page_stands_behind_a_quiet_button(open_steps: Callable[..., Opened]) -> None:
    opened = open_steps(ShownStep(sheets.READ))
    (button,) = opened.page.findChildren(DocumentButton)
    assert button.text() == sheets.IT_SHEET.title
    assert button.property("role") == "quiet"
    button.click()
    assert button.opened is not None
    assert button.opened.isModal()
    button.opened.close()
    assert opened.step == sheets.READ.step


def test_it_shows_the_whole_document_under_its_title(read: DocumentReader) -> None:
    words = words_of(read)
    assert sheets.IT_SHEET.title in words
    assert sheets.IT_SHEET.title == read.windowTitle()
    assert len(read.view.blocks) == len(sheets.BLOCKS)


def test_escape_closes_it_and_enter_too(read: DocumentReader, qtbot: QtBot) -> None:
    gone: list[bool] = []
    read.destroyed.connect(lambda: gone.append(True))
    QTest.keyClick(read, Qt.Key.Key_Escape)
    qtbot.waitUntil(lambda: bool(gone))


def test_every_button_can_be_reached_by_the_keyboard_and_has_a_name(read: DocumentReader) -> None:
    buttons = [found for found in read.findChildren(QPushButton) if found.isVisible()]
    assert all(found.text() and found.focusPolicy() & Qt.FocusPolicy.TabFocus for found in buttons)
    reached = set()
    for _ in range(len(buttons) + 2):
        QTest.keyClick(QApplication.focusWidget() or read, Qt.Key.Key_Tab)
        reached.add(QApplication.focusWidget())
    assert reached >= {read.pdf_button, read.html_button, read.copy_button, read.print_button, read.close_button}


def test_it_is_copied_as_text(read: DocumentReader) -> None:
    read.copy_button.click()
    assert QGuiApplication.clipboard().text() == to_plain(sheets.IT_SHEET)


def test_it_is_saved_as_a_web_page(read: DocumentReader, tmp_path: Path) -> None:
    place = tmp_path / "sheet.html"
    read.save_html(str(place))
    assert place.read_text(encoding="utf-8") == to_html(sheets.IT_SHEET)
    assert read.outcome is not None
    assert read.outcome.note.words.text() == text("sheet.document.saved")


def test_it_is_saved_as_a_pdf_whose_words_can_be_found(read: DocumentReader, tmp_path: Path) -> None:
    place = tmp_path / "sheet.pdf"
    read.save_pdf(str(place))
    content = place.read_bytes()
    assert content.startswith(b"%PDF-1.")
    assert content.rstrip().endswith(b"%%EOF")
    assert content.count(b"/Type /Page\n") >= 1
    assert b"/FontFile" in content
    assert place.stat().st_mode & 0o077 == 0


def test_the_words_of_a_pdf_are_as_large_as_those_of_a_letter(read: DocumentReader, tmp_path: Path) -> None:
    read.save_pdf(str(tmp_path / "sheet.pdf"))
    found = QPdfDocument()
    found.load(str(tmp_path / "sheet.pdf"))
    every = " ".join(found.getAllText(page).text() for page in range(found.pageCount()))
    assert "For whoever administers Microsoft 365" in every
    assert "Add-RecipientPermission -Identity 'info@contoso.com'" in " ".join(every.split())
    words = "One permission is asked for, once, for the whole organisation."
    first = found.getAllText(0).text()
    height = found.getSelectionAtIndex(0, first.index(words), len(words)).boundingRectangle().height()
    assert 7 < height < 18  # points
    assert 2 <= found.pageCount() <= 5


def test_a_pdf_fetches_nothing_from_elsewhere(tmp_path: Path) -> None:
    secret = tmp_path / "secret.txt"
    secret.write_text("hidden")
    page = f'<p>Hello<img src="file://{secret}"><img src="https://example.org/x.png"><link href="file://{secret}"></p>'
    assert b"hidden" not in pdf_of(page, title="Test")


def test_a_long_document_takes_several_pages() -> None:
    assert pdf_of("<p>line</p>" * 500, title="Long").count(b"/Type /Page\n") > 3


@pytest.mark.parametrize("save", ["save_pdf", "save_html"])
def test_a_place_that_cannot_be_written_is_said_and_nothing_is_lost(
    read: DocumentReader, tmp_path: Path, save: str
) -> None:
    (tmp_path / "file").write_text("in the way")
    getattr(read, save)(str(tmp_path / "file" / "sheet"))
    assert read.outcome is not None
    assert read.outcome.note.tone == "failed"
    getattr(read, save)(str(tmp_path / "sheet"))
    assert read.outcome.note.tone == "passed"
    assert (tmp_path / "sheet").stat().st_size > 0


def test_no_place_is_no_wish(read: DocumentReader) -> None:
    read.save_pdf("")
    read.save_html("")
    assert read.outcome is None


@pytest.mark.parametrize(("which", "ending"), [("pdf_button", "pdf"), ("html_button", "html")])
def test_asking_for_a_place_proposes_a_name_in_a_usual_folder(
    read: DocumentReader, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, which: str, ending: str
) -> None:
    monkeypatch.setattr(QStandardPaths, "writableLocation", lambda _: str(tmp_path))
    getattr(read, which).click()
    assert isinstance(read.dialog, QFileDialog)
    assert read.dialog.acceptMode() == QFileDialog.AcceptMode.AcceptSave
    assert read.dialog.directory().absolutePath() == str(tmp_path)
    assert [Path(name).name for name in read.dialog.selectedFiles()] == [f"it-sheet.{ending}"]
    read.dialog.close()


@pytest.mark.parametrize("scale", [1.0, 2.0])
@pytest.mark.parametrize("dark", [False, True])
def test_it_fits_with_large_letters_in_both_themes(
    make_theme: Callable[..., Theme], show: Callable[..., QWidget], qtbot: QtBot, scale: float, dark: bool
) -> None:
    holder = show(QWidget(), width=200, height=100)
    reader = DocumentReader(make_theme(scale=scale, dark=dark), sheets.IT_SHEET, holder)
    reader.resize(640, 480)
    reader.show()
    qtbot.wait(30)
    page = reader.column.widget()
    assert page is not None
    settle(page, qtbot)
    assert page.width() == reader.column.viewport().width()
    reader.close()
