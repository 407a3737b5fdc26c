"""What support looks up of a problem: where it happened, by which codes, and where the explanation comes from."""

from collections.abc import Iterable, Iterator

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QWidget

from sendwright.desktop.theme.theme import Theme
from sendwright.desktop.widgets.copybox import CopyBox
from sendwright.desktop.widgets.words import label
from sendwright.problems.explanation import Explanation
from sendwright.problems.problem import Problem
from sendwright.problems.ticket import identifiers, step
from sendwright.texts import text

_SHARES = (2, 3)


class Details(QWidget):
    """Names and values, one pair a line. copied: what is looked up elsewhere letter by letter, each with its button."""

    def __init__(
        self, theme: Theme, lines: Iterable[tuple[str, str]], *, copied: Iterable[tuple[str, str]] = ()
    ) -> None:
        super().__init__()
        tokens = theme.tokens
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(tokens.units(2))
        grid.setVerticalSpacing(tokens.units(0.5))
        for column, share in enumerate(_SHARES):
            grid.setColumnStretch(column, share)
        for place, (name, value) in enumerate(lines):
            words = label(value)
            words.setAccessibleDescription(name)
            grid.addWidget(label(name, role="muted"), place, 0, Qt.AlignmentFlag.AlignTop)
            grid.addWidget(words, place, 1, Qt.AlignmentFlag.AlignTop)
        for name, value in copied:
            grid.addWidget(label(name, role="muted"), grid.rowCount(), 0, 1, 2)
            grid.addWidget(CopyBox(theme, value, what=name), grid.rowCount(), 0, 1, 2)


def details_of(theme: Theme, problem: Problem, explanation: Explanation) -> Details:
    """Return what support looks up of a problem."""
    lines = ((text(key), value) for key, value in _lines(problem, explanation))
    return Details(theme, lines, copied=((text(key), value) for key, value in identifiers(problem)))


def _lines(problem: Problem, explanation: Explanation) -> Iterator[tuple[str, str]]:
    yield "window.details.code", explanation.code
    if explanation.stage:
        yield "window.details.step", step(explanation.stage)
    seen = " ".join(filter(None, (explanation.source.system, explanation.source.code)))
    yield "window.details.seen", seen
    yield "window.details.sure", text(f"verdicts.confidence.{explanation.confidence}")
    yield "window.details.retry", text(f"retry.{explanation.retry}")
    if problem.evidence.perhaps_sent:
        yield "window.details.sent", text("ticket.perhaps-sent")
    if explanation.fact.source:
        yield "window.details.fact", explanation.fact.source
    if explanation.fact.checked:
        yield "window.details.checked", explanation.fact.checked
