"""How well colours stand out, by the examples of WCAG."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sendwright.deployment.colour import BLACK, READABLE, WHITE, contrast, fitted, mix, parse_colour

colours = st.integers(0, 0xFFFFFF).map(lambda number: f"#{number:06x}")


@pytest.mark.parametrize(
    ("one", "other", "ratio"),
    [
        (WHITE, BLACK, 21.0),
        (WHITE, WHITE, 1.0),
        ("#777777", WHITE, 4.48),
        ("#767676", WHITE, 4.54),
        ("#ff0000", WHITE, 4.00),
        ("#0000ff", WHITE, 8.59),
    ],
)
def test_contrast_is_that_of_wcag(one: str, other: str, ratio: float) -> None:
    assert contrast(one, other) == pytest.approx(ratio, abs=0.01)
    assert contrast(other, one) == contrast(one, other)


@pytest.mark.parametrize(
    ("text", "colour"),
    [
        ("#1F5FBF", "#1f5fbf"),
        (" #000000 ", "#000000"),
        ("#fff", None),
        ("1f5fbf", None),
        ("#1f5fbg", None),
        ("red", None),
        ("#1f5fbf00", None),
        ("", None),
    ],
)
def test_a_colour_has_six_digits(text: str, colour: str | None) -> None:
    assert parse_colour(text) == colour


@given(colours, st.sampled_from([WHITE, "#171a1f", "#1e2228", BLACK, "#777777"]))
def test_any_colour_can_be_moved_until_it_is_readable(colour: str, ground: str) -> None:
    moved = fitted(colour, ground=ground)
    assert contrast(moved, ground) >= READABLE
    if contrast(colour, ground) >= READABLE:
        assert moved == colour, "what is readable stays as it is"


def test_colours_mix_channel_by_channel() -> None:
    assert mix("#000000", "#ff8000", share=0) == "#000000"
    assert mix("#000000", "#ff8000", share=1) == "#ff8000"
    assert mix("#000000", "#ff8000", share=0.5) == "#804000"
