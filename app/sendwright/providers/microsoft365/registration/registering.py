"""Which application is used: the platform's registration, or one of the organisation's own."""

import re

from msgspec.structs import replace

from sendwright.deployment import Deployment
from sendwright.providers.microsoft365.answers import MicrosoftAnswers
from sendwright.senders.graph.settings import Way
from sendwright.world import World

GUID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")
"""How ids of applications, organisations and of secrets look, in small letters."""

_USUAL_SUBMISSION_PORT = 587


def platform_client(state: MicrosoftAnswers, way: Way, world: World) -> str:
    """Return the id of the platform's registration for `way`, empty where it has none."""
    if way is Way.APPLICATION:
        known = state.application
        return (known.client_id or world.deployment.microsoft.client_id) if known and known.credential else ""
    return world.deployment.microsoft.client_id


def own_is_possible(world: World) -> bool:
    """Whether an organisation may use a registration of its own."""
    return world.deployment.features.own_registration


def placed(state: MicrosoftAnswers, deployment: Deployment) -> MicrosoftAnswers:
    """Return `state` with the places that the deployment names, and its cloud where none was chosen before."""
    microsoft = deployment.microsoft
    host, _, port = microsoft.smtp.rpartition(":")
    return replace(
        state,
        cloud=state.cloud if (state.own or state.reconnecting) and state.cloud else microsoft.cloud,
        login=microsoft.authority,
        graph=microsoft.graph,
        smtp_host=host or microsoft.smtp,
        smtp_port=int(port) if host and port.isdecimal() else _USUAL_SUBMISSION_PORT,
    )


def embedded_redirect(state: MicrosoftAnswers, world: World) -> str:
    """Return the redirect URI at which the embedded browser stops."""
    return world.deployment.microsoft.embedded_redirect_uri or state.registration.place.native_client


def own_browser_redirect(world: World) -> str:
    """Return the redirect URI for the person's own browser as it is registered: without a port."""
    return world.deployment.microsoft.redirect_uri
