"""A grant is kept in the place of the former one, and nothing is left that nobody knows of."""

import asyncio
from datetime import UTC, datetime, timedelta

import pytest
from tests.unit.providers.doubles import make_world

from sendwright.errors import VaultUnavailable
from sendwright.oauth.grant import AccessToken
from sendwright.problems.evidence import System
from sendwright.providers.consent.keeping import instead_of, is_gone, is_of_no_use, keep_grant, keeper_of, let_go
from sendwright.screens import Interrupted
from sendwright.secret import Secret
from sendwright.vault.memory import MemoryVault
from sendwright.vault.vault import SecretRef
from sendwright.world import World

NOW = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)
ACCESS = {"scope": AccessToken(secret=Secret("access"), expires_at=NOW + timedelta(hours=1))}
REF = SecretRef("some-grant", "g")


class Closed(MemoryVault):
    """A vault that keeps nothing more, and forgets nothing."""

    async def keep(self, ref: SecretRef, secret: Secret) -> None:
        raise VaultUnavailable("locked")

    async def forget(self, ref: SecretRef) -> None:
        raise VaultUnavailable("locked")


class Silent(MemoryVault):
    """A vault that does not answer."""

    async def fetch(self, ref: SecretRef) -> Secret | None:
        raise VaultUnavailable("timed-out")


class Slow(MemoryVault):
    """A vault that keeps what it was given only once it may."""

    def __init__(self) -> None:
        super().__init__()
        self.asked = asyncio.Event()
        self.may = asyncio.Event()
        self.refs: list[SecretRef] = []

    async def keep(self, ref: SecretRef, secret: Secret) -> None:
        self.refs.append(ref)
        self.asked.set()
        await self.may.wait()
        await super().keep(ref, secret)


class SlowToForget(MemoryVault):
    """A vault that forgets only once it may."""

    def __init__(self) -> None:
        super().__init__()
        self.asked = asyncio.Event()
        self.may = asyncio.Event()

    async def forget(self, ref: SecretRef) -> None:
        self.asked.set()
        await self.may.wait()
        await super().forget(ref)


async def keep(world: World) -> SecretRef:
    return await keep_grant(Secret("refresh"), ACCESS, purpose="some-grant", world=world, system=System.GOOGLE)


async def test_a_grant_is_kept_and_the_former_is_forgotten() -> None:
    world = make_world()
    first = await keep(world)
    second = await keep(world)
    assert await instead_of(first, "the state", world) == "the state"
    assert first != second
    assert second.purpose == "some-grant"
    assert await world.vault.fetch(first) is None
    assert (await keeper_of(second, world, System.GOOGLE).hand_over()).reveal() == "refresh"


async def test_what_cannot_be_kept_leaves_the_former() -> None:
    vault = Closed()
    await MemoryVault.keep(vault, REF, Secret("former"))
    with pytest.raises(VaultUnavailable):
        await keep(make_world(vault=vault))
    assert await vault.fetch(REF) is not None


async def test_cancelled_while_the_former_is_forgotten_the_new_one_is_known_all_the_same() -> None:
    vault = SlowToForget()
    await vault.keep(REF, Secret("former"))
    task = asyncio.create_task(instead_of(REF, "the state", make_world(vault=vault)))
    await vault.asked.wait()
    task.cancel()
    await asyncio.sleep(0)
    vault.may.set()
    with pytest.raises(Interrupted) as interrupted:
        await task
    assert interrupted.value.state == "the state"
    assert await vault.fetch(REF) is None


async def test_without_a_former_one_nothing_is_forgotten() -> None:
    assert await instead_of(None, "the state", make_world(vault=Closed())) == "the state"
    assert await instead_of(REF, "the state", make_world(vault=Closed())) == "the state"


async def test_cancelled_while_it_is_being_kept_nothing_is_left() -> None:
    vault = Slow()
    task = asyncio.create_task(keep(make_world(vault=vault)))
    await vault.asked.wait()
    task.cancel()
    await asyncio.sleep(0)
    vault.may.set()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert await vault.fetch(vault.refs[0]) is None


async def test_letting_go_never_fails() -> None:
    await let_go(REF, make_world(vault=Closed()))
    world = make_world()
    await world.vault.keep(REF, Secret("x"))
    await let_go(REF, world)
    assert await world.vault.fetch(REF) is None


@pytest.mark.parametrize("handed_over", [True, False])
async def test_a_grant_that_is_gone_is_of_no_use(*, handed_over: bool) -> None:
    assert await is_of_no_use(REF, make_world(), handed_over=handed_over)


async def test_a_grant_with_its_refresh_token_is_of_use() -> None:
    world = make_world()
    ref = await keep(world)
    assert not await is_of_no_use(ref, world, handed_over=False)


async def test_without_its_refresh_token_it_is_of_use_only_where_one_knows_who_has_it() -> None:
    world = make_world()
    ref = await keep(world)
    await keeper_of(ref, world, System.GOOGLE).keep_access_only()
    assert not await is_of_no_use(ref, world, handed_over=True)
    assert await world.vault.fetch(ref) is not None
    assert await is_of_no_use(ref, world, handed_over=False)
    assert await world.vault.fetch(ref) is None


async def test_a_vault_that_does_not_answer_may_have_everything() -> None:
    world = make_world(vault=Silent())
    assert not await is_of_no_use(REF, world, handed_over=False)
    assert not await is_gone(REF, world)


async def test_something_else_that_lies_there_is_left_alone() -> None:
    world = make_world()
    await world.vault.keep(REF, Secret("not a grant"))
    assert not await is_of_no_use(REF, world, handed_over=False)
    assert await world.vault.fetch(REF) is not None


async def test_what_the_vault_does_not_have_is_gone() -> None:
    world = make_world()
    assert await is_gone(REF, world)
    await world.vault.keep(REF, Secret("x"))
    assert not await is_gone(REF, world)
