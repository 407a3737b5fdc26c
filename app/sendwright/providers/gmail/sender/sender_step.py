"""The screen that asks from which address messages go."""

from sendwright.providers.gmail.answers import GmailAnswers
from sendwright.providers.provider import Advice
from sendwright.screens import Answer, Form, Screen
from sendwright.senders.gmail.settings import Way
from sendwright.world import Progress, World


class SenderStep:
    """The account's own address, or another one of its mailbox."""

    id = "gmail-sender"
    stop = "sender"

    def applies(self, state: GmailAnswers) -> bool:
        """Say whether the walk comes past here."""
        return state.connected and not state.reconnecting and state.way in Way

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
