"""Which permissions are asked for, and no more than those."""

from collections.abc import Iterable
from typing import Final

from sendwright.oauth.google.scopes import EMAIL, MAIL, OPENID, SEND, SETTINGS
from sendwright.providers.gmail.answers import GmailAnswers
from sendwright.senders.gmail.settings import Route

BASIC: Final = frozenset({OPENID, EMAIL, "email", "profile", "https://www.googleapis.com/auth/userinfo.profile"})
"""They tell who signed in, and give access to nothing."""


def wanted(state: GmailAnswers) -> tuple[str, ...]:
    """Return the permissions to ask for.

    The list of sending addresses is asked for only where the person agreed to that on its page; it adds to what was
    granted before. SMTP takes no permission smaller than the whole mailbox, which then is the only one beside the
    identity. Source: developers.google.com/workspace/gmail/api/auth/scopes
    """
    if state.route is not Route.API:
        return (OPENID, EMAIL, MAIL)
    return (OPENID, EMAIL, SEND, SETTINGS) if state.returning else (OPENID, EMAIL, SEND)


def short(scope: str) -> str:
    """Return how a permission is called without Google's address before it: `gmail.send`."""
    return scope.removeprefix("https://www.googleapis.com/auth/").removeprefix("https://").strip("/")


def text_name(scope: str) -> str:
    """Return what a permission is called among the texts: `gmail-send`."""
    return short(scope).replace(".", "-")


def missing(state: GmailAnswers, granted: Iterable[str]) -> tuple[str, ...]:
    """Return what sending by the chosen route needs and is not among `granted`.

    That of the whole mailbox allows sending, too. Source: Gmail's discovery document, users.messages.send.
    """
    have = set(granted)
    if MAIL in have:
        return ()
    if state.route is not Route.API:
        return (MAIL,)
    return () if SEND in have else (SEND,)


def beyond(state: GmailAnswers, granted: Iterable[str]) -> tuple[str, ...]:
    """Return what was granted although nobody needs it now, such as in an earlier sign-in of the same application."""
    asked = {*wanted(state), *BASIC, SETTINGS}
    return tuple(scope for scope in granted if scope not in asked)


def reads_addresses(granted: Iterable[str]) -> bool:
    """Whether the list of sending addresses may be read. Source: the discovery document, users.settings.sendAs.list."""
    return not {SETTINGS, MAIL}.isdisjoint(granted)
