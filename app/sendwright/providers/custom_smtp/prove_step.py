"""The screen that proves the settings: connects, secures and signs in, once per press of the button."""

from sendwright.diagnosis.stage import SMTP_STAGES
from sendwright.providers.custom_smtp.answers import SmtpAnswers
from sendwright.providers.custom_smtp.search_steps import STOP
from sendwright.providers.provider import Advice
from sendwright.screens import Answer, Screen, Working
from sendwright.world import Progress, World

STAGES = SMTP_STAGES[: SMTP_STAGES.index("sender")]


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
            title="smtp.prove.title",
            lead="smtp.prove.lead",
            values={"host": state.host, "port": str(state.port)},
            stages=STAGES,
        )

    async def accept(self, state: SmtpAnswers, answer: Answer, world: World, progress: Progress) -> SmtpAnswers:
        raise NotImplementedError

    async def advise(self, state: SmtpAnswers, answer: Answer, world: World) -> Advice:
        """Say nothing."""
        del state, answer, world
        return Advice()
