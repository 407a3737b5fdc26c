"""The words of a message's HTML."""

from html import escape

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sendwright.message import text_of_html


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("", ""),
        ("Hello", "Hello"),
        ("<p>One</p><p>Two</p>", "One\n\nTwo"),
        ("<div>One</div><div>Two</div>", "One\nTwo"),
        ("One<br>Two<br/>Three", "One\nTwo\nThree"),
        ("<p>One\n   two\t three</p>", "One two three"),
        ("a <b>bold</b> <i>word</i>.", "a bold word."),
        ("<h1>Title</h1>Text", "Title\n\nText"),
        ("&lt;tag&gt; &amp; caf&eacute; &#8364; &nbsp;x", "<tag> & café € \u00a0x"),
        ("<ul><li>One</li><li>Two</li></ul>End", "- One\n- Two\n\nEnd"),
        ("<ol><li>One<li>Two</ol>", "1. One\n2. Two"),
        ("<ul><li>One<ul><li>Inner</li></ul></li><li>Two</li></ul>", "- One\n  - Inner\n- Two"),
        ("<table><tr><td>Who</td><td>Anna</td></tr><tr><th>When</th></tr></table>", "Who  Anna\nWhen"),
        ('<a href="https://example.org/x">Open it</a> now', "Open it (https://example.org/x) now"),
        ('<a href="https://example.org/">https://example.org</a>', "https://example.org"),
        ('<a href="https://example.org/x"></a>', "https://example.org/x"),
        ('<a href="https://example.org/x"><img alt="Logo" src="x.png"></a>', "Logo (https://example.org/x)"),
        ('<a href="mailto:anna@example.org">Anna</a>', "Anna"),
        ('<a href="javascript:alert(1)">Anna</a>', "Anna"),
        ("<a>Anna</a></a>", "Anna"),
        ("<pre>a  b\n  c</pre>", "a  b\n  c"),
        ("one<hr>two", "one\n\n----\n\ntwo"),
        ("<style>p {}</style><script>var x = '<p>';</script><p>Seen</p>", "Seen"),
        ("<head><title>Unseen</title></head><body>Seen</body>", "Seen"),
        ('<div style="display: none">Preheader<div>too</div></div>Seen', "Seen"),
        ('<p hidden>Unseen</p><p style="visibility:hidden">Unseen</p>Seen', "Seen"),
        ('<img style="display:none" src="x">Seen', "Seen"),
        ("<!-- Unseen --><!--[if mso]>Unseen<![endif]-->Seen", "Seen"),
        ("</ul></pre></ol>Seen<", "Seen<"),
        ("<p>One</p>\n\n\n<p></p><p> </p><p>Two</p>", "One\n\nTwo"),
    ],
)
def test_html_is_read_as_a_person_reads_it(html: str, text: str) -> None:
    assert text_of_html(html) == text


@given(st.text(st.sampled_from("<>/=\"' &;#abpliou\n-!d"), max_size=200))
def test_whatever_html_it_is_there_are_words_without_loose_ends(html: str) -> None:
    text = text_of_html(html)
    assert text == text.strip()
    assert "\n\n\n" not in text
    assert not any(line.endswith(" ") for line in text.split("\n"))


@given(st.text(max_size=200))
def test_escaped_words_come_back(words: str) -> None:
    flowing = " ".join(words.replace("\x00", "").split())
    if "\r" in flowing or any(0xD800 <= ord(one) <= 0xDFFF for one in flowing):
        return
    assert text_of_html(f"<p>{escape(flowing)}</p>").split() == flowing.split()
