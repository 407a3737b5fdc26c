"""Which permissions are asked for in each way, and no more than those."""

from collections.abc import Iterable

from sendwright.providers.microsoft365.answers import MicrosoftAnswers
from sendwright.senders.graph.settings import Route, Way

SEND = "Mail.Send"
SEND_SHARED = "Mail.Send.Shared"
READ_SELF = "User.Read"
SEND_BY_SMTP = "SMTP.Send"

OWN = "own"
SHARED = "shared"
"""What may be known of the mailbox before anybody signed in (`MicrosoftAnswers.sends_from`)."""

BASIC = frozenset({"openid", "profile", "email", "offline_access"})
"""Come with every sign-in: they tell who signed in, and let it last."""


def wanted(state: MicrosoftAnswers) -> tuple[str, ...]:
    """Return the permissions to ask for, by their short names.

    `Mail.Send.Shared` exists for signed-in accounts only, and is left out where only the account's own mailbox sends.
    `SMTP.Send` is asked for by whoever wants that route.
    Source: learn.microsoft.com/graph/outlook-send-mail-from-other-user.
    """
    if state.way is Way.APPLICATION:
        return (SEND,)
    shared = () if state.sends_from == OWN else (SEND_SHARED,)
    smtp = (SEND_BY_SMTP,) if state.smtp or state.route is Route.SMTP else ()
    return (READ_SELF, SEND, *shared, *smtp)  # Graph's first: the first token is for its service


def needed(state: MicrosoftAnswers) -> tuple[str, ...]:
    """Return those without which the chosen mailbox cannot send by the chosen route."""
    if state.way is Way.APPLICATION:
        return (SEND,)
    if state.route is Route.SMTP:
        return (SEND_BY_SMTP,)
    others = state.shared or (not state.mailbox and state.sends_from == SHARED)
    return (SEND, SEND_SHARED) if others else (SEND,)


def missing(state: MicrosoftAnswers, granted: Iterable[str]) -> tuple[str, ...]:
    """Return what is needed and not among the permissions `granted` (short names)."""
    have = {name.casefold() for name in granted}
    return tuple(name for name in needed(state) if name.casefold() not in have)


def beyond(state: MicrosoftAnswers, granted: Iterable[str]) -> tuple[str, ...]:
    """Return what was granted although nobody asked for it, such as by an earlier consent."""
    asked = {name.casefold() for name in (*wanted(state), *needed(state), *BASIC)}
    return tuple(name for name in granted if name.casefold() not in asked)
