"""Stands above every page of a practice and says that it is one."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QWidget

from sendwright.desktop.theme.theme import Theme
from sendwright.desktop.widgets.button import Button
from sendwright.desktop.widgets.note import Note
from sendwright.texts import text


class PracticeBanner(QWidget):
    """ending: back to the real wizard. inbox_toggled: see or leave the inbox."""

    ending = Signal()
    inbox_toggled = Signal(bool)

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        self.note = Note(theme, text("wizard.practice"), tone="practice")
        self.inbox_button = Button(theme, text("window.inbox"), icon="inbox", role="quiet")
        self.inbox_button.setCheckable(True)
        self.inbox_button.toggled.connect(self.inbox_toggled)
        self.end_button = Button(theme, text("window.end-practice"), role="quiet")
        self.end_button.clicked.connect(lambda _=False: self.ending.emit())
        for button in (self.inbox_button, self.end_button):
            button.drawing_colour = "practice"
            self.note.row.addWidget(button, 0, Qt.AlignmentFlag.AlignVCenter)
        mark = self.note.row.itemAt(0)
        if mark is not None:
            mark.setAlignment(Qt.AlignmentFlag.AlignVCenter)
        layout.addWidget(self.note)

    @property
    def inbox_chosen(self) -> bool:
        """Whether the person wants to see the inbox now."""
        return self.inbox_button.isChecked()

    def offer_inbox(self, *, offered: bool) -> None:
        """Show the button for the inbox, where it has no place of its own; then there is little room for words too."""
        self.inbox_button.setVisible(offered)
        self.note.words.setText(text("window.practice" if offered else "wizard.practice"))
        self.note.words.setToolTip(text("wizard.practice"))

    def count(self, messages: int) -> None:
        """Say how many messages there are."""
        self.inbox_button.setText(text("window.inbox-count", number=messages))
