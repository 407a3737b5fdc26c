"""The form for an error that Microsoft showed on its page in another browser, which never comes back by itself."""

from msgspec.structs import replace

from sendwright.oauth.entra.shown import error_shown
from sendwright.problems.evidence import System
from sendwright.problems.problem import Problem
from sendwright.providers.consent.pasted import clean_words, pasted_words, seen_in, words_form
from sendwright.providers.microsoft365.answers import MicrosoftAnswers
from sendwright.providers.microsoft365.sign_in import ways_on
from sendwright.providers.microsoft365.step import SHOWN, MicrosoftStep
from sendwright.providers.microsoft365.stopping import named
from sendwright.screens import Answer, Halted, Screen
from sendwright.world import Progress, World

_TEXTS = "microsoft365.shown"


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
        return words_form(self.id, texts=_TEXTS, words=state.words, actions=(ways_on.OWN_BROWSER,))

    async def accept(
        self, state: MicrosoftAnswers, answer: Answer, world: World, progress: Progress
    ) -> MicrosoftAnswers:
        """Name what was pasted."""
        del progress
        if "action" in answer:
            raise ways_on.leading(state, answer["action"], world)
        words = pasted_words(answer, texts=_TEXTS)
        problem = read_shown(words, state)
        told = replace(state, words=clean_words(words))
        raise Halted(problem, actions=ways_on.after(problem, state, world), state=told)


def read_shown(words: str, state: MicrosoftAnswers) -> Problem:
    """Return the problem that a page of Microsoft's shows; an unknown one with its words."""
    return named(seen_in(words, error_shown, System.ENTRA), state)
