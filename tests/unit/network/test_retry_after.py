"""How long a service asks to be left alone."""

from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sendwright.network.retry_after import LONGEST_S, retry_after

NOW = datetime(1994, 11, 6, 8, 49, 7, tzinfo=UTC)


@pytest.mark.parametrize(
    ("said", "seconds"),
    [
        ("0", 0.0),
        ("30", 30.0),
        (" 120 ", 120.0),
        ("00017", 17.0),
        ("86401", LONGEST_S),
        ("999999999999999999999999999", LONGEST_S),
    ],
)
def test_seconds_are_read_as_they_stand(said: str, seconds: float) -> None:
    assert retry_after({"Retry-After": said}, now=NOW) == seconds


@pytest.mark.parametrize(
    "said",
    ["Sun, 06 Nov 1994 08:49:37 GMT", "Sunday, 06-Nov-94 08:49:37 GMT", "Sun Nov  6 08:49:37 1994"],
)
def test_all_three_forms_of_a_date_are_read(said: str) -> None:
    assert retry_after({"Retry-After": said}, now=NOW) == 30.0


def test_a_date_counts_from_the_answers_own_date_and_not_from_a_wrong_clock() -> None:
    headers = {"Retry-After": "Sun, 06 Nov 1994 08:49:37 GMT", "Date": "Sun, 06 Nov 1994 08:48:37 GMT"}
    assert retry_after(headers, now=NOW + timedelta(days=400)) == 60.0


def test_a_date_that_has_passed_asks_for_no_pause() -> None:
    assert retry_after({"Retry-After": "Sun, 06 Nov 1994 08:49:00 GMT"}, now=NOW) == 0.0


@pytest.mark.parametrize(
    "said", ["", "soon", "-5", "1.5", "٣", "5 minutes", "Sun, 99 Nov 1994 08:49:37 GMT", ",,,", "0x10", "1" * 5 + "e9"]
)
def test_anything_else_is_no_answer(said: str) -> None:
    assert retry_after({"Retry-After": said}, now=NOW) is None


def test_a_date_means_nothing_where_neither_clock_is_known() -> None:
    date = "Sun, 06 Nov 1994 08:49:37 GMT"
    assert retry_after({"Retry-After": date}) is None
    assert retry_after({"Retry-After": date, "Date": "Sun, 06 Nov 1994 08:49:07 GMT"}) == 30.0
    assert retry_after({"Retry-After": "30"}) == 30.0


def test_without_the_field_nothing_was_said() -> None:
    assert retry_after({}, now=NOW) is None


@given(st.text(max_size=60))
def test_whatever_stands_there_the_pause_is_bounded(said: str) -> None:
    seconds = retry_after({"Retry-After": said, "Date": said[::-1]}, now=NOW)
    assert seconds is None or 0.0 <= seconds <= LONGEST_S


@given(st.integers(min_value=0, max_value=86_400))
def test_seconds_and_a_date_mean_the_same(ahead: int) -> None:
    date = format_datetime(NOW + timedelta(seconds=ahead), usegmt=True)
    assert retry_after({"Retry-After": date}, now=NOW) == retry_after({"Retry-After": str(ahead)}, now=NOW)
