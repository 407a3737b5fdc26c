"""Pictures for the documentation: small, and what they show unchanged."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtGui import QColor, QImage
from tests.desktop.small_picture import in_few_colours, save_small


def drawn(colours: list[int], *, width: int = 64, height: int = 64) -> QImage:
    picture = QImage(width, height, QImage.Format.Format_RGB32)
    picture.fill(QColor("white"))
    for place, colour in enumerate(colours):
        picture.setPixelColor(place % width, place // width, QColor(colour))
    return picture


@given(st.lists(st.integers(min_value=0, max_value=0xFFFFFF), max_size=200))
def test_a_picture_of_few_colours_stays_as_it_is(colours: list[int]) -> None:
    picture = drawn(colours)
    assert in_few_colours(picture).convertToFormat(QImage.Format.Format_RGB32) == picture


def test_of_many_colours_the_frequent_ones_stay_and_the_rest_is_near(tmp_path: Path) -> None:
    picture = drawn([grey * 0x010101 + blue for grey in range(250) for blue in range(4)])
    save_small(picture, tmp_path / "many.png")
    saved = QImage(str(tmp_path / "many.png"))
    assert saved.pixelColor(63, 63) == QColor("white")
    for place in range(1000):
        x, y = place % 64, place // 64
        former, latter = picture.pixelColor(x, y), saved.pixelColor(x, y)
        assert abs(former.red() - latter.red()) + abs(former.blue() - latter.blue()) < 32


def test_a_small_red_sign_stays_red_among_many_greys(tmp_path: Path) -> None:
    picture = drawn([*[grey * 0x010101 + blue for grey in range(250) for blue in range(4)] * 3, 0xB3261E])
    save_small(picture, tmp_path / "red.png")
    assert QImage(str(tmp_path / "red.png")).pixelColor(3000 % 64, 3000 // 64) == QColor(0xB3261E)


def test_a_place_that_cannot_be_written_is_said(tmp_path: Path) -> None:
    with pytest.raises(OSError, match="could not be written"):
        save_small(drawn([]), tmp_path / "nowhere" / "a.png")
