"""What keeps secrets: a reference may be stored and shown, the secret behind it may not."""

from typing import Protocol

import msgspec

from sendwright.secret import Secret

__all__ = ["Secret", "SecretRef", "Vault"]


class SecretRef(msgspec.Struct, frozen=True):
    """The name of a secret in a vault: `purpose` such as `smtp-password`, `name` such as a draft's id."""

    purpose: str
    name: str


class Vault(Protocol):
    """Keeps secrets by reference. Every method may raise errors.VaultUnavailable."""

    @property
    def lasting(self) -> bool:
        """Whether a secret survives the end of the program."""
        ...

    async def keep(self, ref: SecretRef, secret: Secret) -> None:
        """Store `secret` under `ref` and prove, by reading it back, that it was stored."""
        ...

    async def fetch(self, ref: SecretRef) -> Secret | None:
        """Return the secret, or None where there is none."""
        ...

    async def forget(self, ref: SecretRef) -> None:
        """Remove the secret and prove that it is gone; nothing happens where there is none."""
        ...
