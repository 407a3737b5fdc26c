"""The page of whoever waits until an administrator has allowed the application: what to pass on, and a way back."""

from msgspec.structs import replace

from sendwright.providers.gmail.answers import GmailAnswers
from sendwright.providers.gmail.for_it.it_sheet import it_sheet
from sendwright.providers.gmail.plan.handover import handover_page, waiting_page
from sendwright.providers.gmail.step import HANDOVER, PREPARE, GmailStep
from sendwright.screens import Action, Answer, Elsewhere, Notice, Screen, Sheet
from sendwright.senders.gmail.settings import Way
from sendwright.texts import here
from sendwright.world import Progress, World

MYSELF = Action(name="myself", label="gmail.handover.myself", quiet=True)


class HandoverStep(GmailStep):
    """Waits; closing the window loses nothing, the saved draft comes back here.

    Whether an administrator has allowed it cannot be seen before somebody signs in, and is not pretended to be.
    """

    id = HANDOVER

    def applies(self, state: GmailAnswers) -> bool:
        """Once somebody else is asked."""
        return state.way is Way.ACCOUNT and state.asked_at is not None and not state.connected

    def show(self, state: GmailAnswers, world: World) -> Screen:
        """Show what to pass on, and since when it is waited for."""
        since = () if state.asked_at is None else (_since(here(state.asked_at)),)
        return Sheet(
            step=self.id,
            title="gmail.handover.title",
            submit="gmail.handover.submit",
            document=waiting_page(state, world),
            notices=since,
            documents=(handover_page(state, world), it_sheet(state, world)),
            actions=(MYSELF,),
        )

    async def accept(self, state: GmailAnswers, answer: Answer, world: World, progress: Progress) -> GmailAnswers:
        """Sign in: it was allowed, or nobody has to allow it after all."""
        del world, progress
        if answer.get("action") == MYSELF.name:
            raise Elsewhere(replace(state, asked_at=None), step=PREPARE)
        return state


def _since(when: str) -> Notice:
    return Notice(key="gmail.handover.since", values={"when": when})
