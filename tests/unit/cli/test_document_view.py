"""A document in the terminal: marked with words, and what is to be copied stands there whole."""

import io

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.console import Console

from sendwright.cli.document_view import draw_document, draw_qr
from sendwright.document.blocks import (
    AnyBlock,
    Command,
    Document,
    Heading,
    Line,
    Lines,
    Link,
    Mail,
    Mark,
    Paragraph,
    Points,
    QrCode,
    Row,
    Table,
)

LONG = "Add-RecipientPermission " + "x" * 150


def drawn(*blocks: AnyBlock, width: int = 80) -> str:
    out = io.StringIO()
    console = Console(file=out, width=width, emoji=False)
    console.print(draw_document(Document(id="d", title="T", blocks=blocks)), highlight=False)
    return out.getvalue()


@pytest.mark.parametrize(
    ("block", "expected"),
    [
        (Heading(text="Grant"), "\nGrant\n"),
        (Paragraph(text="Words."), "Words.\n"),
        (Paragraph(text="Mind this.", strong=True), "Mind this.\n"),
        (Points(items=("one", "two")), "  • one\n  • two\n"),
        (Points(items=("one", "two"), numbered=True), "  1. one\n  2. two\n"),
        (Command(label="Do this", value="Get-Mailbox"), "Do this\n    Get-Mailbox\n"),
        (Command(label="Two", value="a\nb"), "Two\n    a\n    b\n"),
        (Link(label="More", address="https://example.org/x"), "More\n    https://example.org/x\n"),
        (Table(rows=(Row(cells=("App", "1234")),)), "    App: 1234\n"),
        (Table(rows=(Row(cells=("App", "1234"), mark=Mark.WRONG),)), "  ✗ App: 1234 (Not right)\n"),
        (Table(rows=(Row(cells=("alone",)), Row(cells=()))), "    alone\n"),
        (
            Lines(label="You pasted", lines=(Line(text="a : b"), Line(text="c : d", mark=Mark.WRONG, remark="Why."))),
            "You pasted\n    a : b\n  ✗ c : d\n      Why.\n",
        ),
    ],
)
def test_each_block_stands_there_in_words(block: AnyBlock, expected: str) -> None:
    shown = "\n".join(line.rstrip() for line in drawn(block).splitlines()) + "\n"
    assert shown.strip("\n").startswith(expected.strip("\n"))


@pytest.mark.parametrize("width", [40, 80, 200])
@pytest.mark.parametrize("block", [Command(label="l", value=LONG), Lines(label="l", lines=(Line(text=LONG),))])
def test_what_is_to_be_copied_is_one_line_in_any_terminal(block: AnyBlock, width: int) -> None:
    out = io.StringIO()
    console = Console(file=out, width=width, emoji=False)
    console.print(draw_document(Document(id="d", title="T", blocks=(block,))), highlight=False, crop=False)
    assert any(LONG in line for line in out.getvalue().splitlines())


def test_a_table_has_titles_and_says_its_marks_in_words() -> None:
    table = Table(
        caption="Permissions",
        columns=("Name", "Kind"),
        rows=(Row(cells=("Mail.Send", "delegated"), mark=Mark.GOOD), Row(cells=("User.Read", "delegated"))),
    )
    lines = [" ".join(line.split()) for line in drawn(table).splitlines()]
    assert lines == ["Permissions", "Name Kind", "✓ In order Mail.Send delegated", "User.Read delegated"]


def test_a_table_without_marks_has_no_empty_column() -> None:
    table = Table(columns=("Name",), rows=(Row(cells=("Mail.Send",)),))
    assert [line.rstrip() for line in drawn(table).splitlines()] == ["Name", "Mail.Send"]


def test_a_link_tells_the_way_by_menus() -> None:
    link = Link(label="Open", address="https://entra.example/", path="Enterprise apps > Permissions")
    assert "Enterprise apps > Permissions" in drawn(link)


def test_a_mail_can_be_copied_with_its_head() -> None:
    mail = Mail(label="Send this", to="it@example.org", subject="Please", body="First\n\nSecond")
    assert [line.strip() for line in drawn(mail).splitlines()] == [
        "Send this",
        "To: it@example.org",
        "Subject: Please",
        "",
        "First",
        "",
        "Second",
    ]


def test_a_qr_code_stands_below_its_address() -> None:
    shown = drawn(QrCode(label="Scan", value="https://example.org/consent"))
    assert shown.startswith("Scan\n    https://example.org/consent\n")
    assert "█" in shown


@given(st.text(st.characters(codec="ascii", categories=("L", "N")), min_size=1, max_size=120))
def test_every_module_of_a_qr_code_is_drawn_once(value: str) -> None:
    out = io.StringIO()
    Console(file=out, width=400, emoji=False).print(draw_qr(value))
    lines = [line[4:] for line in out.getvalue().rstrip("\n").splitlines()]
    widths = {len(line) for line in lines if line}
    assert len(widths) == 1
    side = widths.pop()
    assert len([line for line in lines if line]) == (side + 1) // 2


def test_an_address_that_is_too_long_for_a_code_stands_without_one() -> None:
    address = "https://example.org/" + "x" * 4000
    shown = drawn(QrCode(label="Scan", value=address), width=len(address) + 4)
    assert address in shown
    assert "█" not in shown


@given(st.text(max_size=200))
def test_no_words_are_taken_for_markup(words: str) -> None:
    shown = drawn(Paragraph(text="[red]" + words), Points(items=("[bold]x[/bold]",)), width=300)
    assert "[red]" in shown
    assert "[bold]x[/bold]" in shown


def test_a_table_below_a_heading_of_the_same_words_does_not_say_them_again() -> None:
    table = Table(caption="Permissions", rows=(Row(cells=("a", "b")),))
    assert drawn(Heading(text="Permissions"), table).count("Permissions") == 1
    assert drawn(Heading(text="Others"), table).count("Permissions") == 1
    assert drawn(Heading(text="Permissions"), Paragraph(text="Words."), table).count("Permissions") == 2


def test_no_line_of_words_ends_in_blanks() -> None:
    shown = drawn(Heading(text="Grant"), Paragraph(text="Words."), Points(items=("one",)))
    assert not any(line.endswith(" ") for line in shown.splitlines())
