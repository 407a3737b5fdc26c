"""The end of the walk."""

from PySide6.QtWidgets import QHBoxLayout

from sendwright.desktop.pages.facts import FactTable
from sendwright.desktop.pages.page import Page
from sendwright.desktop.theme.theme import Theme
from sendwright.desktop.widgets.record import RecordButton
from sendwright.desktop.widgets.words import drawing
from sendwright.screens import Done


class DonePage(Page):
    """What changed, how to undo it, and a record to keep."""

    def __init__(self, theme: Theme, screen: Done) -> None:
        super().__init__(theme, screen)
        mark = QHBoxLayout()
        mark.addWidget(drawing(theme.drawing("passed", "passed", size="control")))
        mark.addStretch(1)
        self.column.insertLayout(0, mark)
        self.column.addWidget(FactTable(theme, screen.facts))
        self.add_actions()
        if screen.facts:
            row = QHBoxLayout()
            row.addWidget(RecordButton(theme, screen))
            row.addStretch(1)
            self.column.addLayout(row)
        self.finish()
