"""Blocks to take along: a command, a page to open, a mail that is ready."""

from PySide6.QtWidgets import QFrame, QVBoxLayout, QWidget

from sendwright.desktop.theme.theme import Theme
from sendwright.desktop.widgets.browser import mail_address, open_mail, open_page
from sendwright.desktop.widgets.button import Button, alone
from sendwright.desktop.widgets.copybox import CopyBox, CopyButton
from sendwright.desktop.widgets.flow import Flow
from sendwright.desktop.widgets.speech import announce
from sendwright.desktop.widgets.words import label
from sendwright.document.blocks import Command, Link, Mail
from sendwright.document.seen import seen
from sendwright.texts import text


def command(theme: Theme, block: Command) -> QWidget:
    """Return what it does, and the value in a box that copies it."""
    made = _Column(theme)
    if block.label:
        made.column.addWidget(label(seen(block.label), role="label"))
    made.column.addWidget(CopyBox(theme, block.value, what=block.label))
    return made


class LinkBlock(QWidget):
    """Opens a page in the person's own browser; where that cannot be, the address is shown to be copied."""

    def __init__(self, theme: Theme, block: Link) -> None:
        super().__init__()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.tokens.units(0.5))
        self._address = block.address
        self.button = Button(theme, block.label, icon="open", role="quiet")
        self.button.setToolTip(block.address)
        self.button.setAccessibleDescription(block.address)
        self.button.clicked.connect(lambda _=False: self._open())
        column.addLayout(alone(self.button))
        self.failed = label(text("sheet.link.failed"), role="muted")
        self.box = CopyBox(theme, block.address, what=block.label)
        for part in (self.failed, self.box):
            column.addWidget(part)
            part.hide()
        if block.path:
            column.addWidget(label(text("window.path", path=block.path), role="muted"))

    def _open(self) -> None:
        if not open_page(self._address):
            self.failed.show()
            self.box.show()
            announce(self, self.failed.text())


class MailBlock(QFrame):
    """A mail that is ready: its parts can be copied, or all of it handed to the person's own mail program."""

    def __init__(self, theme: Theme, block: Mail) -> None:
        super().__init__()
        self.setProperty("role", "card")
        tokens = theme.tokens
        column = QVBoxLayout(self)
        column.setContentsMargins(tokens.units(2), tokens.units(1.5), tokens.units(2), tokens.units(1))
        column.setSpacing(tokens.units(1))
        column.addWidget(label(seen(block.label), role="label"))
        if block.to:
            column.addWidget(label(text("sheet.mail.to"), role="muted"))
            column.addWidget(CopyBox(theme, block.to, what=text("sheet.mail.to")))
        column.addWidget(label(text("sheet.mail.subject"), role="muted"))
        self.subject = CopyBox(theme, block.subject, what=text("sheet.mail.subject"))
        column.addWidget(self.subject)
        column.addWidget(label(text("sheet.mail.body"), role="muted"))
        row = Flow(gap=tokens.units(1))
        self.copy_body = CopyButton(theme, block.body, words=text("sheet.mail.copy-body"))
        row.addWidget(self.copy_body)
        self.open_button = Button(theme, text("sheet.mail.open"), icon="mail", role="quiet")
        self.open_button.clicked.connect(lambda _=False: self._open(block))
        row.addWidget(self.open_button)
        # A mail program may cut off a longer address without a word: then the parts are copied.
        if not mail_address(block.to, subject=block.subject, body=block.body):
            self.open_button.hide()
        column.addLayout(row)
        self.failed = label(text("sheet.mail.failed"), role="muted")
        self.failed.hide()
        column.addWidget(self.failed)
        self.body = label(seen(block.body))  # below what is done with it: nobody has to read it to its end for that
        column.addWidget(self.body)

    def _open(self, block: Mail) -> None:
        opened = open_mail(block.to, subject=block.subject, body=block.body)
        self.failed.setVisible(not opened)
        if not opened:
            announce(self, self.failed.text())


class _Column(QWidget):
    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self.column = QVBoxLayout(self)
        self.column.setContentsMargins(0, 0, 0, 0)
        self.column.setSpacing(theme.tokens.units(0.5))
