"""Frees unreachable cycles on the GUI's thread only: a widget that is freed on another one crashes Qt."""

import gc

from PySide6.QtCore import QObject, QTimer

INTERVAL_MS = 2000


class Sweeper(QObject):
    """Takes over from Python's own collector, which runs on whichever thread happens to allocate, until `stop`."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._was_enabled = gc.isenabled()
        gc.disable()
        self._timer = QTimer(self, interval=INTERVAL_MS)
        self._timer.timeout.connect(self.sweep)
        self._timer.start()

    def sweep(self) -> None:
        """Collect the generations that are due, as Python itself would."""
        due = [
            n for n, (count, limit) in enumerate(zip(gc.get_count(), gc.get_threshold(), strict=True)) if count > limit
        ]
        if due:
            gc.collect(max(due))

    def stop(self) -> None:
        """Leave it to Python again."""
        self._timer.stop()
        if self._was_enabled:
            gc.enable()
