"""Words in headers: encoded where they must be, left alone where they may be, never longer than a line."""

import base64
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sendwright.address.phrase import LINE, clean, encode_phrase, encode_unstructured, encode_words, is_plain

WORD = re.compile(r"=\?utf-8\?b\?([A-Za-z0-9+/]+={0,2})\?=")


def decoded(value: str) -> str:
    """Decode strictly: every encoded word by itself, and nothing but folds between them."""
    assert WORD.sub("", value).replace("\r\n ", "") == ""
    return "".join(base64.b64decode(word).decode() for word in WORD.findall(value))


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("plain", "plain"),
        (" outer space ", "outer space"),
        ("a\r\nb", "a  b"),
        ("a\tb\x00c\x7fd\x85e", "a b c d e"),
        ("a\u2028b\u2029c", "a b c"),
        ("a\ud800b", "a b"),
        ("\r\n", ""),
        ("joined\u200dstays\u202eeven this", "joined\u200dstays\u202eeven this"),
    ],
)
def test_text_is_brought_onto_one_line(text: str, line: str) -> None:
    assert clean(text) == line


@pytest.mark.parametrize(
    ("text", "plain"),
    [("Contoso", True), ("a=b?c", True), ("=?", False), ("x=?y", False), ("Zoë", False), ("", True)],
)
def test_what_a_reader_could_take_for_encoded_is_not_plain(text: str, plain: bool) -> None:
    assert is_plain(text) is plain


@pytest.mark.parametrize(
    ("text", "phrase"),
    [
        ("Contoso", '"Contoso"'),
        ('a "b"', '"a \\"b\\""'),
        ("\\", '"\\\\"'),
        ("a\r\nb", '"a  b"'),
        ("x" * 64, f'"{"x" * 64}"'),
        ("é", "=?utf-8?b?w6k=?="),
    ],
)
def test_a_phrase_is_quoted_or_encoded(text: str, phrase: str) -> None:
    assert encode_phrase(text) == phrase


def test_a_quoted_phrase_that_would_be_too_long_is_encoded() -> None:
    assert decoded(encode_phrase('"' * 40)) == '"' * 40
    assert decoded(encode_phrase("x" * 65)) == "x" * 65


@pytest.mark.parametrize(("length", "plain"), [(67, True), (68, False)])
def test_a_header_that_fits_its_line_is_left_alone(length: int, plain: bool) -> None:
    value = encode_unstructured("x" * length, used=len("Subject: "))
    assert (value == "x" * length) is plain
    assert plain or decoded(value) == "x" * length


@given(st.text(min_size=1, max_size=200).map(clean).filter(bool), st.integers(0, 72))
def test_words_fill_lines_without_overflowing_and_come_back(text: str, used: int) -> None:
    value = encode_words(text, used=used)
    first, *rest = value.split("\r\n")
    assert used + len(first) <= LINE or not first
    assert all(len(line) <= LINE for line in rest)
    assert decoded(value.removeprefix("\r\n ")) == text


def test_a_long_header_name_leaves_its_line_to_itself() -> None:
    value = encode_words("ü", used=70)
    assert value == "\r\n =?utf-8?b?w7w=?="
    assert encode_words("", used=0) == ""


@given(st.text(max_size=120))
def test_cleaning_twice_is_cleaning_once(text: str) -> None:
    assert clean(clean(text)) == clean(text)
    clean(text).encode()
