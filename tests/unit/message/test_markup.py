"""HTML in pieces: read as the standard says, in one pass, whatever it is."""

import time
from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st
from typing_extensions import override

from sendwright.message import text_of_html
from sendwright.message.markup import Closing, Opening, Piece, Words, pieces

SIZE = 300_000
PATIENCE_S = 10.0
"""Seconds for SIZE letters; one pass takes less than one, html.parser needs minutes."""

BROKEN = {
    "comments": "<!--",
    "declarations": "<!",
    "instructions": "<?",
    "marked sections": "<![",
    "angles": "<",
    "ends": "</",
    "tags": "<a ",
    "values": '<a x="',
    "single quotes": "<a '",
    "equals": "<a x= ",
    "slashes": "<a/",
    "references": "&#",
    "no characters": "&#9",
    "scripts": "<script>",
    "titles": "<title></titl",
    "lists": "<ul><li>x",
    "numbers": "<ol><li>",
    "links": "<a href=http://x/>y",
    "spaces": " ",
    "hidden": "<p hidden>",
}


@pytest.mark.parametrize("end", ["", ">", "</a></ul></script>", "\n"])
@pytest.mark.parametrize("unit", BROKEN.values(), ids=BROKEN.keys())
@pytest.mark.parametrize("before", ["", "<pre>"])
def test_broken_html_takes_no_longer_than_good_html(before: str, unit: str, end: str) -> None:
    html = before + unit * (SIZE // len(unit)) + end
    began = time.perf_counter()
    assert len(text_of_html(html)) < 40 * SIZE
    assert time.perf_counter() - began < PATIENCE_S


@pytest.mark.parametrize("html", ["&#" + "9" * 10_000 + ";x", '<img alt="&#' + "9" * 10_000 + ';x">'])
def test_a_number_that_is_no_character_is_one_all_the_same(html: str) -> None:
    assert text_of_html(html) == "\N{REPLACEMENT CHARACTER}x"


@pytest.mark.parametrize(
    ("html", "found"),
    [
        ("a<b>c</b>d", [Words("a"), Opening("b", {}), Words("c"), Closing("b"), Words("d")]),
        ("<BR/><Hr >", [Opening("br", {}), Opening("hr", {})]),
        ("1 < 2 <3 <>", [Words("1 < 2 <3 <>")]),
        ("<p title='a>b' lang=en id=\"x\">", [Opening("p", {"title": "a>b", "lang": "en", "id": "x"})]),
        ("<p title = 'a' hidden  x>", [Opening("p", {"title": "a", "hidden": "", "x": ""})]),
        ("<p a=1 A=2>", [Opening("p", {"a": "1"})]),
        ('<a href=/x?a=b&amp;c="d">', [Opening("a", {"href": '/x?a=b&c="d"'})]),
        ("<p don't>x", [Opening("p", {"don't": ""}), Words("x")]),
        ("<p =x>y", [Opening("p", {"x": ""}), Words("y")]),
        ("</p class=x>y", [Closing("p"), Words("y")]),
        ("a<!-- <p> -->b<!-->c<!--->d<!doctype html>e<?xml ?>f</>g</ p>h", [Words(one) for one in "abcdefgh"]),
        ("<![CDATA[x]]>y", [Words("y")]),
        ("a<!-- b", [Words("a")]),
        ("a<p title='b>c", [Words("a")]),
        ("a</p", [Words("a")]),
        ("a<", [Words("a<")]),
        ("<style>a<b></style>c", [Opening("style", {}), Words("a<b>"), Closing("style"), Words("c")]),
        ("<script>'</scripts>&lt;'", [Opening("script", {}), Words("'</scripts>&lt;'")]),
        ("<title>a<b>&lt;</TITLE >", [Opening("title", {}), Words("a<b><"), Closing("title")]),
    ],
)  # fmt: skip
def test_html_is_taken_apart_as_the_standard_says(html: str, found: list[Piece]) -> None:
    assert list(pieces(html)) == found


class Library(HTMLParser):
    """What the standard library finds in HTML that is not broken."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.found: list[Piece] = []

    @override
    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append(Opening(tag, {name: value or "" for name, value in reversed(attrs)}))

    @override
    def handle_endtag(self, tag: str) -> None:
        self.found.append(Closing(tag))

    @override
    def handle_data(self, data: str) -> None:
        self.found.append(Words(data))


NAMES = st.sampled_from(["a", "p", "li", "div", "h1", "x-y"])
VALUES = st.text(st.sampled_from("abc &;#<>=/'ä"), max_size=8)
ATTRIBUTES = st.lists(st.tuples(st.sampled_from(["href", "class", "data-x"]), VALUES), max_size=3)


def opening(tag: str, attributes: list[tuple[str, str]]) -> str:
    return f"<{tag}{''.join(f' {name}={chr(34)}{value}{chr(34)}' for name, value in attributes)}>"


HTML = st.lists(
    st.builds(opening, NAMES, ATTRIBUTES)
    | st.builds("</{}>".format, NAMES)
    | st.text(st.sampled_from("abc &;#>=/'\n"), max_size=10)
    | st.just("<!-- <p> x -->"),
    max_size=12,
).map("".join)


@given(HTML)
def test_sound_html_is_read_as_the_standard_library_reads_it(html: str) -> None:
    library = Library()
    library.feed(html)
    library.close()
    assert list(pieces(html)) == library.found


@given(st.text(st.sampled_from("<>/=\"' &;#ascript!-?[]\n"), max_size=300))
def test_no_letter_is_read_twice(html: str) -> None:
    words = "".join(piece.text for piece in pieces(html.replace("&", "")) if isinstance(piece, Words))
    assert len(words) <= len(html)
