"""The note that an earlier draft goes on, with a way to begin again."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from sendwright.desktop.theme.theme import Theme
from sendwright.desktop.widgets.button import Button
from sendwright.desktop.widgets.note import Note
from sendwright.texts import text


class ResumedNote(QWidget):
    """Can be put away. Beginning again drops answers, so it is asked twice. starting_over: it was meant."""

    starting_over = Signal()

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, theme.tokens.units(1))
        self.note = Note(theme, text("wizard.resumed"))
        self.again = Button(theme, text("wizard.start-over"), role="quiet")
        self.keep = Button(theme, text("window.keep-answers"), role="quiet")
        self.hide_button = Button(theme, icon="close", role="quiet")
        self.hide_button.setAccessibleName(text("window.hide-note"))
        self.hide_button.setToolTip(text("window.hide-note"))
        self.note.row.addWidget(self.hide_button, 0, Qt.AlignmentFlag.AlignTop)
        below = QHBoxLayout()
        below.addWidget(self.again)
        below.addWidget(self.keep)
        below.addStretch(1)
        self.note.below.addLayout(below)
        layout.addWidget(self.note)
        self.keep.hide()
        self._asked = False
        self.again.clicked.connect(self._ask)
        self.keep.clicked.connect(self._rest)
        self.hide_button.clicked.connect(self.hide)

    def _ask(self) -> None:
        if self._asked:
            self._rest()
            self.starting_over.emit()
            return
        self._asked = True
        self.note.words.setText(text("window.start-over-sure"))
        self.keep.show()

    def _rest(self) -> None:
        self._asked = False
        self.note.words.setText(text("wizard.resumed"))
        self.keep.hide()
