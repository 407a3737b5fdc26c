"""What can be done about a problem: buttons and boxes where that leads somewhere from here, words where it does not."""

from collections.abc import Callable
from functools import partial
from typing import TypeVar

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from sendwright.desktop.theme.theme import Theme
from sendwright.desktop.widgets.browser import open_page
from sendwright.desktop.widgets.button import Button, alone
from sendwright.desktop.widgets.copybox import CopyBox, CopyButton
from sendwright.desktop.widgets.countdown import Countdown
from sendwright.desktop.widgets.fold import Fold
from sendwright.desktop.widgets.words import label
from sendwright.problems.explanation import RemedyText
from sendwright.problems.problem import RemedyKind
from sendwright.texts import text

T = TypeVar("T")

_SHOWN = 3  # more of them would be a wall; one alone is not worth folding away


class Remedies(QWidget):
    """All remedies, in their order. `show_only_best` leaves the first one, as a single button, and the clock.

    acting: a form can be changed from here, and the failed step tried again; without it such a remedy is a sentence.
    taken: the page's own button does the best one already. request: the best one is words for whoever has to act, which
    are read before they are passed on; a command is only copied. changing, retrying: as those of the card.
    """

    changing = Signal(str, str)
    retrying = Signal()

    def __init__(
        self,
        theme: Theme,
        remedies: tuple[RemedyText, ...],
        *,
        acting: bool = True,
        taken: bool = False,
        request: bool = False,
    ) -> None:
        super().__init__()
        self._request = request
        self._theme = theme
        self._acting = acting
        layout = self._column(self)
        wait = next((remedy for remedy in remedies if acting and remedy.kind == RemedyKind.WAIT), None)
        self._clock = None if wait is None else self._wait(wait)
        self._best = self._make_best(remedies[0]) if remedies and not taken else None
        first, rest = first_ones(tuple(part for remedy in remedies if (part := self._make(remedy)) is not None))
        spoken = bool(remedies) and not acting and remedies[0].kind not in {RemedyKind.COPY, RemedyKind.OPEN}
        self._all = [label(text("card.remedies"), role="label"), *first] if spoken else [*first]
        clock = [] if self._clock is None else [self._clock]
        parts = [*clock, *self._all] if wait is not None and remedies[0] is wait else [*self._all, *clock]
        for part in parts if self._best is None else [self._best, *parts]:
            layout.addWidget(part)
        if rest:
            inner = QWidget()
            below = self._column(inner)
            for part in rest:
                below.addWidget(part)
            self._all.append(Fold(theme, text("window.more-found", number=len(rest)), inner))
            layout.addWidget(self._all[-1])

    def show_only_best(self, *, only_best: bool) -> None:
        """Show the best alone, or everything; what happens by itself is always seen. Called once it has its place."""
        if self._best is not None:
            self._best.setVisible(only_best)
        for part in self._all:
            part.setVisible(not only_best)
        shown = self._best is not None if only_best else bool(self._all)
        self.setVisible(shown or self._clock is not None)

    def _make(self, remedy: RemedyText) -> QWidget | None:
        """Return the remedy as IT reads it; None where it is the page's own button or the clock."""
        match remedy.kind:
            case RemedyKind.COPY:
                return self._stack(
                    label(remedy.label, role="label"),
                    *self._path(remedy),
                    CopyBox(self._theme, remedy.value, what=remedy.label),
                )
            case RemedyKind.OPEN:
                page = self._button(remedy.label, "open", partial(open_page, remedy.value))
                return self._stack(page, *self._path(remedy))
            case RemedyKind.CHANGE if self._acting:
                change = partial(self.changing.emit, remedy.value, remedy.proposal)
                return self._stack(self._button(remedy.label, "edit", change), *self._path(remedy))
            case RemedyKind.RETRY | RemedyKind.WAIT if self._acting:
                return None
            case _:
                return self._stack(bullet(self._theme, _sentence(remedy)), *self._path(remedy))

    def _make_best(self, remedy: RemedyText) -> QWidget | None:
        """Return the remedy as the one thing to do; None where the clock or the page's own button is that."""
        match remedy.kind:
            case RemedyKind.COPY if self._request:
                return self._make(remedy)
            case RemedyKind.COPY:
                words = text("window.copy-this", label=remedy.label)
                return _holding(CopyButton(self._theme, remedy.value, words=words, role=""))
            case RemedyKind.OPEN:
                return self._button(remedy.label, "open", partial(open_page, remedy.value))
            case RemedyKind.CHANGE if self._acting:
                change = partial(self.changing.emit, remedy.value, remedy.proposal)
                return self._button(remedy.label, "edit", change)
            case RemedyKind.WAIT | RemedyKind.RETRY if self._acting:
                return None
            case _:
                return label(text("window.what-to-do", what=_sentence(remedy)))

    def _wait(self, remedy: RemedyText) -> Countdown:
        clock = Countdown(self._theme, remedy.label, seconds=remedy.value)
        clock.ended.connect(self.retrying)
        return clock

    def _path(self, remedy: RemedyText) -> tuple[QWidget, ...]:
        return (label(text("window.path", path=remedy.path), role="muted"),) if remedy.path else ()

    def _button(self, words: str, icon: str, pressed: Callable[[], object]) -> QWidget:
        button = Button(self._theme, words, icon=icon)
        button.clicked.connect(lambda _=False: pressed())
        return _holding(button)

    def _stack(self, *parts: QWidget) -> QWidget:
        holder = QWidget()
        column = QVBoxLayout(holder)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(self._theme.tokens.units(0.5))
        for part in parts:
            column.addWidget(part)
        return holder

    def _column(self, holder: QWidget) -> QVBoxLayout:
        column = QVBoxLayout(holder)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(self._theme.tokens.units(1))
        return column


def first_ones(things: tuple[T, ...]) -> tuple[tuple[T, ...], tuple[T, ...]]:
    """Return what is shown of a list at once, and what is folded away."""
    shown = len(things) if len(things) <= _SHOWN + 1 else _SHOWN
    return things[:shown], things[shown:]


def bullet(theme: Theme, words: str) -> QWidget:
    """Return a line of a list."""
    holder = QWidget()
    row = QHBoxLayout(holder)
    row.setContentsMargins(0, 0, 0, 0)
    row.setSpacing(theme.tokens.units(1))
    row.addWidget(label("•"), 0, Qt.AlignmentFlag.AlignTop)
    row.addWidget(label(words), 1)
    return holder


def _holding(button: Button) -> QWidget:
    """Return a row of its own for `button`."""
    holder = QWidget()
    row = alone(button)
    row.setContentsMargins(0, 0, 0, 0)
    holder.setLayout(row)
    return holder


def _sentence(remedy: RemedyText) -> str:
    """Return what to do in words: a proposed value stands beside it."""
    return text("window.change-to", label=remedy.label, value=remedy.proposal) if remedy.proposal else remedy.label
