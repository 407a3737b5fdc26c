"""What the window shows while the wizard itself is not ready yet."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from sendwright.desktop.theme.theme import Theme
from sendwright.desktop.widgets.button import Button
from sendwright.desktop.widgets.drawing import Drawing
from sendwright.desktop.widgets.words import label
from sendwright.texts import text


class WaitingView(QWidget):
    """Says what is being waited for. cancelled: the person does not want to wait."""

    cancelled = Signal()

    def __init__(self, theme: Theme, words: str) -> None:
        super().__init__()
        self.setObjectName("page")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        tokens = theme.tokens
        column = QVBoxLayout(self)
        margin = tokens.units(5)
        column.setContentsMargins(margin, margin, margin, margin)
        column.addStretch(1)
        row = QHBoxLayout()
        row.setSpacing(tokens.units(1.5))
        row.addStretch(1)
        row.addWidget(Drawing(theme, "waiting", "accent"), 0, Qt.AlignmentFlag.AlignTop)
        self.words = label(words, role="lead")
        row.addWidget(self.words)
        row.addStretch(1)
        column.addLayout(row)
        self.cancel_button = Button(theme, text("wizard.cancel"))
        self.cancel_button.clicked.connect(lambda _=False: self.cancelled.emit())
        column.addSpacing(tokens.units(2))
        column.addWidget(self.cancel_button, 0, Qt.AlignmentFlag.AlignHCenter)
        column.addStretch(2)
        self.setAccessibleName(words)

    def take_focus(self) -> None:
        """Move the keyboard to the one thing that can be done."""
        self.cancel_button.setFocus(Qt.FocusReason.OtherFocusReason)

    def enter(self) -> None:
        """Do what the key Enter means."""
        if self.cancel_button.hasFocus():
            self.cancel()

    def cancel(self) -> None:
        """Do what the key Escape means."""
        self.cancelled.emit()

    def go_back(self) -> None:
        """There is nothing to go back to."""
