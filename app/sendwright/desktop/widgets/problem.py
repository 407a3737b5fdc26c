"""The card of a problem: what it is, why, who has to act, the buttons to do it, and the other side's own words."""

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout, QWidget

from sendwright.desktop.theme.theme import Theme
from sendwright.desktop.widgets.browser import open_page
from sendwright.desktop.widgets.button import Button, alone
from sendwright.desktop.widgets.copybox import CopyBox, CopyButton
from sendwright.desktop.widgets.countdown import Countdown
from sendwright.desktop.widgets.drawing import Drawing
from sendwright.desktop.widgets.fold import Fold
from sendwright.desktop.widgets.words import label, line
from sendwright.problems.explanation import Explanation, RemedyText
from sendwright.problems.problem import Problem, RemedyKind
from sendwright.problems.ticket import ticket
from sendwright.texts import text


class ProblemCard(QFrame):
    """Draws one problem below its title.

    changing: a field's name is to be changed, and what to put into it. retrying: a wait is over, try again.
    """

    changing = Signal(str, str)
    retrying = Signal()

    def __init__(self, theme: Theme, problem: Problem, explanation: Explanation) -> None:
        super().__init__()
        self._theme = theme
        self.setProperty("role", "card")
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        owner = text("window.who-acts", who=text(f"owners.{explanation.owner}.name"))
        self.setAccessibleName(explanation.title)
        self.setAccessibleDescription(f"{explanation.what} {owner}")
        tokens = theme.tokens
        layout = QVBoxLayout(self)
        layout.setContentsMargins(tokens.units(2), tokens.units(2), tokens.units(2), tokens.units(1))
        layout.setSpacing(tokens.units(2))
        layout.addWidget(label(explanation.what))
        if explanation.why:
            layout.addLayout(self._reasons(explanation.why))
        layout.addWidget(self._owner(owner, text(f"owners.{explanation.owner}.who")))
        if explanation.remedies:
            layout.addLayout(self._remedies(explanation.remedies))
        layout.addWidget(line())
        layout.addLayout(self._foot(problem, explanation))

    def _reasons(self, why: tuple[str, ...]) -> QVBoxLayout:
        column = QVBoxLayout()
        column.setSpacing(self._theme.tokens.units(0.5))
        column.addWidget(label(text("window.why"), role="label"))
        for reason in why:
            row = QHBoxLayout()
            row.setSpacing(self._theme.tokens.units(1))
            row.addWidget(label("•"), 0, Qt.AlignmentFlag.AlignTop)
            row.addWidget(label(reason), 1)
            column.addLayout(row)
        return column

    def _owner(self, name: str, who: str) -> QFrame:
        frame = QFrame()
        frame.setProperty("tone", "info")
        tokens = self._theme.tokens
        row = QHBoxLayout(frame)
        row.setContentsMargins(tokens.units(1.5), tokens.units(1), tokens.units(1.5), tokens.units(1))
        row.setSpacing(tokens.units(1))
        row.addWidget(Drawing(self._theme, "person", "info"), 0, Qt.AlignmentFlag.AlignTop)
        words = QVBoxLayout()
        words.setSpacing(0)
        words.addWidget(label(name, role="label"))
        words.addWidget(label(who))
        row.addLayout(words, 1)
        return frame

    def _remedies(self, remedies: tuple[RemedyText, ...]) -> QVBoxLayout:
        """Return what can be done; to try again is the page's own button."""
        column = QVBoxLayout()
        column.setSpacing(self._theme.tokens.units(1))
        for remedy in remedies:
            match remedy.kind:
                case RemedyKind.COPY:
                    column.addWidget(label(remedy.label, role="label"))
                    column.addWidget(CopyBox(self._theme, remedy.value, what=remedy.label))
                case RemedyKind.OPEN:
                    column.addLayout(self._button(remedy.label, "open", partial(open_page, remedy.value)))
                case RemedyKind.CHANGE:
                    change = partial(self.changing.emit, remedy.value, remedy.proposal)
                    column.addLayout(self._button(remedy.label, "edit", change))
                case RemedyKind.WAIT:
                    clock = Countdown(self._theme, remedy.label, seconds=remedy.value)
                    clock.ended.connect(self.retrying)
                    column.addWidget(clock)
        return column

    def _button(self, words: str, icon: str, pressed: Callable[[], None]) -> QHBoxLayout:
        button = Button(self._theme, words, icon=icon)
        button.clicked.connect(lambda _=False: pressed())
        return alone(button)

    def _foot(self, problem: Problem, explanation: Explanation) -> QVBoxLayout:
        tokens = self._theme.tokens
        inner = QWidget()
        words = QVBoxLayout(inner)
        words.setContentsMargins(tokens.units(1), 0, 0, tokens.units(0.5))
        words.setSpacing(tokens.units(0.5))
        source = explanation.source
        said = " ".join(part for part in (source.code, source.text) if part)
        if said:
            words.addWidget(CopyBox(self._theme, said, what=text("window.own-words")))
        else:
            words.addWidget(label(text("window.no-words"), role="muted"))
        words.addWidget(label(text("window.code", code=explanation.code), role="small"))
        column = QVBoxLayout()
        column.setSpacing(0)
        column.addWidget(Fold(self._theme, text("window.own-words"), inner))
        if explanation.learn_more:
            more = Button(self._theme, text("window.learn-more"), icon="open", role="quiet")
            more.clicked.connect(lambda _=False: open_page(explanation.learn_more))
            column.addLayout(alone(more))
        column.addLayout(alone(CopyButton(self._theme, ticket(problem), words=text("window.copy-ticket"))))
        return column
