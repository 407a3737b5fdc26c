"""The access tokens of one scope of a grant, for a sender."""

from sendwright.oauth.grant import AccessToken, GrantKeeper, Renew


class GrantTokens:
    """A grant.TokenSource: what `keeper` has for `scope`, made by `renew` where nothing lasts."""

    def __init__(self, keeper: GrantKeeper, scope: str, renew: Renew) -> None:
        self._keeper = keeper
        self._scope = scope
        self._renew = renew

    async def token(self) -> AccessToken:
        """Return an access token that lasts. Raises OAuthFailed."""
        return await self._keeper.access(self._scope, self._renew)

    async def refused(self, access: AccessToken) -> None:
        """Take note that a service answered 401 to `access`."""
        await self._keeper.refused(access)
