"""Keeps secrets that are longer than a keychain takes, in pieces: a crash leaves all the old or all the new ones."""

from collections.abc import AsyncIterator
from hashlib import sha256
from typing import Final

import msgspec

from sendwright.errors import VaultUnavailable
from sendwright.vault.vault import Secret, SecretRef, Vault

PIECE: Final = 1_000
"""Letters: Windows takes 2,560 octets of UTF-16 (keychain.WINDOWS_OCTETS), and tokens are longer."""

_TURNS = ("a", "b")
_MOST = 1_000  # pieces; a number that somebody else wrote there is not counted up to


class _Head(msgspec.Struct, frozen=True, forbid_unknown_fields=True, tag="pieces"):
    """What stands in the place of a secret that lies in pieces. digest: of the whole secret."""

    turn: str
    count: int
    digest: str


class PieceVault:
    """A vault over one that refuses long secrets as `not-kept`; what that one takes, it keeps as it is.

    Pieces lie under `<name>.a.<number>`, or `.b.`: the next secret is written beside the one in force, then the entry
    that names them is replaced, then the former pieces go.
    """

    def __init__(self, vault: Vault) -> None:
        self._vault = vault

    @property
    def lasting(self) -> bool:
        """Whether a secret survives the end of the program."""
        return self._vault.lasting

    async def keep(self, ref: SecretRef, secret: Secret) -> None:
        """Store `secret` under `ref` and prove, by reading it back, that it was stored."""
        former = _head(await self._vault.fetch(ref))
        kept = None
        try:
            await self._vault.keep(ref, secret)
        except VaultUnavailable as error:
            if error.condition != "not-kept" or len(secret.reveal()) <= PIECE:
                raise
            kept = await self._keep_pieces(ref, secret, after=former)
        for turn in _TURNS:
            first = kept.count if kept is not None and kept.turn == turn else 0
            await self._forget_pieces(ref, turn, former, first=first)

    async def fetch(self, ref: SecretRef) -> Secret | None:
        """Return the secret, or None where there is none. One that lacks a piece is `not-kept`."""
        found = await self._vault.fetch(ref)
        head = _head(found)
        if head is None:
            return found
        numbers = range(min(head.count, _MOST))
        pieces = [await self._vault.fetch(_piece(ref, head.turn, number)) for number in numbers]
        whole = "".join(piece.reveal() for piece in pieces if piece is not None)
        if _digest(whole) != head.digest:
            raise VaultUnavailable("not-kept")
        return Secret(whole)

    async def forget(self, ref: SecretRef) -> None:
        """Remove the secret and prove that it is gone; nothing happens where there is none."""
        former = _head(await self._vault.fetch(ref))
        await self._vault.forget(ref)
        for turn in _TURNS:
            await self._forget_pieces(ref, turn, former)

    async def _keep_pieces(self, ref: SecretRef, secret: Secret, *, after: _Head | None) -> _Head:
        letters = secret.reveal()
        turn = _TURNS[1] if after is not None and after.turn == _TURNS[0] else _TURNS[0]
        starts = range(0, len(letters), PIECE)
        for number, start in enumerate(starts):
            await self._vault.keep(_piece(ref, turn, number), Secret(letters[start : start + PIECE]))
        head = _Head(turn=turn, count=len(starts), digest=_digest(letters))
        await self._vault.keep(ref, Secret(msgspec.json.encode(head).decode()))
        return head

    async def _forget_pieces(self, ref: SecretRef, turn: str, former: _Head | None, *, first: int = 0) -> None:
        """Forget the pieces from `first` on; from the last one, so that a crash leaves no gap to stop at.

        former: tells how many there were, where somebody else deleted one in between.
        """
        last = max(first, min(former.count, _MOST) if former is not None and former.turn == turn else 0)
        async for number in self._there(ref, turn, first):
            last = max(last, number + 1)
        for number in reversed(range(first, last)):
            await self._vault.forget(_piece(ref, turn, number))

    async def _there(self, ref: SecretRef, turn: str, first: int) -> AsyncIterator[int]:
        number = first
        while await self._vault.fetch(_piece(ref, turn, number)) is not None:
            yield number
            number += 1


def _piece(ref: SecretRef, turn: str, number: int) -> SecretRef:
    return SecretRef(ref.purpose, f"{ref.name}.{turn}.{number}")


def _head(found: Secret | None) -> _Head | None:
    try:
        return None if found is None else msgspec.json.decode(found.reveal(), type=_Head)
    except ValueError:  # msgspec's errors, and half a surrogate pair
        return None


def _digest(letters: str) -> str:
    return sha256(letters.encode(errors="surrogatepass")).hexdigest()
