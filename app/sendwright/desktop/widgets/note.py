"""A calm remark with a drawing and a tone."""

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout

from sendwright.desktop.theme.theme import Theme
from sendwright.desktop.widgets.drawing import Drawing
from sendwright.desktop.widgets.words import label

DRAWINGS = {
    "info": "info",
    "warning": "warning",
    "failed": "failed",
    "passed": "passed",
    "practice": "practise",
}


class Note(QFrame):
    """Words on a soft ground. tone: `info`, `warning`, `failed`, `passed` or `practice`.

    drawing: another than that of the tone.
    """

    def __init__(self, theme: Theme, words: str, *, tone: str = "info", drawing: str = "") -> None:
        super().__init__()
        self.tone = tone
        self.setProperty("tone", tone)
        tokens = theme.tokens
        self.row = QHBoxLayout(self)
        self.row.setContentsMargins(tokens.units(1.5), tokens.units(1), tokens.units(1.5), tokens.units(1))
        self.row.setSpacing(tokens.units(1))
        self.row.addWidget(Drawing(theme, drawing or DRAWINGS[tone], tone), 0, Qt.AlignmentFlag.AlignTop)
        self.words = label(words)
        self.below = QVBoxLayout()
        self.below.setSpacing(tokens.units(0.5))
        self.below.addWidget(self.words)
        self.row.addLayout(self.below, 1)


def put_notes(place: QVBoxLayout, notes: Sequence[Note]) -> bool:
    """Show `notes` in place of those that stand there, unless they say the same; return whether they are new."""
    standing = [item.widget() for n in range(place.count()) if (item := place.itemAt(n)) is not None]
    former = [note for note in standing if isinstance(note, Note)]
    if [(note.tone, note.words.text()) for note in former] == [(note.tone, note.words.text()) for note in notes]:
        return False
    for note in former:
        place.removeWidget(note)
        note.hide()
        note.deleteLater()
    for note in notes:
        place.addWidget(note)
    return True
