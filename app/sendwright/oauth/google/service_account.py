"""Tokens by which a service account acts for a user of its Workspace: domain-wide delegation."""

import asyncio
from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING

from sendwright.oauth.google.place import GooglePlace
from sendwright.oauth.google.service_account_key import KeyUnusable, ServiceAccountKey, read_file, read_key
from sendwright.oauth.google.signing import Signing
from sendwright.oauth.grant import AccessToken
from sendwright.recording.recorder import Recorder

if TYPE_CHECKING:
    from sendwright.oauth.google.web import Web

__all__ = ["KeyUnusable", "ServiceAccountKey", "ServiceAccountTokens", "read_file", "read_key"]


class ServiceAccountTokens:
    """A TokenSource of a service account that acts for `subject`; keeps a token until it does not last.

    email: of the service account. subject: address of the user. scope: separated by blanks. key or signer: by which it
    proves itself. clock: the present, aware.
    """

    def __init__(
        self,
        *,
        email: str,
        subject: str,
        scope: str,
        place: GooglePlace,
        web: "Web",
        recorder: Recorder,
        clock: Callable[[], datetime],
        key: ServiceAccountKey | None = None,
        signer: Signing | None = None,
    ) -> None:
        self._email = email
        self._subject = subject
        self._scope = scope
        self._place = place
        self._web = web
        self._recorder = recorder
        self._clock = clock
        self._key = key
        self._signer = signer
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
        """Take note that a service answered 401 to `access`."""
        async with self._lock:
            if self._kept is not None and self._kept.secret == access.secret:
                self._kept = None

    async def _asked(self, now: datetime) -> AccessToken:
        raise NotImplementedError
