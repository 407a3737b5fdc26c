"""Chooses the vault of this computer."""

from sendwright.vault.keychain import KeychainVault
from sendwright.vault.memory import MemoryVault
from sendwright.vault.vault import Vault


async def open_vault(*, timeout_s: float = 120.0) -> KeychainVault | MemoryVault:
    """Return the keychain when writing, reading and deleting a probe works; else memory with the reason."""
    raise NotImplementedError


def why_not_lasting(vault: Vault) -> str | None:
    """Return why `vault` is no keychain, a condition of errors.VaultUnavailable; None where it is meant so."""
    return vault.reason if isinstance(vault, MemoryVault) else None
