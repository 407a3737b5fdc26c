"""The end of the walk."""

from typing_extensions import override

from sendwright.desktop.pages.facts import FactTable
from sendwright.desktop.pages.page import Page
from sendwright.desktop.theme.theme import Theme
from sendwright.desktop.widgets.button import alone
from sendwright.desktop.widgets.record import RecordButton
from sendwright.desktop.widgets.sides import SidesTable
from sendwright.screens import Done


class DonePage(Page):
    """What changed, how to undo it, and a record to keep."""

    def __init__(self, theme: Theme, screen: Done) -> None:
        super().__init__(theme, screen, mark=("passed", "passed"))
        self.column.addWidget(FactTable(theme, screen.facts))
        if screen.sides is not None:
            self.column.addWidget(SidesTable(theme, screen.sides))
        if screen.facts:
            self.record = RecordButton(theme, screen)
            self.column.addLayout(alone(self.record))
        self.finish()

    @override
    def take_focus(self) -> None:
        """Nothing has to be done here any more: the keyboard goes to the primary button."""
