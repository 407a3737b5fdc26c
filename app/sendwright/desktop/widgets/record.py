"""Saves what is in force as a page to keep or print."""

import html
from datetime import UTC, datetime
from pathlib import Path

from PySide6.QtWidgets import QFileDialog, QPushButton

from sendwright.desktop.theme.theme import Theme
from sendwright.screens import Done
from sendwright.storage import write_atomically
from sendwright.texts import text


class RecordButton(QPushButton):
    """Asks for a place and writes an HTML page there; says so when the place cannot be written."""

    def __init__(self, theme: Theme, screen: Done) -> None:
        super().__init__(text("window.save-record"))
        self._screen = screen
        self.setIcon(theme.icon("folder"))
        self.clicked.connect(self._ask)

    def save(self, file: Path) -> None:
        """Write the record to `file`."""
        try:
            write_atomically(file, record(self._screen).encode())
        except OSError:
            self.setText(text("window.record-failed"))
        else:
            self.setText(text("window.record-saved"))

    def _ask(self) -> None:
        name, _ = QFileDialog.getSaveFileName(self, text("window.save-record"), "sendwright.html", "HTML (*.html)")
        if name:
            self.save(Path(name))


def record(screen: Done) -> str:
    """Return the page: title, what it means, the facts, when it was made."""
    rows = "".join(
        f"<tr><th>{html.escape(text(fact.label))}</th><td>{html.escape(fact.value)}</td></tr>" for fact in screen.facts
    )
    title = html.escape(text(screen.title, **screen.values))
    lead = html.escape(text(screen.lead, **screen.values)) if screen.lead else ""
    made = html.escape(text("window.record-made", when=f"{datetime.now(UTC):%Y-%m-%d %H:%M} UTC"))
    style = "body{font:14px/1.45 system-ui,sans-serif;margin:3em;max-width:40em}th{text-align:left;padding-right:2em}"
    return (
        f"<!doctype html><meta charset=utf-8><title>{title}</title><style>{style}</style>"
        f"<h1>{title}</h1><p>{lead}</p><table>{rows}</table><p>{made}</p>"
    )
