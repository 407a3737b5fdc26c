"""Waits as long as a remedy says, then tries again by itself."""

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout

from sendwright.desktop.theme.theme import Theme
from sendwright.desktop.widgets.drawing import Drawing
from sendwright.desktop.widgets.words import label
from sendwright.texts import text

_AT_LEAST_S = 5
_USUALLY_S = 60


class Countdown(QFrame):
    """A clock that runs down. ended: the time is over. seconds: how long to wait, as a remedy writes it."""

    ended = Signal()

    def __init__(self, theme: Theme, words: str, *, seconds: str) -> None:
        super().__init__()
        self.setProperty("tone", "info")
        self._left = _read(seconds)
        tokens = theme.tokens
        row = QHBoxLayout(self)
        row.setContentsMargins(tokens.units(1.5), tokens.units(1), tokens.units(1.5), tokens.units(1))
        row.setSpacing(tokens.units(1))
        row.addWidget(Drawing(theme, "waiting", "info"), 0, Qt.AlignmentFlag.AlignTop)
        self.clock = label("", role="strong")
        column = QVBoxLayout()
        column.setSpacing(0)
        column.addWidget(label(words))
        column.addWidget(self.clock)
        row.addLayout(column, 1)
        self._timer = QTimer(self, interval=1000)
        self._timer.timeout.connect(self._tick)
        self._timer.start()
        self._show()

    def _tick(self) -> None:
        self._left -= 1
        self._show()
        if self._left <= 0:
            self._timer.stop()
            self.ended.emit()

    def _show(self) -> None:
        minutes, seconds = divmod(max(self._left, 0), 60)
        self.clock.setText(text("window.again-in", time=f"{minutes}:{seconds:02d}"))


def _read(seconds: str) -> int:
    """A server may ask for any time: nothing is tried again in a rush, and nonsense is the usual wait."""
    try:
        return max(_AT_LEAST_S, int(float(seconds)))
    except (ValueError, OverflowError):
        return _USUALLY_S
