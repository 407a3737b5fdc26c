"""One access token without a grant behind it: what is left here once the refresh token has another keeper."""

from collections.abc import Callable
from datetime import datetime
from typing import Final

from sendwright.oauth.grant import AccessToken, OAuthFailed, Renew
from sendwright.problems.evidence import Evidence, System

ENDED: Final = "access-token-ended"


def access_ended(system: System = System.OAUTH) -> OAuthFailed:
    """Return what is raised where an access token ended and none can be made here any more."""
    return OAuthFailed(Evidence(stage="sign-in", system=system, condition=ENDED))


class FixedAccess:
    """A grant.GrantKeeper and grant.TokenSource with one access token, or none.

    It serves every scope: whoever hands it over knows what for. clock: returns the time, aware. Raises OAuthFailed
    with the condition `access-token-ended` once the token does not last or was refused.
    """

    def __init__(
        self, access: AccessToken | None, *, clock: Callable[[], datetime], system: System = System.OAUTH
    ) -> None:
        self._access = access
        self._clock = clock
        self._system = system

    async def token(self) -> AccessToken:
        """Return the access token while it lasts."""
        if self._access is None or not self._access.lasts(self._clock()):
            raise access_ended(self._system)
        return self._access

    async def access(self, scope: str, renew: Renew) -> AccessToken:  # noqa: ARG002 - as a GrantKeeper is asked
        """Return the access token while it lasts; nothing is renewed."""
        return await self.token()

    async def refused(self, access: AccessToken) -> None:
        """Do not return `access` again."""
        if self._access is not None and self._access.secret == access.secret:
            self._access = None
