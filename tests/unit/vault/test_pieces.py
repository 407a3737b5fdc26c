"""Secrets that are longer than a keychain takes."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.unit.vault.fakes import SECRET_SERVICE, WIN_VAULT, Clinging, Discarding, FakeKeychain, Truncating, named
from tests.unit.vault.vaults import PlainVault

from sendwright.errors import VaultUnavailable
from sendwright.secret import Secret
from sendwright.vault.keychain import WINDOWS_OCTETS, KeychainVault
from sendwright.vault.memory import MemoryVault
from sendwright.vault.pieces import PIECE, PieceVault
from sendwright.vault.vault import SecretRef

REF = SecretRef("grant", "draft-1")
LIMIT = PIECE + 200


def secret(length: int, letter: str = "x") -> Secret:
    return Secret((letter * 7 + "-") * (length // 8) + letter * (length % 8))


@pytest.mark.parametrize("length", [0, 1, PIECE, PIECE + 1, 5_000, 40_000])
async def test_a_keychain_that_takes_it_keeps_it_whole(length: int) -> None:
    vault = PlainVault()
    await PieceVault(vault).keep(REF, secret(length))
    assert vault.names == {"draft-1"}
    assert await PieceVault(vault).fetch(REF) == secret(length)


@pytest.mark.parametrize(("length", "pieces"), [(LIMIT + 1, 2), (3 * PIECE, 3), (3 * PIECE + 1, 4), (12_345, 13)])
async def test_a_keychain_that_does_not_gets_it_in_pieces(length: int, pieces: int) -> None:
    vault = PlainVault(limit=LIMIT)
    await PieceVault(vault).keep(REF, secret(length))
    assert vault.names == {"draft-1", *(f"draft-1.a.{number}" for number in range(pieces))}
    assert await PieceVault(vault).fetch(REF) == secret(length)


async def test_where_there_is_nothing_nothing_is_read() -> None:
    long = PieceVault(MemoryVault())
    assert await long.fetch(REF) is None
    await long.forget(REF)
    assert await long.fetch(REF) is None


@given(st.lists(st.integers(0, 6 * PIECE), min_size=1, max_size=6))
async def test_only_the_last_of_several_secrets_is_left(lengths: list[int]) -> None:
    vault = PlainVault(limit=LIMIT)
    long = PieceVault(vault)
    for number, length in enumerate(lengths):
        await long.keep(REF, secret(length, str(number)))
    last = secret(lengths[-1], str(len(lengths) - 1))
    assert await long.fetch(REF) == last
    assert not any(vault.holds(str(number) * 7) for number in range(len(lengths) - 1))
    await long.forget(REF)
    assert vault.kept == {}


@pytest.mark.parametrize("before", [0, 10, 4 * PIECE, 9 * PIECE])
@pytest.mark.parametrize("after", [10, 2 * PIECE, 7 * PIECE])
async def test_a_crash_at_any_moment_leaves_the_old_or_the_new_secret(before: int, after: int) -> None:
    moment = 0
    while True:
        vault = PlainVault(limit=LIMIT)
        long = PieceVault(vault)
        await long.keep(REF, secret(before, "o"))
        vault.fails_at = len(vault.calls) + moment
        try:
            await long.keep(REF, secret(after, "n"))
        except VaultUnavailable:
            ended = False
        else:
            ended = True
        vault.fails_at = None
        assert await long.fetch(REF) in ({secret(after, "n")} if ended else {secret(before, "o"), secret(after, "n")})
        await long.keep(REF, secret(5 * PIECE, "l"))
        assert await long.fetch(REF) == secret(5 * PIECE, "l")
        assert not vault.holds("nnnnnnn")
        assert not vault.holds("ooooooo")
        await long.forget(REF)
        assert vault.kept == {}
        if ended:
            break
        moment += 1
    assert moment > 2


@pytest.mark.parametrize("moment", range(12))
async def test_forgetting_that_was_interrupted_can_be_ended(moment: int) -> None:
    vault = PlainVault(limit=LIMIT)
    long = PieceVault(vault)
    await long.keep(REF, secret(5 * PIECE))
    vault.fails_at = len(vault.calls) + moment
    with pytest.raises(VaultUnavailable):
        await long.forget(REF)
    vault.fails_at = None
    await long.forget(REF)
    assert vault.kept == {}


@pytest.mark.parametrize("damage", ["missing", "changed", "swapped", "empty"])
async def test_a_secret_that_lacks_a_piece_is_none(damage: str) -> None:
    vault = PlainVault(limit=LIMIT)
    long = PieceVault(vault)
    await long.keep(REF, Secret("".join(chr(0x100 + number % 50_000) for number in range(3 * PIECE))))
    pieces = [SecretRef("grant", f"draft-1.a.{number}") for number in range(3)]
    if damage == "missing":
        del vault.kept[pieces[1]]
    elif damage == "changed":
        vault.kept[pieces[1]] = Secret("y" + vault.kept[pieces[1]].reveal()[1:])
    elif damage == "empty":
        vault.kept[pieces[2]] = Secret("")
    else:
        vault.kept[pieces[0]], vault.kept[pieces[2]] = vault.kept[pieces[2]], vault.kept[pieces[0]]
    with pytest.raises(VaultUnavailable) as refused:
        await long.fetch(REF)
    assert refused.value.condition == "not-kept"
    await long.forget(REF)
    assert vault.kept == {}


@pytest.mark.parametrize("condition", ["locked", "absent", "refused", "not-kept"])
async def test_a_keychain_that_takes_nothing_is_told_as_it_is(condition: str) -> None:
    vault = PlainVault()
    long = PieceVault(vault)
    await long.keep(REF, secret(10, "o"))
    vault.refuse("keep", condition=condition)
    with pytest.raises(VaultUnavailable) as refused:
        await long.keep(REF, secret(9_000))
    assert refused.value.condition == condition
    assert await long.fetch(REF) == secret(10, "o")


async def test_a_short_secret_that_is_not_kept_is_not_tried_in_pieces() -> None:
    vault = PlainVault(limit=5)
    with pytest.raises(VaultUnavailable):
        await PieceVault(vault).keep(REF, secret(PIECE))
    assert vault.calls == ["fetch draft-1", "keep draft-1"]


async def test_what_looks_like_the_list_of_pieces_of_somebody_else_is_just_a_secret() -> None:
    vault = PlainVault()
    for letters in ('{"type":"other"}', "{}", "null", "[1]", '{"type":"pieces","turn":"a"}'):
        await PieceVault(vault).keep(REF, Secret(letters))
        assert await PieceVault(vault).fetch(REF) == Secret(letters)


@pytest.mark.parametrize("length", [10, PIECE, WINDOWS_OCTETS // 2, WINDOWS_OCTETS // 2 + 1, 6_000])
async def test_the_keychain_of_windows_keeps_a_grant_of_any_length(length: int) -> None:
    keychain = FakeKeychain()
    long = PieceVault(KeychainVault(named(keychain, WIN_VAULT)))
    for letter in "ab":
        await long.keep(REF, secret(length, letter))
        assert await long.fetch(REF) == secret(length, letter)
        assert all(len(kept.encode("utf-16-le")) <= WINDOWS_OCTETS for kept in keychain.kept.values())
    assert not any("aaaaaaa" in kept for kept in keychain.kept.values())
    await long.forget(REF)
    assert keychain.kept == {}


@pytest.mark.parametrize("keychain", [Truncating, Discarding])
async def test_a_keychain_that_cheats_is_found_out(keychain: type[FakeKeychain]) -> None:
    bad = keychain()
    with pytest.raises(VaultUnavailable) as refused:
        await PieceVault(KeychainVault(named(bad, SECRET_SERVICE))).keep(REF, secret(6_000))
    assert refused.value.condition == "not-kept"
    assert not any("xxxxxxx" in kept for kept in bad.kept.values())


async def test_a_keychain_that_does_not_let_go_is_found_out() -> None:
    long = PieceVault(KeychainVault(named(Clinging(), SECRET_SERVICE)))
    await long.keep(REF, secret(100))
    with pytest.raises(VaultUnavailable) as refused:
        await long.forget(REF)
    assert refused.value.condition == "refused"
