"""A field of several lines, pasted mostly: the output of a command, a list."""

from PySide6.QtCore import QMimeData, Signal
from PySide6.QtWidgets import QPlainTextEdit, QWidget
from typing_extensions import override

from sendwright.desktop.theme.theme import Theme
from sendwright.desktop.widgets.control import Watch
from sendwright.desktop.widgets.paste import LONGEST
from sendwright.screens import Field
from sendwright.texts import text


class LinesBox(QPlainTextEdit):
    """Plain words in monospaced lines; Tab leads on. too_long: more was pasted than it holds, nothing was taken."""

    too_long = Signal()

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self.setTabChangesFocus(True)
        self.setLineWrapMode(QPlainTextEdit.LineWrapMode.NoWrap)
        self.setFixedHeight(theme.tokens.size("lines"))

    @override
    def canInsertFromMimeData(self, source: QMimeData) -> bool:
        return source.hasText()

    @override
    def insertFromMimeData(self, source: QMimeData) -> None:
        """Insert the words without their look; what is too long would only hold up the window."""
        words = source.text()
        if self.document().characterCount() + len(words) > LONGEST + 1:
            self.too_long.emit()
            return
        self.insertPlainText(words)
        self.ensureCursorVisible()


class LinesControl:
    """Several lines of text."""

    def __init__(self, theme: Theme, field: Field, watch: Watch) -> None:
        self.box = LinesBox(theme)
        if field.placeholder:
            self.box.setPlaceholderText(text(field.placeholder))
        self.box.setPlainText(field.value)
        self._putting = False
        self._watch = watch
        self.box.textChanged.connect(self._changed)
        self.widget: QWidget = self.box
        self.focus: QWidget = self.box

    def value(self) -> str:
        """Return the lines."""
        return self.box.toPlainText()

    def put(self, value: str) -> None:
        """Replace the lines."""
        if value != self.value():
            self._putting = True
            self.box.setPlainText(value)
            self._putting = False

    def _changed(self) -> None:
        if not self._putting:
            self._watch.changed.emit()
