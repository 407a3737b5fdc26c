"""The card of a problem: what it is and who has to act, and as much more as its reader's level asks for."""

from datetime import datetime

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout, QWidget

from sendwright.desktop.reading import Reading
from sendwright.desktop.theme.theme import Theme
from sendwright.desktop.widgets.browser import open_page
from sendwright.desktop.widgets.button import Button
from sendwright.desktop.widgets.copybox import CopyBox, CopyButton
from sendwright.desktop.widgets.details import details_of
from sendwright.desktop.widgets.drawing import Drawing
from sendwright.desktop.widgets.flow import Flow
from sendwright.desktop.widgets.fold import Fold
from sendwright.desktop.widgets.levels import LevelSwitch
from sendwright.desktop.widgets.remedies import Remedies, bullet, first_ones
from sendwright.desktop.widgets.words import label, line
from sendwright.problems.acting import acting
from sendwright.problems.explanation import Explanation
from sendwright.problems.level import Level
from sendwright.problems.problem import Confidence, Problem
from sendwright.problems.ticket import ticket
from sendwright.texts import has, text


class ProblemCard(QFrame):
    """Draws one problem at the level of the reading; all of it is there at once, and shown as it is asked for.

    alone: it stands on a page that is about it; else it bears its own title, has no switch, leads to no form, and
    happened to somebody who need not be its reader.
    taken: the page's own button does the best remedy. changing: a field's name is to be changed, and what to put into
    it. retrying: a wait is over, try again. quiet_actions: the quiet actions of its foot, where others can be added.
    """

    changing = Signal(str, str)
    retrying = Signal()

    def __init__(
        self,
        theme: Theme,
        problem: Problem,
        explanation: Explanation,
        reading: Reading,
        *,
        alone: bool = True,
        taken: bool = False,
    ) -> None:
        super().__init__()
        self._theme, self._problem, self._reading = theme, problem, reading
        self._at: datetime | None = None
        self.setProperty("role", "card")
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        who = acting(explanation.owner, away=not alone)
        owner = text("window.who-acts", who=who.name)
        self.setAccessibleName(explanation.title)
        self.setAccessibleDescription(f"{explanation.what} {explanation.standing} {owner}")
        tokens = theme.tokens
        layout = QVBoxLayout(self)
        layout.setContentsMargins(tokens.units(2), tokens.units(2), tokens.units(2), tokens.units(1))
        layout.setSpacing(tokens.units(2))
        if alone:
            layout.addWidget(LevelSwitch(theme, reading))
        else:
            layout.addWidget(label(explanation.title, role="heading"))
        told, column = self._section("")
        column.addWidget(label(explanation.what))
        column.addWidget(label(explanation.standing))
        layout.addWidget(told)
        layout.addWidget(self._owner(owner, who.who))
        self._for_it: list[QWidget] = []
        self._for_support: list[QWidget] = []
        if explanation.why:
            layout.addWidget(self._keep(self._reasons(explanation.why), self._for_it))
        best = next((remedy for remedy in problem.remedies if has(remedy.label)), None)
        request = best is not None and has(best.value)
        self.remedies = Remedies(theme, explanation.remedies, acting=alone, taken=taken, request=request)
        self.remedies.changing.connect(self.changing)
        self.remedies.retrying.connect(self.retrying)
        layout.addWidget(self.remedies)
        layout.addWidget(self._keep(self._verification(explanation), self._for_it))
        self.words = Fold(theme, text("window.own-words"), self._own_words(explanation))
        layout.addWidget(self.words)
        layout.addWidget(self._keep(self._details(explanation), self._for_support))
        layout.addWidget(line())
        self.quiet_actions = Flow(gap=tokens.units(1))
        layout.addLayout(self.quiet_actions)
        self._copy = CopyButton(theme, "", words=text("window.copy-ticket"))
        self.quiet_actions.addWidget(self._copy)
        if explanation.learn_more:
            more = Button(theme, text("window.learn-more"), icon="open", role="quiet")
            more.clicked.connect(lambda _=False: open_page(explanation.learn_more))
            self.quiet_actions.addWidget(self._keep(more, self._for_it))
        self._known = explanation.confidence != Confidence.UNKNOWN
        self._show_level()
        reading.changed.connect(self._show_level)

    def date(self, at: datetime) -> None:
        """Let the ticket say when it happened; `at` is aware."""
        self._at = at
        self._show_level()

    def _show_level(self) -> None:
        """Show what the level asks for: the parts stay the same, so the keyboard stays where it is."""
        level = self._reading.level
        for part in self._for_it:
            part.setVisible(level is not Level.PLAIN)
        for part in self._for_support:
            part.setVisible(level is Level.SUPPORT)
        self.remedies.show_only_best(only_best=level is Level.PLAIN)
        # What nobody can explain is at least shown as it is, to everybody.
        self.words.setVisible(level is not Level.PLAIN or not self._known)
        self.words.button.setChecked(level is Level.SUPPORT or not self._known)
        self._copy.put(ticket(self._problem, level=level, at=self._at))

    def _keep(self, part: QWidget, parts: list[QWidget]) -> QWidget:
        parts.append(part)
        return part

    def _reasons(self, why: tuple[str, ...]) -> QWidget:
        holder, column = self._section(text("window.why"))
        first, rest = first_ones(why)
        for reason in first:
            column.addWidget(bullet(self._theme, reason))
        if rest:
            inner, below = self._section("")
            for reason in rest:
                below.addWidget(bullet(self._theme, reason))
            column.addWidget(Fold(self._theme, text("window.more-found", number=len(rest)), inner))
        return holder

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

    def _verification(self, explanation: Explanation) -> QWidget:
        holder, column = self._section(text("window.verify"))
        column.addWidget(label(explanation.verify.text))
        if explanation.verify.command:
            column.addWidget(CopyBox(self._theme, explanation.verify.command, what=text("window.verify")))
        return holder

    def _own_words(self, explanation: Explanation) -> QWidget:
        source = explanation.source
        said = " ".join(part for part in (source.code, source.text) if part)
        if said:
            return CopyBox(self._theme, said, what=text("window.own-words"))
        return label(text("window.no-words"), role="muted")

    def _details(self, explanation: Explanation) -> QWidget:
        holder, column = self._section(text("window.details.title"))
        column.addWidget(details_of(self._theme, self._problem, explanation))
        return holder

    def _section(self, name: str) -> tuple[QWidget, QVBoxLayout]:
        holder = QWidget()
        column = QVBoxLayout(holder)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(self._theme.tokens.units(0.5))
        if name:
            column.addWidget(label(name, role="label"))
        return holder, column
