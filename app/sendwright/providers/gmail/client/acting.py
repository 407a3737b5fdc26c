"""Which OAuth client asks: the platform's, or one of the organisation's own."""

from sendwright.errors import VaultUnavailable
from sendwright.oauth.google.client import GoogleClient
from sendwright.providers.gmail.answers import GmailAnswers
from sendwright.secret import Secret
from sendwright.world import World


async def client_secret_of(state: GmailAnswers, world: World) -> Secret | None:
    """Return what Google gave along with the client; None where it gave nothing.

    Raises VaultUnavailable, `not-kept` where the vault has it no longer.
    """
    if not state.own:
        return world.deployment.google.client_secret
    if state.client_secret is None:
        return None
    secret = await world.vault.fetch(state.client_secret)
    if secret is None:
        raise VaultUnavailable("not-kept")
    world.network.recorder.learn(secret)
    return secret


async def client_of(state: GmailAnswers, world: World) -> GoogleClient:
    """Return the client. Raises VaultUnavailable."""
    return GoogleClient(
        client_id=state.client_id,
        secret=await client_secret_of(state, world),
        login=state.login,
        gmail=state.gmail,
        page=world.deployment.google.page,
        own=state.own,
    )


def platform_client(world: World) -> str:
    """Return the id of the platform's client, empty where it brings none."""
    return world.deployment.google.client_id


def own_is_possible(world: World) -> bool:
    """Whether an organisation may use a client of its own."""
    return world.deployment.features.own_registration


def application_name(world: World) -> str:
    """Return what Google's page calls the platform's application."""
    return world.deployment.google.name or world.deployment.platform.name
