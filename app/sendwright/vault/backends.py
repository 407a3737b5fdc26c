"""Knows which keychains keep secrets safely, and finds the one of this computer."""

import keyring
from keyring.backend import KeyringBackend, by_priority
from keyring.backends import chainer, fail

from sendwright.errors import VaultUnavailable

WINDOWS = "keyring.backends.Windows.WinVaultKeyring"

SAFE_BACKENDS = frozenset(
    {
        "keyring.backends.SecretService.Keyring",
        "keyring.backends.libsecret.Keyring",
        "keyring.backends.kwallet.DBusKeyring",
        "keyring.backends.kwallet.DBusKeyringKWallet4",
        "keyring.backends.macOS.Keyring",
        WINDOWS,
    }
)
"""The classes of the systems' own keychains. All others are refused: some write a file in clear, one discards."""


def class_name(backend: KeyringBackend) -> str:
    """Return the full name of the class; a subclass has another one, so it is not safe by descent."""
    of = type(backend)
    return f"{of.__module__}.{of.__qualname__}"


def require_safe(backend: KeyringBackend) -> KeyringBackend:
    """Return the safe keychain that `backend` is, or the best one behind it. May block: it asks the system.

    Raises VaultUnavailable: `absent` where there is no keychain, `refused` where there is only an unsafe one.
    """
    behind = backend.backends if isinstance(backend, chainer.ChainerBackend) else [backend]
    safe = [one for one in behind if class_name(one) in SAFE_BACKENDS]
    if safe:
        return max(safe, key=by_priority)
    raise VaultUnavailable("absent" if isinstance(backend, fail.Keyring) else "refused")


def system_backend() -> KeyringBackend:
    """Return the keychain that this computer, or the person's own setting of keyring, says is to be used.

    May block. Raises VaultUnavailable as `require_safe` does; a setting that names what is not there is `absent`.
    """
    try:
        found = keyring.get_keyring()
    except Exception as error:
        raise VaultUnavailable("absent") from error  # a setting may name any module, which may fail in any way
    return require_safe(found)
