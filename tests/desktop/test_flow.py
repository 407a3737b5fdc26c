"""A row that breaks into lines like words do."""

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QRect, QSize
from PySide6.QtWidgets import QLayoutItem, QPushButton, QSpacerItem, QVBoxLayout, QWidget
from typing_extensions import override

from sendwright.desktop.reading_order import focusable
from sendwright.desktop.theme.theme import Theme
from sendwright.desktop.widgets.button import Button
from sendwright.desktop.widgets.flow import Flow

GAP = 8


class Block(QLayoutItem):
    """Something of a fixed size."""

    def __init__(self, width: int, height: int = 10) -> None:
        super().__init__()
        self._size, self._place = QSize(width, height), QRect()

    @override
    def sizeHint(self) -> QSize:
        return self._size

    @override
    def minimumSize(self) -> QSize:
        return self._size

    @override
    def isEmpty(self) -> bool:
        return False

    @override
    def setGeometry(self, place: QRect) -> None:
        self._place = place

    @override
    def geometry(self) -> QRect:
        return self._place


def flow_of(*blocks: Block) -> Flow:
    made = Flow(gap=GAP)
    for block in blocks:
        made.addItem(block)
    return made


def places(flow: Flow, blocks: tuple[Block, ...], width: int) -> list[tuple[int, int]]:
    flow.setGeometry(QRect(0, 0, width, 500))
    return [(block.geometry().x(), block.geometry().y()) for block in blocks]


@pytest.mark.parametrize(
    ("width", "expected"),
    [
        (400, [(0, 0), (108, 0), (216, 0)]),
        (316, [(0, 0), (108, 0), (216, 0)]),
        (315, [(0, 0), (108, 0), (0, 18)]),
        (207, [(0, 0), (0, 18), (0, 36)]),
        (50, [(0, 0), (0, 18), (0, 36)]),
    ],
)
def test_what_has_no_room_goes_into_the_next_line(width: int, expected: list[tuple[int, int]]) -> None:
    blocks = (Block(100), Block(100), Block(100))
    assert places(flow_of(*blocks), blocks, width) == expected


def test_what_is_lower_stands_in_the_middle_of_its_line() -> None:
    blocks = (Block(50, 30), Block(50, 10))
    assert places(flow_of(*blocks), blocks, 200) == [(0, 0), (58, 10)]


def test_nothing_takes_no_room() -> None:
    empty = flow_of()
    assert empty.heightForWidth(100) == 0
    assert empty.sizeHint() == empty.minimumSize() == QSize(0, 0)
    assert empty.itemAt(0) is None
    assert empty.takeAt(0) is None


def test_its_items_can_be_found_and_taken_out() -> None:
    blocks = (Block(10), Block(20))
    made = flow_of(*blocks)
    assert made.count() == 2
    assert made.itemAt(1) is blocks[1]
    assert made.itemAt(-1) is made.itemAt(2) is None
    assert made.takeAt(0) is blocks[0]
    assert made.count() == 1


def test_its_size_is_that_of_one_line_and_at_least_of_its_widest() -> None:
    made = flow_of(Block(30, 10), Block(60, 20))
    assert made.sizeHint() == QSize(30 + GAP + 60, 20)
    assert made.minimumSize() == QSize(60, 20)
    assert not made.expandingDirections()


sizes = st.lists(st.tuples(st.integers(1, 200), st.integers(1, 40)), min_size=1, max_size=8)


@given(sizes=sizes, width=st.integers(1, 600))
def test_nothing_overlaps_sticks_out_or_changes_places(sizes: list[tuple[int, int]], width: int) -> None:
    blocks = tuple(Block(*size) for size in sizes)
    made = flow_of(*blocks)
    height = made.heightForWidth(width)
    made.setGeometry(QRect(0, 0, width, height))
    spots = [block.geometry() for block in blocks]
    for place, spot in enumerate(spots):
        assert spot.left() >= 0
        assert spot.right() < max(width, 1)
        assert spot.top() >= 0
        assert spot.bottom() < height
        assert not any(spot.intersects(other) for other in spots[:place])
    before = [spot for spot in spots if spot.left() == 0]
    assert [spot.top() for spot in before] == sorted(spot.top() for spot in before)


def test_a_hidden_button_leaves_no_gap(theme: Theme, show: Callable[..., QWidget]) -> None:
    holder = QWidget()
    column = QVBoxLayout(holder)
    row = Flow(gap=GAP)
    column.addLayout(row)
    first, hidden, last = (Button(theme, words, role="quiet") for words in ("first", "hidden", "last"))
    for button in (first, hidden, last):
        row.addWidget(button)
    hidden.hide()
    show(holder, width=400, height=100)
    assert last.x() == first.x() + first.width() + GAP
    hidden.show()
    row.activate()
    assert last.x() == hidden.x() + hidden.width() + GAP
    assert list(focusable(holder)) == [first, hidden, last]


def test_long_words_wrap_inside_their_button(theme: Theme, show: Callable[..., QWidget]) -> None:
    holder = QWidget()
    column = QVBoxLayout(holder)
    row = Flow(gap=GAP)
    column.addLayout(row)
    long = Button(theme, "Verbindungseinstellungen überprüfen und danach " * 3)
    for button in (long, QPushButton("short")):
        row.addWidget(button)
    show(holder, width=260, height=300)
    assert long.width() <= 260
    assert long.height() >= long.heightForWidth(long.width())
    row.addItem(QSpacerItem(0, 0))
    assert row.heightForWidth(240) > long.height()
