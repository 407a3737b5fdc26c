"""Files that are dropped on a widget, or chosen in a dialog."""

from collections.abc import Callable

from PySide6.QtCore import QEvent, QMimeData, QObject, Qt, Signal
from PySide6.QtGui import QDragMoveEvent, QDropEvent
from PySide6.QtWidgets import QFileDialog, QWidget
from typing_extensions import override

from sendwright.desktop.usual_folders import folder_of_sent
from sendwright.texts import text

SEVERAL, ELSEWHERE = "several", "elsewhere"
"""Why what was dropped is no file that can be taken: there are more of them, or it is not on this computer."""

_PAGES = frozenset({"http", "https"})


class FileDrop(QObject):
    """Watches widgets for files; whatever else is dropped there takes its usual way.

    taken: the path of the file. refused: SEVERAL or ELSEWHERE.
    """

    taken = Signal(str)
    refused = Signal(str)

    def __init__(self, *watched: QWidget) -> None:
        super().__init__(watched[0])
        for widget in watched:
            widget.setAcceptDrops(True)
            widget.installEventFilter(self)

    @override
    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Take the events of a drag that brings files."""
        if not isinstance(event, QDropEvent) or not brings_files(event.mimeData()):
            return False
        event.setDropAction(Qt.DropAction.CopyAction)
        event.accept()
        if not isinstance(event, QDragMoveEvent):
            self.take(event.mimeData())
        return True

    def take(self, data: QMimeData) -> None:
        """Say which file `data` is."""
        path = dropped_file(data)
        if path:
            self.taken.emit(path)
        else:
            self.refused.emit(SEVERAL if len(data.urls()) > 1 else ELSEWHERE)


def brings_files(data: QMimeData) -> bool:
    """Tell whether `data` is of files, and not of words or the address of a page on the web."""
    return data.hasUrls() and not any(url.scheme() in _PAGES for url in data.urls())


def dropped_file(data: QMimeData) -> str:
    """Return the path of the one file of this computer that `data` is, empty where it is none."""
    addresses = data.urls() if data.hasUrls() else []
    return addresses[0].toLocalFile() if len(addresses) == 1 and addresses[0].isLocalFile() else ""


def choose_file(asking: QWidget, taken: Callable[[str], None]) -> None:
    """Let the person choose a file; nothing happens where she does not."""
    dialog = QFileDialog(asking, text("window.browse"))
    dialog.setDirectory(folder_of_sent())
    dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    dialog.fileSelected.connect(taken)
    dialog.open()
