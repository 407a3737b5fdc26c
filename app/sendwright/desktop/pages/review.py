"""Everything on one page, and in plain words what will happen."""

from PySide6.QtWidgets import QFrame, QVBoxLayout
from typing_extensions import override

from sendwright.desktop.pages.facts import FactTable
from sendwright.desktop.pages.fields import Fields
from sendwright.desktop.pages.page import Page
from sendwright.desktop.reading import Reading
from sendwright.desktop.theme.theme import Theme
from sendwright.desktop.widgets.words import label
from sendwright.screens import FieldKind, Rejected, Review
from sendwright.texts import text


class ReviewPage(Page):
    """Facts, then the statement, then what is asked last."""

    def __init__(self, theme: Theme, screen: Review, reading: Reading) -> None:
        super().__init__(theme, screen)
        self.column.addWidget(FactTable(theme, screen.facts))
        frame = QFrame()
        frame.setProperty("tone", "statement")
        layout = QVBoxLayout(frame)
        margin = theme.tokens.units(2)
        layout.setContentsMargins(margin, margin, margin, margin)
        self.statement = label(text(screen.statement, **screen.values), role="statement")
        layout.addWidget(self.statement)
        self.column.addWidget(frame)
        self.fields = Fields(theme, screen.fields, reading, screen.notices)
        self.column.addWidget(self.fields)
        self.finish()

    @property
    @override
    def asks(self) -> bool:
        return bool(self.fields.rows)

    @override
    def answer(self) -> dict[str, str]:
        return self.fields.values()

    @override
    def take_focus(self) -> None:
        """Begin with what is to be typed; no key should change a choice whose meaning may be out of sight."""
        if any(row.field.kind not in {FieldKind.CHOICE, FieldKind.TOGGLE} for row in self.fields.rows.values()):
            self.fields.take_focus()

    @override
    def show_rejection(self, rejected: Rejected) -> None:
        self.complain(self.fields.show_rejection(rejected))
