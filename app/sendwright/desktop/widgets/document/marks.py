"""What is said of a row or a line, as a drawing and a word."""

from collections.abc import Mapping
from types import MappingProxyType

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QWidget

from sendwright.desktop.theme.theme import Theme
from sendwright.desktop.widgets.drawing import Drawing
from sendwright.desktop.widgets.words import label
from sendwright.document.blocks import Mark
from sendwright.texts import text

TONES: Mapping[Mark, str] = MappingProxyType({Mark.GOOD: "passed", Mark.ATTENTION: "warning", Mark.WRONG: "failed"})
"""The tone of each mark, which is also the name of its drawing and of its colour."""


def word_of(mark: Mark) -> str:
    """Return the word for those who see no colours; empty for what is not marked."""
    return text(f"document.mark.{mark}") if mark in TONES else ""


def marked(theme: Theme, mark: Mark, words: str = "") -> QWidget:
    """Return the drawing of `mark` before its word, or before `words`."""
    return told(theme, TONES[mark], TONES[mark], words or word_of(mark))


def told(theme: Theme, drawing: str, colour: str, words: str) -> QWidget:
    """Return a drawing before words that say the same."""
    made = QWidget()
    row = QHBoxLayout(made)
    row.setContentsMargins(0, 0, 0, 0)
    row.setSpacing(theme.tokens.units(0.5))
    row.addWidget(Drawing(theme, drawing, colour), 0, Qt.AlignmentFlag.AlignTop)
    row.addWidget(label(words, role="strong"), 1)
    return made
