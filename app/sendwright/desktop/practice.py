"""The inbox of a practice, beside the wizard."""

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from sendwright.desktop.theme.theme import Theme
from sendwright.desktop.widgets.column import Column
from sendwright.desktop.widgets.letter import Letter
from sendwright.desktop.widgets.speech import announce
from sendwright.desktop.widgets.words import label
from sendwright.texts import text

if TYPE_CHECKING:  # the simulated servers are loaded only when somebody practises
    from sendwright.practice.mail_server import Received

_ANY_WIDTH = 16_777_215  # Qt's own largest
_UNITS_WIDER_THAN_RAIL = 8


class PracticeInbox(QWidget):
    """Shows every message that the practice mail server takes, newest first.

    password: what every simulated account takes. expect: what the simulated servers do, in words.
    counted: how many messages there are.
    """

    counted = Signal(int)

    def __init__(self, theme: Theme, *, password: str, expect: str = "") -> None:
        super().__init__()
        self._theme = theme
        self._count = 0
        self.setObjectName("beside")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setAccessibleName(text("window.inbox"))
        tokens = theme.tokens
        self.usual_width = tokens.size("rail") + tokens.units(_UNITS_WIDER_THAN_RAIL)
        self.spread(spread=False)
        holder = QWidget()
        column = QVBoxLayout(holder)
        column.setContentsMargins(tokens.units(2), tokens.units(4), tokens.units(2), tokens.units(2))
        column.setSpacing(tokens.units(1))
        column.addWidget(label(text("window.inbox"), role="heading"))
        column.addWidget(label(text("window.inbox-hint", password=password), role="muted"))
        if expect:
            column.addWidget(label(expect, role="muted"))
        self.empty = label(text("window.inbox-empty"), role="muted")
        column.addWidget(self.empty)
        self._messages = QVBoxLayout()
        self._messages.setSpacing(tokens.units(1))
        column.addLayout(self._messages)
        column.addStretch(1)
        scroll = Column()
        scroll.setWidget(holder)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(tokens.size("hairline"), 0, 0, 0)  # the line between page and inbox
        outer.addWidget(scroll)

    def spread(self, *, spread: bool) -> None:
        """Take all the room there is, or the usual place beside the wizard."""
        self.setMinimumWidth(0 if spread else self.usual_width)
        self.setMaximumWidth(_ANY_WIDTH if spread else self.usual_width)

    def add(self, received: "Received") -> None:
        """Show a message."""
        self.empty.hide()
        self._messages.insertWidget(0, Letter(self._theme, received))
        self._count += 1
        self.counted.emit(self._count)
        announce(self, text("window.inbox-arrived", subject=received.subject))
