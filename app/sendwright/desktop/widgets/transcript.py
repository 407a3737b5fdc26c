"""A transcript: many lines of fixed width that can be read, scrolled and copied, and nothing else."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QShowEvent, QTextOption
from PySide6.QtWidgets import QPlainTextEdit, QVBoxLayout, QWidget
from typing_extensions import override

from sendwright.desktop.theme.theme import Theme
from sendwright.desktop.widgets.button import alone
from sendwright.desktop.widgets.copybox import CopyButton
from sendwright.recording.visible import visible

_FEWEST_LINES, _MOST_LINES = 2, 18


class _Lines(QPlainTextEdit):
    """As high as its lines, up to a limit; the style sheet's font is known only once it is shown."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._beside = theme.tokens.units(3)

    @override
    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        lines = min(max(self.blockCount(), _FEWEST_LINES), _MOST_LINES)
        self.setFixedHeight(self.fontMetrics().lineSpacing() * (lines + 1) + self._beside)


class Transcript(QWidget):
    """Shows `lines`; the keyboard moves in it, Tab leaves it. what: names it to screen readers.

    The lines are plain text: nothing in them is a link, and control characters are made visible.
    """

    def __init__(self, theme: Theme, lines: tuple[str, ...], *, what: str) -> None:
        super().__init__()
        tokens = theme.tokens
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(tokens.units(1))
        self.lines = _Lines(theme)
        self.lines.setProperty("role", "transcript")
        self.lines.setReadOnly(True)
        self.lines.setTabChangesFocus(True)
        self.lines.setTextInteractionFlags(
            Qt.TextInteractionFlag.TextSelectableByKeyboard | Qt.TextInteractionFlag.TextSelectableByMouse
        )
        self.lines.setWordWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
        self.lines.setAccessibleName(what)
        content = "\n".join(visible(line) for line in lines)
        self.lines.setPlainText(content)
        layout.addWidget(self.lines)
        layout.addLayout(alone(CopyButton(theme, content)))
