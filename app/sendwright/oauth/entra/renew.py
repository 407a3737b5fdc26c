"""Exchanges a refresh token for an access token (RFC 6749 section 6)."""

from collections.abc import Callable
from datetime import UTC, datetime

from sendwright.oauth.entra.msal_app import run_msal
from sendwright.oauth.entra.registration import Registration
from sendwright.oauth.entra.scopes import OF_OPENID
from sendwright.oauth.entra.tokens import access_of, secret_of
from sendwright.oauth.entra.web import Web
from sendwright.oauth.grant import Renew, Renewed
from sendwright.recording.recorder import Recorder
from sendwright.secret import Secret


def renewing(
    registration: Registration,
    *,
    web: Web,
    recorder: Recorder,
    clock: Callable[[], datetime] = lambda: datetime.now(UTC),
) -> Renew:
    """Return what renews at the registration's tenant.

    Each call is one request for a token; nothing is kept between two. It raises OAuthFailed as Microsoft refuses:
    `invalid_grant` with its number for a dead token, `interaction_required` with values["claims"] where a person has
    to show more. Entra lets the old refresh token stand when it gives a new one.
    Source: learn.microsoft.com/entra/identity-platform/refresh-tokens
    """

    async def renew(refresh_token: Secret, scope: str) -> Renewed:
        recorder.learn(refresh_token)
        scopes = [word for word in scope.split() if word not in OF_OPENID]
        now = clock()
        result = await run_msal(
            lambda app: app.acquire_token_by_refresh_token(refresh_token.reveal(), scopes), registration, web=web
        )
        access = access_of(result, registration, asked=scope, now=now, recorder=recorder)
        return Renewed(access=access, refresh_token=secret_of(result, "refresh_token", recorder=recorder))

    return renew
