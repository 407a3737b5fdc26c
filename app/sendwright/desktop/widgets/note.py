"""A calm remark with a drawing and a tone."""

from PySide6.QtWidgets import QFrame, QHBoxLayout

from sendwright.desktop.theme.theme import Theme
from sendwright.desktop.widgets.words import drawing, label

_DRAWINGS = {
    "info": "info",
    "warning": "warning",
    "failed": "failed",
    "passed": "passed",
    "practice": "practise",
}


class Note(QFrame):
    """Words on a soft ground. tone: `info`, `warning`, `failed`, `passed` or `practice`."""

    def __init__(self, theme: Theme, words: str, *, tone: str = "info") -> None:
        super().__init__()
        self.setProperty("tone", tone)
        unit = theme.tokens.units(1)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(int(1.5 * unit), unit, int(1.5 * unit), unit)
        layout.setSpacing(unit)
        layout.addWidget(drawing(theme.drawing(_DRAWINGS[tone], tone)))
        self.words = label(words)
        layout.addWidget(self.words, 1)
