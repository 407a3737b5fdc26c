"""What a saved draft may still count on when it is opened again."""

from msgspec.structs import replace

from sendwright.errors import VaultUnavailable
from sendwright.oauth.kept_grant import unpack
from sendwright.providers.microsoft365.answers import MicrosoftAnswers
from sendwright.vault.vault import SecretRef
from sendwright.world import World


async def recalled(state: MicrosoftAnswers, world: World) -> MicrosoftAnswers:
    """Return `state` with what the vault has, and without a sign-in that another run of the program began.

    Where the vault cannot be asked, the references stay: what they name may be there, to be used or forgotten.
    """
    if state.attempt and world.attempts.find(state.attempt) is None:
        state = replace(state, attempt="")
    if state.grant is not None and await _is_of_no_use(state, state.grant, world):
        state = replace(state, grant=None)
        if not state.handed_over:  # nobody else has it either: whoever signed in has to sign in again
            state = replace(state, account=None, scopes=(), token=None)
    if state.client_secret is not None and await _is_gone(state.client_secret, world):
        state = replace(state, client_secret=None)
    return state


async def _is_of_no_use(state: MicrosoftAnswers, ref: SecretRef, world: World) -> bool:
    """Tell whether the grant is gone, or its refresh token is and the draft does not know who has it.

    That is so where the program was ended just after the backend had taken it; what is left is let go of.
    """
    try:
        found = await world.vault.fetch(ref)
        if found is None:
            return True
        if state.handed_over or unpack(found).refresh_token is not None:
            return False
        await world.keepers.forget(world.vault, ref)
    except VaultUnavailable:
        return False
    return True


async def _is_gone(ref: SecretRef, world: World) -> bool:
    try:
        return await world.vault.fetch(ref) is None
    except VaultUnavailable:
        return False
