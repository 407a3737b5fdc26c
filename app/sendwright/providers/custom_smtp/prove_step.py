"""The screen that proves the settings: connects, secures and signs in, once per press of the button."""

from sendwright.diagnosis.smtp import Attempt, diagnose_smtp
from sendwright.diagnosis.stage import SMTP_STAGES, Verdict
from sendwright.problems.problem import Problem
from sendwright.providers.custom_smtp.answers import SmtpAnswers
from sendwright.providers.custom_smtp.password import fetch_password
from sendwright.providers.custom_smtp.search_steps import STOP
from sendwright.providers.provider import Advice
from sendwright.screens import Answer, Halted, Screen, Working
from sendwright.senders.smtp.session import SmtpSession
from sendwright.world import Progress, World

LAST = "sign-in"
STAGES = frozenset(SMTP_STAGES[: SMTP_STAGES.index(LAST) + 1])


class ProveStep:
    """Runs the diagnosis up to the sign-in; the first thing that fails stops with its problem."""

    id = "smtp-prove"
    stop = STOP

    def applies(self, state: SmtpAnswers) -> bool:
        """Whether the walk comes past here: yes."""
        del state
        return True

    def show(self, state: SmtpAnswers, world: World) -> Screen:
        """Show the stages."""
        del world
        return Working(
            step=self.id,
            title="custom_smtp.prove.title",
            lead="custom_smtp.prove.lead",
            values={"host": state.host, "port": str(state.port)},
            stages=tuple(stage for stage in SmtpSession.order(state.settings) if stage in STAGES),
        )

    async def accept(self, state: SmtpAnswers, answer: Answer, world: World, progress: Progress) -> SmtpAnswers:
        """Try once. The state stays as it is: what was proven is proven of these very settings."""
        del answer
        credential = None
        if state.username and state.password is not None:
            credential = await fetch_password(world.vault, state.password)
        attempt = Attempt(settings=state.settings, credential=credential, stop_after=LAST)
        problem: Problem | None = None
        async for result in diagnose_smtp(attempt, world.network, clock=world.clock):
            if result.id in STAGES:
                progress(result)
            if result.verdict is Verdict.FAILED:
                problem = problem or result.problem
        if problem is not None:
            raise Halted(problem)
        return state

    async def advise(self, state: SmtpAnswers, answer: Answer, world: World) -> Advice:
        """Say nothing."""
        del state, answer, world
        return Advice()
