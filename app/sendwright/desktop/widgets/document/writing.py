"""Headings, paragraphs and lists."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from sendwright.desktop.theme.theme import Theme
from sendwright.desktop.widgets.remedies import bullet
from sendwright.desktop.widgets.words import Words, label
from sendwright.document.blocks import Heading, Paragraph, Points
from sendwright.document.seen import seen


def heading(theme: Theme, block: Heading) -> Words:
    """Return the title of what follows, with room above it."""
    made = label(seen(block.text), role="heading")
    made.setContentsMargins(0, theme.tokens.units(1), 0, 0)
    return made


def paragraph(_theme: Theme, block: Paragraph) -> Words:
    """Return sentences."""
    return label(seen(block.text), role="strong" if block.strong else "")


def points(theme: Theme, block: Points) -> QWidget:
    """Return a list, with numbers where the order counts."""
    made = QWidget()
    column = QVBoxLayout(made)
    column.setContentsMargins(0, 0, 0, 0)
    column.setSpacing(theme.tokens.units(0.5))
    for number, item in enumerate(block.items, start=1):
        column.addWidget(_numbered(theme, number, item) if block.numbered else bullet(theme, seen(item)))
    return made


def _numbered(theme: Theme, number: int, words: str) -> QWidget:
    made = QWidget()
    row = QHBoxLayout(made)
    row.setContentsMargins(0, 0, 0, 0)
    row.setSpacing(theme.tokens.units(1))
    row.addWidget(label(f"{number}."), 0, Qt.AlignmentFlag.AlignTop)
    row.addWidget(label(seen(words)), 1)
    return made
