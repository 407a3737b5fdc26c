"""One keeper for each grant of a program."""

import asyncio
from pathlib import Path

from tests.unit.oauth.authorisation import Authorisation
from tests.unit.oauth.standing_in import Clock
from tests.unit.vault.vaults import PlainVault

from sendwright.oauth.grant import Renewed
from sendwright.oauth.keepers import Keepers
from sendwright.oauth.vault_keeper import VaultKeeper
from sendwright.problems.evidence import System
from sendwright.recording.recorder import SILENCE, Recorder, Silence
from sendwright.vault.vault import Secret, SecretRef, Vault

REF = SecretRef("grant", "draft-1")
CLOCK = Clock()


def keeper(
    keepers: Keepers, vault: Vault, ref: SecretRef = REF, *, clock: Clock = CLOCK, recorder: Recorder = SILENCE
) -> VaultKeeper:
    return keepers.keeper(vault, ref, clock=clock, recorder=recorder, system=System.ENTRA)


def test_whoever_asks_for_the_same_grant_gets_the_same_keeper() -> None:
    keepers, vault = Keepers(), PlainVault()
    first = keeper(keepers, vault)
    assert keeper(keepers, vault, SecretRef("grant", "draft-1")) is first
    assert keeper(keepers, vault, SecretRef("grant", "draft-2")) is not first
    assert keeper(Keepers(), vault) is not first


def test_another_vault_or_recorder_has_a_keeper_of_its_own() -> None:
    keepers, vault = Keepers(), PlainVault()
    first = keeper(keepers, vault)
    assert keeper(keepers, PlainVault()) is not first
    second = keeper(keepers, vault)
    assert keeper(keepers, vault, recorder=Silence()) is not second


async def test_steps_that_ask_at_once_renew_once() -> None:
    clock = Clock()
    keepers, vault, server = Keepers(), PlainVault(), Authorisation(clock)
    await keeper(keepers, vault, clock=clock).store(server.current, {})
    found = await asyncio.gather(
        *(keeper(keepers, vault, clock=clock).access("Mail.Send", server.renew) for _ in range(10))
    )
    assert len({token.secret for token in found}) == 1
    assert (server.renewals, server.reused) == (["Mail.Send"], 0)


async def test_programs_with_one_folder_of_locks_renew_once(tmp_path: Path) -> None:
    clock = Clock()
    vault, server = PlainVault(), Authorisation(clock)
    programs = [Keepers(locks=tmp_path / "locks") for _ in range(3)]
    await keeper(programs[0], vault, clock=clock).store(server.current, {})
    found = await asyncio.gather(
        *(keeper(program, vault, clock=clock).access("Mail.Send", server.renew) for program in programs)
    )
    assert len({token.secret for token in found}) == 1
    assert (server.renewals, server.reused) == (["Mail.Send"], 0)


async def test_forgetting_waits_for_a_renewal_that_has_begun() -> None:
    clock = Clock()
    keepers, vault, server = Keepers(), PlainVault(), Authorisation(clock)
    found = keeper(keepers, vault, clock=clock)
    await found.store(server.current, {})
    goes_on, asked = asyncio.Event(), asyncio.Event()

    async def slowly(refresh_token: Secret, scope: str) -> Renewed:
        asked.set()
        await goes_on.wait()
        return await server.renew(refresh_token, scope)

    waiting = asyncio.create_task(found.access("Mail.Send", slowly))
    await asked.wait()
    waiting.cancel()
    forgetting = asyncio.create_task(keepers.forget(vault, REF))
    await asyncio.sleep(0)
    goes_on.set()
    await forgetting
    assert await vault.fetch(REF) is None
    assert keeper(keepers, vault, clock=clock) is not found


async def test_what_no_keeper_has_is_forgotten_too() -> None:
    keepers, vault, other = Keepers(), PlainVault(), PlainVault()
    keeper(keepers, other)
    await vault.keep(REF, Secret("a password"))
    await keepers.forget(vault, REF)
    await keepers.forget(vault, SecretRef("grant", "never"))
    assert await vault.fetch(REF) is None
