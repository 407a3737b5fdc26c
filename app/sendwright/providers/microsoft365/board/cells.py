"""Which combinations of who sends, as whom and by which route there are to be tried."""

from typing import Final

import msgspec

from sendwright.providers.microsoft365.answers import MicrosoftAnswers
from sendwright.senders.graph.settings import Route, Way

CONTROL: Final = "control"
APPLICATION: Final = "application"


class Combination(msgspec.Struct, frozen=True, kw_only=True):
    """One cell of the board. id: kebab-case. mailbox: as whom. control: it has to be refused."""

    id: str
    mailbox: str
    route: Route
    control: bool = False


def combinations(state: MicrosoftAnswers) -> tuple[Combination, ...]:
    """Return what can be tried, the one that needs least first.

    An account's own mailbox is the same by /me and by /users; only one of them stands there.
    """
    mailbox = state.mailbox
    if state.way is Way.APPLICATION:
        wanted = Combination(id=APPLICATION, mailbox=mailbox, route=Route.MAILBOX)
        if not state.control:
            return (wanted,)
        return (wanted, Combination(id=CONTROL, mailbox=state.control, route=Route.MAILBOX, control=True))
    routes = (Route.ME, Route.MAILBOX, Route.SMTP) if state.shared else (Route.ME, Route.SMTP)
    return tuple(Combination(id=str(route), mailbox=mailbox, route=route) for route in routes)


def combination(state: MicrosoftAnswers, name: str) -> Combination | None:
    """Return the combination called `name`, None where there is none."""
    return next((one for one in combinations(state) if one.id == name), None)
