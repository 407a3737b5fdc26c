"""What a line of the table says about its values."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.benchmarks.line import Line, Spread, spread

VALUES = st.lists(st.floats(min_value=0.001, max_value=1e6), min_size=1, max_size=20).map(tuple)


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ((), None),
        ((3.0,), Spread(3.0, 3.0, 3.0)),
        ((5.0, 1.0, 3.0), Spread(3.0, 1.0, 5.0)),
        ((1.0, 2.0, 3.0, 10.0), Spread(2.5, 1.0, 10.0)),
    ],
)
def test_a_spread_is_median_least_and_most(values: tuple[float, ...], expected: Spread | None) -> None:
    assert spread(values) == expected


@given(VALUES)
def test_the_median_lies_between_least_and_most(values: tuple[float, ...]) -> None:
    found = spread(values)
    assert found is not None
    assert found.least <= found.median <= found.most


def test_a_ratio_is_taken_run_by_run_so_that_a_slow_moment_counts_on_both_sides() -> None:
    line = Line(what="start", unit="ms", ours=(100.0, 900.0, 100.0), theirs=(50.0, 450.0, 50.0))
    assert line.ratio == Spread(2.0, 2.0, 2.0)


@pytest.mark.parametrize("theirs", [(), (0.0,)])
def test_without_anything_to_compare_with_there_is_no_ratio(theirs: tuple[float, ...]) -> None:
    assert Line(what="start", unit="ms", ours=(1.0,), theirs=theirs).ratio is None


@given(VALUES)
def test_a_thing_compared_with_itself_has_the_ratio_one(values: tuple[float, ...]) -> None:
    assert Line(what="start", unit="ms", ours=values, theirs=values).ratio == Spread(1.0, 1.0, 1.0)
