"""The page of whoever waits for somebody else's consent: what to pass on, and a look whether it was given."""

from datetime import timedelta

from msgspec.structs import replace

from sendwright.problems.problem import Retry
from sendwright.providers.microsoft365.answers import MicrosoftAnswers
from sendwright.providers.microsoft365.for_it.it_sheet import it_sheet
from sendwright.providers.microsoft365.organisation import with_organisation
from sendwright.providers.microsoft365.plan.handover import handover_page, waiting_page
from sendwright.providers.microsoft365.sign_in import consented, ways_on
from sendwright.providers.microsoft365.sign_in.prepare_step import connected_as_application
from sendwright.providers.microsoft365.step import HANDOVER, PREPARE, MicrosoftStep
from sendwright.screens import Action, Answer, Elsewhere, Halted, Notice, Screen, Sheet
from sendwright.senders.graph.settings import Way
from sendwright.texts import here
from sendwright.world import Progress, World

EVERY = timedelta(seconds=30)
LOOK = Action(name="look", label="microsoft365.handover.look", quiet=True)
MYSELF = Action(name="myself", label="microsoft365.handover.myself", quiet=True)


class HandoverStep(MicrosoftStep):
    """Waits; closing the window loses nothing, the saved draft comes back here.

    An application's consent is looked for again and again. That of a signed-in account cannot be seen before somebody
    signs in, and is not pretended to be.
    """

    id = HANDOVER

    def applies(self, state: MicrosoftAnswers) -> bool:
        """Once somebody else is asked."""
        return state.asked_at is not None and not state.connected

    def show(self, state: MicrosoftAnswers, world: World) -> Screen:
        """Show what to pass on, and since when it is waited for."""
        looked = state.looked_at or state.asked_at
        looks = state.way is Way.APPLICATION and looked is not None
        scoped = (ways_on.SCOPED,) if state.way is Way.APPLICATION else ()
        return Sheet(
            step=self.id,
            title="microsoft365.handover.title",
            submit=f"microsoft365.handover.submit-{state.way}",
            document=waiting_page(state, world),
            notices=_notices(state),
            documents=(handover_page(state, world), it_sheet(state, world)),
            actions=(MYSELF, *scoped),
            retry=LOOK if looks else None,
            retry_at=looked + EVERY if looks and looked is not None else None,
        )

    async def accept(
        self, state: MicrosoftAnswers, answer: Answer, world: World, progress: Progress
    ) -> MicrosoftAnswers:
        """Look again, or sign in."""
        action = answer.get("action", "")
        if action == MYSELF.name:
            raise Elsewhere(replace(state, asked_at=None, looked_at=None), step=PREPARE)
        if state.way is Way.ACCOUNT:
            return state
        if action == ways_on.SCOPED.name:
            state = await with_organisation(state, world, progress)
            return connected_as_application(state, (), state.tenant_id)
        try:
            seen = await consented.ask(state, world)
        except Halted as halted:
            if action == LOOK.name and halted.problem.retry in {Retry.NOW, Retry.LATER}:
                raise Elsewhere(replace(state, looked_at=world.clock()), step=HANDOVER) from halted
            raise
        if consented.is_granted(seen):
            return connected_as_application(state, seen.roles, seen.tenant)
        raise Elsewhere(replace(state, looked_at=world.clock()), step=HANDOVER)


def _notices(state: MicrosoftAnswers) -> tuple[Notice, ...]:
    asked = state.asked_at
    since = Notice(key="microsoft365.handover.since", values={"when": here(asked)}) if asked else None
    looked = state.looked_at
    seen = (
        Notice(key="microsoft365.handover.looked", values={"when": f"{looked.astimezone():%H:%M:%S}"})
        if looked
        else None
    )
    return tuple(notice for notice in (since, seen) if notice is not None)
