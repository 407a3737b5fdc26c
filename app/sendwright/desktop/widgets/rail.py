"""The step rail: where the person is, what is done, what is to come."""

from collections.abc import Sequence

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtWidgets import QPushButton, QVBoxLayout, QWidget

from sendwright.desktop.theme.theme import Theme
from sendwright.desktop.widgets.words import label
from sendwright.texts import text
from sendwright.wizard.wizard import RailEntry

_ICONS = {
    "done": ("passed", "passed"),
    "current": ("chevron-right", "accent"),
    "to-come": ("not-reached", "muted"),
}


class Rail(QWidget):
    """A column of stops; what is done can be pressed to go back there."""

    chosen = Signal(str)

    def __init__(self, theme: Theme, *, name: str) -> None:
        super().__init__()
        self._theme = theme
        self.setObjectName("rail")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setAccessibleName(text("window.rail"))
        unit = theme.tokens.units(1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(2 * unit, 3 * unit, 2 * unit, 2 * unit)
        layout.setSpacing(unit // 2)
        head = label(name, role="heading")
        head.setContentsMargins(unit, 0, 0, 2 * unit)
        layout.addWidget(head)
        self._stops = QVBoxLayout()
        self._stops.setSpacing(unit // 2)
        layout.addLayout(self._stops)
        layout.addStretch(1)
        self.setFixedWidth(theme.tokens.size("rail"))

    def show_stops(self, entries: Sequence[RailEntry]) -> None:
        """Draw the stops."""
        while (item := self._stops.takeAt(0)) is not None:
            widget = item.widget()
            if widget is not None:
                widget.deleteLater()
        for entry in entries:
            self._stops.addWidget(self._button(entry))

    def _button(self, entry: RailEntry) -> QPushButton:
        name = text(f"rail.{entry.stop}")
        button = QPushButton(name)
        button.setProperty("role", "stop")
        button.setProperty("state", entry.state)
        drawing, colour = _ICONS[entry.state]
        button.setIcon(self._theme.icon(drawing, colour))
        side = self._theme.tokens.size("icon")
        button.setIconSize(QSize(side, side))
        button.setEnabled(entry.reachable)
        button.setAccessibleName(text(f"window.stop.{entry.state}", stop=name))
        button.clicked.connect(lambda: self.chosen.emit(entry.stop))
        return button
