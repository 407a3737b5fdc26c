"""Keeps what a sign-in yields in the vault of this computer, in the place of what an earlier one left there."""

import asyncio
import secrets
from collections.abc import Mapping
from contextlib import suppress
from typing import TypeVar

from sendwright.errors import VaultUnavailable
from sendwright.oauth.grant import AccessToken
from sendwright.oauth.kept_grant import unpack
from sendwright.oauth.vault_keeper import VaultKeeper
from sendwright.problems.evidence import System
from sendwright.screens import Interrupted
from sendwright.secret import Secret
from sendwright.vault.vault import SecretRef
from sendwright.world import World

T = TypeVar("T")


def keeper_of(ref: SecretRef, world: World, system: System) -> VaultKeeper:
    """Return the keeper of the grant in the vault. system: whose the grant is, for what fails."""
    recorder = world.network.recorder
    return world.keepers.keeper(world.vault, ref, clock=world.clock, recorder=recorder, system=system)


async def keep_grant(
    refresh_token: Secret, access: Mapping[str, AccessToken], *, purpose: str, world: World, system: System
) -> SecretRef:
    """Keep a new grant and return where.

    access: by the scope as it is asked for later. purpose: see SecretRef. Raises VaultUnavailable with nothing kept.
    """
    ref = SecretRef(purpose, secrets.token_hex(8))
    keeper = keeper_of(ref, world, system)
    try:
        await keeper.store(refresh_token, access)
    except asyncio.CancelledError:  # what is stored all the same would lie there and nobody would know where
        with suppress(VaultUnavailable):
            await keeper.forget()
        raise
    return ref


async def instead_of(former: SecretRef | None, after: T, world: World) -> T:
    """Return `after`, the state that knows the new grant, once the former is forgotten as far as the vault answers.

    Raises Interrupted with `after` where it is cancelled meanwhile: the former goes all the same.
    """
    if former is None:
        return after
    forgetting = asyncio.ensure_future(let_go(former, world))
    try:
        await asyncio.shield(forgetting)
    except asyncio.CancelledError:
        await forgetting
        raise Interrupted(after) from None
    return after


async def let_go(ref: SecretRef, world: World) -> None:
    """Forget what lies under `ref`, as far as the vault answers."""
    with suppress(VaultUnavailable):
        await world.keepers.forget(world.vault, ref)


async def is_of_no_use(ref: SecretRef, world: World, *, handed_over: bool) -> bool:
    """Tell whether the grant is gone, or its refresh token is and nobody knows who has it (`handed_over` is false).

    That is so where the program was ended just after the backend had taken it; what is left is let go of. A vault that
    does not answer may still have it: then it is of use.
    """
    try:
        found = await world.vault.fetch(ref)
        if found is None:
            return True
        if handed_over or unpack(found).refresh_token is not None:
            return False
        await world.keepers.forget(world.vault, ref)
    except VaultUnavailable:
        return False
    return True


async def is_gone(ref: SecretRef, world: World) -> bool:
    """Tell whether the vault says that it does not have the secret; one that does not answer may have it."""
    try:
        return await world.vault.fetch(ref) is None
    except VaultUnavailable:
        return False
