"""Asks Google, from this computer, for tokens by which the service account acts for a user."""

from sendwright.errors import VaultUnavailable
from sendwright.oauth.google.service_account import KeyUnusable, ServiceAccountKey, ServiceAccountTokens, read_key
from sendwright.oauth.grant import AccessToken
from sendwright.providers.gmail.answers import GmailAnswers
from sendwright.world import World


async def key_of(state: GmailAnswers, world: World) -> ServiceAccountKey:
    """Return the key that the vault has. Raises VaultUnavailable, `not-kept` where it has none that can be used."""
    secret = await world.vault.fetch(state.key) if state.key else None
    if secret is None:
        raise VaultUnavailable("not-kept")
    world.network.recorder.learn(secret)
    try:
        key = read_key(secret)
    except KeyUnusable as unusable:
        raise VaultUnavailable("not-kept") from unusable
    world.network.recorder.learn(key.private_key)
    return key


async def token_for(state: GmailAnswers, subject: str, scope: str, world: World) -> AccessToken:
    """Return an access token for `subject`. scope: separated by blanks. Raises OAuthFailed and VaultUnavailable."""
    tokens = ServiceAccountTokens(
        email=state.service_account,
        subject=subject,
        scope=scope,
        place=state.settings().place,
        web=world.http,
        recorder=world.network.recorder,
        clock=world.clock,
        key=await key_of(state, world),
    )
    access = await tokens.token()
    world.network.recorder.learn(access.secret)
    return access
