"""A drawing beside words; it says nothing that they do not, so screen readers pass it over."""

from PySide6.QtCore import QRectF, QSize
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget
from typing_extensions import override

from sendwright.desktop.theme.theme import Theme


class Drawing(QWidget):
    """Drawn in the theme's colours of now; `size` names a size of the tokens."""

    def __init__(self, theme: Theme, name: str, colour: str = "text", *, size: str = "icon") -> None:
        super().__init__()
        self._theme = theme
        self._size = size
        self.name, self.colour = name, colour
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def show_as(self, name: str, colour: str) -> None:
        """Draw something else."""
        self.name, self.colour = name, colour
        self.update()

    @override
    def sizeHint(self) -> QSize:
        side = self._theme.tokens.size(self._size)
        return QSize(side, side)

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        self._theme.draw(painter, QRectF(self.rect()), self.name, self.colour)
        painter.end()
