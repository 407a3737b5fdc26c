"""*Look which ways are open*: a quiet action, the wait for it, and the map that it finds."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from sendwright.desktop.engine import Work
from sendwright.desktop.theme.theme import Theme
from sendwright.desktop.ways import Ways
from sendwright.desktop.widgets.button import Button, alone
from sendwright.desktop.widgets.note import Note
from sendwright.desktop.widgets.scrolling import bring_into_sight
from sendwright.desktop.widgets.speech import announce
from sendwright.desktop.widgets.wall import WallCard
from sendwright.desktop.widgets.words import label
from sendwright.network.wall.question import Question
from sendwright.network.wall.wall import Wall
from sendwright.texts import text


class LookAround(QWidget):
    """Nothing is tried before the action is pressed; leaving the page ends it.

    offer: the quiet action, to be placed among others. told: code of the problem that the page is about. drawn: a Wall.
    """

    drawn = Signal(object)

    def __init__(self, theme: Theme, ways: Ways, question: Question, *, told: str = "") -> None:
        super().__init__()
        self._theme, self._ways, self._question, self._told = theme, ways, question, told
        self._work: Work | None = None
        self.card: WallCard | None = None
        self.note: Note | None = None
        tokens = theme.tokens
        self.offer = Button(theme, text("wall.look"), icon="smtp", role="quiet")
        self.offer.clicked.connect(lambda _=False: self.look())
        self._place = QVBoxLayout(self)
        self._place.setContentsMargins(0, 0, 0, 0)
        self._place.setSpacing(tokens.units(1))
        self.wait = QWidget()
        waiting = QVBoxLayout(self.wait)
        waiting.setContentsMargins(0, 0, 0, 0)
        waiting.addWidget(label(text("wall.looking"), role="muted"))
        self.stop_button = Button(theme, text("wizard.cancel"), role="quiet")
        self.stop_button.clicked.connect(lambda _=False: self.stop())
        waiting.addLayout(alone(self.stop_button))
        self._place.addWidget(self.wait)
        self.wait.hide()
        self.hide()

    @property
    def looking(self) -> bool:
        """Whether ways are being tried."""
        return self._work is not None

    def look(self) -> None:
        """Try all ways; pressing again while that runs changes nothing."""
        if self._work is not None:
            return
        self._clear()
        self.wait.show()
        self.show()
        announce(self, text("wall.looking"))
        self._bring_into_sight(self)
        self._work = self._ways.look(self._question, owner=self, then=self._show, failed=self._failed)

    def stop(self) -> None:
        """Stop trying; the keyboard goes back to the action."""
        if self._work is not None:
            self._work.abandon()
            self._rest()
            self.hide()
            self.offer.setFocus(Qt.FocusReason.OtherFocusReason)

    def _show(self, wall: Wall) -> None:
        self._rest()
        self.card = WallCard(self._theme, wall, told=self._told)
        self._put(self.card, spoken=self.card.spoken)
        self.drawn.emit(wall)

    def _failed(self, error: BaseException) -> None:
        del error  # whatever it was: nothing else on the page hangs on it
        self._rest()
        self.note = Note(self._theme, text("wall.failed"), tone="warning")
        self._put(self.note, spoken=text("wall.failed"))

    def _put(self, found: QWidget, *, spoken: str) -> None:
        self._place.addWidget(found)
        announce(self, spoken)
        self._bring_into_sight(found)

    def _rest(self) -> None:
        self._work = None
        if self.stop_button.hasFocus():
            self.offer.setFocus(Qt.FocusReason.OtherFocusReason)
        self.wait.hide()

    def _clear(self) -> None:
        for former in (self.card, self.note):
            if former is not None:
                self._place.removeWidget(former)
                former.hide()
                former.deleteLater()
        self.card = self.note = None

    def _bring_into_sight(self, first: QWidget) -> None:
        bring_into_sight(first, self, margin=self._theme.tokens.units(1))
