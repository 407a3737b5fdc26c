"""The look of this window now: follows the system between light and dark, and its text size."""

import sys

from PySide6.QtCore import QObject, QRectF, Qt, Signal
from PySide6.QtGui import QFontInfo, QGuiApplication, QIcon, QPainter
from PySide6.QtWidgets import QApplication

from sendwright.desktop.theme.drawings import Drawings
from sendwright.desktop.theme.palette import palette
from sendwright.desktop.theme.stylesheet import style_sheet
from sendwright.desktop.theme.tokens import Tokens, load_tokens

_USUAL_PIXELS = {"win32": 12, "darwin": 13}  # height of the system's font at 100 %
_USUAL_ELSEWHERE = 13.4
_NOISE = 1.12  # desktops differ by a point; that is nobody's wish for larger words


class Theme(QObject):
    """Holds the tokens in use and tells when they change. scale: text size, None takes the system's."""

    changed = Signal()

    def __init__(self, application: QApplication, *, accent: str, scale: float | None = None) -> None:
        super().__init__(application)
        self._application = application
        self._accent = accent
        self._scale = scale or text_scale(QFontInfo(application.font()).pixelSize(), sys.platform)
        self._drawings = Drawings()
        hints = QGuiApplication.styleHints()
        self._tokens = self._load(dark=hints.colorScheme() is Qt.ColorScheme.Dark)
        hints.colorSchemeChanged.connect(self._follow)
        self._apply()

    @property
    def tokens(self) -> Tokens:
        """The tokens in use."""
        return self._tokens

    def use(self, *, dark: bool) -> None:
        """Show light or dark; everything that is shown stays and is drawn anew."""
        if dark is not self._tokens.dark:
            self._tokens = self._load(dark=dark)
            self._apply()
            self.changed.emit()

    def icon(self, name: str, colour: str = "text") -> QIcon:
        """Return an icon in a colour of the tokens."""
        return self._drawings.icon(name, self._tokens.colour(colour), self._tokens.size("icon"))

    def draw(self, painter: QPainter, place: QRectF, name: str, colour: str) -> None:
        """Draw an icon in a colour of the tokens."""
        self._drawings.draw(painter, place, name, self._tokens.colour(colour))

    def _load(self, *, dark: bool) -> Tokens:
        return load_tokens(dark=dark, accent=self._accent, scale=self._scale)

    def _apply(self) -> None:
        self._application.setPalette(palette(self._tokens))
        self._application.setStyleSheet(style_sheet(self._tokens))

    def _follow(self, scheme: Qt.ColorScheme) -> None:
        self.use(dark=scheme is Qt.ColorScheme.Dark)


def text_scale(pixels: int, platform: str) -> float:
    """Return how much larger than usual the system's font is, 1.0 to 3.0; `pixels` is its height."""
    scale = pixels / _USUAL_PIXELS.get(platform, _USUAL_ELSEWHERE)
    return 1.0 if scale < _NOISE else min(scale, 3.0)
