"""Tokens of somebody who is no person: asked for anew whenever none lasts, as there is nothing to renew them by."""

import asyncio
from abc import ABC, abstractmethod
from collections.abc import Callable
from datetime import datetime

from sendwright.oauth.grant import AccessToken


class AskedTokens(ABC):
    """A grant.TokenSource that keeps a token until it does not last; who asks meanwhile waits for the same one.

    clock: the present, aware.
    """

    def __init__(self, *, clock: Callable[[], datetime]) -> None:
        self._clock = clock
        self._kept: AccessToken | None = None
        self._lock = asyncio.Lock()

    async def token(self) -> AccessToken:
        """Return an access token that lasts. Raises OAuthFailed."""
        async with self._lock:
            now = self._clock()
            if self._kept is None or not self._kept.lasts(now):
                self._kept = await self._asked(now)
            return self._kept

    async def refused(self, access: AccessToken) -> None:
        """Take note that a service answered 401 to `access`; late news of an older one change nothing."""
        async with self._lock:
            if self._kept is not None and self._kept.secret == access.secret:
                self._kept = None

    @abstractmethod
    async def _asked(self, now: datetime) -> AccessToken:
        """Return a new token. Raises OAuthFailed."""
