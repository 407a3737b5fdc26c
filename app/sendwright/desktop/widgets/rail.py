"""The step rail: where the person is, what is done, what is to come."""

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QIcon
from PySide6.QtWidgets import QLabel, QVBoxLayout, QWidget

from sendwright.deployment import Platform
from sendwright.desktop.theme.theme import Theme
from sendwright.desktop.widgets.browser import open_page
from sendwright.desktop.widgets.button import Button
from sendwright.desktop.widgets.words import label
from sendwright.texts import text
from sendwright.wizard.wizard import RailEntry

_LOOKS = {
    "done": ("passed", "passed"),
    "current": ("chevron-right", "accent"),
    "to-come": ("to-come", "muted"),
}


class Rail(QWidget):
    """A column of stops; what is done can be pressed to go back there. Below them stands whom to ask."""

    chosen = Signal(str)

    def __init__(self, theme: Theme, *, name: str, platform: Platform) -> None:
        super().__init__()
        self._theme = theme
        self.buttons: dict[str, Button] = {}
        self.setObjectName("rail")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setAccessibleName(text("window.rail"))
        tokens = theme.tokens
        layout = QVBoxLayout(self)
        layout.setContentsMargins(tokens.units(2), tokens.units(4), tokens.units(2), tokens.units(2))
        layout.setSpacing(tokens.units(0.5))
        if platform.logo is not None:
            layout.addWidget(self._logo(platform.logo))
        head = label(name, role="heading")
        head.setContentsMargins(tokens.units(1), 0, 0, tokens.units(2))
        layout.addWidget(head)
        self._stops = QVBoxLayout()
        self._stops.setSpacing(tokens.units(0.5))
        layout.addLayout(self._stops)
        layout.addStretch(1)
        if platform.support_contact:
            layout.addWidget(label(text("window.support", contact=platform.support_contact), role="small"))
        if platform.help_url:
            self.help = Button(theme, text("window.help"), icon="help", role="quiet")
            self.help.clicked.connect(lambda _=False: open_page(platform.help_url))
            layout.addWidget(self.help)
        self.setFixedWidth(tokens.size("rail"))

    def show_stops(self, entries: Sequence[RailEntry]) -> None:
        """Draw the stops; a walk with other stops gets other buttons."""
        if [entry.stop for entry in entries] != list(self.buttons):
            for button in self.buttons.values():
                self._stops.removeWidget(button)
                button.hide()
                button.deleteLater()
            self.buttons = {entry.stop: self._button(entry.stop) for entry in entries}
            for button in self.buttons.values():
                self._stops.addWidget(button)
        for entry in entries:
            _show(self.buttons[entry.stop], entry)

    def _button(self, stop: str) -> Button:
        button = Button(self._theme, text(f"rail.{stop}"), role="stop")
        button.clicked.connect(lambda _=False: self.chosen.emit(stop))
        return button

    def _logo(self, file: Path) -> QLabel:
        tokens = self._theme.tokens
        room = QSize(tokens.size("rail") - tokens.units(6), tokens.units(6))
        shown = QLabel()
        shown.setPixmap(QIcon(str(file)).pixmap(room))
        shown.setContentsMargins(tokens.units(1), 0, 0, tokens.units(1))
        return shown


def _show(button: Button, entry: RailEntry) -> None:
    button.show_as(*_LOOKS[entry.state])
    button.setEnabled(entry.reachable)
    button.setAccessibleName(text(f"window.stop.{entry.state}", stop=button.text()))
    if button.property("state") != entry.state:
        button.setProperty("state", entry.state)
        button.style().unpolish(button)
        button.style().polish(button)
