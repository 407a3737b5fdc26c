"""A step that stopped: the card of its problem, and how far it came."""

from collections.abc import Sequence

from sendwright.desktop.pages.page import Page
from sendwright.desktop.theme.theme import Theme
from sendwright.desktop.widgets.fold import Fold
from sendwright.desktop.widgets.problem import ProblemCard
from sendwright.desktop.widgets.stages import StageList
from sendwright.diagnosis.stage import StageResult
from sendwright.screens import Stopped
from sendwright.texts import text


class StoppedPage(Page):
    """The card first: it says who has to act. The stages are folded below it."""

    def __init__(self, theme: Theme, screen: Stopped, results: Sequence[StageResult]) -> None:
        super().__init__(theme, screen)
        card = ProblemCard(theme, screen.problem)
        card.retrying.connect(self.submitting)
        card.changing.connect(self.changing)
        self._card = card
        self.column.addWidget(card)
        if screen.stages:
            stages = StageList(theme, screen.stages)
            for result in results:
                stages.show_result(result)
            stages.settle()
            self.column.addWidget(Fold(theme, text("window.how-far"), stages))
        self.finish()

    def take_focus(self) -> None:
        """Let a screen reader begin with the card."""
        self._card.setFocus()
