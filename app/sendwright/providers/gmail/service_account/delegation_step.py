"""The page on which a delegation is granted and tried."""

from sendwright.providers.gmail.answers import GmailAnswers
from sendwright.providers.gmail.credentials import Credentials
from sendwright.providers.provider import Advice
from sendwright.screens import Answer, Form, Screen
from sendwright.senders.gmail.settings import Way
from sendwright.world import Progress, World


class DelegationStep:
    """What is to be entered in the Admin console, and what Google then grants."""

    id = "gmail-delegation"
    stop = "connect"

    def __init__(self, *, handed: Credentials) -> None:
        self._handed = handed

    def applies(self, state: GmailAnswers) -> bool:
        """Say whether the walk comes past here."""
        return state.way is Way.SERVICE_ACCOUNT and bool(state.service_account)

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
