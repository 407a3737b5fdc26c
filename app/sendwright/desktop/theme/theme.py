"""The look of this window now: follows the system between light and dark, and its text size."""

from pathlib import Path

from PySide6.QtCore import QObject, Qt, QTemporaryDir, Signal
from PySide6.QtGui import QGuiApplication, QIcon, QPixmap
from PySide6.QtWidgets import QApplication

from sendwright.desktop.theme import icons
from sendwright.desktop.theme.stylesheet import style_sheet
from sendwright.desktop.theme.tokens import Tokens, load_tokens

_USUAL_POINTS = 10.0


class Theme(QObject):
    """Holds the tokens in use and tells when they change."""

    changed = Signal()

    def __init__(self, application: QApplication, *, accent: str, scale: float | None = None) -> None:
        super().__init__(application)
        self._application = application
        self._accent = accent
        self._scale = scale
        self._drawings = QTemporaryDir()
        hints = QGuiApplication.styleHints()
        self._tokens = self._load(dark=hints.colorScheme() is Qt.ColorScheme.Dark)
        hints.colorSchemeChanged.connect(self._follow)
        self._apply()

    @property
    def tokens(self) -> Tokens:
        """The tokens in use."""
        return self._tokens

    def use(self, *, dark: bool) -> None:
        """Show light or dark, whatever the system says."""
        self._tokens = self._load(dark=dark)
        self._apply()
        self.changed.emit()

    def icon(self, name: str, colour: str = "text") -> QIcon:
        """Return an icon in a colour of the tokens."""
        return icons.icon(name, self._tokens.colour(colour), self._tokens.size("icon"))

    def drawing(self, name: str, colour: str = "text", *, size: str = "icon") -> QPixmap:
        """Return a drawing in a colour and size of the tokens."""
        return icons.pixmap(name, self._tokens.colour(colour), self._tokens.size(size))

    def _load(self, *, dark: bool) -> Tokens:
        points = self._application.font().pointSizeF()
        scale = self._scale or (max(1.0, points / _USUAL_POINTS) if points > 0 else 1.0)
        return load_tokens(dark=dark, accent=self._accent, scale=scale)

    def _apply(self) -> None:
        tick = Path(self._drawings.path()) / f"tick-{self._tokens.dark}.png"
        self.drawing("done", "on-accent", size="tick").save(str(tick))
        self._application.setStyleSheet(style_sheet(self._tokens, images={"tick-image": tick.as_posix()}))

    def _follow(self, scheme: Qt.ColorScheme) -> None:
        self.use(dark=scheme is Qt.ColorScheme.Dark)
