"""The foot bar: back, waiting and the one primary button."""

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QWidget

from sendwright.desktop.theme.theme import Theme
from sendwright.desktop.widgets.button import Button
from sendwright.desktop.widgets.words import label
from sendwright.texts import text


class Foot(QWidget):
    """Buttons of the page; the primary one stands bottom right. narrow: there is little room.

    ways: buttons that a page has put here, because they have to be in sight all the time.
    """

    back = Signal()
    primary = Signal()
    cancel = Signal()

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self.setObjectName("foot")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.narrow = False
        tokens = theme.tokens
        layout = QHBoxLayout(self)
        layout.setContentsMargins(tokens.size("side"), tokens.units(1.5), tokens.units(2), tokens.units(1.5))
        layout.setSpacing(tokens.units(1))
        self.ways: tuple[Button, ...] = ()
        self._ways = QHBoxLayout()
        self._ways.setSpacing(tokens.units(1))
        self.back_button = Button(theme, text("wizard.back"))
        self.cancel_button = Button(theme, text("wizard.cancel"))
        self.primary_button = Button(theme, role="primary")
        self.waiting = label("", role="muted")
        self.waiting.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        layout.addWidget(self.back_button)
        layout.addWidget(self.waiting, 1)
        layout.addLayout(self._ways)
        layout.addWidget(self.cancel_button)
        layout.addWidget(self.primary_button)
        self.back_button.clicked.connect(lambda _=False: self.back.emit())
        self.cancel_button.clicked.connect(lambda _=False: self.cancel.emit())
        self.primary_button.clicked.connect(lambda _=False: self.primary.emit())
        self.show_state(back="", primary="")

    def put_ways(self, buttons: Sequence[Button]) -> None:
        """Show `buttons` in place of those that a former page had put here."""
        for former in self.ways:
            self._ways.removeWidget(former)
            former.hide()
            former.deleteLater()
        self.ways = tuple(buttons)
        for button in buttons:
            self._ways.addWidget(button)
            button.show()  # at once: the keyboard may begin there

    def show_state(self, *, back: str, primary: str, waiting: str = "", cancellable: bool = False) -> None:
        """Draw the bar: empty words hide their part."""
        alone = self.narrow and bool(waiting)  # then words and Cancel need all the room
        self.back_button.setText(back)
        self.back_button.setVisible(bool(back) and not alone)
        self.primary_button.setText(primary)
        self.primary_button.setVisible(bool(primary) and not (alone and cancellable))
        self.cancel_button.setVisible(cancellable)
        self.waiting.setText(waiting)
