"""Keeps a secret that is longer than a keychain takes, in pieces: a crash leaves all the old or all the new ones."""

from collections.abc import AsyncIterator
from hashlib import sha256
from typing import Final

import msgspec

from sendwright.errors import VaultUnavailable
from sendwright.secret import Secret
from sendwright.vault.vault import SecretRef, Vault

PIECE: Final = 1_000
"""Letters: Windows takes 2,560 octets of UTF-16 (vault.keychain.WINDOWS_OCTETS), and tokens are longer."""

_NAMES = ("a", "b")
_MOST = 1_000  # pieces; a number that somebody else wrote there is not counted up to


class _Head(msgspec.Struct, frozen=True, forbid_unknown_fields=True, tag="pieces"):
    """What stands in the place of a secret that lies in pieces. digest: of the whole secret."""

    turn: str
    count: int
    digest: str


class LongSecret:
    """One secret of any length in `vault` under `ref`. Every call may raise VaultUnavailable.

    Pieces lie under `<name>.a.<number>`, or `.b.`: the next secret is written beside the one in force, then the entry
    that names them is replaced, then the former pieces go.
    """

    def __init__(self, vault: Vault, ref: SecretRef) -> None:
        self._vault = vault
        self._ref = ref

    async def read(self) -> Secret | None:
        """Return the secret, None where there is none. One that lacks a piece is `not-kept`."""
        found = await self._vault.fetch(self._ref)
        head = _head(found)
        if head is None:
            return found
        pieces = [await self._vault.fetch(self._piece(head.turn, number)) for number in range(min(head.count, _MOST))]
        whole = "".join(piece.reveal() for piece in pieces if piece is not None)
        if None in pieces or _digest(whole) != head.digest:
            raise VaultUnavailable("not-kept")
        return Secret(whole)

    async def write(self, secret: Secret) -> None:
        """Keep `secret` in the place of any other, whole where the keychain takes that."""
        former = _head(await self._vault.fetch(self._ref))
        kept = None
        try:
            await self._vault.keep(self._ref, secret)
        except VaultUnavailable as error:
            if error.condition != "not-kept" or len(secret.reveal()) <= PIECE:
                raise
            kept = await self._write_pieces(secret, after=former)
        for turn in _NAMES:
            await self._forget_pieces(turn, former, first=kept.count if kept is not None and kept.turn == turn else 0)

    async def forget(self) -> None:
        """Remove all of it, and prove that it is gone."""
        former = _head(await self._vault.fetch(self._ref))
        await self._vault.forget(self._ref)
        for turn in _NAMES:
            await self._forget_pieces(turn, former)

    async def _write_pieces(self, secret: Secret, *, after: _Head | None) -> _Head:
        letters = secret.reveal()
        turn = _NAMES[1] if after is not None and after.turn == _NAMES[0] else _NAMES[0]
        starts = range(0, len(letters), PIECE)
        for number, start in enumerate(starts):
            await self._vault.keep(self._piece(turn, number), Secret(letters[start : start + PIECE]))
        head = _Head(turn=turn, count=len(starts), digest=_digest(letters))
        await self._vault.keep(self._ref, Secret(msgspec.json.encode(head).decode()))
        return head

    async def _forget_pieces(self, turn: str, former: _Head | None, *, first: int = 0) -> None:
        """Forget the pieces from `first` on; from the last one, so that a crash leaves no gap to stop at.

        former: tells how many there were, where somebody else deleted one in between.
        """
        last = max(first, min(former.count, _MOST) if former is not None and former.turn == turn else 0)
        async for number in self._there(turn, first):
            last = max(last, number + 1)
        for number in reversed(range(first, last)):
            await self._vault.forget(self._piece(turn, number))

    async def _there(self, turn: str, first: int) -> AsyncIterator[int]:
        number = first
        while await self._vault.fetch(self._piece(turn, number)) is not None:
            yield number
            number += 1

    def _piece(self, turn: str, number: int) -> SecretRef:
        return SecretRef(self._ref.purpose, f"{self._ref.name}.{turn}.{number}")


def _head(found: Secret | None) -> _Head | None:
    try:
        return None if found is None else msgspec.json.decode(found.reveal(), type=_Head)
    except ValueError:  # msgspec's errors, and half a surrogate pair
        return None


def _digest(letters: str) -> str:
    return sha256(letters.encode()).hexdigest()
