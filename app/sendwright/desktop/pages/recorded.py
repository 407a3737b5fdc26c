"""A page of a saved diagnosis: what was found, a page as it was shown, the transcript, the computer."""

import msgspec
from PySide6.QtWidgets import QFrame, QVBoxLayout, QWidget

from sendwright.desktop.pages.facts import fact_grid
from sendwright.desktop.pages.page import Page
from sendwright.desktop.reading import Reading
from sendwright.desktop.theme.theme import Theme
from sendwright.desktop.widgets.levels import LevelSwitch
from sendwright.desktop.widgets.note import Note
from sendwright.desktop.widgets.problem import ProblemCard
from sendwright.desktop.widgets.remedies import bullet
from sendwright.desktop.widgets.sides import SidesTable
from sendwright.desktop.widgets.stages import StageList
from sendwright.desktop.widgets.transcript import Transcript
from sendwright.desktop.widgets.words import label, line
from sendwright.diagnosis.stage import Verdict
from sendwright.errors import SendwrightError
from sendwright.problems.explanation import explain
from sendwright.problems.problem import Problem
from sendwright.recording.visible import visible
from sendwright.screens import Consent, Recorded, Screen, Sheet
from sendwright.texts import has, text


class RecordedPage(Page):
    """Shows whichever parts the screen has. A page inside of it is drawn as it was, and cannot be used."""

    def __init__(self, theme: Theme, screen: Recorded, reading: Reading) -> None:
        super().__init__(theme, screen)
        self.inner: QWidget | None = None
        if screen.problem is not None:
            self._tell(screen.problem, screen, reading)
        if screen.results:
            stages = StageList(theme, [result.id for result in screen.results])
            for result in screen.results:
                stages.show_result(result)
            stages.settle()
            self.column.addWidget(stages)
        if screen.sides is not None:
            self.column.addWidget(SidesTable(theme, screen.sides))
        if screen.facts:
            self.column.addWidget(_facts(theme, screen.facts))
        if screen.sentences:
            self.column.addWidget(_sentences(theme, screen.sentences))
        if screen.lines:
            self.transcript = Transcript(theme, screen.lines, what=self.title.text())
            self.column.addWidget(self.transcript)
        if screen.inner is not None:
            self.inner = _replayed(theme, screen.inner, reading)
            self.column.addWidget(line())
            self.column.addWidget(self.inner)
            self.column.addWidget(line())
        self.finish()

    def _tell(self, problem: Problem, screen: Recorded, reading: Reading) -> None:
        """Say at once where it stopped, then what that is and who has to act."""
        stop = next((result.id for result in screen.results if result.verdict is Verdict.FAILED), "")
        if stop:
            self.column.addWidget(Note(self.theme, text("open.stopped-at", stage=_stage(stop)), tone="failed"))
        self.column.addWidget(LevelSwitch(self.theme, reading))
        self.card = ProblemCard(self.theme, problem, explain(problem), reading, alone=False)
        if screen.at is not None:
            self.card.date(screen.at)
        self.column.addWidget(self.card)


def _stage(stage: str) -> str:
    """Return the name of a stage; one of another version is called by its id."""
    key = f"stages.{stage}.label"
    return text(key) if has(key) else visible(stage)


def _sentences(theme: Theme, sentences: tuple[str, ...]) -> QFrame:
    frame = QFrame()
    frame.setProperty("role", "card")
    tokens = theme.tokens
    column = QVBoxLayout(frame)
    column.setContentsMargins(tokens.units(2), tokens.units(1.5), tokens.units(2), tokens.units(1.5))
    column.setSpacing(tokens.units(1))
    for sentence in sentences:
        column.addWidget(bullet(theme, visible(sentence)))
    return frame


def _facts(theme: Theme, facts: tuple[tuple[str, str], ...]) -> QFrame:
    frame = QFrame()
    frame.setProperty("role", "card")
    grid = fact_grid(frame, theme)
    for row, (name, value) in enumerate(facts):
        grid.addWidget(label(visible(name), role="muted"), row, 0)
        grid.addWidget(label(visible(value), role="strong"), row, 1)
    return frame


def _replayed(theme: Theme, builtins: dict[str, object], reading: Reading) -> QWidget:
    """Draw a screen of the file; one that this version does not understand is said to be so."""
    from sendwright.desktop.pages.factory import page_for  # noqa: PLC0415 - the factory makes this page too

    try:
        page = page_for(theme, _still(msgspec.convert(builtins, Screen)), reading=reading)
    except (msgspec.ValidationError, SendwrightError, LookupError, ValueError):
        return Note(theme, text("replay.page.unknown"), tone="warning")
    page.setEnabled(False)
    inside = page.layout()
    if inside is not None:
        inside.setContentsMargins(0, 0, 0, 0)
    return page


def _still(screen: Screen) -> Screen:
    """Return the screen without what would happen on it by itself: a file asks nobody and tries nothing."""
    if isinstance(screen, Sheet):
        return msgspec.structs.replace(screen, retry=None, retry_at=None)
    if isinstance(screen, Consent):
        return msgspec.structs.replace(screen, url="")
    return screen
