import base64
import re
from html.parser import HTMLParser
from urllib.parse import unquote

import pytest
from hypothesis import given
from tests.unit.document.samples import EVERYTHING, HOSTILE, WORDS, document_of

from sendwright.document.blocks import Document, Heading, Link, QrCode, Row, Table
from sendwright.document.html import to_html
from sendwright.document.seen import seen
from sendwright.texts import LANGUAGES, speaking

VOID = {"meta", "img", "br"}
ALLOWED = {
    "html", "head", "meta", "title", "style", "body", "main", "h1", "h2", "p", "ul", "ol", "li", "table", "caption",
    "thead", "tbody", "tr", "th", "td", "figure", "figcaption", "pre", "code", "a", "br", "span", "strong", "img",
}  # fmt: skip


class Page(HTMLParser):
    """Reads a page, and sees that every tag is closed in its turn."""

    def __init__(self, page: str) -> None:
        super().__init__(convert_charrefs=True)
        self.open: list[str] = []
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.words: list[str] = []
        self.wrong: list[str] = []
        self.feed(page)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if not self.open or self.open.pop() != tag:
            self.wrong.append(tag)

    def handle_data(self, data: str) -> None:
        self.words.append(data)

    @property
    def kinds(self) -> list[str]:
        return [tag for tag, _ in self.tags]

    def attributes(self, tag: str) -> list[dict[str, str | None]]:
        return [attributes for name, attributes in self.tags if name == tag]


def shape(page: str) -> list[tuple[str, tuple[str, ...]]]:
    return [(tag, tuple(attributes)) for tag, attributes in Page(page).tags]


def test_every_block_has_its_own_markup() -> None:
    page = Page(to_html(EVERYTHING))
    assert not page.open
    assert not page.wrong
    assert set(page.kinds) <= ALLOWED
    for tag in ("h1", "h2", "p", "ul", "ol", "table", "caption", "figure", "pre", "a", "img"):
        assert tag in page.kinds
    assert page.kinds.count("h1") == 1


@pytest.mark.parametrize("words", HOSTILE)
def test_words_are_never_markup(words: str) -> None:
    plain = document_of("plain")
    assert [one for one in shape(to_html(document_of(words))) if one[0] != "a"] == [
        one for one in shape(to_html(plain)) if one[0] != "a"
    ]
    assert "<script" not in to_html(document_of(words))


@given(WORDS)
def test_whatever_stands_in_a_document_stays_words(words: str) -> None:
    page = Page(to_html(document_of(words)))
    assert not page.wrong
    assert not page.open
    assert set(page.kinds) <= ALLOWED
    shown = "".join(page.words)
    assert seen(words) in shown or not words


@given(WORDS)
def test_a_page_can_be_saved_whatever_stands_in_it(words: str) -> None:
    assert to_html(document_of(words)).encode("utf-8")


def test_nothing_is_fetched_and_nothing_runs() -> None:
    page = to_html(EVERYTHING)
    found = Page(page)
    assert not {"script", "link", "iframe", "object", "base", "form"} & set(found.kinds)
    assert all(str(image["src"]).startswith("data:image/svg+xml") for image in found.attributes("img"))
    assert "url(" not in page
    assert "@import" not in page
    assert not any(name.startswith("on") for _, attributes in found.tags for name in attributes)
    [policy] = [
        one["content"] for one in found.attributes("meta") if one.get("http-equiv") == "Content-Security-Policy"
    ]
    assert policy is not None
    assert policy.startswith("default-src 'none'")


def test_pages_of_others_open_without_telling_where_from() -> None:
    [link] = Page(to_html(EVERYTHING)).attributes("a")
    assert link == {"href": "https://example.com/list?a=1&b=2", "rel": "noopener noreferrer"}


@pytest.mark.parametrize(
    "address",
    ["javascript:alert(1)", "http://example.com", "file:///etc/passwd", "data:text/html,x", "//example.com", ""],
)
def test_only_https_becomes_a_link(address: str) -> None:
    page = to_html(Document(id="d", title="T", blocks=(Link(label="x", address=address),)))
    assert Page(page).attributes("a") == []
    assert "x<br>" in page


def test_a_symbol_for_telephones_lies_in_the_page_with_words_for_those_who_cannot_see_it() -> None:
    page = to_html(Document(id="d", title="T", blocks=(QrCode(label="Open it", value="https://example.com/q"),)))
    [image] = Page(page).attributes("img")
    assert image["alt"] == "Open it"
    source = str(image["src"])
    drawn = unquote(source.partition(",")[2])
    drawn = base64.b64decode(drawn).decode() if ";base64" in source else drawn
    assert "<svg" in drawn
    assert "https://example.com/q" in page


def test_a_table_of_facts_names_each_row_and_another_each_column() -> None:
    facts = Page(to_html(Document(id="d", title="T", blocks=(Table(rows=(Row(cells=("a", "b")),)),))))
    assert [one["scope"] for one in facts.attributes("th")] == ["row"]
    columns = Page(to_html(Document(id="d", title="T", blocks=(Table(columns=("a", "b"), rows=()),))))
    assert [one["scope"] for one in columns.attributes("th")] == ["col", "col"]


def test_marks_are_said_in_words() -> None:
    page = to_html(EVERYTHING)
    for word in ("In order:", "Look at this:", "Not right:"):
        assert f"<strong>{word}</strong>" in page


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_page_says_its_language(language: str) -> None:
    with speaking(language):
        assert f'<html lang="{language}">' in to_html(EVERYTHING)


def test_it_has_a_look_for_light_dark_and_paper() -> None:
    page = to_html(EVERYTHING)
    assert "prefers-color-scheme: dark" in page
    assert "@media print" in page
    assert re.search(r"<meta name=\"viewport\"", page)


def test_an_empty_document_is_a_page_too() -> None:
    page = Page(to_html(Document(id="d", title="T")))
    assert page.kinds.count("h1") == 1
    assert not page.wrong


def test_a_row_without_cells_is_survived() -> None:
    document = Document(
        id="d", title="T", blocks=(Table(rows=(Row(cells=()),)), Table(columns=("a",), rows=(Row(cells=()),)))
    )
    assert not Page(to_html(document)).wrong


def test_titles_of_sections_come_below_the_title() -> None:
    page = Page(to_html(Document(id="d", title="T", blocks=(Heading(text="x"), Heading(text="y")))))
    assert [tag for tag in page.kinds if re.fullmatch(r"h\d", tag)] == ["h1", "h2", "h2"]
