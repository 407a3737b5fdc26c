"""The form for an error that Google showed on its page in the browser, and that never comes back by itself."""

from msgspec.structs import replace

from sendwright.oauth.google.shown import error_shown
from sendwright.problems.evidence import System
from sendwright.problems.problem import Problem
from sendwright.providers.consent.pasted import clean_words, pasted_words, seen_in, words_form
from sendwright.providers.gmail.answers import GmailAnswers
from sendwright.providers.gmail.sign_in import ways_on
from sendwright.providers.gmail.step import SHOWN, GmailStep
from sendwright.providers.gmail.stopping import named
from sendwright.screens import Action, Answer, Halted, Screen
from sendwright.world import Progress, World

_TEXTS = "gmail.shown"
AGAIN = Action(name="again", label="gmail.ways.again", quiet=True)


class ShownStep(GmailStep):
    """Comes only when it is asked for; what was pasted becomes a named problem with its ways on."""

    id = SHOWN

    def applies(self, state: GmailAnswers) -> bool:
        """Never by itself: an action of the sign-in page leads here."""
        del state
        return False

    def show(self, state: GmailAnswers, world: World) -> Screen:
        """Ask for the words of the page."""
        del world
        return words_form(self.id, texts=_TEXTS, words=state.words, actions=(AGAIN,))

    async def accept(self, state: GmailAnswers, answer: Answer, world: World, progress: Progress) -> GmailAnswers:
        """Name what was pasted."""
        del progress
        if "action" in answer:
            raise ways_on.leading(state, answer["action"], world)
        words = pasted_words(answer, texts=_TEXTS)
        problem = read_shown(words, state)
        told = replace(state, words=clean_words(words))
        raise Halted(problem, actions=(*ways_on.after(problem, state), AGAIN), state=told)


def read_shown(words: str, state: GmailAnswers) -> Problem:
    """Return the problem that a page of Google's shows; an unknown one with its words."""
    return named(seen_in(words, lambda page: error_shown(page, own=state.own), System.GOOGLE), state)
