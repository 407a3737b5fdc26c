"""Brings what has just appeared into sight."""

from PySide6.QtCore import QEvent, QPoint, QTimer
from PySide6.QtWidgets import QApplication, QScrollArea, QWidget


def bring_into_sight(first: QWidget, whole: QWidget, *, margin: int) -> None:
    """Scroll once everything has its place, if the end of `whole` is out of sight: then `first` stands on top."""
    QTimer.singleShot(0, first, lambda: _scroll_to(first, whole, margin=margin))


def bring_up(widget: QWidget) -> None:
    """Scroll as little as shows `widget`, up or down, once everything has its place."""
    QTimer.singleShot(0, widget, lambda: _ensure(widget))


def _ensure(widget: QWidget) -> None:
    QApplication.sendPostedEvents(None, QEvent.Type.LayoutRequest)  # to everybody
    area = _area_of(widget)
    if area is not None:
        area.ensureWidgetVisible(widget)


def _area_of(widget: QWidget) -> QScrollArea | None:
    area = widget.parentWidget()
    while area is not None and not isinstance(area, QScrollArea):
        area = area.parentWidget()
    return area


def _scroll_to(first: QWidget, whole: QWidget, *, margin: int) -> None:
    QApplication.sendPostedEvents(None, QEvent.Type.LayoutRequest)  # to everybody
    area = _area_of(whole)
    inner = area.widget() if area is not None else None
    if area is None or inner is None:
        return
    end = whole.mapTo(inner, QPoint(0, whole.height())).y()
    bar = area.verticalScrollBar()
    if end > bar.value() + area.viewport().height():
        bar.setValue(first.mapTo(inner, QPoint(0, 0)).y() - margin)
