"""Brings what has just appeared into sight."""

from PySide6.QtCore import QEvent, QPoint, QTimer
from PySide6.QtWidgets import QApplication, QScrollArea, QWidget


def bring_into_sight(first: QWidget, whole: QWidget, *, margin: int) -> None:
    """Scroll once everything has its place, if the end of `whole` is out of sight: then `first` stands on top."""
    QTimer.singleShot(0, first, lambda: _scroll_to(first, whole, margin=margin))


def _scroll_to(first: QWidget, whole: QWidget, *, margin: int) -> None:
    QApplication.sendPostedEvents(None, QEvent.Type.LayoutRequest)  # to everybody
    area = whole.parentWidget()
    while area is not None and not isinstance(area, QScrollArea):
        area = area.parentWidget()
    inner = area.widget() if area is not None else None
    if area is None or inner is None:
        return
    end = whole.mapTo(inner, QPoint(0, whole.height())).y()
    bar = area.verticalScrollBar()
    if end > bar.value() + area.viewport().height():
        bar.setValue(first.mapTo(inner, QPoint(0, 0)).y() - margin)
