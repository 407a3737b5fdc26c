"""Saves what is in force as a page to keep or print."""

import html
from datetime import UTC, datetime
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFileDialog

from sendwright import resources
from sendwright.desktop.theme.theme import Theme
from sendwright.desktop.widgets.button import Button
from sendwright.desktop.widgets.speech import announce
from sendwright.screens import Done
from sendwright.storage import write_atomically
from sendwright.texts import language, text

_FILE = "sendwright.html"


class RecordButton(Button):
    """Asks for a place and writes an HTML page there; says so when the place cannot be written."""

    def __init__(self, theme: Theme, screen: Done) -> None:
        super().__init__(theme, text("window.save-record"), icon="folder")
        self._screen = screen
        self.clicked.connect(self._ask)

    def save(self, name: str) -> None:
        """Write the record to the file `name`."""
        try:
            write_atomically(Path(name), record(self._screen).encode())
        except OSError:
            self._say(text("window.record-failed"), "failed")
        else:
            self._say(text("window.record-saved"), "done")

    def _say(self, words: str, drawing: str) -> None:
        self.setText(words)
        self.show_as(drawing)
        self.updateGeometry()
        announce(self, words)

    def _ask(self) -> None:
        dialog = QFileDialog(self, text("window.save-record"))
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setNameFilter(text("window.record-kind", pattern="*.html"))
        dialog.setDefaultSuffix("html")
        dialog.selectFile(_FILE)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.fileSelected.connect(self.save)
        dialog.open()


def record(screen: Done) -> str:
    """Return the page: title, what it means, the facts, when it was made."""
    rows = "".join(
        f"<tr><th>{html.escape(text(fact.label))}</th><td>{html.escape(fact.value)}</td></tr>" for fact in screen.facts
    )
    words = {
        "language": language(),
        "title": text(screen.title, **screen.values),
        "lead": text(screen.lead, **screen.values) if screen.lead else "",
        "made": text("window.record-made", when=f"{datetime.now(UTC):%Y-%m-%d %H:%M} UTC"),
    }
    template = resources.path("styles/record.html").read_text(encoding="utf-8")
    return template.format(rows=rows, **{name: html.escape(value) for name, value in words.items()})
