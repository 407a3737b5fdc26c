"""Notes when a widget has been painted for the first time, says so with the memory used until then, and ends."""

import json
import os
import sys
import time
from pathlib import Path

from PySide6.QtCore import QEvent, QObject, QTimer
from PySide6.QtWidgets import QWidget


class FirstPaint(QObject):
    """Watches one widget."""

    def watch(self, widget: QWidget) -> None:
        widget.installEventFilter(self)

    def eventFilter(self, widget: QObject, event: QEvent) -> bool:  # noqa: N802 - Qt's name
        if event.type() == QEvent.Type.Paint:
            widget.removeEventFilter(self)
            QTimer.singleShot(0, say)  # when the whole window, children included, is painted
        return False


def say() -> None:
    """Write one line of JSON and end at once: nothing after this belongs to the measurement."""
    painted_at = time.monotonic_ns()
    rollup = Path("/proc/self/smaps_rollup").read_text().splitlines()
    memory = {line.split()[0].rstrip(":"): int(line.split()[1]) for line in rollup[1:]}
    maps = Path("/proc/self/maps").read_text()
    report = {
        "painted_at": painted_at,
        "rss_mb": memory["Rss"] / 1024,
        "pss_mb": memory["Pss"] / 1024,
        "web_engine": "WebEngine" in maps or any("WebEngine" in name for name in sys.modules),
        "modules": len(sys.modules),
    }
    sys.stdout.write(json.dumps(report) + "\n")
    sys.stdout.flush()
    os._exit(0)
