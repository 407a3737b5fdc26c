"""A message in the inbox of a practice: its beginning, and all of it when it is asked for."""

import re
from email.utils import parseaddr
from pathlib import Path
from textwrap import shorten
from typing import TYPE_CHECKING, Final

from PySide6.QtWidgets import QFrame, QVBoxLayout, QWidget

from sendwright.desktop.theme.theme import Theme
from sendwright.desktop.widgets.browser import open_page
from sendwright.desktop.widgets.button import Button, alone
from sendwright.desktop.widgets.copybox import CopyBox, CopyButton
from sendwright.desktop.widgets.fold import Fold
from sendwright.desktop.widgets.words import label, short
from sendwright.texts import text

if TYPE_CHECKING:  # the simulated servers are loaded only when somebody practises
    from sendwright.practice.mail_server import Received

_SNIPPET = 140
_PAGE = re.compile(r"(?<!\S)http://localhost:\d{1,5}/\S*")
"""A page of the simulated services: one that a browser shows without knowing their authority."""
_FILE = ".json"
"""How a file that the practice hands out ends."""

WHOLE_FROM: Final = _SNIPPET
"""Letters from which on a message is shown whole only when it is asked for."""


class Letter(QFrame):
    """Sender, subject, beginning, recipient and time; below it all of it, folded, where there is more.

    whole: the fold; None where the beginning is all, and there is no source. source: copies the message as it arrived.
    """

    def __init__(self, theme: Theme, received: "Received") -> None:
        super().__init__()
        tokens = theme.tokens
        self.setProperty("role", "card")
        self._theme = theme
        self.whole: Fold | None = None
        self.source: CopyButton | None = None
        self._column = column = QVBoxLayout(self)
        column.setContentsMargins(tokens.units(1.5), tokens.units(1), tokens.units(1.5), tokens.units(1))
        column.setSpacing(0)
        name, address = parseaddr(received.sender)
        column.addWidget(label(_shown_sender(received, name or address), role="strong"))
        column.addWidget(label(address, role="small"))
        column.addWidget(label(received.subject))
        self._beginning = label(shorten(received.text, _SNIPPET, placeholder="…"), role="small")
        column.addWidget(self._beginning)
        column.addWidget(label(text("window.inbox-to", to=received.recipient), role="small"))
        column.addWidget(short(f"{received.at.astimezone():%H:%M:%S}", role="small"))
        if received.source or len(received.text) > WHOLE_FROM:
            self._offer_whole(received)

    def _offer_whole(self, received: "Received") -> None:
        inner = QWidget()
        column = QVBoxLayout(inner)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(self._theme.tokens.units(1))
        column.addWidget(label(received.text, role="small"))
        for address in dict.fromkeys(_PAGE.findall(received.text)):
            page = Button(self._theme, text("window.inbox-page"), icon="browser", role="quiet")
            page.clicked.connect(lambda _=False, address=address: open_page(address))
            column.addLayout(alone(page))
        files = (word for word in received.text.split() if word.endswith(_FILE) and Path(word).is_absolute())
        for file in dict.fromkeys(files):
            column.addWidget(CopyBox(self._theme, file, what=text("window.inbox-file")))
        if received.source:
            words = received.source.decode("utf-8", "replace")
            self.source = CopyButton(self._theme, words, words=text("window.inbox-copy"))
            column.addLayout(alone(self.source))
        self.whole = Fold(self._theme, text("window.inbox-whole"), inner)
        self.whole.button.setAccessibleDescription(received.subject)
        self.whole.button.toggled.connect(self._beginning.setHidden)
        self._column.addWidget(self.whole)


def _shown_sender(received: "Received", whom: str) -> str:
    """Return who a mailbox says it is from: whoever sends for somebody else is named first, as mail programs do."""
    if not received.sender_header:
        return whom
    name, address = parseaddr(received.sender_header)
    return text("window.inbox-behalf", who=name or address, whom=whom)
