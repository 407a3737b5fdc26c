"""The foot bar: back, waiting and the one primary button."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QWidget

from sendwright.desktop.theme.theme import Theme
from sendwright.desktop.widgets.words import label
from sendwright.texts import text


class Foot(QWidget):
    """Buttons of the page; the primary one stands bottom right."""

    back = Signal()
    primary = Signal()
    cancel = Signal()

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self.setObjectName("foot")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        unit = theme.tokens.units(1)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(3 * unit, 2 * unit, 3 * unit, 2 * unit)
        layout.setSpacing(unit)
        self.back_button = QPushButton(text("wizard.back"))
        self.cancel_button = QPushButton(text("wizard.cancel"))
        self.primary_button = QPushButton()
        self.primary_button.setProperty("role", "primary")
        self.primary_button.setDefault(True)
        self._waiting = label("", role="muted")
        self._waiting.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        layout.addWidget(self.back_button)
        layout.addWidget(self._waiting, 1)
        layout.addWidget(self.cancel_button)
        layout.addWidget(self.primary_button)
        self.back_button.clicked.connect(self.back)
        self.cancel_button.clicked.connect(self.cancel)
        self.primary_button.clicked.connect(self.primary)
        self.show_state(back=False, primary="", waiting="", cancellable=False)

    def show_state(self, *, back: bool, primary: str, waiting: str, cancellable: bool) -> None:
        """Draw the bar: empty words hide their part."""
        self.back_button.setVisible(back)
        self.cancel_button.setVisible(cancellable)
        self.primary_button.setVisible(bool(primary))
        self.primary_button.setText(primary)
        self.primary_button.setAccessibleName(primary)
        self._waiting.setText(waiting)
