"""Labels in the roles that the style sheet knows."""

from math import ceil

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QFrame, QLabel, QSizePolicy, QWidget
from typing_extensions import override

from sendwright.desktop.widgets.paragraph import LEADING, TIGHT, Paragraph

_TIGHT_ROLES = {"title", "heading"}
_USUAL_LETTERS = 48


class Words(QLabel):
    """Words in calm lines, as high as they need at every width; plain text, whatever stands in them.

    (Qt's own label knows no distance between lines, and lets a long word push the page wider.)
    """

    def __init__(self, words: str, *, role: str = "") -> None:
        super().__init__()
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setWordWrap(True)
        self.setText(words)
        policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        self._leading = TIGHT if role in _TIGHT_ROLES else LEADING
        if role:
            self.setProperty("role", role)

    @override
    def sizeHint(self) -> QSize:
        widest = self.fontMetrics().averageCharWidth() * _USUAL_LETTERS
        width = min(self._paragraph.size().width(), widest) + self._beside
        return QSize(ceil(width), self.heightForWidth(ceil(width)))

    @override
    def minimumSizeHint(self) -> QSize:
        return QSize(ceil(self._paragraph.narrowest()) + self._beside, self._paragraph.line_height)

    @override
    def hasHeightForWidth(self) -> bool:
        return True

    @override
    def heightForWidth(self, width: int) -> int:
        margins = self.contentsMargins()
        inner = width - self._beside
        return ceil(self._paragraph.size(inner).height()) + margins.top() + margins.bottom()

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setPen(self.palette().color(self.foregroundRole()))
        place = QRectF(self.contentsRect())
        if self.alignment() & Qt.AlignmentFlag.AlignVCenter:
            spare = place.height() - self._paragraph.size(place.width()).height()
            place.setTop(place.top() + max(0.0, spare / 2))
        self._paragraph.draw(painter, place)
        painter.end()

    @property
    def _paragraph(self) -> Paragraph:
        self.ensurePolished()
        horizontal = self.alignment() & Qt.AlignmentFlag.AlignHorizontal_Mask
        return Paragraph(words=self.text(), font=self.font(), leading=self._leading, alignment=horizontal)

    @property
    def _beside(self) -> int:
        margins = self.contentsMargins()
        return margins.left() + margins.right()


def label(words: str, *, role: str = "") -> Words:
    """Return a label of the role."""
    return Words(words, role=role)


def short(words: str, *, role: str = "") -> QLabel:
    """Return a label that stays on one line: a time, a state."""
    made = QLabel(words)
    made.setTextFormat(Qt.TextFormat.PlainText)
    if role:
        made.setProperty("role", role)
    return made


def line() -> QFrame:
    """Return a hairline."""
    made = QFrame()
    made.setProperty("role", "line")
    return made


def restyle(widget: QWidget) -> None:
    """Let the style sheet look at the properties of `widget` again."""
    widget.style().unpolish(widget)
    widget.style().polish(widget)
    widget.update()
