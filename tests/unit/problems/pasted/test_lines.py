"""A text becomes lines, with what belongs to one answer put together."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sendwright.problems.pasted.lines import lines_of
from sendwright.problems.reading import MAX_TEXT


def _lines(text: str) -> list[str]:
    return [line.text for line in lines_of(text)]


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("", []),
        ("\n \n", []),
        ("one\ntwo", ["one", "two"]),
        ("550-First\n550 Second", ["550-First Second"]),
        ("550-5.1.1 First\n550-5.1.1 Second\n550 5.1.1 Third", ["550-5.1.1 First Second Third"]),
        ("<~  250-First\n<~  250 Second", ["<~  250-First Second"]),
        ("S: 250-First\nS: 250 Second\nC: QUIT", ["S: 250-First Second", "C: QUIT"]),
        ("550-First\n421 Other", ["550-First", "421 Other"]),
        ("550-First\n\n550 Second", ["550-First", "550 Second"]),
        ("said: 550 5.1.1\n    <bob@example.com>: Unknown", ["said: 550 5.1.1 <bob@example.com>: Unknown"]),
        ("after RCPT TO:<bob@example.com>:\n    552 Full", ["after RCPT TO:<bob@example.com>: 552 Full"]),
        ("NullPointerException\n\tat org.example.App", ["NullPointerException", "at org.example.App"]),
        (" -> RCPT TO:<bob@example.com>\n<-  550 No", ["-> RCPT TO:<bob@example.com>", "<-  550 No"]),
        ("failure: Remote_host_said:_550_No/", ["failure: Remote host said: 550 No/"]),
        ("a_name_with_signs", ["a_name_with_signs"]),
    ],
)
def test_what_belongs_together_is_one_line(text: str, lines: list[str]) -> None:
    assert _lines(text) == lines


def test_every_line_knows_where_it_begins() -> None:
    text = "one\n\n  550-two\n550 three\nfour"
    assert [(line.place, text[line.place :].lstrip()[:3]) for line in lines_of(text)] == [
        (0, "one"),
        (5, "550"),
        (25, "fou"),
    ]


@pytest.mark.parametrize("text", ["550-x\n" * 50_000, "550 x\n" + " word\n" * 50_000, "x" * 500_000])
def test_no_line_grows_without_end(text: str) -> None:
    assert max(len(line) for line in _lines(text)) <= 20_000 + MAX_TEXT


@given(st.text(alphabet="ab 5-\n:_<(\t"))
def test_nothing_is_lost_but_blanks_codes_and_signs(text: str) -> None:
    assert "".join(_lines(text)).count("b") == text.count("b")


@given(st.text())
def test_places_grow(text: str) -> None:
    places = [line.place for line in lines_of(text)]
    assert places == sorted(set(places))
