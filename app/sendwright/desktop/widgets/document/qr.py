"""An address to be read by a telephone, and the same address to be copied."""

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QVBoxLayout, QWidget
from typing_extensions import override

from sendwright.desktop.theme.theme import Theme
from sendwright.desktop.widgets.copybox import CopyBox
from sendwright.desktop.widgets.words import label
from sendwright.document.blocks import QrCode
from sendwright.document.qr import QUIET_ZONE, modules_of
from sendwright.texts import text

_READABLE = 3
"""Pixels of a module that the camera of a telephone tells apart on any screen."""


class QrDrawing(QWidget):
    """The symbol, dark on light whatever the theme: telephones read nothing else for sure."""

    def __init__(self, theme: Theme, modules: tuple[bytes, ...], *, name: str) -> None:
        super().__init__()
        self._theme = theme
        self._modules = modules
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(name)

    @override
    def sizeHint(self) -> QSize:
        """As large as asked for, in whole pixels for each module: edges between pixels would be grey.

        A long address has many modules: then it is larger, as long as it fits into the column.
        """
        tokens = self._theme.tokens
        least = _READABLE if _READABLE * self._across <= tokens.size("qr-most") else 1
        side = self._across * max(least, tokens.size("qr") // self._across)
        return QSize(side, side)

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(self.rect(), Qt.GlobalColor.white)
        module = self.width() / self._across
        for y, row in enumerate(self._modules):
            for x, dark in enumerate(row):
                if dark:
                    place = QRectF((x + QUIET_ZONE) * module, (y + QUIET_ZONE) * module, module, module)
                    painter.fillRect(place, Qt.GlobalColor.black)
        painter.end()

    @property
    def _across(self) -> int:
        return len(self._modules) + 2 * QUIET_ZONE


class QrBlock(QWidget):
    """drawing: the symbol, None where the address is too long for one."""

    def __init__(self, theme: Theme, block: QrCode) -> None:
        super().__init__()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.tokens.units(1))
        column.addWidget(label(block.label, role="label"))
        modules = modules_of(block.value)
        self.drawing: QrDrawing | None = None
        if modules:
            self.drawing = QrDrawing(theme, modules, name=text("sheet.qr", what=block.label))
            column.addWidget(self.drawing, 0, Qt.AlignmentFlag.AlignLeft)
        column.addWidget(CopyBox(theme, block.value, what=block.label))
