"""Makes the page of a screen, by its kind."""

from collections.abc import Callable, Sequence
from datetime import datetime

from sendwright.desktop.pages.choice import ChoicePage
from sendwright.desktop.pages.consent import ConsentPage
from sendwright.desktop.pages.done import DonePage
from sendwright.desktop.pages.elsewhere import ElsewherePage
from sendwright.desktop.pages.form import FormPage
from sendwright.desktop.pages.page import Page
from sendwright.desktop.pages.proof import ProofPage
from sendwright.desktop.pages.recorded import RecordedPage
from sendwright.desktop.pages.review import ReviewPage
from sendwright.desktop.pages.sheet import SheetPage
from sendwright.desktop.pages.stopped import StoppedPage
from sendwright.desktop.pages.working import WorkingPage
from sendwright.desktop.reading import Reading
from sendwright.desktop.theme.theme import Theme
from sendwright.diagnosis.stage import StageResult
from sendwright.screens import (
    Choice,
    Consent,
    ConsentWay,
    Done,
    Form,
    Proof,
    Recorded,
    Review,
    Screen,
    Sheet,
    Stopped,
    Working,
)


def page_for(  # noqa: C901 - one line for each kind of screen
    theme: Theme,
    screen: Screen,
    *,
    reading: Reading,
    results: Sequence[StageResult] = (),
    clock: Callable[[], datetime] | None = None,
) -> Page:
    """Return the page; `reading` is how problems are read on it, `results` are the stages that ran before a stop.

    clock: tells the time to what waits for a moment.
    """
    match screen:
        case Form():
            return FormPage(theme, screen, reading)
        case Choice():
            return ChoicePage(theme, screen, reading)
        case Working():
            return WorkingPage(theme, screen)
        case Proof():
            return ProofPage(theme, screen)
        case Review():
            return ReviewPage(theme, screen, reading)
        case Done():
            return DonePage(theme, screen)
        case Stopped():
            return StoppedPage(theme, screen, reading, results)
        case Recorded():
            return RecordedPage(theme, screen, reading)
        case Sheet():
            return SheetPage(theme, screen, reading, clock=clock)
        case Consent():
            return _consent(theme, screen, reading, clock)


def _consent(theme: Theme, screen: Consent, reading: Reading, clock: Callable[[], datetime] | None) -> Page:
    if screen.way is ConsentWay.EMBEDDED:
        return ConsentPage(theme, screen, reading)
    return ElsewherePage(theme, screen, reading, clock=clock)
