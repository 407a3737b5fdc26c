"""The board on which real small messages prove who may send as whom, and by which route."""

from collections.abc import Awaitable, Callable

from sendwright.document.blocks import Document
from sendwright.providers.microsoft365.answers import MicrosoftAnswers
from sendwright.providers.provider import Advice
from sendwright.screens import Answer, Screen, Sheet
from sendwright.secret import Secret
from sendwright.world import Progress, World

Credentials = Callable[[MicrosoftAnswers, World], Awaitable[dict[str, Secret]]]
"""Returns credentials for the answers' way and route. Raises errors.VaultUnavailable and problems.evidence.Failure."""


class BoardStep:
    """Cells that can be tried one by one; what was refused waits for its right and tries again.

    desk: what a send from this computer signs in with, for the route in the answers. handed: what the backend needs
    to send, where it is the one that sends.
    """

    id = "ms-board"
    stop = "sender"

    def __init__(self, *, desk: Credentials, handed: Credentials) -> None:
        self._desk = desk
        self._handed = handed

    def applies(self, state: MicrosoftAnswers) -> bool:
        """Once it is known which mailbox shall send."""
        return state.connected and bool(state.mailbox)

    def show(self, state: MicrosoftAnswers, world: World) -> Screen:
        """Show the board."""
        del world, state
        return Sheet(step=self.id, title="microsoft365.board.title", document=Document(id="send-as", title=""))

    async def accept(
        self, state: MicrosoftAnswers, answer: Answer, world: World, progress: Progress
    ) -> MicrosoftAnswers:
        """Do what the button says."""
        del answer, world, progress
        return state

    async def advise(self, state: MicrosoftAnswers, answer: Answer, world: World) -> Advice:
        """Say nothing."""
        del state, answer, world
        return Advice()
