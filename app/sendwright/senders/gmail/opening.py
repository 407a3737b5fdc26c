"""Makes a sender of a profile that sends through Gmail, or says why none can be made."""

import re
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Final

import msgspec

from sendwright.network.network import Network
from sendwright.network.web import web_client
from sendwright.oauth.fixed import FixedAccess
from sendwright.oauth.google.client import GoogleClient
from sendwright.oauth.google.renew import renewing
from sendwright.oauth.google.scopes import MAIL, SEND
from sendwright.oauth.google.service_account import ServiceAccountTokens
from sendwright.oauth.google.service_account_key import KeyUnusable, ServiceAccountKey, read_key
from sendwright.oauth.google.signing import Signing, open_identity
from sendwright.oauth.grant import AccessToken, GrantKeeper, OAuthFailed, Renew, Renewed, TokenSource
from sendwright.oauth.grant_tokens import GrantTokens
from sendwright.problems.evidence import System
from sendwright.profile import SenderProfile
from sendwright.secret import Secret
from sendwright.senders.credentials import CLIENT_SECRET, SERVICE_ACCOUNT_KEY, SIGNING_IDENTITY, TOKEN, TOKEN_SCOPE
from sendwright.senders.gmail.sender import GmailSender, values_of
from sendwright.senders.gmail.settings import GmailSettings, Route, Way
from sendwright.senders.interface.checking import LAST_PORT, is_address, is_base, is_name, require
from sendwright.senders.pace import Limits, Paces
from sendwright.senders.reading import read_settings
from sendwright.senders.sender import Sender
from sendwright.senders.sources import TokenSources
from sendwright.senders.submission import SubmissionSender
from sendwright.senders.unusable import ProfileUnusable

WORKSPACE_A_DAY: Final = 2_000
PERSONAL_A_DAY: Final = 500
"""Messages of an account within 24 hours (support.google.com/a/answer/166852); a trial of Workspace has 500 as well."""

RELAY_A_DAY: Final = 10_000
"""Messages of a user through the SMTP relay within 24 hours (support.google.com/a/answer/2956491)."""

API_LIMITS: Final = Limits(at_once=3, starts=60, period_s=61.0)
"""A message costs 100 of the 6,000 units that a project has for a user in a minute, since May 2026. The period is a
second longer: what leaves evenly does not arrive so.

Source: developers.google.com/workspace/gmail/api/reference/quota. How many at once are too many for a user is not said.
"""

SMTP_LIMITS: Final = Limits(at_once=3, starts=60, period_s=61.0)
"""Google names no rate for its SMTP servers below the day's; the interface's does for them as well."""

INCOMPLETE: Final = "consent-incomplete"
BEYOND: Final = "invalid_scope"
"""What Google answers to a renewal that asks for more than was granted (RFC 6749 sections 5.2 and 6)."""

_USUAL_LIFE = timedelta(hours=1)
_ACCOUNT_ID = re.compile(r"[0-9A-Za-z._-]{1,255}", re.ASCII)
_UNIQUE_ID = re.compile(r"[0-9]{1,40}", re.ASCII)


def gmail_settings(profile: SenderProfile) -> GmailSettings:
    """Return the settings of a profile of kind `gmail`. Raises ProfileUnusable."""
    settings = read_settings(profile, GmailSettings)
    _require_usable(settings)
    return settings


def gmail_mailbox(profile: SenderProfile) -> str:
    """Return the mailbox whose limits count, whatever the route. Raises ProfileUnusable."""
    return f"gmail:{gmail_settings(profile).account.lower()}"


def limits_of(settings: GmailSettings) -> Limits:
    """Return what the mailbox takes by the route of `settings`."""
    if settings.route is Route.RELAY:
        return msgspec.structs.replace(SMTP_LIMITS, per_day=RELAY_A_DAY)
    usual = API_LIMITS if settings.route is Route.API else SMTP_LIMITS
    return msgspec.structs.replace(usual, per_day=WORKSPACE_A_DAY if settings.domain else PERSONAL_A_DAY)


def scope_of(settings: GmailSettings) -> str:
    """Return the scope that the route needs: what sends and nothing else, or the whole mailbox, which SMTP wants."""
    return SEND if settings.route is Route.API else MAIL


def client_of(settings: GmailSettings, credentials: Mapping[str, Secret]) -> GoogleClient:
    """Return the OAuth client that an account signed in with."""
    return GoogleClient(
        client_id=settings.client_id,
        secret=credentials.get(CLIENT_SECRET),
        login=settings.login,
        gmail=settings.gmail,
        own=settings.own,
    )


def token_source(
    settings: GmailSettings,
    credentials: Mapping[str, Secret],
    network: Network,
    *,
    grant: GrantKeeper | None = None,
    scope: str | None = None,
    clock: Callable[[], datetime] = lambda: datetime.now(UTC),
) -> TokenSource:
    """Return where access tokens come from.

    From `credentials`: an access token as it is, or the service account's key, or the identity that signs for it. From
    `grant`: what its keeper has. scope: another one than the route needs; an empty one is all that was granted to an
    account. Raises ProfileUnusable where there is nothing of the kind that the settings need.
    """
    if TOKEN in credentials:
        scope = credentials[TOKEN_SCOPE].reveal() if TOKEN_SCOPE in credentials else ""
        access = AccessToken(secret=credentials[TOKEN], expires_at=clock() + _USUAL_LIFE, scope=scope)
        return FixedAccess(access, clock=clock, system=System.GOOGLE)
    wanted, recorder = scope_of(settings) if scope is None else scope, network.recorder
    if settings.way is Way.ACCOUNT:
        if grant is None:
            raise ProfileUnusable(f"sender 'gmail' of an account has neither a grant nor a credential {TOKEN!r}")
        if CLIENT_SECRET in credentials:
            recorder.learn(credentials[CLIENT_SECRET])
        client = client_of(settings, credentials)
        renew = renewing(client, web=lambda: web_client(network), recorder=recorder, clock=clock)
        return GrantTokens(grant, wanted, _telling_what_lacks(renew))
    try:
        key, signer = _proof(settings, credentials)
    except OAuthFailed as failed:
        return _Refused(failed)
    return ServiceAccountTokens(
        email=settings.service_account,
        subject=settings.account,
        scope=wanted,
        place=settings.place,
        web=lambda: web_client(network),
        recorder=recorder,
        clock=clock,
        key=key,
        signer=signer,
        unique_id=settings.client_id,
    )


def open_gmail(
    profile: SenderProfile,
    credentials: Mapping[str, Secret],
    network: Network,
    *,
    grant: GrantKeeper | None = None,
    paces: Paces | None = None,
    sources: TokenSources | None = None,
) -> Sender:
    """Return the sender of `profile`; it connects with its first message. Raises ProfileUnusable.

    sources: of tokens that other senders of the same service account have; an account's are its grant's.
    """
    settings = gmail_settings(profile)
    make = partial(token_source, settings, credentials, network, grant=grant)
    tokens = make() if sources is None or settings.way is Way.ACCOUNT else sources.of(settings, credentials, make)
    pace = (paces or Paces()).of(gmail_mailbox(profile), limits_of(settings))
    if settings.route is Route.API:
        return GmailSender(settings, tokens, network, pace=pace)
    values = values_of(settings)
    return SubmissionSender(settings.submission, tokens, network, values=values, system=System.GMAIL, pace=pace)


def _telling_what_lacks(renew: Renew) -> Renew:
    """Return `renew` that calls a scope beyond what the person granted what it is: a consent that lacks something."""

    async def renewed(refresh_token: Secret, scope: str) -> Renewed:
        try:
            return await renew(refresh_token, scope)
        except OAuthFailed as failed:
            if failed.evidence.error != BEYOND:
                raise
            known = failed.evidence.values | {"permission": scope}
            lacking = msgspec.structs.replace(failed.evidence, error=None, condition=INCOMPLETE, values=known)
        raise OAuthFailed(lacking)

    return renewed


class _Refused:
    """A TokenSource of an identity that cannot be used: that shows when a token is wanted."""

    def __init__(self, failed: OAuthFailed) -> None:
        self._evidence = failed.evidence

    async def token(self) -> AccessToken:
        raise OAuthFailed(self._evidence)

    async def refused(self, access: AccessToken) -> None:
        """There is none."""


def _proof(
    settings: GmailSettings, credentials: Mapping[str, Secret]
) -> tuple[ServiceAccountKey | None, Signing | None]:
    """Return by what the service account proves itself: its key, or who signs for it."""
    if settings.keyless:
        if SIGNING_IDENTITY not in credentials:
            raise ProfileUnusable(f"sender 'gmail' of a service account without a key has no {SIGNING_IDENTITY!r}")
        return None, open_identity(credentials[SIGNING_IDENTITY], place=settings.place)
    if SERVICE_ACCOUNT_KEY not in credentials:
        raise ProfileUnusable(f"sender 'gmail' of a service account has no credential {SERVICE_ACCOUNT_KEY!r}")
    try:
        key = read_key(credentials[SERVICE_ACCOUNT_KEY])
    except KeyUnusable as unusable:
        raise ProfileUnusable(f"credential {SERVICE_ACCOUNT_KEY!r} of sender 'gmail': {unusable.code}") from None
    if key.email.lower() != settings.service_account.lower():
        raise ProfileUnusable(f"credential {SERVICE_ACCOUNT_KEY!r} of sender 'gmail' is of another service account")
    return key, None


def _require_usable(settings: GmailSettings) -> None:
    account = settings.way is Way.ACCOUNT
    checks = {
        "account": is_address(settings.account),
        "account_id": _ACCOUNT_ID.fullmatch(settings.account_id) is not None if account else not settings.account_id,
        "domain": not settings.domain or is_name(settings.domain),
        "client_id": is_name(settings.client_id) if account else _UNIQUE_ID.fullmatch(settings.client_id) is not None,
        "own": account or not settings.own,
        "service_account": not settings.service_account if account else is_address(settings.service_account),
        "keyless": not account or not settings.keyless,
        "login": is_base(settings.login),
        "gmail": is_base(settings.gmail),
        "smtp_host": not settings.smtp_host or is_name(settings.smtp_host),
        "smtp_port": 0 < settings.smtp_port <= LAST_PORT,
    }
    require("gmail", checks)
