"""What was pasted, line by line: what is faulty is marked, with the reason below it."""

from itertools import groupby

from PySide6.QtWidgets import QFrame, QVBoxLayout

from sendwright.desktop.theme.theme import Theme
from sendwright.desktop.widgets.document.marks import TONES, marked, word_of
from sendwright.desktop.widgets.words import label
from sendwright.document.blocks import Line, Lines, Mark
from sendwright.document.seen import seen


class MarkedLines(QFrame):
    """Lines in a monospaced box; those that nothing is to be said of are one text. marks: the marked ones."""

    def __init__(self, theme: Theme, block: Lines) -> None:
        super().__init__()
        self.setProperty("role", "well")
        self.setAccessibleName(block.label)
        tokens = theme.tokens
        column = QVBoxLayout(self)
        column.setContentsMargins(tokens.units(1.5), tokens.units(1), tokens.units(1.5), tokens.units(1))
        column.setSpacing(tokens.units(0.5))
        if block.label:
            column.addWidget(label(seen(block.label), role="label"))
        self.marks: list[QFrame] = []
        for told, lines in groupby(block.lines, key=lambda line: line.mark in TONES or bool(line.remark)):
            if told:
                for line in lines:
                    self.marks.append(_marked(theme, line))
                    column.addWidget(self.marks[-1])
            else:
                column.addWidget(label(seen("\n".join(line.text for line in lines)), role="mono"))


def _marked(theme: Theme, line: Line) -> QFrame:
    """Return the line on a ground of its tone: drawing, word and remark below it."""
    tone = TONES.get(line.mark, "info")
    frame = QFrame()
    frame.setProperty("tone", tone)
    tokens = theme.tokens
    column = QVBoxLayout(frame)
    column.setContentsMargins(tokens.units(1), tokens.units(0.5), tokens.units(1), tokens.units(0.5))
    column.setSpacing(0)
    words = label(seen(line.text), role="mono")
    remark = " ".join(filter(None, (word_of(line.mark), line.remark)))
    words.setAccessibleDescription(remark)
    column.addWidget(words)
    if line.mark is not Mark.NONE:
        column.addWidget(marked(theme, line.mark))
    if line.remark:
        column.addWidget(label(seen(line.remark)))
    return frame
