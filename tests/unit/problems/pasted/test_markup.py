"""Pages become the words that a reader sees."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sendwright.problems.pasted.markup import is_markup, words_of


@pytest.mark.parametrize(
    ("page", "words"),
    [
        ("<p>550 5.1.1 <b>User</b> unknown</p>", "550 5.1.1 User unknown"),
        ("one<br>two<BR/>three", "one\ntwo\nthree"),
        ("<style>p{margin:550px}</style><p>x", "x"),
        ("<head><title>550</title></head><body>x", "x"),
        ("<script>var a = '550 5.1.1'</script>x", "x"),
        ("it couldn&#8217;t be &lt;b@example.com&gt;", "it couldn\u2019t be <b@example.com>"),
        ("<bob@example.com>: no", "<bob@example.com>: no"),
        ("a < b and b > c", "a < b and b > c"),
        ("&#27;[31m", "[31m"),
        ("&#" + "9" * 6000 + ";", "&#" + "9" * 6000 + ";"),
        ("no end <p", "no end <p"),
    ],
)
def test_words_without_signs(page: str, words: str) -> None:
    assert words_of(page).strip() == words


@pytest.mark.parametrize("text", ["<html>", " <!DOCTYPE html>", "\n<HTML><body>", "<body>", "<div>x</div>"])
def test_a_page_is_told_by_how_it_begins(text: str) -> None:
    assert is_markup(text)


@pytest.mark.parametrize("text", ["", "550 <b>no</b>", "<bob@example.com>: no", "<** 550 no", "<- 220 mx"])
def test_a_log_is_no_page(text: str) -> None:
    assert not is_markup(text)


@given(st.text(alphabet="<>/pbrscriptyle &#;x1@!-"))
def test_nothing_breaks_it_and_it_adds_little(page: str) -> None:
    assert len(words_of(page)) <= len(page) + page.count("<")
