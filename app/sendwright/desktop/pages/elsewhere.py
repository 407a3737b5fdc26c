"""A sign-in that happens elsewhere: in the person's own browser, or on any device."""

from collections.abc import Callable
from datetime import UTC, datetime
from math import ceil

from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QFrame, QVBoxLayout, QWidget
from typing_extensions import override

from sendwright.desktop.consent.address import host_of
from sendwright.desktop.pages.page import Page
from sendwright.desktop.reading import Reading
from sendwright.desktop.theme.theme import Theme
from sendwright.desktop.widgets.browser import open_page
from sendwright.desktop.widgets.button import Button
from sendwright.desktop.widgets.copybox import CopyBox, CopyButton
from sendwright.desktop.widgets.countdown import clock_time
from sendwright.desktop.widgets.document.qr import QrBlock
from sendwright.desktop.widgets.flow import Flow
from sendwright.desktop.widgets.note import Note
from sendwright.desktop.widgets.sent import SentError
from sendwright.desktop.widgets.speech import announce
from sendwright.desktop.widgets.words import label
from sendwright.document.blocks import QrCode
from sendwright.screens import SHOWED_ERROR, Consent, ConsentWay
from sendwright.texts import text


class ElsewherePage(Page):
    """Waits, and goes on by itself. left: how long a code is still good, where that is known.

    sent: a place for an error that the page shows; None where the step itself takes it, who then knows what helps.
    """

    def __init__(
        self, theme: Theme, screen: Consent, reading: Reading, *, clock: Callable[[], datetime] | None = None
    ) -> None:
        super().__init__(theme, screen)
        self._consent = screen
        self._now = clock or (lambda: datetime.now(UTC))
        self.host = host_of(screen.url)
        self.left = label("", role="muted")
        self._clock = QTimer(self, interval=1000)
        self._clock.timeout.connect(self._count)
        self.waiting = Note(theme, text("consent.waiting"), drawing="waiting")
        self.column.addWidget(self.waiting)
        self.failed = Note(theme, text("consent.not-opened"), tone="warning")
        self.failed.hide()
        self.column.addWidget(self.failed)
        if not screen.url:
            self.column.addWidget(label(text("consent.recorded"), role="muted"))
        elif screen.way is ConsentWay.DEVICE:
            self.column.addWidget(self._code())
        else:
            self.column.addWidget(self._browser())
        self.sent: SentError | None = None
        if screen.url and all(action.name != SHOWED_ERROR for action in screen.actions):
            self.sent = SentError(theme, reading, title=text("consent.error.title"), lead=text("consent.error.lead"))
            self.column.addWidget(self.sent)
        self.finish()

    @property
    @override
    def primary(self) -> str:
        return ""

    @override
    def begin(self) -> None:
        """Open the person's own browser, once; a code is opened wherever she wants."""
        if self._consent.url and self._consent.way is ConsentWay.BROWSER:
            self.open()

    def open(self) -> None:
        """Open the page in the person's own browser, and say so where none could be opened."""
        opened = open_page(self._consent.url)
        self.failed.setVisible(not opened)
        if not opened:
            announce(self, self.failed.words.text())

    def _browser(self) -> QWidget:
        made, column = self._card()
        column.addWidget(label(text("consent.opened", host=self.host)))
        column.addLayout(self._buttons("consent.open-again"))
        return made

    def _code(self) -> QWidget:
        made, column = self._card()
        column.addWidget(label(text("consent.code"), role="label"))
        self.code = CopyBox(self.theme, self._consent.user_code, what=text("consent.code"))
        self.code.words.setProperty("role", "code")
        column.addWidget(self.code)
        if self._consent.expires_at is not None:
            column.addWidget(self.left)
            self._count()
            self._clock.start()
        column.addWidget(label(text("consent.where", host=self.host)))
        self.qr = QrBlock(self.theme, QrCode(label=text("consent.address"), value=self._consent.url))
        column.addWidget(self.qr)
        column.addLayout(self._buttons("consent.open"))
        return made

    def _card(self) -> tuple[QFrame, QVBoxLayout]:
        tokens = self.theme.tokens
        made = QFrame()
        made.setProperty("role", "card")
        column = QVBoxLayout(made)
        column.setContentsMargins(tokens.units(2), tokens.units(1.5), tokens.units(2), tokens.units(1.5))
        column.setSpacing(tokens.units(1.5))
        return made, column

    def _buttons(self, words: str) -> Flow:
        row = Flow(gap=self.theme.tokens.units(1))
        self.open_button = Button(self.theme, text(words), icon="browser")
        self.open_button.clicked.connect(lambda _=False: self.open())
        row.addWidget(self.open_button)
        if self._consent.way is ConsentWay.BROWSER:
            self.copy_button = CopyButton(self.theme, self._consent.url, words=text("consent.copy-link"))
            row.addWidget(self.copy_button)
        return row

    def _count(self) -> None:
        """Show how long the code is still good; screen readers read it where it stands, and are not interrupted."""
        if self._consent.expires_at is None:
            return
        seconds = ceil((self._consent.expires_at - self._now()).total_seconds())
        self.left.setText(text("consent.left", time=clock_time(seconds)) if seconds > 0 else text("consent.expired"))
        if seconds <= 0:
            self._clock.stop()

    @override
    def take_focus(self) -> None:
        """Nothing has to be done here: the keyboard goes to what is most likely wanted."""
        if self._consent.url:
            self.open_button.setFocus(Qt.FocusReason.OtherFocusReason)
