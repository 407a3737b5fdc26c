"""What becomes of a draft that another backend is connected to than before."""

from msgspec.structs import replace

from sendwright.providers import catalogue
from sendwright.wizard.draft import Draft, Platform, Purpose
from sendwright.wizard.forgetting import forget_secrets
from sendwright.world import World


async def moved(state: Draft, platform: Platform, world: World) -> Draft:
    """Return `state` for `platform`.

    Where that is another backend than before, versions of the former one mean nothing there: their numbers name other
    senders. What only the former one can send with is let go of; passwords that are here stay.
    """
    former = state.platform
    if former is None or former.token == platform.token:  # one token for each place
        return replace(state, platform=platform)
    state = replace(state, platform=platform, staged=None)
    if state.provider is None or state.answers is None:
        return state
    if state.purpose is Purpose.RECONNECT:  # what was to be connected again is in force there, not here
        await forget_secrets(state, world)
        return replace(state, purpose=Purpose.SET_UP, provider=None, answers=None, sender=None, test=None)
    provider = catalogue.by_id(state.provider)
    if not provider.tested_by_backend(state.answers):
        return state
    await forget_secrets(state, world)
    return replace(state, answers=provider.answers(), test=None)
