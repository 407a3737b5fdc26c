"""The page on which another address for From is proven."""

from sendwright.providers.gmail.answers import GmailAnswers
from sendwright.providers.gmail.credentials import Credentials
from sendwright.providers.provider import Advice
from sendwright.screens import Answer, Form, Screen
from sendwright.senders.gmail.settings import Way
from sendwright.world import Progress, World


class AliasStep:
    """A list that is read, or a message that arrived."""

    id = "gmail-alias"
    stop = "sender"

    def __init__(self, *, desk: Credentials, handed: Credentials) -> None:
        self._desk = desk
        self._handed = handed

    def applies(self, state: GmailAnswers) -> bool:
        """Say whether the walk comes past here."""
        return state.connected and not state.reconnecting and state.way in Way and bool(state.sender)

    def show(self, state: GmailAnswers, world: World) -> Screen:
        """Show the page."""
        del state, world
        return Form(step=self.id, title="gmail.sender.title", fields=())

    async def accept(self, state: GmailAnswers, answer: Answer, world: World, progress: Progress) -> GmailAnswers:
        """Go on."""
        del answer, world, progress
        return state

    async def advise(self, state: GmailAnswers, answer: Answer, world: World) -> Advice:
        """Say nothing."""
        del state, answer, world
        return Advice()
