"""Words of a server are cut and made visible, and what is no text is nothing."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sendwright.oauth.words import LONGEST_NAME, name_in, words_in


@pytest.mark.parametrize("value", [None, 7, True, b"x", [], ["x"], {}, {"a": "b"}, 1.5])
def test_what_is_no_text_is_nothing(value: object) -> None:
    assert (words_in(value, 100), name_in(value)) == ("", "")


@pytest.mark.parametrize(
    ("value", "words", "name"),
    [
        ("", "", ""),
        ("Alice Ansbach", "Alice Ansbach", "Alice Ansbach"),
        ("日本 Ü", "日本 Ü", "日本 Ü"),
        ("one\r\ntwo", "one\ntwo", None),
        ("one\ntwo", "one\ntwo", "one two"),
    ],
)
def test_a_text_keeps_its_lines_and_a_name_has_one(value: str, words: str, name: str | None) -> None:
    assert words_in(value, 100) == words
    assert name is None or name_in(value) == name


@pytest.mark.parametrize("letter", ["\u202e", "\x00", "\x1b", "\u2066"])
def test_what_would_turn_the_text_around_it_is_spelled_out(letter: str) -> None:
    assert letter not in words_in(f"a{letter}b", 100)
    assert letter not in name_in(f"a{letter}b")


def test_a_text_is_cut_before_it_is_looked_at() -> None:
    assert words_in("a" * 1_000, 10) == "a" * 10
    assert name_in("a" * 1_000) == "a" * LONGEST_NAME


@given(st.text(max_size=600))
def test_a_name_never_has_a_second_line(value: str) -> None:
    assert "\n" not in name_in(value)
