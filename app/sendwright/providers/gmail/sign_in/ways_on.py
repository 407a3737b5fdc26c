"""Where a person goes on from a sign-in page and from a stop, as buttons."""

from msgspec.structs import replace

from sendwright import screens
from sendwright.problems.problem import Problem
from sendwright.providers.consent.listening import LATE
from sendwright.providers.gmail.answers import GmailAnswers
from sendwright.providers.gmail.domains import is_personal
from sendwright.providers.gmail.step import ALIAS, CLIENT, HANDOVER, PREPARE, SHOWN
from sendwright.screens import Action, Elsewhere
from sendwright.world import World

NOT_ME = Action(name="not-me", label="gmail.ways.not-me")
ASK = replace(NOT_ME, label="gmail.ways.ask")
"""The same under a stop that already says who has to act."""

SHOWED_ERROR = Action(name=screens.SHOWED_ERROR, label="gmail.ways.showed-error", quiet=True)
CHANGE_CLIENT = Action(name="change-client", label="gmail.ways.change-client")
WITHOUT_LIST = Action(name="without-list", label="gmail.ways.without-list")
"""Back to the page of the sender: the connection that there is stays as it is."""

NEEDS_ADMINISTRATOR = frozenset({"google-app-blocked-by-admin", "google-reauthentication-required"})
"""Problems that an administrator of the Workspace mends."""

OF_THE_CLIENT = frozenset(
    {
        "google-client-unknown",
        "google-client-removed",
        "google-redirect-not-registered",
        "oauth-client-not-allowed",
    }
)
"""Problems of the OAuth client: where it is the organisation's own, it is chosen anew."""


def on_page(state: GmailAnswers) -> tuple[Action, ...]:
    """Return the buttons beside a sign-in page."""
    if state.returning:
        return (replace(WITHOUT_LIST, quiet=True), SHOWED_ERROR)
    others = () if is_personal(state.address) else (replace(NOT_ME, quiet=True),)
    return (*others, SHOWED_ERROR)


def after(problem: Problem, state: GmailAnswers) -> tuple[Action, ...]:
    """Return the ways on from `problem`, the one that helps most likely first; beside trying again."""
    if state.returning:
        return (WITHOUT_LIST,)
    if problem.code in OF_THE_CLIENT and state.own:
        return (CHANGE_CLIENT,)
    if problem.code in NEEDS_ADMINISTRATOR:
        return (ASK,)
    if problem.code != LATE:
        return ()
    return (SHOWED_ERROR,) if is_personal(state.address) else (SHOWED_ERROR, replace(ASK, quiet=True))


def leading(state: GmailAnswers, action: str, world: World) -> Elsewhere:
    """Return where a button leads: to somebody else, to the words of an error, to another client.

    Any other leads to a new page.
    """
    if action == NOT_ME.name:
        return Elsewhere(replace(state, asked_at=state.asked_at or world.clock()), step=HANDOVER)
    if action == SHOWED_ERROR.name:
        return Elsewhere(state, step=SHOWN)
    if action == CHANGE_CLIENT.name:
        return Elsewhere(state, step=CLIENT)
    if action == WITHOUT_LIST.name and state.returning:
        return Elsewhere(replace(state, attempt=""), step=ALIAS)
    return Elsewhere(state, step=PREPARE)
