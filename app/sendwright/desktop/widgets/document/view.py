"""Draws a document, block by block."""

from PySide6.QtWidgets import QVBoxLayout, QWidget

from sendwright.desktop.theme.theme import Theme
from sendwright.desktop.widgets.document.copying import LinkBlock, MailBlock, command
from sendwright.desktop.widgets.document.marked_lines import MarkedLines
from sendwright.desktop.widgets.document.qr import QrBlock
from sendwright.desktop.widgets.document.table import TableCard
from sendwright.desktop.widgets.document.writing import heading, paragraph, points
from sendwright.document.blocks import (
    AnyBlock,
    Command,
    Document,
    Heading,
    Lines,
    Link,
    Mail,
    Paragraph,
    Points,
    QrCode,
    Table,
)


class DocumentView(QWidget):
    """The blocks of a document below each other; its title is not drawn. blocks: their widgets."""

    def __init__(self, theme: Theme, document: Document) -> None:
        super().__init__()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.tokens.units(1.5))
        above = ("", *(block.text if isinstance(block, Heading) else "" for block in document.blocks))
        self.blocks = [
            widget_of(theme, block, above=title) for title, block in zip(above, document.blocks, strict=False)
        ]
        for widget in self.blocks:
            column.addWidget(widget)


def widget_of(theme: Theme, block: AnyBlock, *, above: str = "") -> QWidget:
    """Return the widget of `block`; above: the words of the heading that it stands under, which are not said twice."""
    match block:
        case Heading():
            return heading(theme, block)
        case Paragraph():
            return paragraph(theme, block)
        case Points():
            return points(theme, block)
        case Table():
            return TableCard(theme, block, captioned=block.caption != above)
        case Command():
            return command(theme, block)
        case Link():
            return LinkBlock(theme, block)
        case QrCode():
            return QrBlock(theme, block)
        case Mail():
            return MailBlock(theme, block)
        case Lines():
            return MarkedLines(theme, block)
