"""A field to paste into: plain text of several lines, or a file that is dropped on it."""

from pathlib import Path

from PySide6.QtCore import QMimeData, Signal
from PySide6.QtGui import QDragEnterEvent, QDragMoveEvent, QDropEvent, QFontMetrics
from PySide6.QtWidgets import QPlainTextEdit
from typing_extensions import override

from sendwright.desktop.theme.theme import Theme
from sendwright.desktop.widgets.dropping import dropped_file
from sendwright.recording.given_file import LONGEST_WORDS
from sendwright.texts import text

SUFFIXES = frozenset({".eml", ".txt", ".log", ".json"})
"""Endings of the files that are taken."""

LONGEST = LONGEST_WORDS

_LINES = 4


class PasteField(QPlainTextEdit):
    """Takes words as they are, never their look. dropped: a file's path. too_long: more was pasted than it holds."""

    dropped = Signal(str)
    too_long = Signal()

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self.setAccessibleName(text("window.sent.field"))
        self.setPlaceholderText(text("window.sent.placeholder"))
        self.setTabChangesFocus(True)
        self.setObjectName("field-sent")
        self.ensurePolished()
        padding = 2 * (theme.tokens.size("field-padding") + theme.tokens.size("field-side"))
        self.setFixedHeight(_LINES * QFontMetrics(self.font()).lineSpacing() + padding)

    @override
    def canInsertFromMimeData(self, source: QMimeData) -> bool:
        return bool(_file(source)) or source.hasText()

    @override
    def insertFromMimeData(self, source: QMimeData) -> None:
        """Insert the words; a file is handed on, and a text that is too long would only hold up the window."""
        if file := _file(source):
            self.dropped.emit(file)
            return
        words = source.text()
        if len(words) > LONGEST or self.document().characterCount() + len(words) > LONGEST + 1:
            self.too_long.emit()
            return
        self.insertPlainText(words)
        self.ensureCursorVisible()

    @override
    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if _file(event.mimeData()):
            event.acceptProposedAction()
        else:
            super().dragEnterEvent(event)

    @override
    def dragMoveEvent(self, event: QDragMoveEvent) -> None:
        if _file(event.mimeData()):
            event.acceptProposedAction()
        else:
            super().dragMoveEvent(event)

    @override
    def dropEvent(self, event: QDropEvent) -> None:
        if file := _file(event.mimeData()):
            event.acceptProposedAction()
            self.dropped.emit(file)
        else:
            super().dropEvent(event)


def _file(source: QMimeData) -> str:
    """Return the path of the one file of this computer that `source` is, empty where it is none that is taken."""
    path = dropped_file(source)
    return path if Path(path).suffix.casefold() in SUFFIXES else ""
