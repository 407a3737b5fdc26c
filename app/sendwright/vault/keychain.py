"""Keeps secrets in the keychain of the operating system."""

from collections.abc import Callable
from contextlib import suppress
from typing import TypeVar
from urllib.parse import quote

from keyring.backend import KeyringBackend
from keyring.errors import KeyringLocked, PasswordDeleteError

from sendwright.errors import VaultUnavailable
from sendwright.vault.backends import WINDOWS, class_name, require_safe
from sendwright.vault.patience import in_own_thread
from sendwright.vault.vault import Secret, SecretRef

PATIENCE_S = 120.0
"""Seconds that a person may take to answer the keychain's own question."""

WINDOWS_OCTETS = 5 * 512
"""CRED_MAX_CREDENTIAL_BLOB_SIZE of wincred.h; keyring writes UTF-16."""

# Never empty, and the same for all: with a second user under one service, keyring renames the first on Windows.
_USER = "sendwright"
_ATTEMPTS = 8  # a Secret Service may hold several items of one name, and keyring deletes one at a time
_LOCKED = frozenset({"LockedException", "PromptDismissedException"})  # secretstorage's, which exists on Linux only

T = TypeVar("T")


class KeychainVault:
    """A vault over a keychain of the system; every call runs in a thread of its own.

    backend: what keyring found; one that is not among vault.backends.SAFE_BACKENDS is refused by every call. Every
    call raises VaultUnavailable: `locked` also when nobody answers within `timeout_s` seconds, `not-kept` also when
    the secret is longer than the keychain takes, `refused` also when a deleted secret is still there.
    """

    def __init__(self, backend: KeyringBackend, *, timeout_s: float = PATIENCE_S) -> None:
        self._given = backend
        self._timeout_s = timeout_s

    @property
    def lasting(self) -> bool:
        """Always: a secret is still there tomorrow."""
        return True

    async def keep(self, ref: SecretRef, secret: Secret) -> None:
        """Store `secret` under `ref` and prove, by reading it back, that it was stored."""

        def work() -> None:
            backend = require_safe(self._given)
            if class_name(backend) == WINDOWS:
                if len(secret.reveal().encode("utf-16-le")) > WINDOWS_OCTETS:
                    raise VaultUnavailable("not-kept")
                _remove(backend, ref)  # or keyring would keep the former value beside the new one
            _write(backend, ref, secret)

        await self._do(work)

    async def fetch(self, ref: SecretRef) -> Secret | None:
        """Return the secret, or None where there is none."""
        value = await self._do(lambda: require_safe(self._given).get_password(_service(ref), _USER))
        return None if value is None else Secret(value)

    async def forget(self, ref: SecretRef) -> None:
        """Remove the secret and prove that it is gone; nothing happens where there is none."""
        await self._do(lambda: _remove(require_safe(self._given), ref))

    async def _do(self, work: Callable[[], T]) -> T:
        try:
            return await in_own_thread(work, timeout_s=self._timeout_s)
        except VaultUnavailable:
            raise
        except Exception as error:  # noqa: BLE001 - keychains raise what their system raises, not only keyring's
            condition = _condition(error)
        raise VaultUnavailable(condition)  # outside of the handler: what failed may quote the secret


def _service(ref: SecretRef) -> str:
    return f"Sendwright/{quote(ref.purpose, safe='')}/{quote(ref.name, safe='')}"


def _write(backend: KeyringBackend, ref: SecretRef, secret: Secret) -> None:
    service = _service(ref)
    backend.set_password(service, _USER, secret.reveal())
    if backend.get_password(service, _USER) == secret.reveal():
        return
    with suppress(Exception):
        _remove(backend, ref)  # half a secret is of no use, and still a secret
    raise VaultUnavailable("not-kept")


def _remove(backend: KeyringBackend, ref: SecretRef) -> None:
    service = _service(ref)
    for _ in range(_ATTEMPTS):
        if backend.get_password(service, _USER) is None:
            return
        with suppress(PasswordDeleteError):  # somebody else was faster, or the next look says that it is still there
            backend.delete_password(service, _USER)
    raise VaultUnavailable("refused")


def _condition(error: Exception) -> str:
    names = {of.__name__ for of in type(error).__mro__}
    if isinstance(error, KeyringLocked | TimeoutError) or names & _LOCKED:
        return "locked"
    if "PasswordSetError" in names or isinstance(error, UnicodeError):
        return "not-kept"
    return "absent"
