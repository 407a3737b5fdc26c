"""The browser in the window: where it is, and the page; it begins empty and leaves nothing behind."""

import shiboken6
from PySide6.QtCore import QCoreApplication, QEvent, QObject, Qt, QTimer, QUrl, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWebEngineWidgets import QWebEngineView
from PySide6.QtWidgets import QFrame, QVBoxLayout
from typing_extensions import override

from sendwright.desktop.consent.address import host_of, origin_of, where
from sendwright.desktop.consent.locked_down import make_profile
from sendwright.desktop.consent.place import Place
from sendwright.desktop.consent.sign_in_page import SignInPage
from sendwright.desktop.theme.theme import Theme
from sendwright.screens import Consent
from sendwright.texts import text

LOOK_AFTER_MS = (0, 700, 2500)
"""When the words of a page are read after it arrived: some pages write them later."""

LONGEST_WORDS = 4_000
_OF_THE_WINDOW = (
    Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.AltModifier | Qt.KeyboardModifier.MetaModifier
)
_UNITS_HIGH = 28
_USUAL_BODY = 14
_MOST_ZOOM = 2.0


class Browser(QFrame):
    """called_back: the sign-in came back. seen: the words of a page, and where. refused, stopped, crashed: as the page.

    leaving: the keyboard wants out, backwards or not.
    """

    called_back = Signal(str)
    seen = Signal(str, str)
    refused = Signal(str)
    stopped = Signal(object)
    crashed = Signal()
    leaving = Signal(bool)

    def __init__(self, theme: Theme, screen: Consent) -> None:
        super().__init__()
        self._screen = screen
        self.setProperty("role", "browser")
        column = QVBoxLayout(self)
        line = theme.tokens.size("hairline")
        column.setContentsMargins(line, line, line, line)
        column.setSpacing(0)
        self.place = Place(theme)
        column.addWidget(self.place)
        # The order counts: what was made first ends first, and a page has to end before its profile.
        self.view = QWebEngineView(self)
        column.addWidget(self.view, 1)
        profile, self._gate = make_profile(self, redirect_uri=screen.redirect_uri, authority_pem=screen.authority_pem)
        self.page = SignInPage(profile, self.view, redirect_uri=screen.redirect_uri)
        self._gate.called_back.connect(self.page.watch)
        self.view.setPage(self.page)
        self.view.setContextMenuPolicy(Qt.ContextMenuPolicy.NoContextMenu)
        self.view.setAccessibleName(text("consent.browser"))
        self.view.setAccessibleDescription(text("consent.leave"))
        self.view.setMinimumHeight(theme.tokens.units(_UNITS_HIGH))
        self.view.setAcceptDrops(False)
        self.page.setZoomFactor(min(theme.tokens.size("body") / _USUAL_BODY, _MOST_ZOOM))
        self.setFocusProxy(self.view)
        self.page.called_back.connect(self.called_back)
        self.page.refused.connect(self._refused)
        self.page.stopped.connect(self._stopped)
        self.page.crashed.connect(self.crashed)
        self.page.arrived.connect(self._arrived)
        self.page.stayed.connect(self._show_place)
        self.page.loadStarted.connect(self._catch_keys)
        self.page.urlChanged.connect(self._moved)
        self._origin = ""
        self._show_place()
        self._looks = QTimer(self, singleShot=True)
        self._looks.timeout.connect(self._look)
        self.page.called_back.connect(self._looks.stop)
        self._next_look = 0
        application = QCoreApplication.instance()
        if application is not None:
            application.aboutToQuit.connect(self._release)

    def begin(self) -> None:
        """Go to the sign-in page."""
        self.page.load(QUrl(self._screen.url))

    @override
    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Let the page have the keys that mean something to the window, Enter and Esc; F6 leads out of it."""
        if isinstance(event, QKeyEvent) and event.key() == Qt.Key.Key_F6:
            if event.type() == QEvent.Type.KeyPress:
                self.leaving.emit(bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier))
            return True
        overriding = event.type() == QEvent.Type.ShortcutOverride
        if overriding and isinstance(event, QKeyEvent) and not event.modifiers() & _OF_THE_WINDOW:
            event.accept()
        return super().eventFilter(watched, event)

    def _catch_keys(self) -> None:
        """What has the keyboard inside of the view is another one after each change of its process."""
        inner = self.view.focusProxy()
        if inner is not None:
            inner.installEventFilter(self)

    def _moved(self, url: QUrl) -> None:
        """What comes from elsewhere has yet to arrive; a page that only writes itself another address is the same."""
        if origin_of(url.toString()) != self._origin:
            self._origin = ""
        self._show_place()

    def _show_place(self) -> None:
        """Say where what is shown came from, and not where the page wants to go."""
        host = host_of(self.page.url().toString()) or host_of(self._screen.url)
        self.place.show_place(host, secure=bool(self._origin))

    def _arrived(self) -> None:
        self._catch_keys()
        self._origin = origin_of(self.page.url().toString())
        self._show_place()
        self._next_look = 0
        self._looks.start(LOOK_AFTER_MS[0])

    def _look(self) -> None:
        at = where(self.page.url().toString(QUrl.ComponentFormattingOption.FullyEncoded))
        self.page.toPlainText(lambda words: self._tell(words, at))
        self._next_look += 1
        if self._next_look < len(LOOK_AFTER_MS):
            self._looks.start(LOOK_AFTER_MS[self._next_look] - LOOK_AFTER_MS[self._next_look - 1])

    def _tell(self, words: str, at: str) -> None:
        if shiboken6.isValid(self):
            self.seen.emit(words[:LONGEST_WORDS], at)

    def _release(self) -> None:
        """End the page before the program does: the profile must not go first."""
        if shiboken6.isValid(self.page):
            shiboken6.delete(self.page)

    def _refused(self, reason: str) -> None:
        if reason == "dialogs":
            self._end()
        self.refused.emit(reason)

    def _stopped(self, evidence: object) -> None:
        self._end()
        self.stopped.emit(evidence)

    def _end(self) -> None:
        self._looks.stop()
        self.page.give_up()
        self.place.show_nowhere()
