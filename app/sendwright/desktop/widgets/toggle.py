"""A box to tick, with words that wrap."""

from math import ceil

from PySide6.QtCore import QPoint, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QCheckBox, QSizePolicy
from typing_extensions import override

from sendwright.desktop.theme.theme import Theme
from sendwright.desktop.widgets.paragraph import Paragraph

_USUAL_LETTERS = 48


class Toggle(QCheckBox):
    """On or off. Everything of it can be pressed; the keyboard's ring stands around the box."""

    def __init__(self, theme: Theme, words: str) -> None:
        super().__init__(words)
        self._theme = theme
        policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)

    @override
    def hitButton(self, place: QPoint) -> bool:
        return self.rect().contains(place)

    @override
    def sizeHint(self) -> QSize:
        letters = self.fontMetrics().averageCharWidth() * _USUAL_LETTERS
        width = ceil(min(self._paragraph.size().width(), letters)) + self._before
        return QSize(width, self.heightForWidth(width))

    @override
    def minimumSizeHint(self) -> QSize:
        return QSize(ceil(self._paragraph.narrowest()) + self._before, self._theme.tokens.size("tick"))

    @override
    def hasHeightForWidth(self) -> bool:
        return True

    @override
    def heightForWidth(self, width: int) -> int:
        words = self._paragraph.size(max(width - self._before, 1)).height()
        return max(ceil(words), self._theme.tokens.size("tick")) + 2 * self._ring

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        tokens = self._theme.tokens
        side = tokens.size("tick")
        top = self._ring + max(0.0, (self._paragraph.line_height - side) / 2)
        box = QRectF(self._ring, top, side, side)
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self._draw_box(painter, box)
        if self.hasFocus():
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(QColor(tokens.colour("accent")), tokens.size("focus")))
            ring = box.adjusted(-self._ring + 1, -self._ring + 1, self._ring - 1, self._ring - 1)
            painter.drawRoundedRect(ring, tokens.size("field-radius"), tokens.size("field-radius"))
        painter.setPen(self.palette().color(self.foregroundRole()))
        words = QRectF(self._before, self._ring, self.width() - self._before, self.height())
        self._paragraph.draw(painter, words)
        painter.end()

    def _draw_box(self, painter: QPainter, box: QRectF) -> None:
        tokens = self._theme.tokens
        ticked = self.isChecked()
        painter.setPen(QPen(QColor(tokens.colour("accent" if ticked else "control")), tokens.size("hairline")))
        painter.setBrush(QColor(tokens.colour("accent" if ticked else "card")))
        half = tokens.size("hairline") / 2
        radius = tokens.size("tick-radius")
        painter.drawRoundedRect(box.adjusted(half, half, -half, -half), radius, radius)
        if ticked:
            self._theme.draw(painter, box, "done", "on-accent")

    @property
    def _paragraph(self) -> Paragraph:
        self.ensurePolished()
        return Paragraph(words=self.text(), font=self.font())

    @property
    def _ring(self) -> int:
        return 2 * self._theme.tokens.size("focus")

    @property
    def _before(self) -> int:
        return 2 * self._ring + self._theme.tokens.size("tick") + self._theme.tokens.units(0.5)
