"""The further ways to sign in, and to whom to turn, as buttons of a sign-in page and of a stop."""

from msgspec.structs import replace

from sendwright import screens
from sendwright.oauth.entra.shown import DEVICE_DEMANDS
from sendwright.problems.problem import Owner, Problem, RemedyKind
from sendwright.providers.microsoft365.answers import MicrosoftAnswers
from sendwright.providers.microsoft365.step import HANDOVER, PREPARE, SHOWN
from sendwright.screens import Action, ConsentWay, Elsewhere
from sendwright.senders.graph.settings import Way
from sendwright.world import World

OWN_BROWSER = Action(name="own-browser", label="microsoft365.ways.own-browser")
IN_WINDOW = Action(name="in-window", label="microsoft365.ways.in-window", quiet=True)
DEVICE_CODE = Action(name="device-code", label="microsoft365.ways.device-code", quiet=True)
NOT_ME = Action(name="not-me", label="microsoft365.ways.not-me")
ASK = replace(NOT_ME, label="microsoft365.ways.ask")
"""The same under a stop that already says who has to act."""

SHOWED_ERROR = Action(name=screens.SHOWED_ERROR, label="microsoft365.ways.showed-error", quiet=True)
SCOPED = Action(name="scoped", label="microsoft365.ways.scoped", quiet=True)
AGAIN = Action(name="agree-again", label="microsoft365.ways.agree-again")

_ACTION_OF = {
    ConsentWay.EMBEDDED: IN_WINDOW,
    ConsentWay.BROWSER: OWN_BROWSER,
    ConsentWay.DEVICE: DEVICE_CODE,
}
WAY_OF = {action.name: way for way, action in _ACTION_OF.items()}
"""What each button chooses."""

NEEDS_ADMINISTRATOR = frozenset({"consent-needs-admin", "application-not-in-tenant", "consent-missing"})
"""Problems that somebody with more rights can mend by agreeing for the whole organisation."""


SHOWS_NO_DEVICE = frozenset({"device-not-managed", "device-sign-in-required"})
"""Problems of a page that cannot show whose computer it is on, as the one in the window."""


def other_ways(state: MicrosoftAnswers, world: World) -> tuple[Action, ...]:
    """Return the ways to show the sign-in page other than the present one; a device code last."""
    codes = world.deployment.features.device_code and state.way is Way.ACCOUNT
    ways = [ConsentWay.BROWSER, ConsentWay.EMBEDDED, *([ConsentWay.DEVICE] if codes else [])]
    return tuple(_ACTION_OF[way] for way in ways if way is not state.browser)


def on_page(state: MicrosoftAnswers, world: World) -> tuple[Action, ...]:
    """Return the buttons beside a sign-in page."""
    told = (SHOWED_ERROR,) if state.browser is not ConsentWay.EMBEDDED else ()
    return (*other_ways(state, world), replace(NOT_ME, quiet=True), *told)


def after(problem: Problem, state: MicrosoftAnswers, world: World) -> tuple[Action, ...]:
    """Return the ways on from `problem`, the one that helps most likely first."""
    ways = other_ways(state, world)
    if problem.evidence.number in DEVICE_DEMANDS:
        return (*ways, replace(ASK, quiet=True))
    if problem.code in NEEDS_ADMINISTRATOR:
        return (ASK, *(replace(way, quiet=True) for way in ways))
    return tuple(replace(way, quiet=True) for way in (*ways, ASK))


def as_seen_here(problem: Problem, state: MicrosoftAnswers) -> Problem:
    """Return `problem` with its owner: before an administrator changes a rule, the person tries her own browser."""
    if state.browser is not ConsentWay.EMBEDDED or problem.code not in SHOWS_NO_DEVICE:
        return problem
    again = tuple(remedy for remedy in problem.remedies if remedy.kind is RemedyKind.RETRY)
    return replace(problem, owner=Owner.YOU, remedies=again)


def leading(state: MicrosoftAnswers, action: str, world: World) -> Elsewhere:
    """Return where a button leads: to another way of signing in, to somebody else, to the words of an error.

    Any other leads to a new page.
    """
    if action in WAY_OF:
        return Elsewhere(replace(state, browser=WAY_OF[action]), step=PREPARE)
    if action == AGAIN.name:
        return Elsewhere(replace(state, agree_again=True), step=PREPARE)
    if action == NOT_ME.name:
        return Elsewhere(replace(state, asked_at=state.asked_at or world.clock()), step=HANDOVER)
    if action == SHOWED_ERROR.name:
        return Elsewhere(state, step=SHOWN)
    return Elsewhere(state, step=PREPARE)
