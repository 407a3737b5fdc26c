"""What happens when something fails that nobody expected: a log for support, plain words for the person."""

from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QMessageBox, QWidget

from sendwright.texts import text


def show_fault(error: BaseException, parent: QWidget, *, log: Path) -> QMessageBox:
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
    if parent.isVisible():
        box.open()
    else:  # there is nothing that the box could belong to
        box.setModal(True)
        box.show()
    return box
