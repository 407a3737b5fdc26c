"""What a sign-in yields and who may renew it: a refresh token has exactly one keeper at any time."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

from sendwright.problems.evidence import Failure
from sendwright.secret import Secret

MARGIN = timedelta(minutes=5)
"""An access token that ends within this time is not used any more: a send may wait, and clocks differ."""

ALL_GRANTED = ""
"""The scope of a token that shows what was granted, and not only what sending needs: it serves every scope."""


class OAuthFailed(Failure):
    """An authorisation server refused, answered nonsense or was not reached."""


@dataclass(frozen=True, kw_only=True)
class AccessToken:
    """A bearer token (RFC 6750). expires_at: aware. scope: what was granted, separated by blanks (RFC 6749 5.1)."""

    secret: Secret
    expires_at: datetime
    scope: str = ""

    def lasts(self, now: datetime) -> bool:
        """Whether it may still be used."""
        return now < self.expires_at - MARGIN


@dataclass(frozen=True, kw_only=True)
class Renewed:
    """What a renewal yielded. refresh_token: the next one; None where the server lets the old one stand."""

    access: AccessToken
    refresh_token: Secret | None


Renew = Callable[[Secret, str], Awaitable[Renewed]]
"""Exchanges a refresh token for an access token of a scope (RFC 6749 section 6). Raises OAuthFailed."""


class GrantKeeper(Protocol):
    """Keeps one refresh token and the access tokens made of it, by scope."""

    async def access(self, scope: str, renew: Renew) -> AccessToken:
        """Return an access token for `scope` (as asked for, separated by blanks) that lasts.

        Where none does, one caller at a time (over all processes that share the grant) calls `renew`; the next
        refresh token is stored before its access token is returned to anybody. Raises OAuthFailed, also for a grant
        that is known to be dead: then without asking again.
        """
        ...

    async def refused(self, access: AccessToken) -> None:
        """Take note that a service answered 401 to `access`: it is not returned again."""
        ...


class TokenSource(Protocol):
    """Where a sender has its access token from: a grant, or the application's own credential."""

    async def token(self) -> AccessToken:
        """Return an access token that lasts. Raises OAuthFailed."""
        ...

    async def refused(self, access: AccessToken) -> None:
        """Take note that a service answered 401 to `access`."""
        ...
