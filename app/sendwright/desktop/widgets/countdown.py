"""Waits as long as a remedy says, or until a moment, then tries again by itself."""

from collections.abc import Callable
from datetime import UTC, datetime
from math import ceil

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout

from sendwright.desktop.theme.theme import Theme
from sendwright.desktop.widgets.drawing import Drawing
from sendwright.desktop.widgets.words import label
from sendwright.texts import text

_AT_LEAST_S = 5
_USUALLY_S = 60


def _now() -> datetime:
    return datetime.now(UTC)


class Countdown(QFrame):
    """A clock that runs down. ended: the time is over, said once. seconds: how long to wait, as a remedy writes it.

    until: in place of that the moment (aware) at which the time is over, whatever the computer slept meanwhile;
    clock: tells the time; the system's where none is given. column: where something can be added below the clock.
    """

    ended = Signal()

    def __init__(
        self,
        theme: Theme,
        words: str,
        *,
        seconds: str = "",
        until: datetime | None = None,
        clock: Callable[[], datetime] | None = None,
    ) -> None:
        super().__init__()
        self.setProperty("tone", "info")
        self._until, self._clock = until, clock or _now
        self._left = _read(seconds) if until is None else self._remaining(until)
        tokens = theme.tokens
        row = QHBoxLayout(self)
        row.setContentsMargins(tokens.units(1.5), tokens.units(1), tokens.units(1.5), tokens.units(1))
        row.setSpacing(tokens.units(1))
        row.addWidget(Drawing(theme, "waiting", "info"), 0, Qt.AlignmentFlag.AlignTop)
        self.clock = label("", role="strong")
        self.column = QVBoxLayout()
        self.column.setSpacing(0)
        self.column.addWidget(label(words))
        self.column.addWidget(self.clock)
        row.addLayout(self.column, 1)
        self._timer = QTimer(self, interval=1000)
        self._timer.timeout.connect(self._tick)
        self._timer.start()
        self._show()

    def stop(self) -> None:
        """Count no further: the person does something about it herself."""
        self._timer.stop()
        self.clock.hide()

    def _remaining(self, until: datetime) -> int:
        return ceil((until - self._clock()).total_seconds())

    def _tick(self) -> None:
        self._left = self._left - 1 if self._until is None else self._remaining(self._until)
        self._show()
        if self._left <= 0:
            self._timer.stop()
            self.ended.emit()

    def _show(self) -> None:
        self.clock.setText(text("window.again-in", time=clock_time(self._left)))


def clock_time(seconds: int) -> str:
    """Return a time as a clock shows it: `4:05`, `1:30:00`."""
    minutes, seconds = divmod(max(seconds, 0), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02d}:{seconds:02d}" if hours else f"{minutes}:{seconds:02d}"


def _read(seconds: str) -> int:
    """A server may ask for any time: nothing is tried again in a rush, and nonsense is the usual wait."""
    try:
        return max(_AT_LEAST_S, int(float(seconds)))
    except (ValueError, OverflowError):
        return _USUALLY_S
