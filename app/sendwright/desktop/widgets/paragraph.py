"""Words laid out in lines at a given width, with room between the lines."""

from dataclasses import dataclass
from math import ceil

from PySide6.QtCore import QPointF, QRectF, QSizeF, Qt
from PySide6.QtGui import QFont, QFontInfo, QFontMetricsF, QPainter, QTextLayout, QTextOption

LEADING = 1.45
TIGHT = 1.2
_LINE_BREAK = "\u2028"  # what QTextLayout breaks a line at
_USUAL_WORD = 12  # letters
_MORE_THAN_MEASURED = 1  # a line is laid out in fractions of pixels, and would break for one of them
_UNBOUNDED = 1_000_000.0


@dataclass(frozen=True, kw_only=True)
class Paragraph:
    """leading: distance of the lines as a multiple of the letters' height. Long words break wherever they must."""

    words: str
    font: QFont
    leading: float = LEADING
    alignment: Qt.AlignmentFlag = Qt.AlignmentFlag.AlignLeft

    def size(self, width: float = _UNBOUNDED) -> QSizeF:
        """Return the room that the words take when lines may be `width` wide."""
        layout = self._lay_out(width)
        widest = max((layout.lineAt(n).naturalTextWidth() for n in range(layout.lineCount())), default=0.0)
        return QSizeF(ceil(widest), layout.lineCount() * self.line_height)

    def narrowest(self) -> float:
        """Return the width below which words of a usual length would break inside."""
        metrics = QFontMetricsF(self.font)
        longest = max((metrics.horizontalAdvance(word) for word in self.words.split()), default=0.0)
        return ceil(min(longest, metrics.averageCharWidth() * _USUAL_WORD)) + _MORE_THAN_MEASURED

    def draw(self, painter: QPainter, place: QRectF) -> None:
        """Draw the words from the top of `place` in the painter's pen."""
        self._lay_out(place.width()).draw(painter, place.topLeft())

    @property
    def line_height(self) -> int:
        """Pixels from line to line: never less than the letters need."""
        letters = QFontInfo(self.font).pixelSize()
        return round(max(letters * self.leading, QFontMetricsF(self.font).height()))

    def _lay_out(self, width: float) -> QTextLayout:
        layout = QTextLayout(self.words.replace("\r\n", "\n").replace("\n", _LINE_BREAK), self.font)
        option = QTextOption(self.alignment)
        option.setWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
        layout.setTextOption(option)
        metrics = QFontMetricsF(self.font)
        above = (self.line_height - metrics.height()) / 2
        layout.beginLayout()
        top = 0
        while (line := layout.createLine()).isValid():
            line.setLineWidth(max(width, 1.0))
            line.setPosition(QPointF(0, top + above))
            top += self.line_height
        layout.endLayout()
        return layout
