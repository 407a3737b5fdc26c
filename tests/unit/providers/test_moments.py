"""When to try again what was granted and has yet to take effect."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from sendwright.providers.moments import next_moment

SINCE = datetime(2026, 11, 20, 9, tzinfo=UTC)
PAUSES = tuple(timedelta(minutes=minutes) for minutes in (1, 2, 5))


def test_nothing_waits_that_nobody_granted() -> None:
    assert next_moment(None, SINCE, PAUSES) is None


def test_the_first_planned_moment_after_the_last_try_is_next() -> None:
    at = [next_moment(SINCE, SINCE + timedelta(minutes=minutes), PAUSES) for minutes in (0, 1, 2, 3, 7)]
    assert at == [SINCE + timedelta(minutes=minutes) for minutes in (1, 3, 3, 8, 8)]


def test_after_the_last_moment_nothing_is_planned_any_more() -> None:
    assert next_moment(SINCE, SINCE + timedelta(minutes=8), PAUSES) is None


@given(st.integers(min_value=-60, max_value=600), st.lists(st.integers(min_value=1, max_value=60), max_size=20))
def test_the_next_moment_lies_ahead_and_is_planned(tried: int, pauses: list[int]) -> None:
    last = SINCE + timedelta(minutes=tried)
    found = next_moment(SINCE, last, [timedelta(minutes=pause) for pause in pauses])
    planned = [SINCE + timedelta(minutes=sum(pauses[: count + 1])) for count in range(len(pauses))]
    assert found == next((moment for moment in planned if moment > last), None)
