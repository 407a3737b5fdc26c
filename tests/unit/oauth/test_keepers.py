"""One keeper for each grant of a program."""

import asyncio

from tests.unit.oauth.authorisation import Authorisation, Clock
from tests.unit.vault.vaults import PlainVault

from sendwright.oauth.keepers import Keepers
from sendwright.oauth.vault_keeper import VaultKeeper
from sendwright.problems.evidence import System
from sendwright.recording.recorder import SILENCE, Recorder, Silence
from sendwright.vault.vault import SecretRef, Vault

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
