"""A button whose words wrap where there is little room, so that no long label pushes the page wider."""

from math import ceil

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QSizePolicy, QStyle, QStyleOptionButton
from typing_extensions import override

from sendwright.desktop.theme.theme import Theme
from sendwright.desktop.widgets.paragraph import TIGHT, Paragraph

_MORE_THAN_ANY_PADDING = 1000


class Button(QPushButton):
    """Words with an icon before them. role: `primary`, `quiet` (as a link), `stop` (of the rail) or none."""

    def __init__(self, theme: Theme, words: str = "", *, icon: str = "", role: str = "") -> None:
        super().__init__(words)
        self._theme = theme
        self._role = role
        self.drawing = icon
        self.drawing_colour = "accent" if role == "quiet" else "text"
        if role:
            self.setProperty("role", role)
        policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)

    def show_as(self, drawing: str, colour: str = "") -> None:
        """Draw another icon."""
        self.drawing = drawing
        self.drawing_colour = colour or self.drawing_colour
        self.update()

    @override
    def sizeHint(self) -> QSize:
        return self._around(self._paragraph.size().width())

    @override
    def minimumSizeHint(self) -> QSize:
        paragraph = self._paragraph
        whole = self._around(paragraph.size().width())
        return QSize(min(self._around(paragraph.narrowest()).width(), whole.width()), whole.height())

    @override
    def hasHeightForWidth(self) -> bool:
        return True

    @override
    def heightForWidth(self, width: int) -> int:
        padding = self._around(_MORE_THAN_ANY_PADDING).width() - _MORE_THAN_ANY_PADDING
        return self._around(max(width - padding, 1)).height()

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        option = QStyleOptionButton()
        self.initStyleOption(option)
        option.text = ""
        painter = QPainter(self)
        self.style().drawControl(QStyle.ControlElement.CE_PushButtonBevel, option, painter, self)
        if self._role == "primary" and self.hasFocus():
            self._draw_ring(painter)
        room = self.style().subElementRect(QStyle.SubElement.SE_PushButtonContents, option, self)
        words = self._paragraph.size(room.width() - self._before)
        content = self._before + (words.width() if self.text() else 0)
        left = room.left() if self._role in {"quiet", "stop"} else room.left() + max(0, (room.width() - content) / 2)
        if self.drawing:
            side = self._theme.tokens.size("icon")
            place = QRectF(left, room.top() + (room.height() - side) / 2, side, side)
            self._theme.draw(painter, place, self.drawing, self.drawing_colour)
        painter.setPen(self.palette().color(self.foregroundRole()))
        top = room.top() + (room.height() - words.height()) / 2
        place = QRectF(left + self._before, top, room.right() + 1 - left - self._before, words.height())
        self._paragraph.draw(painter, place)
        painter.end()

    def _draw_ring(self, painter: QPainter) -> None:
        """Show the keyboard inside the coloured button: around it, no one colour stands out from both sides."""
        tokens = self._theme.tokens
        width = tokens.size("focus")
        ring = QRectF(self.rect()).adjusted(1.5 * width, 1.5 * width, -1.5 * width, -1.5 * width)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(QColor(tokens.colour("on-accent")), width))
        painter.drawRoundedRect(ring, tokens.size("tick-radius"), tokens.size("tick-radius"))

    @property
    def _paragraph(self) -> Paragraph:
        self.ensurePolished()
        return Paragraph(words=self.text(), font=self.font(), leading=TIGHT)

    @property
    def _before(self) -> int:
        """Room of the icon and the gap after it."""
        if not self.drawing:
            return 0
        return self._theme.tokens.size("icon") + (self._theme.tokens.units(1) if self.text() else 0)

    def _around(self, words_width: float) -> QSize:
        """Return the size of the whole button when its words may be `words_width` wide."""
        option = QStyleOptionButton()
        self.initStyleOption(option)
        words = self._paragraph.size(max(words_width, 1.0))
        height = max(words.height() if self.text() else 0, self._theme.tokens.size("icon") if self.drawing else 0)
        content = QSize(ceil(words_width) + self._before, ceil(height))
        return self.style().sizeFromContents(QStyle.ContentsType.CT_PushButton, option, content, self)


def alone(button: QPushButton) -> QHBoxLayout:
    """Return a row with `button` at its beginning, as wide as its words."""
    row = QHBoxLayout()
    row.addWidget(button)
    row.addStretch(1)
    row.setAlignment(button, Qt.AlignmentFlag.AlignLeft)
    return row
