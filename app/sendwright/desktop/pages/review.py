"""Everything on one page, and in plain words what will happen."""

from PySide6.QtWidgets import QFrame, QVBoxLayout

from sendwright.desktop.pages.facts import FactTable
from sendwright.desktop.pages.fields import Fields
from sendwright.desktop.pages.page import Page
from sendwright.desktop.theme.theme import Theme
from sendwright.desktop.widgets.words import label
from sendwright.screens import Review
from sendwright.texts import text


class ReviewPage(Page):
    """Facts, then the statement, then what is asked last."""

    def __init__(self, theme: Theme, screen: Review) -> None:
        super().__init__(theme, screen)
        self.column.addWidget(FactTable(theme, screen.facts))
        frame = QFrame()
        frame.setProperty("tone", "info")
        layout = QVBoxLayout(frame)
        margin = theme.tokens.units(2)
        layout.setContentsMargins(margin, margin, margin, margin)
        layout.addWidget(label(text(screen.statement, **screen.values), role="statement"))
        self.column.addWidget(frame)
        self._fields = Fields(theme, screen.fields)
        self._fields.setVisible(bool(screen.fields))
        self.column.addWidget(self._fields)
        self.add_actions()
        self.finish()

    def answer(self) -> dict[str, str]:
        """What stands in the fields."""
        return self._fields.values()
