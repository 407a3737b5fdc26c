"""A part of a file that could be saved: folded away, and everything in it for whoever opens it."""

from itertools import accumulate, islice

from PySide6.QtWidgets import QPlainTextEdit, QVBoxLayout, QWidget

from sendwright.desktop.theme.theme import Theme
from sendwright.desktop.widgets.fold import Fold
from sendwright.desktop.widgets.scrolling import bring_into_sight
from sendwright.desktop.widgets.transcript import Transcript
from sendwright.desktop.widgets.words import label
from sendwright.diagnosis_file import Entry
from sendwright.diagnosis_file.wording import told_entry
from sendwright.texts import text

SHOWN_LINES = 20_000
SHOWN_LETTERS = 5_000_000
"""What a window can show at once without standing still; the wizard hardly ever comes near it."""


class FilePart(Fold):
    """The name of `part` and how long it is; its lines are put in when it is opened for the first time."""

    def __init__(self, theme: Theme, part: Entry) -> None:
        self._inside = QWidget()
        name = told_entry(part.name)
        super().__init__(theme, text("save.part", name=name, count=len(part.lines)), self._inside)
        self._theme = theme
        self.name = part.name
        self._part = part
        self._column = QVBoxLayout(self._inside)
        self._column.setContentsMargins(0, 0, 0, theme.tokens.units(1))
        self._column.setSpacing(theme.tokens.units(1))
        self.transcript: Transcript | None = None
        self.button.toggled.connect(self._opened)

    def _opened(self, opened: bool) -> None:  # noqa: FBT001 - Qt's signal
        if not opened:
            return
        if self.transcript is None:
            self._put_in()
        bring_into_sight(self.button, self, margin=self._theme.tokens.units(1))

    def _put_in(self) -> None:
        lines = at_most(self._part.lines, lines=SHOWN_LINES, letters=SHOWN_LETTERS)
        if len(lines) < len(self._part.lines):
            whole = len(self._part.lines)
            self._column.addWidget(label(text("save.cut", shown=len(lines), count=whole), role="muted"))
        self.transcript = Transcript(self._theme, lines, what=told_entry(self.name))
        self.transcript.lines.setLineWrapMode(QPlainTextEdit.LineWrapMode.WidgetWidth)
        self._column.addWidget(self.transcript)


def at_most(all_lines: tuple[str, ...], *, lines: int, letters: int) -> tuple[str, ...]:
    """Return the first ones of `all_lines` that have together at most so many lines and letters."""
    lengths = accumulate(len(line) + 1 for line in islice(all_lines, lines))
    return all_lines[: sum(1 for length in lengths if length <= letters)]
