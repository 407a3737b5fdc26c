"""A long value in a monospaced box, with a button that copies it and says so."""

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QFrame, QHBoxLayout

from sendwright.desktop.theme.theme import Theme
from sendwright.desktop.widgets.button import Button
from sendwright.desktop.widgets.speech import announce
from sendwright.desktop.widgets.words import label
from sendwright.document.seen import seen
from sendwright.texts import text

_SAID_FOR_MS = 2000


class CopyBox(QFrame):
    """Shows `value`, also signs in it that nobody can see; the button puts it on the clipboard.

    what: names the value to screen readers.
    """

    def __init__(self, theme: Theme, value: str, *, what: str) -> None:
        super().__init__()
        self.setProperty("role", "well")
        tokens = theme.tokens
        layout = QHBoxLayout(self)
        layout.setContentsMargins(tokens.units(1.5), tokens.units(0.5), tokens.units(0.5), tokens.units(0.5))
        self.words = label(seen(value), role="mono")
        self.button = CopyButton(theme, value)
        self.button.setAccessibleDescription(what)
        layout.addWidget(self.words, 1)
        layout.addWidget(self.button, 0, Qt.AlignmentFlag.AlignTop)


class CopyButton(Button):
    """Copies a value; for two seconds it says that it did."""

    def __init__(self, theme: Theme, value: str, *, words: str = "", role: str = "quiet") -> None:
        super().__init__(theme, words or text("window.copy"), icon="copy", role=role)
        self._value = value
        self._words = words or text("window.copy")
        self._timer = QTimer(self, singleShot=True, interval=_SAID_FOR_MS)
        self._timer.timeout.connect(self._rest)
        self.clicked.connect(self.copy)

    def put(self, value: str) -> None:
        """Copy another value from now on."""
        self._value = value

    def copy(self) -> None:
        """Put the value on the clipboard."""
        QGuiApplication.clipboard().setText(self._value)
        self.setText(text("window.copied"))
        self.show_as("done")
        announce(self, text("window.copied"))
        self._timer.start()

    def _rest(self) -> None:
        self.setText(self._words)
        self.show_as("copy")
