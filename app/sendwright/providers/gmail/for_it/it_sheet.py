"""The page for whoever looks after Google Workspace: what is asked for, why, and how to grant, limit and end it."""

from sendwright.document.blocks import Document
from sendwright.providers.gmail.answers import GmailAnswers
from sendwright.world import World


def it_sheet(answers: GmailAnswers, world: World) -> Document:
    """Return the page, filled in as far as the answers go."""
    del answers, world
    return Document(id="gmail-it-sheet", title="")
