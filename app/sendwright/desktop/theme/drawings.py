"""Draws the icons, each in the colour and size that is asked for, sharp on every screen."""

from PySide6.QtCore import QByteArray, QRectF, QSize, Qt
from PySide6.QtGui import QIcon, QPainter, QPixmap
from PySide6.QtSvg import QSvgRenderer

from sendwright import resources
from sendwright.errors import ResourceMissing

_DENSITIES = (1, 2, 3)  # pixels per pixel


class Drawings:
    """The drawings of resources/icons by name; an unknown name is drawn as `info`."""

    def __init__(self) -> None:
        self._renderers: dict[tuple[str, str], QSvgRenderer] = {}

    def draw(self, painter: QPainter, place: QRectF, name: str, colour: str) -> None:
        """Draw `name` in `colour` into `place`."""
        self._renderer(name, colour).render(painter, place)

    def icon(self, name: str, colour: str, size: int) -> QIcon:
        """Return the drawing as an icon, `size` logical pixels wide."""
        made = QIcon()
        for density in _DENSITIES:
            image = QPixmap(QSize(size, size) * density)
            image.fill(Qt.GlobalColor.transparent)
            painter = QPainter(image)
            self.draw(painter, QRectF(image.rect()), name, colour)
            painter.end()
            image.setDevicePixelRatio(density)
            made.addPixmap(image)
            made.addPixmap(image, QIcon.Mode.Disabled)  # its colour says what it means, pressed or not
        return made

    def _renderer(self, name: str, colour: str) -> QSvgRenderer:
        if (name, colour) not in self._renderers:
            drawing = _file(name).replace("currentColor", colour)
            self._renderers[name, colour] = QSvgRenderer(QByteArray(drawing.encode()))
        return self._renderers[name, colour]


def _file(name: str) -> str:
    try:
        file = resources.path(f"icons/{name}.svg")
    except ResourceMissing:
        file = resources.path("icons/info.svg")
    return file.read_text(encoding="utf-8")
