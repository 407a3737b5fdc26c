"""Rows under column titles, or names and values; a row says with a drawing and a word what is to be said of it."""

from collections.abc import Iterator

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QGridLayout, QVBoxLayout, QWidget

from sendwright.desktop.theme.theme import Theme
from sendwright.desktop.widgets.document.marks import TONES, marked, word_of
from sendwright.desktop.widgets.words import Words, label, line
from sendwright.document.blocks import Mark, Row, Table
from sendwright.document.seen import seen
from sendwright.texts import text

_BESIDE = 2
"""Columns that stand beside each other at every width; where there are more, each row is told by itself."""

_SHARES = (2, 3)


class TableCard(QFrame):
    """A table in a card. rows: the widget of each row's first cell, which bears the row's words for a screen reader.

    captioned: the caption is drawn, and not only read aloud.

    Three columns and more would not fit beside each other with large letters: then a row is a heading, and below it
    a line for each further column, with that column's title.
    """

    def __init__(self, theme: Theme, block: Table, *, captioned: bool = True) -> None:
        super().__init__()
        self._theme = theme
        self.setProperty("role", "card")
        tokens = theme.tokens
        self.rows: list[Words] = []
        column = QVBoxLayout(self)
        column.setContentsMargins(tokens.units(2), tokens.units(1.5), tokens.units(2), tokens.units(1.5))
        column.setSpacing(tokens.units(1))
        if block.caption:
            self.setAccessibleName(block.caption)
        if block.caption and captioned:
            column.addWidget(label(seen(block.caption), role="muted"))
        width = max((len(row.cells) for row in block.rows), default=0)
        if max(width, len(block.columns)) <= _BESIDE:
            column.addLayout(self._beside(block))
        else:
            for number, row in enumerate(block.rows):
                if number:
                    column.addWidget(line())
                column.addWidget(self._alone(row, block.columns))

    def _beside(self, block: Table) -> QGridLayout:
        tokens = self._theme.tokens
        grid = QGridLayout()
        grid.setHorizontalSpacing(tokens.units(2))
        grid.setVerticalSpacing(tokens.units(1))
        for place, share in enumerate(_SHARES):
            grid.setColumnStretch(place, share)
        for place, title in enumerate(block.columns):
            grid.addWidget(label(seen(title), role="label"), 0, place, Qt.AlignmentFlag.AlignTop)
        for number, row in enumerate(block.rows, start=1):
            for place, words in enumerate(row.cells):
                grid.addWidget(self._cell(row, place, words, block), number, place, Qt.AlignmentFlag.AlignTop)
        return grid

    def _cell(self, row: Row, place: int, words: str, block: Table) -> QWidget:
        first = place == 0
        role = "" if block.columns else ("muted" if first else "strong")
        found = label(seen(words), role=role)
        if first:
            self._name(found, row, block.columns)
        else:
            found.setAccessibleDescription(_title(block.columns, place) or row.cells[0])
        return _below(self._theme, found, row.mark) if first and row.mark in TONES else found

    def _alone(self, row: Row, columns: tuple[str, ...]) -> QWidget:
        made, inner = _column(self._theme)
        first = label(seen(row.cells[0]) if row.cells else "", role="label")
        self._name(first, row, columns)
        inner.addWidget(first)
        if row.mark in TONES:
            inner.addWidget(marked(self._theme, row.mark))
        for words in _told(row, columns):
            inner.addWidget(label(seen(words)))
        return made

    def _name(self, first: Words, row: Row, columns: tuple[str, ...]) -> None:
        """Let a screen reader read the whole row at its first cell."""
        first.setAccessibleDescription(" ".join(filter(None, (word_of(row.mark), *_told(row, columns)))))
        self.rows.append(first)


def _told(row: Row, columns: tuple[str, ...]) -> Iterator[str]:
    for place, words in enumerate(row.cells[1:], start=1):
        title = _title(columns, place)
        if words:
            yield text("sheet.column", title=title, value=words) if title else words


def _title(columns: tuple[str, ...], place: int) -> str:
    return columns[place] if place < len(columns) else ""


def _below(theme: Theme, first: Words, mark: Mark) -> QWidget:
    made, inner = _column(theme)
    inner.addWidget(first)
    inner.addWidget(marked(theme, mark))
    return made


def _column(theme: Theme) -> tuple[QWidget, QVBoxLayout]:
    made = QWidget()
    inner = QVBoxLayout(made)
    inner.setContentsMargins(0, 0, 0, 0)
    inner.setSpacing(theme.tokens.units(0.5))
    return made, inner
