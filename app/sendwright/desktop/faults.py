"""What happens when something fails that nobody expected: a log for support, plain words for the person."""

import traceback
from datetime import UTC, datetime
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QMessageBox, QWidget

from sendwright import __version__
from sendwright.storage import folders
from sendwright.texts import text


def write_log(error: BaseException, *, file: Path | None = None) -> Path:
    """Add `error` with its traceback to the log and return its path; that it cannot be written is no new fault."""
    log = file or folders().log / "sendwright.log"
    moment = f"{datetime.now(UTC):%Y-%m-%dT%H:%M:%SZ} {__version__}"
    words = "".join(traceback.format_exception(error))
    try:
        log.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        log.touch(mode=0o600)
        with log.open("a", encoding="utf-8") as out:
            out.write(f"{moment}\n{words}\n")
    except OSError:
        pass
    return log


def show_fault(error: BaseException, parent: QWidget | None, *, log: Path) -> QMessageBox:
    """Say it in a box that keeps nobody from going on; return the box."""
    box = QMessageBox(parent)
    box.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    box.setIcon(QMessageBox.Icon.Warning)
    box.setWindowTitle(text("window.title"))
    if isinstance(error, OSError):
        box.setText(text("window.not-saved-title"))
        box.setInformativeText(text("window.not-saved", reason=error.strerror or type(error).__name__))
    else:
        box.setText(text("window.fault-title"))
        box.setInformativeText(text("window.fault", log=log))
    box.open()
    return box
