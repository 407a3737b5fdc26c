"""Finds the organisation at Microsoft, by the domain of an address or by its id."""

from msgspec.structs import replace

from sendwright.oauth.entra.cloud import CLOUDS
from sendwright.oauth.entra.registration import ANY_ORGANISATION
from sendwright.oauth.entra.tenant import FoundTenant, find_tenant
from sendwright.providers.microsoft365.answers import MicrosoftAnswers
from sendwright.providers.microsoft365.stopping import observed, timed
from sendwright.screens import Action, Halted
from sendwright.senders.graph.settings import Way
from sendwright.world import Progress, World

ORGANISATION = "ms-organisation"
WITHOUT = Action(name="without-organisation", label="microsoft365.prepare.without-organisation", quiet=True)
"""Signs in without naming the organisation: its mail domain may be none of the domains that Microsoft knows it by."""


async def with_organisation(state: MicrosoftAnswers, world: World, progress: Progress) -> MicrosoftAnswers:
    """Return `state` with the organisation's id, which is asked for once. Raises Halted."""
    if state.tenant_id or not state.tenant or state.tenant == ANY_ORGANISATION:
        return state
    actions = (WITHOUT,) if state.way is Way.ACCOUNT and not state.own else ()
    found = await timed(ORGANISATION, find_tenant(state.registration, web=world.http), progress, state, actions=actions)
    if _of_another_cloud(found, state):
        raise Halted(observed("wrong-cloud", state, cloud=found.cloud))
    return replace(state, tenant_id=found.id)


def without_organisation(state: MicrosoftAnswers) -> MicrosoftAnswers:
    """Return `state` for a sign-in of any organisation; the token then says which it is."""
    return replace(state, tenant=ANY_ORGANISATION, tenant_id="")


def _of_another_cloud(found: FoundTenant, state: MicrosoftAnswers) -> bool:
    there, here = CLOUDS.get(found.cloud), CLOUDS[state.cloud or "global"]
    return there is not None and (there.login, there.graph) != (here.login, here.graph)
