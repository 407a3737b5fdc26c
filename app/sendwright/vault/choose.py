"""Chooses the vault of this computer."""

from sendwright.vault.keychain import KeychainVault
from sendwright.vault.memory import MemoryVault
from sendwright.vault.vault import Vault


async def open_vault(*, timeout_s: float = 120.0) -> KeychainVault | MemoryVault:
    """Return the keychain when it works, proven by writing, reading and deleting a probe; else memory with
    the reason."""
    raise NotImplementedError


def why_not_lasting(vault: Vault) -> str | None:
    """Return why `vault` forgets at the end of the program, a condition of errors.VaultUnavailable; None when
    it does not."""
    return vault.reason if isinstance(vault, MemoryVault) else None
