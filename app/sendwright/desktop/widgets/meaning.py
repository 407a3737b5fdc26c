"""What a text that somebody sent means: cards, or one calm sentence."""

from collections.abc import Iterator

from PySide6.QtWidgets import QVBoxLayout, QWidget

from sendwright.desktop.reading import Reading
from sendwright.desktop.theme.theme import Theme
from sendwright.desktop.widgets.details import Details
from sendwright.desktop.widgets.fold import Fold
from sendwright.desktop.widgets.levels import LevelSwitch
from sendwright.desktop.widgets.note import Note
from sendwright.desktop.widgets.problem import ProblemCard
from sendwright.desktop.widgets.words import label
from sendwright.problems.explanation import explain
from sendwright.problems.pasted import Understood
from sendwright.texts import text

SHOWN = 3
"""Problems that get a card; the others are counted."""


class Meaning(QWidget):
    """The answer below the place to paste. spoken: what a screen reader says when it appears."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self.spoken = ""
        self.cards: tuple[ProblemCard, ...] = ()
        self.column = QVBoxLayout(self)
        self.column.setContentsMargins(0, 0, 0, 0)
        self.column.setSpacing(theme.tokens.units(1.5))

    @classmethod
    def saying(cls, theme: Theme, words: str, *, tone: str = "info") -> "Meaning":
        """Return one sentence."""
        made = cls(theme)
        made.spoken = words
        made.column.addWidget(Note(theme, words, tone=tone))
        return made

    @classmethod
    def of(cls, theme: Theme, reading: Reading, understood: Understood, *, file: str = "") -> "Meaning":
        """Return a card for each of the first problems, below one switch. file: the name of where it was read."""
        if not understood.matches:
            key = "explain.healthy" if understood.healthy else "window.sent.nothing"
            return cls.saying(theme, text(key), tone="passed" if understood.healthy else "info")
        made = cls(theme)
        if file:
            made.column.addWidget(label(text("window.sent.from-file", name=file), role="muted"))
        made.column.addWidget(LevelSwitch(theme, reading))
        told = [(match.problem, explain(match.problem)) for match in understood.matches[:SHOWN]]
        made.cards = tuple(ProblemCard(theme, *both, reading, alone=False) for both in told)
        for card in made.cards:
            made.column.addWidget(card)
        more = len(understood.matches) - len(told)
        if more:
            made.column.addWidget(label(text("window.sent.more", count=more), role="muted"))
        for fold in _folds(theme, understood):
            made.column.addWidget(fold)
        titles = " ".join(explanation.title for _, explanation in told)
        made.spoken = text("window.sent.spoken", count=len(understood.matches), titles=titles)
        return made


def _folds(theme: Theme, understood: Understood) -> Iterator[Fold]:
    """Yield what the text says of itself, and the message that it is about: neither is part of the answer."""
    if understood.about:
        about = ((text(f"explain.about.{name}"), value) for name, value in understood.about)
        yield Fold(theme, text("explain.found-in"), Details(theme, about))
    if understood.original:
        yield Fold(theme, text("explain.original"), Details(theme, understood.original))
