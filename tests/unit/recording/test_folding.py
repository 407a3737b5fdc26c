"""A text undone of its codings, with the place of each letter."""

import json
from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sendwright.recording.folding import fold, readings, traced


def read(text: str) -> set[str]:
    return {letters for letters, _ in readings(text)}


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("Two Words\r\n", "twowords"),
        ("zero\u200bwidth\xad\0", "zerowidth"),
        ("base-64_url", "base+64/url"),
        ("STRASSE straße", "strassestrasse"),
        ("", ""),
    ],
)
def test_a_folded_text_has_no_gaps_and_no_case(text: str, folded: str) -> None:
    assert fold(text) == folded


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("a%2Fb%C3%BC", "a/bü"),
        ("%252F", "/"),
        ("a=2Db=\r\nc", "a-bc"),
        (r"a\u00fcb\/c\"d\x41", 'aüb/c"dA'),
        (r"\ud83e\udd9c", "🦜"),
        ("a&amp;b&#x41;&#65;&quot;", 'a&bAA"'),
        ("61:62-63", "616263"),
        ("one+two", "onetwo"),
        (quote(json.dumps("ü")), '"ü"'),
        ("%ff", "\udcff"),
        ("%ED%A0%80", "\ud800"),
        ("&nosuch;", "&nosuch;"),
        ("%zz=zz\\", "%zz=zz\\"),
    ],
)
def test_codings_are_undone_also_one_over_the_other(text: str, meant: str) -> None:
    assert meant in read(text)


def test_what_holds_no_coding_is_read_once() -> None:
    assert list(readings("plain words")) == [("plain words", ())]


@given(st.text(st.characters(exclude_categories=()), max_size=80))
def test_each_letter_knows_where_it_stood(text: str) -> None:
    for letters, chain in readings(text):
        view = traced(text, chain)
        assert view.letters == fold(letters)
        assert len(view.places) == len(view.letters)
        assert all(0 <= start < end <= len(text) for start, end in view.places)
        assert [start for start, _ in view.places] == sorted(start for start, _ in view.places)


@given(st.text(alphabet="%=\\&+:2DuU5cx;amp", max_size=60))
def test_any_mixture_of_codings_can_be_read(text: str) -> None:
    assert len(read(text)) < 400
