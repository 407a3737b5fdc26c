"""Lines of label and value."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QGridLayout

from sendwright.desktop.theme.theme import Theme
from sendwright.desktop.widgets.copybox import CopyBox
from sendwright.desktop.widgets.words import label
from sendwright.screens import Fact
from sendwright.texts import text

_SHARES = (2, 3)


def fact_grid(card: QFrame, theme: Theme) -> QGridLayout:
    """Lay out `card` for names and values, two columns of the usual shares."""
    tokens = theme.tokens
    grid = QGridLayout(card)
    grid.setContentsMargins(tokens.units(2), tokens.units(1.5), tokens.units(2), tokens.units(1.5))
    grid.setHorizontalSpacing(tokens.units(2))
    grid.setVerticalSpacing(tokens.units(1))
    for column, share in enumerate(_SHARES):
        grid.setColumnStretch(column, share)
    return grid


class FactTable(QFrame):
    """A card with one line per fact; what is monospaced can be copied."""

    def __init__(self, theme: Theme, facts: tuple[Fact, ...]) -> None:
        super().__init__()
        self.setProperty("role", "card")
        if not facts:
            self.hide()
        grid = fact_grid(self, theme)
        for line, fact in enumerate(facts):
            name = label(text(fact.label), role="muted")
            if fact.monospaced:
                grid.addWidget(name, line, 0)
                grid.addWidget(CopyBox(theme, fact.value, what=name.text()), line, 1)
            else:
                grid.addWidget(name, line, 0, Qt.AlignmentFlag.AlignTop)
                value = label(fact.value, role="strong")
                value.setAccessibleDescription(name.text())
                grid.addWidget(value, line, 1, Qt.AlignmentFlag.AlignTop)
