"""Asks the backend how it acts as an application, before the two ways are offered."""

from msgspec.structs import replace

from sendwright.diagnosis.stage import StageResult, Verdict
from sendwright.handoff.wire import MicrosoftApplication
from sendwright.providers.microsoft365.answers import MicrosoftAnswers
from sendwright.providers.microsoft365.registration.registering import placed
from sendwright.providers.microsoft365.step import PLAN, MicrosoftStep
from sendwright.screens import Answer, Halted, Screen, Working
from sendwright.senders.graph.settings import Way
from sendwright.world import Progress, World

APPLICATION = "ms-application"


class LookStep(MicrosoftStep):
    """Never fails: where the backend does not answer, only the way that needs nothing of it is open."""

    id = "ms-look"
    stop = PLAN

    def applies(self, state: MicrosoftAnswers) -> bool:
        """Whenever the way is to be chosen, or an application is to be connected again."""
        return not state.reconnecting or state.way is Way.APPLICATION

    def show(self, state: MicrosoftAnswers, world: World) -> Screen:
        """Show what is asked."""
        del state, world
        return Working(
            step=self.id, title="microsoft365.look.title", lead="microsoft365.look.lead", stages=(APPLICATION,)
        )

    async def accept(
        self, state: MicrosoftAnswers, answer: Answer, world: World, progress: Progress
    ) -> MicrosoftAnswers:
        """Ask."""
        del answer
        application = await _asked(world)
        verdict = Verdict.PASSED if application is not None else Verdict.WARNING
        progress(StageResult(id=APPLICATION, verdict=verdict))
        if state.reconnecting and application is not None:
            platforms = {application.client_id, world.deployment.microsoft.client_id}
            own = state.client_id not in platforms
            by_secret = own and not state.certificate
            state = replace(state, own=own, credential="secret" if by_secret else "certificate")
        if state.reconnecting:
            state = placed(state, world.deployment)
        return replace(state, application=application)


async def _asked(world: World) -> MicrosoftApplication | None:
    if world.platform is None:
        return None
    try:
        async with world.platform.open() as backend:
            return await backend.microsoft()
    except Halted:  # also a backend that is older than the question
        return None
