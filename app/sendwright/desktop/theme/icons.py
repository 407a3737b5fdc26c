"""Draws the icons in the colour and size that are asked for."""

from functools import lru_cache

from PySide6.QtCore import QByteArray, QRectF, Qt
from PySide6.QtGui import QIcon, QPainter, QPixmap
from PySide6.QtSvg import QSvgRenderer

from sendwright import resources
from sendwright.errors import ResourceMissing

_FINEST = 3  # pixels per pixel: sharp on every screen there is


@lru_cache(maxsize=256)
def pixmap(name: str, colour: str, size: int) -> QPixmap:
    """Return the drawing `name` in `colour`, `size` logical pixels wide; an unknown name is drawn as `info`."""
    try:
        file = resources.path(f"icons/{name}.svg")
    except ResourceMissing:
        file = resources.path("icons/info.svg")
    drawing = file.read_text(encoding="utf-8").replace("currentColor", colour)
    renderer = QSvgRenderer(QByteArray(drawing.encode()))
    image = QPixmap(size * _FINEST, size * _FINEST)
    image.fill(Qt.GlobalColor.transparent)
    painter = QPainter(image)
    renderer.render(painter, QRectF(0, 0, size * _FINEST, size * _FINEST))
    painter.end()
    image.setDevicePixelRatio(_FINEST)
    return image


def icon(name: str, colour: str, size: int) -> QIcon:
    """Return the drawing as an icon for a button."""
    drawn = pixmap(name, colour, size)
    made = QIcon(drawn)
    made.addPixmap(drawn, QIcon.Mode.Disabled)  # its colour says what it means, also where it cannot be pressed
    return made
