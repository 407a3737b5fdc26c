"""Characters that would not show are made visible."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sendwright.recording.visible import INVISIBLE, visible


@pytest.mark.parametrize(
    ("said", "shown"),
    [
        ("plain words", "plain words"),
        ("two\nlines", "two\nlines"),
        ("bell\x07 escape\x1b[0m", r"bell\x07 escape\x1b[0m"),
        ("tab\tand\rreturn", r"tab\tand\rreturn"),
        ("\u202ereversed\u2066", r"\u202ereversed\u2066"),
        ("zero\u200bwidth", r"zero\u200bwidth"),
        ("byte \udcff", r"byte \xff"),
        ("lone \ud800", r"lone \ud800"),
        ("jürgen 東京", "jürgen 東京"),
        ("\U000e0041", r"\U000e0041"),
    ],
)
def test_what_would_not_show_is_written_out(said: str, shown: str) -> None:
    assert visible(said) == shown


@given(st.text(st.characters(exclude_categories=())))
def test_nothing_invisible_is_left(text: str) -> None:
    left = {unicodedata.category(character) for character in visible(text) if character != "\n"}
    assert not left & INVISIBLE
