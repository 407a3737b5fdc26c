"""Chooses the vault of this computer."""

from collections.abc import Callable
from secrets import token_hex

from keyring.backend import KeyringBackend

from sendwright.errors import VaultUnavailable
from sendwright.vault.backends import WINDOWS, class_name, system_backend
from sendwright.vault.keychain import PATIENCE_S, KeychainVault
from sendwright.vault.memory import MemoryVault
from sendwright.vault.patience import in_own_thread
from sendwright.vault.pieces import PieceVault
from sendwright.vault.vault import Secret, SecretRef, Vault

PROBE = "probe"


async def open_vault(
    *, timeout_s: float = PATIENCE_S, find: Callable[[], KeyringBackend] = system_backend
) -> KeychainVault | PieceVault | MemoryVault:
    """Return the keychain when writing, reading and deleting a probe works; else memory with the reason.

    That of Windows takes no more than half a page, so long secrets lie there in pieces.

    timeout_s: seconds that a person may take to unlock the keychain. find: looks for it; may block.
    """
    try:
        backend = await in_own_thread(find, timeout_s=timeout_s)
        vault = KeychainVault(backend, timeout_s=timeout_s)
        await _probe(vault)
    except VaultUnavailable as unavailable:
        return MemoryVault(reason=unavailable.condition)
    except TimeoutError:
        return MemoryVault(reason="locked")
    return PieceVault(vault) if class_name(backend) == WINDOWS else vault


def why_not_lasting(vault: Vault) -> str | None:
    """Return why `vault` is no keychain, a condition of errors.VaultUnavailable; None where it is meant so.

    The words are the texts `vault.conditions.<condition>` and `vault.advice.<condition>`.
    """
    return vault.reason if isinstance(vault, MemoryVault) else None


async def _probe(vault: KeychainVault) -> None:
    ref = SecretRef(PROBE, token_hex(8))
    await vault.keep(ref, Secret(token_hex(16)))
    await vault.forget(ref)
