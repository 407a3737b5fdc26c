"""Something runs: its stages tick off."""

from typing_extensions import override

from sendwright.desktop.pages.page import Page
from sendwright.desktop.theme.theme import Theme
from sendwright.desktop.widgets.speech import announce
from sendwright.desktop.widgets.stages import StageList
from sendwright.diagnosis.stage import StageResult
from sendwright.screens import Working


class WorkingPage(Page):
    """A list of stages; goes on by itself, so it has no primary button."""

    def __init__(self, theme: Theme, screen: Working) -> None:
        super().__init__(theme, screen)
        self.stages = StageList(theme, screen.stages)
        self.stages.begin()
        self.column.addWidget(self.stages)
        self.finish()

    @property
    @override
    def primary(self) -> str:
        return ""

    @override
    def show_progress(self, result: StageResult) -> None:
        words = self.stages.show_result(result)
        announce(self, words)
