"""The page for whoever looks after Microsoft 365: what is asked for, why, and how to grant, check and undo it."""

from sendwright.document.blocks import Document
from sendwright.providers.microsoft365.answers import MicrosoftAnswers
from sendwright.texts import text
from sendwright.world import World


def it_sheet(answers: MicrosoftAnswers, world: World) -> Document:
    """Return the page, filled in as far as the answers go."""
    del answers, world
    return Document(id="microsoft-365-it-sheet", title=text("microsoft365.it.title"))
