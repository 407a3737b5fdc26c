"""Keeps the password of the mail server in the vault."""

import secrets
from collections.abc import Iterator
from contextlib import contextmanager

from sendwright.errors import VaultUnavailable
from sendwright.problems.classify import classify
from sendwright.problems.evidence import Evidence, System
from sendwright.screens import Halted
from sendwright.vault.vault import Secret, SecretRef, Vault

PURPOSE = "smtp-password"


async def keep_password(vault: Vault, known: SecretRef | None, password: Secret) -> SecretRef:
    """Store `password` in place of the `known` one. Raises screens.Halted where the vault cannot be used."""
    ref = known or SecretRef(PURPOSE, secrets.token_hex(8))
    with _stopping():
        await vault.keep(ref, password)
    return ref


async def fetch_password(vault: Vault, ref: SecretRef) -> Secret | None:
    """Return the password, None where it is gone. Raises screens.Halted where the vault cannot be used."""
    with _stopping():
        return await vault.fetch(ref)


@contextmanager
def _stopping() -> Iterator[None]:
    try:
        yield
    except VaultUnavailable as unavailable:
        evidence = Evidence(stage="keychain", system=System.KEYCHAIN, condition=unavailable.condition)
        raise Halted(classify(evidence)) from unavailable
