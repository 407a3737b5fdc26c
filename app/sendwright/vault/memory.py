"""Keeps secrets until the program ends."""

from sendwright.vault.vault import Secret, SecretRef


class MemoryVault:
    """A vault in memory.

    reason: why it is no keychain, a condition of errors.VaultUnavailable; None where it is meant so.
    """

    def __init__(self, *, reason: str | None = None) -> None:
        self.reason = reason
        self._kept: dict[SecretRef, Secret] = {}

    @property
    def lasting(self) -> bool:
        """Never: a secret ends with the program."""
        return False

    async def keep(self, ref: SecretRef, secret: Secret) -> None:
        """Store `secret` under `ref`."""
        self._kept[ref] = secret

    async def fetch(self, ref: SecretRef) -> Secret | None:
        """Return the secret, or None where there is none."""
        return self._kept.get(ref)

    async def forget(self, ref: SecretRef) -> None:
        """Remove the secret; nothing happens where there is none."""
        self._kept.pop(ref, None)
