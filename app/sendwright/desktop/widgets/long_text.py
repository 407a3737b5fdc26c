"""A field of several lines, pasted mostly: the output of a command, a list."""

from PySide6.QtCore import QMimeData, Signal
from PySide6.QtWidgets import QPlainTextEdit, QVBoxLayout, QWidget
from typing_extensions import override

from sendwright.desktop.theme.theme import Theme
from sendwright.desktop.widgets.button import Button, alone
from sendwright.desktop.widgets.control import Watch
from sendwright.desktop.widgets.dropping import FileDrop, brings_files, choose_file
from sendwright.desktop.widgets.paste import LONGEST
from sendwright.screens import Field
from sendwright.texts import text


class LinesBox(QPlainTextEdit):
    """Plain words in monospaced lines; Tab leads on.

    too_long: more was pasted than it holds, nothing was taken. drop: what files are dropped or pasted.
    """

    too_long = Signal()

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self.setTabChangesFocus(True)
        self.setLineWrapMode(QPlainTextEdit.LineWrapMode.NoWrap)
        self.setFixedHeight(theme.tokens.size("lines"))

        self.drop = FileDrop(self.viewport(), self)

    @override
    def canInsertFromMimeData(self, source: QMimeData) -> bool:
        return brings_files(source) or source.hasText()

    @override
    def insertFromMimeData(self, source: QMimeData) -> None:
        """Insert the words without their look; a file is handed on, and what is too long would hold up the window."""
        if brings_files(source):
            self.drop.take(source)
            return
        words = source.text()
        if self.document().characterCount() + len(words) > LONGEST + 1:
            self.too_long.emit()
            return
        self.insertPlainText(words)
        self.ensureCursorVisible()


class LinesControl:
    """Several lines of text, pasted, dropped or read from a file that is chosen. drop: of files."""

    def __init__(self, theme: Theme, field: Field, watch: Watch) -> None:
        self.box = LinesBox(theme)
        if field.placeholder:
            self.box.setPlaceholderText(text(field.placeholder))
        self.box.setPlainText(field.value)
        self._putting = False
        self._watch = watch
        self.box.textChanged.connect(self._changed)
        self.drop = self.box.drop
        self.browse = Button(theme, text("window.browse"), icon="folder", role="quiet")
        self.browse.clicked.connect(lambda _=False: choose_file(self.box, self.drop.taken.emit))
        self.widget = QWidget()
        column = QVBoxLayout(self.widget)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.tokens.units(0.5))
        column.addWidget(self.box)
        column.addLayout(alone(self.browse))
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

    def load(self, words: str) -> None:
        """Replace the lines by those of a file that the person gave."""
        self.put(words)
        self._watch.changed.emit()

    def _changed(self) -> None:
        if not self._putting:
            self._watch.changed.emit()
