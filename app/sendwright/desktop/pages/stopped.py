"""A step that stopped: what happened, the card of its problem, and how far it came."""

from collections.abc import Sequence

from msgspec.structs import replace
from PySide6.QtCore import Qt
from typing_extensions import override

from sendwright.desktop.pages.page import Page
from sendwright.desktop.reading import Reading
from sendwright.desktop.saving import Saving
from sendwright.desktop.theme.theme import Theme
from sendwright.desktop.ways import Ways, question_about
from sendwright.desktop.widgets.button import Button
from sendwright.desktop.widgets.flow import Flow
from sendwright.desktop.widgets.fold import Fold
from sendwright.desktop.widgets.look_around import LookAround
from sendwright.desktop.widgets.note import Note
from sendwright.desktop.widgets.problem import ProblemCard
from sendwright.desktop.widgets.save_diagnosis import SaveDiagnosis
from sendwright.desktop.widgets.sent import SentError
from sendwright.desktop.widgets.sides import SidesTable
from sendwright.desktop.widgets.stages import StageList
from sendwright.diagnosis.stage import StageResult
from sendwright.diagnosis.two_sides import Finding
from sendwright.problems.explanation import explain
from sendwright.problems.problem import Problem, RemedyKind, Retry
from sendwright.screens import Action, Stopped
from sendwright.texts import text


class StoppedPage(Page):
    """The card says who has to act; the stages are folded below it.

    What passes by itself is a wait with a clock, not a red failure. The primary button tries again; where that cannot
    help before an answer is changed (a wrong password tried twice locks accounts), it leads to that answer. Where the
    step itself offers a way on, the primary button is that, and trying again stands among the other ways.
    """

    def __init__(self, theme: Theme, screen: Stopped, reading: Reading, results: Sequence[StageResult]) -> None:
        explanation = explain(screen.problem)
        remedies = {remedy.kind: remedy for remedy in reversed(explanation.remedies)}
        super().__init__(
            theme,
            screen,
            title=explanation.title,
            above=text(screen.title, **screen.values),
            mark=("waiting", "info") if RemedyKind.WAIT in remedies else ("failed", "failed"),
        )
        self._problem = screen.problem
        self._elsewhere = screen.sides is not None and screen.sides.finding == Finding.BACKEND_STOPS
        again = remedies.get(RemedyKind.RETRY)
        self._again = again.label if again is not None else text(screen.submit)
        self.change_first: tuple[str, str] | None = None
        first = explanation.remedies[0] if explanation.remedies else None
        if again is None and first is not None and first.kind == RemedyKind.CHANGE and _needs_change(screen.problem):
            self._again = first.label
            self.change_first = (first.value, first.proposal)
            explanation = replace(explanation, remedies=explanation.remedies[1:])
        taken = self.change_first is not None or (first is not None and first.kind == RemedyKind.RETRY)
        self.card = ProblemCard(theme, screen.problem, explanation, reading, taken=taken)
        self.leading = next((action for action in screen.actions if not action.quiet), None)
        self.card.retrying.connect(self.try_again)
        self.card.changing.connect(self.changing)
        self.saving: SaveDiagnosis | None = None
        self.ways: LookAround | None = None
        if screen.sides is not None:
            self.column.addWidget(Note(theme, screen.sides.sentence, tone="warning"))
        self.column.addWidget(self.card)
        self.column.addLayout(self._ways_on(screen.actions))
        if screen.sides is not None:
            self.column.addWidget(SidesTable(theme, screen.sides, told=True))
        if screen.stages:
            self.stages = StageList(theme, screen.stages)
            for result in results:
                self.stages.show_result(result)
            self.stages.settle()
            self.column.addWidget(Fold(theme, text("window.how-far"), self.stages))
        self.sent = SentError(theme, reading)
        self.column.addWidget(self.sent)
        self.finish()

    def try_again(self) -> None:
        """Repeat the step, or lead to the answer that has to be changed first."""
        if self.change_first is not None:
            self.changing.emit(*self.change_first)
        else:
            self.answered.emit({})

    def _ways_on(self, actions: tuple[Action, ...]) -> Flow:
        """Return the ways that are not the primary button, below the card: nobody has to look for them."""
        row = Flow(gap=self.theme.tokens.units(1))
        if self.leading is not None:
            again = Button(self.theme, self._again)
            again.setObjectName("try-again")
            again.clicked.connect(lambda _=False: self.try_again())
            row.addWidget(again)
        for action in actions:
            if action is not self.leading:
                row.addWidget(self.button_of(action))
        return row

    def offer_saving(self, saving: Saving) -> None:
        """Offer on the card to save a diagnosis file; the preview of it unfolds below the card."""
        self.saving = SaveDiagnosis(self.theme, saving)
        self.column.insertWidget(self.column.indexOf(self.card) + 1, self.saving)
        self.card.quiet_actions.addWidget(self.saving.offer)

    def offer_ways(self, ways: Ways) -> None:
        """Offer on the card to look which ways out are open, where that can explain the problem.

        What works from here and stops where the backend runs is no matter of the ways out of here.
        """
        question = question_about(self._problem)
        if question is not None and not self._elsewhere:
            self.ways = LookAround(self.theme, ways, question, told=self._problem.code)
            self.column.insertWidget(self.column.indexOf(self.card) + 1, self.ways)
            self.card.quiet_actions.addWidget(self.ways.offer)
            if self.saving is not None:
                self.ways.drawn.connect(self.saving.add_wall)

    @property
    @override
    def primary(self) -> str:
        return self._again if self.leading is None else text(self.leading.label, **self.leading.values)

    @property
    @override
    def actions_below(self) -> tuple[Action, ...]:
        return ()

    @override
    def take_focus(self) -> None:
        """Let a screen reader begin with the card."""
        self.card.setFocus(Qt.FocusReason.OtherFocusReason)


def _needs_change(problem: Problem) -> bool:
    return problem.retry in {Retry.AFTER_FIX, Retry.NEVER}
