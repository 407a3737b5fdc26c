"""Vaults that are short of room, fail at a chosen moment, or take their time."""

import asyncio

from sendwright.errors import VaultUnavailable
from sendwright.secret import Secret
from sendwright.vault.vault import SecretRef


class PlainVault:
    """A vault in memory. limit: letters that one entry takes. calls: what was done, in order."""

    def __init__(self, *, limit: int = 10**9) -> None:
        self.limit = limit
        self.kept: dict[SecretRef, Secret] = {}
        self.calls: list[str] = []
        self.condition: str | None = None
        self.fails_at: int | None = None

    @property
    def lasting(self) -> bool:
        return True

    async def keep(self, ref: SecretRef, secret: Secret) -> None:
        await self._do("keep", ref)
        if len(secret.reveal()) > self.limit:
            raise VaultUnavailable("not-kept")
        self.kept[ref] = secret

    async def fetch(self, ref: SecretRef) -> Secret | None:
        await self._do("fetch", ref)
        return self.kept.get(ref)

    async def forget(self, ref: SecretRef) -> None:
        await self._do("forget", ref)
        self.kept.pop(ref, None)

    @property
    def names(self) -> set[str]:
        return {ref.name for ref in self.kept}

    def holds(self, secret: Secret | str) -> bool:
        """Whether any entry has `secret` in it."""
        letters = secret if isinstance(secret, str) else secret.reveal()
        return any(letters in kept.reveal() for kept in self.kept.values())

    def refuse(self, *verbs: str, condition: str = "locked") -> None:
        """Let these calls fail from now on; none: let all of them work again."""
        self.condition = condition if verbs else None
        self._refused = frozenset(verbs)

    async def _do(self, verb: str, ref: SecretRef) -> None:
        self.calls.append(f"{verb} {ref.name}")
        await asyncio.sleep(0)
        if self.fails_at is not None and len(self.calls) > self.fails_at:
            raise VaultUnavailable("absent")
        if self.condition is not None and verb in self._refused:
            raise VaultUnavailable(self.condition)
