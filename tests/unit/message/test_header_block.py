"""The header of a message is found in whatever stands around it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sendwright.message.header_block import LONGEST_HEADER, header_of, values_of

WHOLE = "Received: by x\nFrom: a@example.org\nSubject: one\n two\n\tthree\n"


def test_folded_lines_are_one_value() -> None:
    fields, whole = header_of(WHOLE)
    assert whole
    assert values_of(fields, "subject") == ("one two three",)
    assert [name for name, _ in fields] == ["received", "from", "subject"]


def test_names_are_the_same_in_all_letters_and_values_keep_theirs() -> None:
    fields, _ = header_of("RECEIVED: X\nfRoM: A@Example.org\n")
    assert fields == (("received", "X"), ("from", "A@Example.org"))


def test_a_field_that_stands_twice_is_there_twice() -> None:
    fields, _ = header_of("From: a@example.org\nFrom: b@example.org\nMessage-ID: <x@y>\n")
    assert values_of(fields, "from") == ("a@example.org", "b@example.org")
    assert values_of(fields, "sender") == ()


@pytest.mark.parametrize(
    "before",
    [
        "",
        "\n\n",
        "From anna@example.org Fri Nov 20 09:00:00 2026\n",
        "Original Message\n",
        "Subject: a table without a sender\n\n",
        "To:\tdirector@example.com\nSPF:\tPASS\nsome words in between\n",
        "From: shown@example.org\nTo: director@example.com\n\n",
        " a line that continues nothing\n",
        "no colon here\nnor here\n",
    ],
)
def test_what_stands_in_front_is_passed_over(before: str) -> None:
    fields, whole = header_of(before + WHOLE)
    assert whole
    assert values_of(fields, "from") == ("a@example.org",)


@pytest.mark.parametrize("after", ["\nFrom: evil@example.org\nReceived: y\n", "words\nFrom: evil@example.org\n"])
def test_what_comes_behind_does_not_count(after: str) -> None:
    fields, _ = header_of(f"{WHOLE}{after}")
    assert values_of(fields, "from") == ("a@example.org",)


def test_only_a_table_is_a_part_and_not_the_whole() -> None:
    fields, whole = header_of("From: a@example.org\nTo: b@example.org\nSubject: x\n")
    assert not whole
    assert values_of(fields, "from") == ("a@example.org",)


@pytest.mark.parametrize("text", ["", "\n", "words", "Subject: x\n", ": x\n", "Fr om: a@example.org\n", "From\n"])
def test_nothing_names_a_sender(text: str) -> None:
    assert header_of(text) == ((), False)


def test_what_lies_too_far_away_is_not_looked_for() -> None:
    assert header_of("x\n" * LONGEST_HEADER + WHOLE) == ((), False)


@pytest.mark.parametrize(
    "unit", ["A:\n", "A: \n ", "From: a\n\n", ":\n", " \n", "From:\r", "\r\n\r\n", "x" * 77 + ":\n"]
)
def test_many_lines_are_read_in_one_pass(unit: str) -> None:
    header_of(unit * (LONGEST_HEADER // len(unit)))


@given(st.text(alphabet="From:a@b.\r\n\t ", max_size=400))
def test_what_is_found_names_a_sender_and_stands_there(text: str) -> None:
    fields, whole = header_of(text)
    assert not fields or values_of(fields, "from")
    assert not whole or fields
    assert all(name in text.lower() for name, _ in fields)
