"""Fields to choose in: one of a few, on or off."""

from PySide6.QtCore import QRectF
from PySide6.QtGui import QPainter, QPaintEvent, QWheelEvent
from PySide6.QtWidgets import QComboBox, QSizePolicy, QVBoxLayout, QWidget
from typing_extensions import override

from sendwright.desktop.theme.theme import Theme
from sendwright.desktop.widgets.control import Watch
from sendwright.desktop.widgets.toggle import Toggle
from sendwright.desktop.widgets.words import label
from sendwright.screens import Field
from sendwright.texts import text

_SHOWN_LETTERS = 12


class Box(QComboBox):
    """A list that unfolds; the wheel scrolls the page and never changes an answer by accident."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.setMinimumContentsLength(_SHOWN_LETTERS)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        side = self._theme.tokens.size("icon")
        left = self.width() - side - self._theme.tokens.units(1)
        painter = QPainter(self)
        colour = "text" if self.isEnabled() else "muted"
        self._theme.draw(painter, QRectF(left, (self.height() - side) / 2, side, side), "chevron-down", colour)
        painter.end()

    @override
    def wheelEvent(self, event: QWheelEvent) -> None:
        event.ignore()


class ChoiceControl:
    """One of a few values, with what the chosen one means below it."""

    def __init__(self, theme: Theme, field: Field, watch: Watch) -> None:
        self.widget = QWidget()
        self.box = Box(theme)
        self.focus: QWidget = self.box
        self._meaning = label("", role="muted")
        self._details = {option.value: text(option.detail) if option.detail else "" for option in field.options}
        for option in field.options:
            self.box.addItem(text(option.label), option.value)
        column = QVBoxLayout(self.widget)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.tokens.units(0.5))
        column.addWidget(self.box)
        column.addWidget(self._meaning)
        self._meaning.setVisible(any(self._details.values()))
        self.put(field.value)
        self._explain()
        self.box.currentIndexChanged.connect(self._explain)
        self.box.activated.connect(lambda _: watch.changed.emit())

    def value(self) -> str:
        """Return the chosen value."""
        return str(self.box.currentData() or "")

    def put(self, value: str) -> None:
        """Choose `value` where it is offered."""
        place = self.box.findData(value)
        if place >= 0:
            self.box.setCurrentIndex(place)

    def _explain(self) -> None:
        self._meaning.setText(self._details.get(self.value(), ""))


class ToggleControl:
    """On or off, with its words beside it."""

    def __init__(self, theme: Theme, field: Field, watch: Watch) -> None:
        self.box = Toggle(theme, text(field.label))
        self.box.setChecked(field.value == "true")
        self.box.clicked.connect(lambda _: watch.changed.emit())
        self.widget: QWidget = self.box
        self.focus: QWidget = self.box

    def value(self) -> str:
        """Return `true` or `false`."""
        return "true" if self.box.isChecked() else "false"

    def put(self, value: str) -> None:
        """Switch it."""
        self.box.setChecked(value == "true")
