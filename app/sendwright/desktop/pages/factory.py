"""Makes the page of a screen, by its kind."""

from collections.abc import Sequence

from sendwright.desktop.pages.choice import ChoicePage
from sendwright.desktop.pages.done import DonePage
from sendwright.desktop.pages.form import FormPage
from sendwright.desktop.pages.page import Page
from sendwright.desktop.pages.proof import ProofPage
from sendwright.desktop.pages.recorded import RecordedPage
from sendwright.desktop.pages.review import ReviewPage
from sendwright.desktop.pages.stopped import StoppedPage
from sendwright.desktop.pages.working import WorkingPage
from sendwright.desktop.reading import Reading
from sendwright.desktop.theme.theme import Theme
from sendwright.diagnosis.stage import StageResult
from sendwright.screens import Choice, Done, Form, Proof, Recorded, Review, Screen, Stopped, Working


def page_for(theme: Theme, screen: Screen, *, reading: Reading, results: Sequence[StageResult] = ()) -> Page:
    """Return the page; `reading` is how problems are read on it, `results` are the stages that ran before a stop."""
    match screen:
        case Form():
            return FormPage(theme, screen)
        case Choice():
            return ChoicePage(theme, screen, reading)
        case Working():
            return WorkingPage(theme, screen)
        case Proof():
            return ProofPage(theme, screen)
        case Review():
            return ReviewPage(theme, screen)
        case Done():
            return DonePage(theme, screen)
        case Stopped():
            return StoppedPage(theme, screen, reading, results)
        case Recorded():
            return RecordedPage(theme, screen, reading)
    raise NotImplementedError(screen.step)  # Consent comes with the first provider that needs one
