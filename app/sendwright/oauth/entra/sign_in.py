"""Signs a person in: the authorisation-code flow with PKCE."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from sendwright.oauth.account import Account
from sendwright.oauth.entra.registration import Registration
from sendwright.oauth.entra.web import Web
from sendwright.oauth.grant import AccessToken
from sendwright.recording.recorder import Recorder
from sendwright.secret import Secret


@dataclass(frozen=True, kw_only=True)
class SignInRequest:
    """A sign-in that has begun. url: the page to open. permissions: as asked for, such as `Mail.Send`."""

    url: str
    state: str
    redirect_uri: str
    permissions: tuple[str, ...]
    flow: dict[str, object] = field(default_factory=dict, repr=False, compare=False)


@dataclass(frozen=True, kw_only=True)
class SignedIn:
    """Who signed in and what that yields. permissions: as granted, by their short names: `Mail.Send`."""

    account: Account
    access: AccessToken
    refresh_token: Secret
    permissions: tuple[str, ...]


async def begin(
    registration: Registration,
    *,
    permissions: tuple[str, ...],
    redirect_uri: str,
    web: Web,
    recorder: Recorder,
    login_hint: str = "",
    prompt: str = "select_account",
) -> SignInRequest:
    """Return the page to open. Raises OAuthFailed."""
    raise NotImplementedError


async def redeem(
    request: SignInRequest,
    parameters: Mapping[str, str],
    registration: Registration,
    *,
    web: Web,
    recorder: Recorder,
    now: datetime,
    expected: Account | None = None,
) -> SignedIn:
    """Exchange the answer that came to the redirect address for tokens. Raises OAuthFailed."""
    raise NotImplementedError
