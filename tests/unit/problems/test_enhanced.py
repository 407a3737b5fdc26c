"""Patterns of enhanced status codes."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sendwright.problems.enhanced import InvalidPattern, parse_pattern, split


@pytest.mark.parametrize(
    ("pattern", "code"),
    [
        ("5.7.8", "5.7.8"),
        ("x.7.26", "4.7.26"),
        ("x.7.26", "5.7.26"),
        ("4.7.500-699", "4.7.500"),
        ("4.7.500-699", "4.7.699"),
        ("5.1.*", "5.1.999"),
        ("5.*.*", "5.0.0"),
    ],
)
def test_a_pattern_matches_what_it_describes(pattern: str, code: str) -> None:
    assert parse_pattern(pattern).matches(code)


@pytest.mark.parametrize(
    ("pattern", "code"),
    [
        ("5.7.8", "5.7.80"),
        ("5.7.8", "4.7.8"),
        ("x.7.26", "2.7.26"),
        ("4.7.500-699", "4.7.499"),
        ("4.7.500-699", "4.7.700"),
        ("5.7.8", None),
        ("5.7.8", ""),
        ("5.*.*", "5.7"),
        ("5.*.*", "5.7.x"),
        ("5.*.*", "5.7.-1"),
        ("5.*.*", "5.7.8.9"),
        ("5.*.*", "5.7.²"),
    ],
)
def test_and_nothing_else(pattern: str, code: str | None) -> None:
    assert not parse_pattern(pattern).matches(code)


@pytest.mark.parametrize(
    "pattern", ["", "5", "5.7", "5.7.8.9", "y.7.8", "5.7.", "5.7.8-", "5.7.-8", "5.7.1000", "5..8"]
)
def test_what_is_no_pattern_is_refused(pattern: str) -> None:
    with pytest.raises(InvalidPattern):
        parse_pattern(pattern)


@pytest.mark.parametrize("pattern", ["5.0.0", "5.7.0", "4.3.0", "5.7.1", "x.7.1"])
def test_codes_that_name_no_cause_are_vague(pattern: str) -> None:
    assert parse_pattern(pattern).vague
    assert not parse_pattern(pattern).telling


@pytest.mark.parametrize("pattern", ["5.7.8", "5.7.139", "4.7.500-699", "x.2.2"])
def test_codes_that_name_a_cause_are_telling(pattern: str) -> None:
    assert parse_pattern(pattern).telling


@pytest.mark.parametrize("pattern", ["5.1.*", "5.*.1", "5.*.*"])
def test_open_patterns_tell_nothing(pattern: str) -> None:
    assert not parse_pattern(pattern).telling


@given(st.text(max_size=20))
def test_no_text_breaks_it(text: str) -> None:
    parts = split(text)
    assert parts is None or parse_pattern(text).matches(text)
