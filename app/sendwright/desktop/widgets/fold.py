"""Something that is folded away until it is asked for."""

from PySide6.QtWidgets import QVBoxLayout, QWidget

from sendwright.desktop.theme.theme import Theme
from sendwright.desktop.widgets.button import Button, alone


class Fold(QWidget):
    """A quiet button that shows and hides what belongs to it."""

    def __init__(self, theme: Theme, words: str, content: QWidget, *, opened: bool = False) -> None:
        super().__init__()
        self._content = content
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(theme.tokens.units(1))
        self.button = Button(theme, words, role="quiet")
        self.button.setCheckable(True)
        self.button.toggled.connect(self._switch)
        layout.addLayout(alone(self.button))
        layout.addWidget(content)
        self.button.setChecked(opened)
        self._switch(opened)

    def open(self) -> None:
        """Show what belongs to it."""
        self.button.setChecked(True)

    def _switch(self, opened: bool) -> None:  # noqa: FBT001 - Qt's signal
        self.button.show_as("chevron-down" if opened else "chevron-right")
        self._content.setVisible(opened)
