from collections.abc import Callable
from pathlib import Path
from urllib.parse import parse_qs, unquote, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtGui import QGuiApplication, QImage
from PySide6.QtWidgets import QFrame, QWidget
from pytestqt.qtbot import QtBot
from tests.desktop import sheets
from tests.desktop.looking import button, words_of

from sendwright.desktop.theme.theme import Theme
from sendwright.desktop.widgets.browser import LONGEST_MAIL, mail_address
from sendwright.desktop.widgets.copybox import CopyBox
from sendwright.desktop.widgets.document.copying import LinkBlock, MailBlock
from sendwright.desktop.widgets.document.marked_lines import MarkedLines
from sendwright.desktop.widgets.document.qr import QrBlock
from sendwright.desktop.widgets.document.table import TableCard
from sendwright.desktop.widgets.document.view import DocumentView, widget_of
from sendwright.desktop.widgets.drawing import Drawing
from sendwright.document.blocks import Command, Document, Heading, Line, Lines, Link, Mail, Mark, QrCode, Row, Table
from sendwright.document.qr import modules_of
from sendwright.texts import text


@pytest.fixture
def draw(theme: Theme, show: Callable[..., QWidget]) -> Callable[..., QWidget]:
    def draw_it(block: object) -> QWidget:
        widget = widget_of(theme, block)  # type: ignore[arg-type]
        return show(widget, width=500, height=400)

    return draw_it


@pytest.mark.parametrize("block", sheets.BLOCKS, ids=lambda block: type(block).__name__)
def test_every_block_shows_its_words(draw: Callable[..., QWidget], block: object) -> None:
    widget = draw(block)
    shown = "\n".join([*words_of(widget), *(getattr(widget, name)() for name in ("text",) if hasattr(widget, name))])
    for name in ("text", "label", "value", "caption"):
        wanted = getattr(block, name, "")
        if name == "label" and isinstance(block, Link):
            continue  # that is its button
        assert wanted in shown
    for item in (*getattr(block, "items", ()), *(cell for row in getattr(block, "rows", ()) for cell in row.cells)):
        assert item in shown


def test_a_document_shows_its_blocks_in_their_order_and_not_its_title(theme: Theme, qtbot: QtBot) -> None:
    view = DocumentView(theme, sheets.IT_SHEET)
    qtbot.addWidget(view)
    assert len(view.blocks) == len(sheets.BLOCKS)
    assert sheets.IT_SHEET.title not in words_of(view)


@pytest.mark.parametrize(("title", "times"), [("Permissions", 1), ("What it may do", 2)])
def test_a_table_under_a_heading_of_the_same_words_says_them_once(
    theme: Theme, qtbot: QtBot, title: str, times: int
) -> None:
    table = Table(caption="Permissions", rows=(Row(cells=("Mail.Send", "To send")),))
    view = DocumentView(theme, Document(id="a", title="Plan", blocks=(Heading(text=title), table)))
    qtbot.addWidget(view)
    assert [words in {"Permissions", title} for words in words_of(view)].count(True) == times
    assert view.blocks[1].accessibleName() == "Permissions"


def test_an_empty_document_is_nothing_at_all(theme: Theme, qtbot: QtBot) -> None:
    view = DocumentView(theme, Document(id="a", title="Nothing"))
    qtbot.addWidget(view)
    assert words_of(view) == []


@pytest.mark.parametrize(
    ("mark", "drawing", "key"),
    [(Mark.GOOD, "passed", "good"), (Mark.ATTENTION, "warning", "attention"), (Mark.WRONG, "failed", "wrong")],
)
@pytest.mark.parametrize("columns", [(), ("A", "B"), ("A", "B", "C")])
def test_a_marked_row_says_so_with_a_drawing_and_a_word(
    draw: Callable[..., QWidget], mark: Mark, drawing: str, key: str, columns: tuple[str, ...]
) -> None:
    cells = ("one", "two", "three")[: max(2, len(columns))]
    card = draw(Table(columns=columns, rows=(Row(cells=cells, mark=mark), Row(cells=cells))))
    assert isinstance(card, TableCard)
    assert [found.name for found in card.findChildren(Drawing)] == [drawing]
    assert words_of(card).count(text(f"document.mark.{key}")) == 1
    assert card.rows[0].accessibleDescription().startswith(text(f"document.mark.{key}"))
    assert text(f"document.mark.{key}") not in card.rows[1].accessibleDescription()


def test_a_screen_reader_reads_the_whole_row_at_its_first_cell(draw: Callable[..., QWidget]) -> None:
    card = draw(sheets.PERMISSIONS)
    assert isinstance(card, TableCard)
    described = card.rows[1].accessibleDescription()
    assert "Why: To send as a shared mailbox" in described
    assert "Who may grant it: The person herself" in described
    assert card.accessibleName() == sheets.PERMISSIONS.caption


@pytest.mark.parametrize("cells", [(), ("only",), ("a", "b", "c", "d")])
def test_rows_of_another_length_than_the_titles_lose_nothing(
    draw: Callable[..., QWidget], cells: tuple[str, ...]
) -> None:
    words = "\n".join(words_of(draw(Table(columns=("A", "B", "C"), rows=(Row(cells=cells),)))))
    assert all(cell in words for cell in cells)


def test_a_command_is_copied_as_it_is(draw: Callable[..., QWidget]) -> None:
    widget = draw(Command(label="Grant", value="line 1\nline 2 'quoted'"))
    (box,) = widget.findChildren(CopyBox)
    box.button.click()
    assert QGuiApplication.clipboard().text() == "line 1\nline 2 'quoted'"
    assert box.button.accessibleDescription() == "Grant"


def test_a_link_opens_in_the_persons_browser(draw: Callable[..., QWidget], opened_pages: list[str]) -> None:
    widget = draw(Link(label="Open", address=sheets.LINK, path="Entra → Applications"))
    button(widget, "Open").click()
    assert opened_pages == [sheets.LINK]
    assert text("window.path", path="Entra → Applications") in words_of(widget)
    assert text("sheet.link.failed") not in words_of(widget)


@pytest.mark.parametrize(
    "address", ["http://example.org/", "javascript:alert(1)", "file:///etc/passwd", "nonsense", ""]
)
def test_a_link_that_is_not_encrypted_is_shown_and_never_opened(
    draw: Callable[..., QWidget], opened_pages: list[str], address: str
) -> None:
    widget = draw(Link(label="Open", address=address))
    assert isinstance(widget, LinkBlock)
    widget.button.click()
    assert opened_pages == []
    assert text("sheet.link.failed") in words_of(widget)
    assert widget.box.isVisible()


def test_a_code_can_be_seen_heard_and_copied(draw: Callable[..., QWidget]) -> None:
    widget = draw(QrCode(label="The page", value="https://login.microsoft.com/device"))
    assert isinstance(widget, QrBlock)
    assert widget.drawing is not None
    assert widget.drawing.accessibleName() == text("sheet.qr", what="The page")
    widget.findChildren(CopyBox)[0].button.click()
    assert QGuiApplication.clipboard().text() == "https://login.microsoft.com/device"


@pytest.mark.parametrize("dark", [False, True])
def test_a_code_is_dark_on_light_in_both_themes_with_light_around_it(
    make_theme: Callable[..., Theme], show: Callable[..., QWidget], dark: bool
) -> None:
    widget = show(QrBlock(make_theme(dark=dark), QrCode(label="The page", value=sheets.LINK)), width=500, height=500)
    assert widget.drawing is not None
    image: QImage = widget.drawing.grab().toImage()
    rows = modules_of(sheets.LINK)
    module = image.width() / (len(rows) + 8)
    assert module == int(module) >= 3
    for y in range(-4, len(rows) + 4, 3):
        for x in range(-4, len(rows) + 4, 3):
            wanted = 0 <= x < len(rows) and 0 <= y < len(rows) and bool(rows[y][x])
            seen = image.pixelColor(int((x + 4.5) * module), int((y + 4.5) * module))
            assert seen.lightness() == (0 if wanted else 255)


def test_an_address_that_is_too_long_for_a_code_can_still_be_copied(draw: Callable[..., QWidget]) -> None:
    widget = draw(QrCode(label="The page", value="https://example.org/" + "x" * 4000))
    assert isinstance(widget, QrBlock)
    assert widget.drawing is None
    assert widget.findChildren(CopyBox)


def test_a_mail_is_copied_part_by_part(draw: Callable[..., QWidget]) -> None:
    widget = draw(sheets.MAIL)
    assert isinstance(widget, MailBlock)
    widget.subject.button.click()
    assert QGuiApplication.clipboard().text() == sheets.MAIL.subject
    widget.copy_body.click()
    assert QGuiApplication.clipboard().text() == sheets.MAIL.body


def test_a_mail_opens_in_the_mail_program_with_nothing_but_its_own_words(
    draw: Callable[..., QWidget], opened_pages: list[str]
) -> None:
    widget = draw(sheets.MAIL)
    assert isinstance(widget, MailBlock)
    widget.open_button.click()
    (address,) = opened_pages
    parts = urlsplit(address)
    assert (parts.scheme, unquote(parts.path)) == ("mailto", "it@contoso.com")
    body = sheets.MAIL.body.replace("\n", "\r\n")
    assert parse_qs(parts.query, strict_parsing=True) == {"subject": [sheets.MAIL.subject], "body": [body]}


def test_a_mail_that_a_program_might_cut_off_is_only_copied(draw: Callable[..., QWidget]) -> None:
    widget = draw(Mail(label="Long", subject="Long", body="word " * LONGEST_MAIL))
    assert isinstance(widget, MailBlock)
    assert not widget.open_button.isVisible()
    assert widget.copy_body.isVisible()


def test_where_there_is_no_mail_program_that_is_said(
    draw: Callable[..., QWidget], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sendwright.desktop.widgets.browser.QDesktopServices.openUrl", lambda _: False)
    widget = draw(sheets.MAIL)
    assert isinstance(widget, MailBlock)
    widget.open_button.click()
    assert text("sheet.mail.failed") in words_of(widget)


@given(subject=st.text(max_size=60), body=st.text(max_size=60), to=st.emails())
def test_no_words_become_a_header_of_a_mail(subject: str, body: str, to: str) -> None:
    address = mail_address(to, subject=_whole(subject), body=_whole(body))
    if address:
        query = urlsplit(address).query
        assert query.count("&") == 1
        assert query.count("=") == 2
        assert unquote(urlsplit(address).path) == to
        assert len(address) <= LONGEST_MAIL


def _whole(words: str) -> str:
    return words.encode("utf-8", "replace").decode("utf-8")


def test_faulty_lines_are_marked_where_they_stand_with_the_reason(draw: Callable[..., QWidget]) -> None:
    widget = draw(sheets.PASTED)
    assert isinstance(widget, MarkedLines)
    assert [frame.property("tone") for frame in widget.marks] == ["passed", "failed"]
    assert words_of(widget.marks[1]) == [sheets.PASTED.lines[3].text, text("document.mark.wrong"), "The right lacks."]
    first = widget.marks[1].findChildren(QFrame)
    assert first
    assert words_of(widget)[1] == "\n".join(line.text for line in sheets.PASTED.lines[:2])


def test_a_thousand_plain_lines_are_one_text(draw: Callable[..., QWidget]) -> None:
    widget = draw(Lines(label="", lines=tuple(Line(text=f"{number}") for number in range(1000))))
    assert len(words_of(widget)) == 1


def test_a_remark_without_a_mark_is_shown_too(draw: Callable[..., QWidget]) -> None:
    widget = draw(Lines(label="", lines=(Line(text="a", remark="Why."),)))
    assert words_of(widget) == ["a", "Why."]
    assert not Path("a").exists()
