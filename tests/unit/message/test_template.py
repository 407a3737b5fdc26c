"""What is put into a template stays words."""

import pytest

from sendwright.errors import ResourceMissing
from sendwright.message.template import fill, item, paragraphs, row


def test_words_are_escaped_and_markup_is_not() -> None:
    found = fill("test-code.html", words={"label": "<b>", "code": '"&"', "note": "$label"}, markup={})
    assert "&lt;b&gt;" in found
    assert "&quot;&amp;&quot;" in found
    assert ">$label<" in found


def test_a_word_that_is_missing_is_noticed() -> None:
    with pytest.raises(KeyError, match="note"):
        fill("test-code.html", words={"label": "a", "code": "b"}, markup={})


def test_a_template_that_is_missing_is_noticed() -> None:
    with pytest.raises(ResourceMissing):
        fill("none.html", words={}, markup={})


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("", ""),
        ("a", '<p style="s">a</p>'),
        ("a\nb\n\n \nc", '<p style="s">a<br>\nb</p>\n<p style="s">c</p>'),
        ("<a> & b", '<p style="s">&lt;a&gt; &amp; b</p>'),
        (
            "(see https://example.org/a?b=c&d.)",
            (
                '<p style="s">(see <a class="link" href="https://example.org/a?b=c&amp;d">'
                "https://example.org/a?b=c&amp;d</a>.)</p>"
            ),
        ),
        ("ftp://example.org", '<p style="s">ftp://example.org</p>'),
    ],
)
def test_plain_text_becomes_paragraphs(text: str, html: str) -> None:
    assert paragraphs(text, style="s") == html


def test_rows_and_items_escape_what_they_hold() -> None:
    assert ">a&lt;</td>" in row("a<", "b>")
    assert ">b&gt;</td></tr>" in row("a<", "b>")
    assert item("<x>").endswith(">&lt;x&gt;</li>")
