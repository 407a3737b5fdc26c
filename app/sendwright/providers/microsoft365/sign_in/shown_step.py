"""The form for an error that Microsoft showed on its page in another browser, which never comes back by itself."""

from msgspec.structs import replace

from sendwright.oauth.entra.shown import error_shown
from sendwright.problems.evidence import Evidence, System
from sendwright.problems.problem import Problem
from sendwright.providers.microsoft365.answers import MicrosoftAnswers
from sendwright.providers.microsoft365.sign_in import ways_on
from sendwright.providers.microsoft365.step import SHOWN, MicrosoftStep
from sendwright.providers.microsoft365.stopping import named
from sendwright.recording.redactor import Redactor
from sendwright.screens import Answer, Field, FieldKind, Form, Halted, Rejected, Screen
from sendwright.world import Progress, World

_LONGEST = 2000


class ShownStep(MicrosoftStep):
    """Comes only when it is asked for; what was pasted becomes a named problem with its ways on."""

    id = SHOWN

    def applies(self, state: MicrosoftAnswers) -> bool:
        """Never by itself: an action of the sign-in page leads here."""
        del state
        return False

    def show(self, state: MicrosoftAnswers, world: World) -> Screen:
        """Ask for the words of the page."""
        del world
        return Form(
            step=self.id,
            title="microsoft365.shown.title",
            lead="microsoft365.shown.lead",
            submit="microsoft365.shown.submit",
            fields=(
                Field(
                    name="words",
                    kind=FieldKind.LINES,
                    label="microsoft365.shown.words",
                    help="microsoft365.shown.words-help",
                    placeholder="microsoft365.shown.placeholder",
                    value=state.words,
                ),
            ),
            actions=(ways_on.OWN_BROWSER,),
        )

    async def accept(
        self, state: MicrosoftAnswers, answer: Answer, world: World, progress: Progress
    ) -> MicrosoftAnswers:
        """Name what was pasted."""
        del progress
        if "action" in answer:
            raise ways_on.leading(state, answer["action"], world)
        words = answer.get("words", "")
        if not words.strip():
            raise Rejected({"words": "microsoft365.shown.words-missing"})
        problem = read_shown(words, state)
        told = replace(state, words=Redactor().clean(words.strip()[:_LONGEST]))
        raise Halted(problem, actions=ways_on.after(problem, state, world), state=told)


def read_shown(words: str, state: MicrosoftAnswers) -> Problem:
    """Return the problem that a page of Microsoft's shows; an unknown one with its words."""
    unknown = Evidence(stage="sign-in", system=System.ENTRA, text=Redactor().clean(words.strip()[:_LONGEST]))
    return named(error_shown(words) or unknown, state)
