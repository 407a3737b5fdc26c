"""Shows how a recipient's inbox and opened message will show the sender, while it is typed."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QVBoxLayout, QWidget
from typing_extensions import override

from sendwright.desktop.theme.theme import Theme
from sendwright.desktop.widgets.words import label, line, short
from sendwright.texts import text


class InboxPreview(QFrame):
    """A line of an inbox and the head of an opened message."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self.setProperty("role", "card")
        self.setAccessibleName(text("window.preview"))
        tokens = theme.tokens
        layout = QVBoxLayout(self)
        layout.setContentsMargins(tokens.units(2), tokens.units(1.5), tokens.units(2), tokens.units(1.5))
        layout.setSpacing(tokens.units(1))
        layout.addWidget(label(text("window.preview-inbox"), role="small"))
        self._disc = Disc(theme)
        self.name = ElidedLabel("strong")
        subject = ElidedLabel("")
        subject.put(text("window.preview-subject"))
        row = QHBoxLayout()
        row.setSpacing(tokens.units(1.5))
        row.addWidget(self._disc)
        words = QVBoxLayout()
        words.setSpacing(0)
        words.addWidget(self.name)
        words.addWidget(subject)
        row.addLayout(words, 1)
        row.addWidget(short(text("window.preview-time"), role="small"), 0, Qt.AlignmentFlag.AlignTop)
        layout.addLayout(row)
        layout.addWidget(line())
        layout.addWidget(label(text("window.preview-opened"), role="small"))
        self.opened_name = label("", role="strong")
        self.address = label("", role="muted")
        opened = QVBoxLayout()
        opened.setSpacing(0)
        opened.addWidget(self.opened_name)
        opened.addWidget(self.address)
        layout.addLayout(opened)

    def put(self, *, alias: str, address: str) -> None:
        """Show this sender; where nothing is typed yet, say so."""
        typed = " ".join(alias.split())
        name = typed or text("window.preview-no-name")
        self._disc.put(typed[:1].upper())
        self.name.put(name)
        self.opened_name.setText(name)
        shown = address.strip() or text("window.preview-no-address")
        self.address.setText(f"<{shown}>")


class ElidedLabel(QLabel):
    """One line that ends in an ellipsis where it is too long, as an inbox shows it."""

    def __init__(self, role: str) -> None:
        super().__init__()
        self._whole = ""
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setMinimumWidth(1)
        if role:
            self.setProperty("role", role)

    def put(self, words: str) -> None:
        """Show `words`; a screen reader reads them whole."""
        self._whole = words
        self.setAccessibleName(words)
        self._elide()

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._elide()

    def _elide(self) -> None:
        self.setText(self.fontMetrics().elidedText(self._whole, Qt.TextElideMode.ElideRight, max(self.width(), 1)))


class Disc(QWidget):
    """The initial of a sender on a coloured disc."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._initial = ""
        side = theme.tokens.size("control")
        self.setFixedSize(side, side)

    def put(self, initial: str) -> None:
        """Show `initial`."""
        self._initial = initial
        self.update()

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        tokens = self._theme.tokens
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(tokens.colour("accent")))
        painter.drawEllipse(self.rect())
        painter.setPen(QColor(tokens.colour("on-accent")))
        painter.drawText(self.rect(), Qt.AlignmentFlag.AlignCenter, self._initial)
        painter.end()
