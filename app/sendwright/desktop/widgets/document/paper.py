"""Puts a web page of ours on paper: as a PDF, or with the person's printer."""

from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QMarginsF, Qt, QUrl
from PySide6.QtGui import QPageLayout, QPageSize, QPdfWriter, QTextDocument
from PySide6.QtWidgets import QWidget
from typing_extensions import override

_MARGIN_MM = 18
_POINTS = 10.0
_DOTS = 300  # an inch


class _Paper(QTextDocument):
    """Shows what stands in the page itself; nothing is fetched, from no file and no server."""

    @override
    def loadResource(self, kind: int, name: QUrl | str) -> object:
        return super().loadResource(kind, name) if QUrl(name).scheme() == "data" else QByteArray()


def pdf_of(page: str, *, title: str) -> bytes:
    """Return `page`, HTML, as a PDF on A4; the letters stay letters that can be searched and copied."""
    content = QByteArray()
    buffer = QBuffer(content)
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    writer = QPdfWriter(buffer)
    writer.setTitle(title)
    writer.setCreator("Sendwright")
    writer.setResolution(_DOTS)
    writer.setPageLayout(_layout())
    _document(page).print_(writer)
    del writer  # ends the file
    buffer.close()
    return bytes(content.data())


def print_on(parent: QWidget, page: str, *, title: str) -> None:
    """Ask for a printer and print `page` on it; nothing happens where the person does not want to."""
    from PySide6.QtPrintSupport import QPrintDialog, QPrinter  # noqa: PLC0415 - looks for printers when loaded

    printer = QPrinter(QPrinter.PrinterMode.HighResolution)
    printer.setDocName(title)
    printer.setPageLayout(_layout())
    dialog = QPrintDialog(printer, parent)
    dialog.accepted.connect(lambda: _document(page).print_(printer))
    dialog.finished.connect(dialog.deleteLater)
    dialog.setWindowModality(Qt.WindowModality.WindowModal)
    dialog.show()


def _layout() -> QPageLayout:
    margins = QMarginsF(_MARGIN_MM, _MARGIN_MM, _MARGIN_MM, _MARGIN_MM)
    return QPageLayout(
        QPageSize(QPageSize.PageSizeId.A4), QPageLayout.Orientation.Portrait, margins, QPageLayout.Unit.Millimeter
    )


def _document(page: str) -> QTextDocument:
    made = _Paper()
    font = made.defaultFont()
    font.setPointSizeF(_POINTS)
    made.setDefaultFont(font)
    made.setHtml(page)
    return made
