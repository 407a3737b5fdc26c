"""Exchanges a refresh token for an access token (RFC 6749 section 6)."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Final

from msgspec.structs import replace

from sendwright.oauth.answered import secret_of
from sendwright.oauth.entra.msal_app import run_msal
from sendwright.oauth.entra.registration import Registration
from sendwright.oauth.entra.scopes import OF_OPENID
from sendwright.oauth.entra.tokens import access_of
from sendwright.oauth.grant import OAuthFailed, Renew, Renewed
from sendwright.oauth.web import Web
from sendwright.problems.evidence import Evidence
from sendwright.recording.recorder import Recorder
from sendwright.secret import Secret

CONSENT_REQUIRED: Final = "consent_required"
_CONSENT_MISSING: Final = 65001


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
    to show more, `consent_required` where nobody has consented to this scope: Entra calls that an invalid grant too,
    but the refresh token lives, and serves for other scopes. Entra lets the old one stand when it gives a new one.
    Source: learn.microsoft.com/entra/identity-platform/refresh-tokens
    """

    async def renew(refresh_token: Secret, scope: str) -> Renewed:
        recorder.learn(refresh_token)
        scopes = [word for word in scope.split() if word not in OF_OPENID]
        now = clock()
        try:
            result = await run_msal(
                lambda app: app.acquire_token_by_refresh_token(refresh_token.reveal(), scopes), registration, web=web
            )
            access = access_of(result, registration, asked=scope, now=now, recorder=recorder)
        except OAuthFailed as failed:
            if not _lacks_consent(failed.evidence):
                raise
            raise OAuthFailed(replace(failed.evidence, error=CONSENT_REQUIRED)) from None
        return Renewed(access=access, refresh_token=secret_of(result, "refresh_token", recorder=recorder))

    return renew


def _lacks_consent(evidence: Evidence) -> bool:
    """Whether it is the scope that was not granted: by `suberror`, or by the number where there is none."""
    return evidence.values.get("suberror") == CONSENT_REQUIRED or evidence.number == _CONSENT_MISSING
