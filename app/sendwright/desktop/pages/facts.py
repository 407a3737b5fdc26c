"""Lines of label and value."""

from PySide6.QtWidgets import QFrame, QGridLayout

from sendwright.desktop.theme.theme import Theme
from sendwright.desktop.widgets.copybox import CopyBox
from sendwright.desktop.widgets.words import label
from sendwright.screens import Fact
from sendwright.texts import text

_NARROW = 3


class FactTable(QFrame):
    """A card with one line per fact; what is monospaced can be copied."""

    def __init__(self, theme: Theme, facts: tuple[Fact, ...]) -> None:
        super().__init__()
        self.setProperty("role", "card")
        self.setVisible(bool(facts))
        unit = theme.tokens.units(1)
        grid = QGridLayout(self)
        grid.setContentsMargins(2 * unit, int(1.5 * unit), 2 * unit, int(1.5 * unit))
        grid.setHorizontalSpacing(2 * unit)
        grid.setVerticalSpacing(unit)
        grid.setColumnStretch(1, _NARROW)
        grid.setColumnStretch(0, 2)
        for line, fact in enumerate(facts):
            name = label(text(fact.label), role="muted")
            value = CopyBox(theme, fact.value) if fact.monospaced else label(fact.value, role="strong")
            value.setAccessibleName(f"{text(fact.label)}: {fact.value}")
            grid.addWidget(name, line, 0)
            grid.addWidget(value, line, 1)
