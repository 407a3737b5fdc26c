"""Puts the keyboard's order into the order of reading: as things stand in their layouts, not as they were made."""

from collections.abc import Iterator, Sequence
from itertools import pairwise

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLayout, QScrollArea, QWidget


def set_reading_order(window: QWidget, parts: Sequence[QWidget | None]) -> None:
    """Let Tab walk through `parts`, one after another, each from its first word to its last."""
    chain = [widget for part in parts if part is not None for widget in focusable(part)]
    for former, following in pairwise(chain):
        if former.window() is window and following.window() is window:
            QWidget.setTabOrder(former, following)


def focusable(widget: QWidget) -> Iterator[QWidget]:
    """Yield what the keyboard can reach in `widget`, itself included, in reading order; hidden parts too."""
    if widget.focusPolicy() & Qt.FocusPolicy.TabFocus:
        yield widget
    layout = widget.layout()
    if layout is not None:
        yield from _in_layout(layout)
    elif isinstance(widget, QScrollArea) and (inner := widget.widget()) is not None:
        yield from focusable(inner)


def _in_layout(layout: QLayout) -> Iterator[QWidget]:
    for place in range(layout.count()):
        item = layout.itemAt(place)
        if item is None:
            continue
        widget, inner = item.widget(), item.layout()
        if widget is not None:
            yield from focusable(widget)
        elif inner is not None:
            yield from _in_layout(inner)
