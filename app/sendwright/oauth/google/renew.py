"""Exchanges a refresh token for an access token (RFC 6749 section 6)."""

from collections.abc import Callable
from datetime import UTC, datetime

from sendwright.oauth.answered import access_in, secret_of
from sendwright.oauth.apart import Asking
from sendwright.oauth.conditions import NOT_UNDERSTOOD
from sendwright.oauth.google.client import GoogleClient
from sendwright.oauth.google.failures import failed
from sendwright.oauth.google.library_request import LibraryRequest
from sendwright.oauth.google.scopes import granted
from sendwright.oauth.google.web import Web, run_google, server_of
from sendwright.oauth.grant import Renew, Renewed
from sendwright.oauth.web import Heard
from sendwright.recording.recorder import Recorder
from sendwright.secret import Secret


def renewing(
    client: GoogleClient,
    *,
    web: Web,
    recorder: Recorder,
    clock: Callable[[], datetime] = lambda: datetime.now(UTC),
) -> Renew:
    """Return what renews at Google.

    Each call is one request for a token; nothing is tried again, and nothing is kept between two. It raises OAuthFailed
    as Google refuses: `invalid_grant` for a token that is dead, with the reason `invalid_rapt` or `rapt_required` where
    the organisation wants the person to sign in again; `invalid_scope` for one that was not granted. An empty scope
    asks for all that was granted. Google lets the refresh token stand, and usually gives no other.
    Source: developers.google.com/identity/protocols/oauth2/native-app#offline
    """
    server = server_of(client)

    async def renew(refresh_token: Secret, scope: str) -> Renewed:
        for secret in filter(None, (refresh_token, client.secret)):
            recorder.learn(secret)
        now = clock()
        heard = await run_google(lambda asking: _renewed(asking, client, refresh_token, scope), server=server, web=web)
        access = access_in(heard.content, asked=scope, now=now, recorder=recorder)
        if access is None:
            raise failed(NOT_UNDERSTOOD, client)
        following = secret_of(heard.content, "refresh_token", recorder=recorder)
        return Renewed(access=access, refresh_token=None if following == refresh_token else following)

    return renew


def _renewed(asking: Asking, client: GoogleClient, refresh_token: Secret, scope: str) -> Heard:
    from google.oauth2.credentials import Credentials  # noqa: PLC0415 - it loads in the libraries' thread

    request = LibraryRequest(asking)
    Credentials(
        None,
        refresh_token=refresh_token.reveal(),
        token_uri=client.place.token,
        client_id=client.client_id,
        client_secret=client.secret.reveal() if client.secret is not None else "",
        scopes=list(granted(scope)) or None,
    ).refresh(request)
    if request.heard is None:
        raise ValueError("nothing was asked")
    return request.heard
