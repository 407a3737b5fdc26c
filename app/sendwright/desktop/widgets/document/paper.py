"""Puts a web page of ours on paper: as a PDF, or with the person's printer."""

import re

from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QMarginsF, Qt, QUrl
from PySide6.QtGui import QFontDatabase, QPageLayout, QPageSize, QPdfWriter, QTextDocument
from PySide6.QtWidgets import QWidget
from typing_extensions import override

_POINTS = 10.0
_DOTS = 300  # an inch
_POINTS_OF_PIXEL = 0.75
_PIXELS = re.compile(r"([0-9]{1,4}(?:\.[0-9]{1,3})?)px")


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
    """Return A4 without margins of its own: Qt leaves two centimetres around what it prints."""
    return QPageLayout(QPageSize(QPageSize.PageSizeId.A4), QPageLayout.Orientation.Portrait, QMarginsF(0, 0, 0, 0))


def _document(page: str) -> QTextDocument:
    made = _Paper()
    font = made.defaultFont()
    font.setPointSizeF(_POINTS)
    made.setDefaultFont(font)
    made.setHtml(_for_paper(page))
    return made


def _for_paper(page: str) -> str:
    """Return `page` with letters in points and with the system's monospaced font.

    Qt takes a pixel of letters for one of the printer's, and of a list of fonts the first, whether it is there or not.
    """
    head, end, body = page.partition("</style>")
    fixed = QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont).family()
    return ";".join(_declared(one, fixed) for one in head.split(";")) + end + body


def _declared(declaration: str, fixed: str) -> str:
    """Return a declaration of the style sheet, what stands before it included, with letters as paper wants them."""
    before, colon, value = declaration.rpartition(":")
    name = before.rpartition("{")[2].strip()
    if name == "font-family" and "monospace" in value:
        return f'{before}{colon} "{fixed}"'
    if name in {"font", "font-size"}:
        value = _PIXELS.sub(lambda found: f"{float(found[1]) * _POINTS_OF_PIXEL:g}pt", value)
    return f"{before}{colon}{value}"
