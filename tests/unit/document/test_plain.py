import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.unit.document.samples import EVERYTHING, HOSTILE, WORDS, document_of

from sendwright.document.blocks import Command, Document, Heading, Line, Lines, Mark, Paragraph, Points, Row, Table
from sendwright.document.plain import WIDTH, to_plain
from sendwright.document.seen import seen
from sendwright.texts import LANGUAGES, speaking


def plain(*blocks: object) -> list[str]:
    return to_plain(Document(id="d", title="T", blocks=blocks)).split("\n")[3:-1]


def test_a_document_reads_as_it_was_meant() -> None:
    assert to_plain(EVERYTHING).split("\n") == [
        "Everything",
        "==========",
        "",
        "What it is",
        "----------",
        "",
        "Some words.",
        "",
        "Mind this.",
        "",
        "  - first",
        "  - second",
        "",
        "  1. one",
        "  2. two",
        "",
        "Tries",
        "            When       What",
        "----------  ---------  ----",
        "In order:   today      well",
        "Not right:  yesterday  ill",
        "",
        "  Product: Sendwright",
        "  Look at this: Owner: Anna",
        "",
        "To grant",
        "    Add-X -Identity 'a' |",
        "      Format-List",
        "",
        "The list",
        "    https://example.com/list?a=1&b=2",
        "    Menu > List",
        "",
        "Open on a telephone",
        "    https://example.com/q",
        "",
        "A mail",
        "    To: it@example.com",
        "    Subject: Please agree",
        "",
        "    Dear all,",
        "",
        "      indented",
        "",
        "",
        "Pasted",
        "    Trustee : x",
        "      ^ Not right: This is another one.",
        "    Deny : False",
        "",
    ]


@given(st.lists(st.from_regex(r"[a-z]{1,20}", fullmatch=True), min_size=1, max_size=80))
def test_prose_is_at_most_a_hundred_columns_wide(words: list[str]) -> None:
    text = " ".join(words)
    for block in (Paragraph(text=text), Points(items=(text,)), Table(rows=(Row(cells=("Name", text)),))):
        lines = plain(block)
        assert all(len(line) <= WIDTH for line in lines)
        assert " ".join(" ".join(lines).replace("- ", "", 1).split()).endswith(text)


@given(st.lists(st.lists(st.from_regex(r"[a-z ]{0,60}", fullmatch=True), min_size=3, max_size=3), max_size=4))
def test_a_table_is_at_most_a_hundred_columns_wide(rows: list[list[str]]) -> None:
    table = Table(columns=("First", "Second", "Third"), rows=tuple(Row(cells=tuple(row)) for row in rows))
    assert all(len(line) <= WIDTH for line in plain(table))


def test_a_table_that_is_too_wide_becomes_a_list_for_each_row() -> None:
    table = Table(columns=("Name", "Why"), rows=(Row(cells=("a", "x " * 60)), Row(cells=("b", "y"), mark=Mark.WRONG)))
    lines = plain(table)
    assert lines[0] == "  Name: a"
    assert lines[-2:] == ["  Not right: Name: b", "  Why: y"]
    assert "" in lines


@given(st.text(alphabet="abc '-$|{}", min_size=1, max_size=400))
def test_a_command_is_never_broken(command: str) -> None:
    assert f"    {command}".rstrip() in plain(Command(label="x", value=command))


def test_a_line_that_was_pasted_stays_as_it_is() -> None:
    lines = plain(Lines(label="P", lines=(Line(text="  Trustee   :  x" + "y" * 200),)))
    assert lines[1] == "      Trustee   :  x" + "y" * 200


@pytest.mark.parametrize("words", HOSTILE)
def test_nothing_that_cannot_be_seen_is_written(words: str) -> None:
    written = to_plain(document_of(words))
    assert not set(written) & set("\x00\x07\x1b\u202e\u202c\u2028\ud800")
    assert written.encode("utf-8")


@given(WORDS)
def test_anything_is_survived(words: str) -> None:
    written = to_plain(document_of(words))
    assert written.endswith("\n")
    assert not any(line != line.rstrip() for line in written.split("\n"))


@pytest.mark.parametrize("language", LANGUAGES)
def test_it_speaks_every_language(language: str) -> None:
    with speaking(language):
        assert "Sendwright" in to_plain(EVERYTHING)


def test_a_long_heading_has_a_line_no_longer_than_the_page() -> None:
    assert max(len(line) for line in plain(Heading(text="x " * 100))) <= WIDTH


@pytest.mark.parametrize(
    ("words", "shown"),
    [
        ("plain", "plain"),
        ("a\nb\tc", "a\nb\tc"),
        ("a\r\nb", "a\nb"),
        ("a\rb", "a\ufffdb"),
        ("\x00", "\ufffd"),
        ("\u202ex\u202c", "\ufffdx\ufffd"),
        ("\u00a0\u00e9", "\u00a0\u00e9"),
        ("\U0001f600", "\U0001f600"),
        ("\ud800", "\ufffd"),
    ],
)
def test_what_cannot_be_seen_is_shown_by_a_stand_in(words: str, shown: str) -> None:
    assert seen(words) == shown


def test_even_line_ends_can_be_asked_to_be_shown() -> None:
    assert seen("a\nb", keep="") == "a\ufffdb"
