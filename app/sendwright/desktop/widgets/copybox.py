"""A long value in a monospaced box, with a button that copies it and says so."""

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QFrame, QHBoxLayout, QPushButton

from sendwright.desktop.theme.theme import Theme
from sendwright.desktop.widgets.words import label
from sendwright.texts import text

_SAID_FOR_MS = 2000


class CopyBox(QFrame):
    """Shows `value`; the button puts it on the clipboard."""

    def __init__(self, theme: Theme, value: str) -> None:
        super().__init__()
        self._value = value
        self.setProperty("role", "well")
        unit = theme.tokens.units(1)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(int(1.5 * unit), unit // 2, unit // 2, unit // 2)
        words = label(value, role="mono")
        words.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.button = CopyButton(theme, value)
        layout.addWidget(words, 1)
        layout.addWidget(self.button)


class CopyButton(QPushButton):
    """Copies a value; for two seconds it says that it did."""

    def __init__(self, theme: Theme, value: str, *, words: str = "") -> None:
        super().__init__(words or text("window.copy"))
        self._value = value
        self._words = words or text("window.copy")
        self.setProperty("role", "quiet")
        self.setIcon(theme.icon("copy", "accent"))
        self._timer = QTimer(self, singleShot=True, interval=_SAID_FOR_MS)
        self._timer.timeout.connect(lambda: self.setText(self._words))
        self.clicked.connect(self.copy)

    def copy(self) -> None:
        """Put the value on the clipboard."""
        QGuiApplication.clipboard().setText(self._value)
        self.setText(text("window.copied"))
        self._timer.start()
