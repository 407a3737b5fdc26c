"""What a saved draft may still count on when it is opened again."""

from msgspec.structs import replace

from sendwright.providers.consent.keeping import is_gone, is_of_no_use
from sendwright.providers.gmail.answers import GmailAnswers
from sendwright.world import World


async def recalled(state: GmailAnswers, world: World) -> GmailAnswers:
    """Return `state` with what the vault has, and without a sign-in that another run of the program began.

    Where the vault cannot be asked, the references stay: what they name may be there, to be used or forgotten.
    """
    if state.attempt and world.attempts.find(state.attempt) is None:
        state = replace(state, attempt="")
    if state.grant is not None and await is_of_no_use(state.grant, world, handed_over=state.handed_over):
        state = replace(state, grant=None)
        if not state.handed_over:  # nobody else has it either: whoever signed in has to sign in again
            state = replace(state, account=None, scopes=(), granted_at=None, ends_at=None, returning=False)
    if state.client_secret is not None and await is_gone(state.client_secret, world):
        state = replace(state, client_secret=None, client_checked=False)
    if state.key is not None and await is_gone(state.key, world):
        state = replace(state, key=None)
    return state
