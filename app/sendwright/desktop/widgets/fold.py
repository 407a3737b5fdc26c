"""Something that is folded away until it is asked for."""

from PySide6.QtWidgets import QPushButton, QVBoxLayout, QWidget

from sendwright.desktop.theme.theme import Theme


class Fold(QWidget):
    """A quiet button that shows and hides what belongs to it."""

    def __init__(self, theme: Theme, words: str, content: QWidget, *, opened: bool = False) -> None:
        super().__init__()
        self._theme = theme
        self._content = content
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(theme.tokens.units(1))
        self.button = QPushButton(words)
        self.button.setProperty("role", "quiet")
        self.button.setCheckable(True)
        self.button.toggled.connect(self._switch)
        layout.addWidget(self.button)
        layout.addWidget(content)
        self.button.setChecked(opened)
        self._switch(opened)

    def _switch(self, opened: bool) -> None:  # noqa: FBT001 - Qt's signal
        self.button.setIcon(self._theme.icon("chevron-down" if opened else "chevron-right", "accent"))
        self._content.setVisible(opened)
