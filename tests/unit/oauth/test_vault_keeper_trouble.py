"""A grant in the vault while the vault fails, somebody gives up, or two programs are open at once."""

import asyncio
from pathlib import Path

import pytest
from tests.unit.oauth.authorisation import Authorisation, failure
from tests.unit.oauth.standing_in import Clock
from tests.unit.vault.vaults import PlainVault

from sendwright.errors import VaultUnavailable
from sendwright.oauth import vault_keeper as module
from sendwright.oauth.grant import OAuthFailed
from sendwright.oauth.vault_keeper import VaultKeeper
from sendwright.secret import Secret
from sendwright.vault.pieces import PIECE, PieceVault
from sendwright.vault.vault import SecretRef

REF = SecretRef("grant", "draft-1")
SEND = "Mail.Send"


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def vault() -> PlainVault:
    return PlainVault()


@pytest.fixture
def server(clock: Clock) -> Authorisation:
    return Authorisation(clock)


@pytest.fixture
async def keeper(vault: PlainVault, clock: Clock, server: Authorisation) -> VaultKeeper:
    """A keeper whose access token has just ended."""
    made = VaultKeeper(vault, REF, clock=clock)
    await made.store(server.current, {SEND: server.token("access-0")})
    clock.pass_(hours=2)
    return made


async def trouble(keeper: VaultKeeper, server: Authorisation) -> str:
    with pytest.raises(VaultUnavailable) as refused:
        await keeper.access(SEND, server.renew)
    return refused.value.condition


async def test_a_renewal_that_cannot_be_written_is_not_returned_and_not_lost(
    keeper: VaultKeeper, server: Authorisation, vault: PlainVault
) -> None:
    vault.refuse("keep")
    assert await trouble(keeper, server) == "locked"
    assert await trouble(keeper, server) == "locked"
    assert vault.holds("refresh-0")
    vault.refuse()
    assert (await keeper.access(SEND, server.renew)).secret == Secret("access-1")
    assert vault.holds("refresh-1")
    assert (server.renewals, server.reused) == ([SEND], 0)


async def test_a_renewal_that_could_not_be_written_is_handed_over_once_it_is(
    keeper: VaultKeeper, server: Authorisation, vault: PlainVault
) -> None:
    vault.refuse("keep")
    await trouble(keeper, server)
    with pytest.raises(VaultUnavailable):
        await keeper.hand_over()
    vault.refuse()
    assert await keeper.hand_over() == Secret("refresh-1")


async def test_a_new_grant_takes_the_place_of_what_could_not_be_written(
    keeper: VaultKeeper, server: Authorisation, vault: PlainVault
) -> None:
    vault.refuse("keep")
    await trouble(keeper, server)
    vault.refuse()
    await keeper.store(Secret("refresh-new"), {})
    assert await keeper.hand_over() == Secret("refresh-new")
    assert not vault.holds("refresh-1")


async def test_a_vault_that_cannot_be_read_lets_nobody_renew(
    keeper: VaultKeeper, server: Authorisation, vault: PlainVault
) -> None:
    vault.refuse("fetch", condition="absent")
    assert await trouble(keeper, server) == "absent"
    assert server.renewals == []


async def test_that_a_grant_is_dead_is_known_even_where_it_cannot_be_written(
    keeper: VaultKeeper, server: Authorisation, vault: PlainVault
) -> None:
    vault.refuse("keep")
    server.failures = [failure("invalid_grant")]
    with pytest.raises(OAuthFailed):
        await keeper.access(SEND, server.renew)
    assert await trouble(keeper, server) == "locked"
    vault.refuse()
    with pytest.raises(OAuthFailed) as failed:
        await keeper.access(SEND, server.renew)
    assert failed.value.evidence == failure("invalid_grant")
    assert server.renewals == []


async def test_a_refused_token_is_not_returned_even_where_that_cannot_be_written(
    keeper: VaultKeeper, server: Authorisation, vault: PlainVault
) -> None:
    token = await keeper.access(SEND, server.renew)
    vault.refuse("keep")
    with pytest.raises(VaultUnavailable):
        await keeper.refused(token)
    vault.refuse()
    assert (await keeper.access(SEND, server.renew)).secret == Secret("access-2")


@pytest.mark.parametrize("in_pieces", [False, True])
async def test_after_the_hand_over_only_the_access_token_is_left(
    vault: PlainVault, clock: Clock, server: Authorisation, in_pieces: bool
) -> None:
    vault.limit = PIECE + 100 if in_pieces else vault.limit
    keeper = VaultKeeper(PieceVault(vault) if in_pieces else vault, REF, clock=clock)
    refresh_token = Secret("0.refresh-token-" + "r" * 2_000)
    await keeper.store(refresh_token, {SEND: server.token("access-0" + "a" * 2_500), "ended": server.token("ended")})
    await keeper.keep_access_only()
    assert not vault.holds("refresh-token")
    assert not vault.holds("rrrrrrrr")
    assert (await keeper.access(SEND, server.renew)).secret.reveal().startswith("access-0")
    clock.pass_(hours=2)
    with pytest.raises(OAuthFailed) as failed:
        await keeper.access(SEND, server.renew)
    assert failed.value.evidence.condition == "access-token-ended"
    with pytest.raises(OAuthFailed):
        await keeper.hand_over()
    await keeper.keep_access_only()
    assert (vault.kept, server.renewals) == ({}, [])


async def test_where_no_access_token_lasts_nothing_is_left(keeper: VaultKeeper, vault: PlainVault) -> None:
    await keeper.keep_access_only()
    assert vault.kept == {}


async def test_where_it_cannot_be_written_without_the_refresh_token_all_of_it_goes(
    keeper: VaultKeeper, server: Authorisation, vault: PlainVault
) -> None:
    await keeper.access(SEND, server.renew)
    vault.refuse("keep")
    await keeper.keep_access_only()
    assert vault.kept == {}


async def test_a_vault_that_keeps_the_refresh_token_all_the_same_is_found_out(
    keeper: VaultKeeper, server: Authorisation, vault: PlainVault, monkeypatch: pytest.MonkeyPatch
) -> None:
    await keeper.access(SEND, server.renew)
    before = dict(vault.kept)

    async def pretend(ref: SecretRef, secret: Secret) -> None:
        vault.kept = dict(before)

    monkeypatch.setattr(vault, "keep", pretend)
    await keeper.keep_access_only()
    assert vault.kept == {}


async def test_a_vault_that_lets_go_of_nothing_is_told(
    keeper: VaultKeeper, server: Authorisation, vault: PlainVault
) -> None:
    await keeper.access(SEND, server.renew)
    vault.refuse("keep", "forget", condition="refused")
    for asked in (keeper.keep_access_only, keeper.forget):
        with pytest.raises(VaultUnavailable):
            await asked()
    assert await keeper.hand_over() == Secret("refresh-1")
    vault.refuse()
    await keeper.forget()
    assert vault.kept == {}


async def test_forgetting_forgets_what_could_not_be_written_too(
    keeper: VaultKeeper, server: Authorisation, vault: PlainVault
) -> None:
    vault.refuse("keep")
    await trouble(keeper, server)
    await keeper.forget()
    vault.refuse()
    with pytest.raises(OAuthFailed):
        await keeper.access(SEND, server.renew)
    assert vault.kept == {}


async def test_who_gives_up_during_a_renewal_does_not_lose_it(
    keeper: VaultKeeper, server: Authorisation, vault: PlainVault
) -> None:
    server.pause.clear()
    given_up = asyncio.ensure_future(keeper.access(SEND, server.renew))
    patient = asyncio.ensure_future(keeper.access(SEND, server.renew))
    await server.asked.wait()
    given_up.cancel()
    with pytest.raises(asyncio.CancelledError):
        await given_up
    server.pause.set()
    assert (await patient).secret == Secret("access-1")
    assert vault.holds("refresh-1")
    assert (server.renewals, server.reused) == ([SEND], 0)


async def test_a_renewal_that_fails_after_everybody_gave_up_disturbs_nobody(
    keeper: VaultKeeper, server: Authorisation, caplog: pytest.LogCaptureFixture
) -> None:
    server.pause.clear()
    server.failures = [failure("temporarily_unavailable")]
    given_up = asyncio.ensure_future(keeper.access(SEND, server.renew))
    await server.asked.wait()
    given_up.cancel()
    await asyncio.gather(given_up, return_exceptions=True)
    server.pause.set()
    assert (await keeper.access(SEND, server.renew)).secret == Secret("access-1")
    assert caplog.records == []


async def test_programs_that_are_open_at_once_renew_one_after_the_other(
    vault: PlainVault, clock: Clock, server: Authorisation, tmp_path: Path
) -> None:
    locks = tmp_path / "locks"
    programs = [VaultKeeper(vault, REF, clock=clock, locks=locks) for _ in range(3)]
    await programs[0].store(server.current, {})
    for round_ in range(1, 6):
        found = await asyncio.gather(*(program.access(SEND, server.renew) for program in programs * 2))
        assert {token.secret for token in found} == {Secret(f"access-{round_}")}
        clock.pass_(hours=2)
    assert (len(server.renewals), server.reused) == (5, 0)
    (file,) = locks.iterdir()
    assert file.stat().st_size == 0
    assert file.stat().st_mode & 0o077 == 0


async def test_without_locks_two_programs_would_disturb_each_other(
    vault: PlainVault, clock: Clock, server: Authorisation
) -> None:
    programs = [VaultKeeper(vault, REF, clock=clock) for _ in range(2)]
    await programs[0].store(server.current, {})
    await asyncio.gather(*(program.access(SEND, server.renew) for program in programs), return_exceptions=True)
    assert server.reused == 1


async def test_a_program_that_never_ends_its_renewal_is_not_waited_for_for_ever(
    vault: PlainVault, clock: Clock, server: Authorisation, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second = (VaultKeeper(vault, REF, clock=clock, locks=tmp_path) for _ in range(2))
    await first.store(server.current, {})
    server.pause.clear()
    renewing = asyncio.ensure_future(first.access(SEND, server.renew))
    await server.asked.wait()
    monkeypatch.setattr(module, "LOCK_PATIENCE_S", 0.01)
    assert await trouble(second, server) == "locked"
    server.pause.set()
    assert (await renewing).secret == (await second.access(SEND, server.renew)).secret == Secret("access-1")


async def test_a_folder_that_takes_no_lock_is_told(
    vault: PlainVault, clock: Clock, server: Authorisation, tmp_path: Path
) -> None:
    (tmp_path / "file").write_text("no folder")
    keeper = VaultKeeper(vault, REF, clock=clock, locks=tmp_path / "file")
    assert await trouble(keeper, server) == "refused"
