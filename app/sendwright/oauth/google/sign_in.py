"""Signs a person in: the authorisation-code flow with PKCE."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from sendwright.oauth.account import Account
from sendwright.oauth.google.client import GoogleClient
from sendwright.oauth.google.web import Web
from sendwright.oauth.grant import AccessToken
from sendwright.recording.recorder import Recorder
from sendwright.secret import Secret


@dataclass(frozen=True, kw_only=True)
class SignInRequest:
    """A sign-in that has begun; it lives in memory only.

    url: the page to open, once. state: comes back with the answer. redirect_uri: where the answer comes to, as a query.
    scopes: as asked for. verifier, nonce: of PKCE (RFC 7636) and of the id_token.
    """

    url: str = field(repr=False)
    state: str = field(repr=False)
    redirect_uri: str
    scopes: tuple[str, ...]
    verifier: Secret = field(repr=False, compare=False)
    nonce: Secret = field(repr=False, compare=False)


@dataclass(frozen=True, kw_only=True)
class SignedIn:
    """Who signed in, and what that yields.

    refresh_token: yours to keep, nobody else has it. scopes: as granted; there may be fewer than were asked for.
    ends_at: aware, when the connection will end whatever is done; None where Google names no time.
    """

    account: Account
    access: AccessToken
    refresh_token: Secret
    scopes: tuple[str, ...]
    ends_at: datetime | None = None


async def begin(
    client: GoogleClient,
    *,
    scopes: tuple[str, ...],
    redirect_uri: str,
    web: Web,
    recorder: Recorder,
    login_hint: str = "",
    domain: str = "",
    state: str = "",
) -> SignInRequest:
    """Return the page to open for a person to sign in.

    login_hint: an address that is filled in. domain: of the Google Workspace whose accounts are offered. state:
    unguessable, where something waits for it already (`oauth.loopback.listen`); empty: a new one. Raises OAuthFailed.
    """
    raise NotImplementedError


async def redeem(
    request: SignInRequest,
    parameters: Mapping[str, str],
    client: GoogleClient,
    *,
    web: Web,
    recorder: Recorder,
    now: datetime,
    expected: Account | None = None,
) -> SignedIn:
    """Exchange the answer for tokens and return whose they are.

    parameters: as `oauth.callback.read_callback` returns them. now: aware. expected: who signed in before, where this
    is a reconnection. Raises OAuthFailed.
    """
    raise NotImplementedError
