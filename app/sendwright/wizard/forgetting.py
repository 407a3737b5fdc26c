"""Forgets what a draft keeps in the vault, before the draft itself forgets where."""

from contextlib import suppress

from sendwright.errors import VaultUnavailable
from sendwright.providers import catalogue
from sendwright.wizard.draft import Draft
from sendwright.world import World


async def forget_secrets(draft: Draft, world: World) -> None:
    """Remove the secrets of the draft's provider from the vault, and wait for no sign-in that it began any more.

    A vault that cannot be asked stops nobody.
    """
    await world.attempts.close()
    if draft.provider is None or draft.answers is None:
        return
    for ref in catalogue.by_id(draft.provider).secrets(draft.answers):
        with suppress(VaultUnavailable):
            await world.keepers.forget(world.vault, ref)
