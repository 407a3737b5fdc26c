"""What every page has: a column with title, lead and remarks, and a way to tell what the person did."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from sendwright.desktop.theme.theme import Theme
from sendwright.desktop.widgets.note import Note
from sendwright.desktop.widgets.words import label
from sendwright.diagnosis.stage import StageResult
from sendwright.providers.provider import Advice
from sendwright.screens import Base, Rejected
from sendwright.texts import text

_LARGE_BODY = 20


class Page(QWidget):
    """A column of at most 560 px.

    edited: something was typed. acted: an action's name. submitting: as if the primary button was pressed.
    changing: a field's name is to be changed.
    """

    edited = Signal()
    acted = Signal(str)
    submitting = Signal()
    changing = Signal(str)

    def __init__(self, theme: Theme, screen: Base) -> None:
        super().__init__()
        self.theme = theme
        self.setObjectName("page")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        unit = theme.tokens.units(1)
        outer = QHBoxLayout(self)
        side = 5 * unit if theme.tokens.size("body") < _LARGE_BODY else 2 * unit
        outer.setContentsMargins(side, 4 * unit, side, 4 * unit)
        holder = QWidget()
        holder.setMaximumWidth(theme.tokens.size("column"))
        outer.addWidget(holder, 1)
        outer.addStretch(0)
        self.column = QVBoxLayout(holder)
        self.column.setContentsMargins(0, 0, 0, 0)
        self.column.setSpacing(2 * unit)
        title = label(text(screen.title, **screen.values), role="title")
        self.column.addWidget(title)
        if screen.lead:
            self.column.addWidget(label(text(screen.lead, **screen.values), role="lead"))
        for notice in screen.notices:
            if not notice.field:
                self.column.addWidget(Note(theme, text(notice.key, **notice.values)))
        self.setAccessibleName(title.text())
        self._screen = screen

    @property
    def primary(self) -> str:
        """Words of the primary button; empty hides it."""
        return text(self._screen.submit)

    def answer(self) -> dict[str, str]:
        """What the person answered so far."""
        return {}

    def take_focus(self) -> None:
        """Move the keyboard to where the person begins."""

    def show_rejection(self, rejected: Rejected) -> None:
        """Mark what is to be corrected; the default shows it as remarks."""
        for key in rejected.fields.values():
            self.column.insertWidget(1, Note(self.theme, text(key, **rejected.values), tone="failed"))

    def show_advice(self, advice: Advice) -> None:
        """Show what helps with what is typed."""

    def show_progress(self, result: StageResult) -> None:
        """Show a stage that ended."""

    def focus_field(self, name: str) -> None:
        """Move the keyboard to a field, where there is one of that name."""

    def add_actions(self) -> None:
        """Add the further buttons of the screen below what stands there."""
        for action in self._screen.actions:
            button = QPushButton(text(action.label, **action.values))
            button.clicked.connect(lambda _=False, name=action.name: self.acted.emit(name))
            row = QHBoxLayout()
            row.addWidget(button)
            row.addStretch(1)
            self.column.addLayout(row)

    def finish(self) -> None:
        """Push the content to the top; called once by every page after its last widget."""
        self.column.addStretch(1)
