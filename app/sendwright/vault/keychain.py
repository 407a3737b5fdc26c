"""Keeps secrets in the keychain of the operating system."""

from keyring.backend import KeyringBackend

from sendwright.vault.vault import Secret, SecretRef


class KeychainVault:
    """A vault over a keychain of the system.

    Raises VaultUnavailable (`refused`) for a backend that is none of those that keep secrets safely.
    timeout_s: how long a person may take to answer the keychain's own question.
    """

    def __init__(self, backend: KeyringBackend, *, timeout_s: float = 120.0) -> None:
        self._backend = backend
        self._timeout_s = timeout_s

    @property
    def lasting(self) -> bool:
        """Always: a secret is still there tomorrow."""
        return True

    async def keep(self, ref: SecretRef, secret: Secret) -> None:
        """Store `secret` under `ref` and prove, by reading it back, that it was stored."""
        raise NotImplementedError

    async def fetch(self, ref: SecretRef) -> Secret | None:
        """Return the secret, or None where there is none."""
        raise NotImplementedError

    async def forget(self, ref: SecretRef) -> None:
        """Remove the secret and prove that it is gone; nothing happens where there is none."""
        raise NotImplementedError
