"""The one window: holds a view, the practice inbox beside it, and the keys that work everywhere."""

import sys
from collections.abc import Callable
from typing import Protocol

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QCloseEvent, QKeySequence, QResizeEvent, QShortcut
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget
from typing_extensions import override

from sendwright.desktop.practice import PracticeInbox
from sendwright.desktop.theme.theme import Theme
from sendwright.desktop.widgets.banner import PracticeBanner

WIDTH, HEIGHT = 960, 680
NARROWEST, LOWEST = 640, 480
_SHARE_OF_COLUMN = 0.8


class View(Protocol):
    """What stands in the window: a QWidget that knows the keys."""

    def enter(self) -> None:
        """Do what the key Enter means."""
        ...

    def cancel(self) -> None:
        """Do what the key Escape means."""
        ...

    def go_back(self) -> None:
        """Do what the key for Back means."""
        ...


class Window(QWidget):
    """closed: the person closed it, and everything that had to end before has ended.

    leaving: what is called before the window goes; it has to call what it is given when it is ready.
    """

    closed = Signal()

    def __init__(self, theme: Theme, *, title: str) -> None:
        super().__init__()
        self.setObjectName("window")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setWindowTitle(title)
        self._theme = theme
        self.leaving: Callable[[Callable[[], None]], None] = lambda then: then()
        self._may_go = False
        self._view: QWidget | None = None
        self._keys: View | None = None
        self.banner = PracticeBanner(theme)
        self.banner.hide()
        self.beside: PracticeInbox | None = None
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.setSpacing(0)
        outer.addWidget(self.banner)
        self._row = QHBoxLayout()
        self._row.setSpacing(0)
        outer.addLayout(self._row, 1)
        self.banner.inbox_toggled.connect(lambda _: self._share())
        self._add_keys()
        self.setMinimumSize(NARROWEST, LOWEST)
        self._open_at(WIDTH)

    def show_view(self, view: QWidget, keys: View, *, beside: PracticeInbox | None = None) -> None:
        """Show `view` in place of what stood there; in practice with the inbox `beside` it and the banner above."""
        former, self._view, self._keys = self._view, view, keys
        if beside is not self.beside:
            self._put_beside(beside)
        if former is not None:
            self._row.replaceWidget(former, view)
            former.hide()
            former.deleteLater()
        else:
            self._row.insertWidget(0, view, 1)
        self._row.setStretchFactor(view, 1)
        view.show()
        self._share()

    @override
    def closeEvent(self, event: QCloseEvent) -> None:
        """Vanish at once; go when what is typed is kept and what runs has ended."""
        if self._may_go:
            super().closeEvent(event)
            self.closed.emit()
            return
        event.ignore()
        if self.isVisible():
            self.hide()
            self.leaving(self._go)

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._share()

    def _go(self) -> None:
        """Close for good, in a turn of its own: a window that is just being closed cannot be closed."""
        self._may_go = True
        QTimer.singleShot(0, self, self.close)

    def _put_beside(self, beside: PracticeInbox | None) -> None:
        if self.beside is not None:
            self._row.removeWidget(self.beside)
            self.beside.hide()
            self.beside.deleteLater()
        elif beside is not None and (not self.isVisible() or self.width() == WIDTH):
            self._open_at(WIDTH + beside.width())  # unless the person gave the window a size of her own
        self.beside = beside
        self.banner.setVisible(beside is not None)
        if beside is not None:
            self._row.addWidget(beside)
            beside.counted.connect(self.banner.count)

    def _share(self) -> None:
        """Give the practice inbox its place beside the view, or in place of it where there is too little room."""
        if self.beside is None or self._view is None:
            return
        tokens = self._theme.tokens
        narrow = self.width() < self.beside.usual_width + tokens.size("column") * _SHARE_OF_COLUMN
        self.banner.offer_inbox(offered=narrow)
        chosen = narrow and self.banner.inbox_chosen
        self.beside.spread(spread=narrow)
        self.beside.setVisible(not narrow or chosen)
        self._view.setVisible(not chosen)

    def _add_keys(self) -> None:
        back = "Ctrl+[" if sys.platform == "darwin" else "Alt+Left"
        pressed: dict[str, Callable[[View], None]] = {
            "Return": lambda view: view.enter(),
            "Enter": lambda view: view.enter(),
            "Esc": lambda view: view.cancel(),
            back: lambda view: view.go_back(),
        }
        for keys, act in pressed.items():
            QShortcut(QKeySequence(keys), self, lambda act=act: act(self._keys) if self._keys is not None else None)
        for keys in ("Ctrl+W", "Ctrl+Q"):
            QShortcut(QKeySequence(keys), self, self.close)

    def _open_at(self, width: int) -> None:
        """Open at the usual size, but never larger than the screen."""
        available = self.screen().availableGeometry()
        self.resize(min(width, available.width()), min(HEIGHT, available.height()))
