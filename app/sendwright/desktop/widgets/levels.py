"""The switch between the three reading levels: one row of segments, of which one is chosen."""

from math import ceil

from PySide6.QtCore import QPoint, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QButtonGroup, QFrame, QHBoxLayout, QRadioButton, QSizePolicy
from typing_extensions import override

from sendwright.desktop.reading import Reading
from sendwright.desktop.theme.theme import Theme
from sendwright.desktop.widgets.paragraph import TIGHT, Paragraph
from sendwright.problems.level import Level
from sendwright.texts import text


class Segment(QRadioButton):
    """One level. Chosen, it stands out by a ground, a border and bolder words: never by colour alone."""

    def __init__(self, theme: Theme, level: Level) -> None:
        super().__init__(text(f"level.{level}.label"))
        self._theme = theme
        self.level = level
        self.setProperty("role", "segment")
        self.setAccessibleDescription(text(f"level.{level}.detail"))
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Minimum)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)

    @override
    def hitButton(self, place: QPoint) -> bool:
        return self.rect().contains(place)

    @override
    def sizeHint(self) -> QSize:
        width = ceil(self._paragraph.size().width()) + self._beside
        return QSize(width, self.heightForWidth(width))

    @override
    def minimumSizeHint(self) -> QSize:
        paragraph = self._paragraph
        return QSize(ceil(paragraph.narrowest()) + self._beside, ceil(paragraph.line_height) + self._above)

    @override
    def hasHeightForWidth(self) -> bool:
        return True

    @override
    def heightForWidth(self, width: int) -> int:
        return ceil(self._paragraph.size(max(width - self._beside, 1)).height()) + self._above

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        tokens = self._theme.tokens
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        half = tokens.size("focus") / 2
        place = QRectF(self.rect()).adjusted(half, half, -half, -half)
        radius = tokens.size("tick-radius")
        ground = "card" if self.isChecked() else "hover" if self.underMouse() and self.isEnabled() else "well"
        painter.setBrush(QColor(tokens.colour(ground)))
        if self.hasFocus():
            painter.setPen(QPen(QColor(tokens.colour("accent")), tokens.size("focus")))
        else:
            edge = tokens.colour("control" if self.isChecked() else ground)
            painter.setPen(QPen(QColor(edge), tokens.size("hairline")))
        painter.drawRoundedRect(place, radius, radius)
        paragraph = self._drawn
        painter.setPen(QColor(tokens.colour("text" if self.isChecked() and self.isEnabled() else "muted")))
        inner = QRectF(self._beside / 2, 0, self.width() - self._beside, 0)
        inner.setHeight(paragraph.size(inner.width()).height())
        inner.moveTop((self.height() - inner.height()) / 2)
        paragraph.draw(painter, inner)
        painter.end()

    @property
    def _paragraph(self) -> Paragraph:
        """The words as they are when chosen: nothing moves when they are."""
        return self._words(QFont.Weight.DemiBold)

    @property
    def _drawn(self) -> Paragraph:
        return self._words(QFont.Weight.DemiBold if self.isChecked() else QFont.Weight.Normal)

    def _words(self, weight: QFont.Weight) -> Paragraph:
        self.ensurePolished()
        font = QFont(self.font())
        font.setWeight(weight)
        return Paragraph(words=self.text(), font=font, leading=TIGHT, alignment=Qt.AlignmentFlag.AlignHCenter)

    @property
    def _beside(self) -> int:
        return 2 * self._theme.tokens.units(1)

    @property
    def _above(self) -> int:
        return 2 * self._theme.tokens.units(0.75)


class LevelSwitch(QFrame):
    """Segments in reading order. Tab comes past the chosen one, arrow keys choose another; it follows the reading."""

    def __init__(self, theme: Theme, reading: Reading) -> None:
        super().__init__()
        self._reading = reading
        self.setProperty("role", "well")
        self.setAccessibleName(text("level.name"))
        tokens = theme.tokens
        row = QHBoxLayout(self)
        row.setContentsMargins(*[tokens.size("focus")] * 4)
        row.setSpacing(tokens.size("focus"))
        self._group = QButtonGroup(self)
        self.segments: dict[Level, Segment] = {}
        for level in Level:
            segment = Segment(theme, level)
            self.segments[level] = segment
            self._group.addButton(segment)
            row.addWidget(segment, 1)
            segment.toggled.connect(lambda on, level=level: reading.choose(level) if on else None)
        self._follow()
        reading.changed.connect(self._follow)

    def _follow(self) -> None:
        """Show the level of the reading, wherever it was chosen; the keyboard stays where it is."""
        self.segments[self._reading.level].setChecked(True)
        for level, segment in self.segments.items():
            chosen = level is self._reading.level
            segment.setFocusPolicy(Qt.FocusPolicy.StrongFocus if chosen else Qt.FocusPolicy.ClickFocus)
