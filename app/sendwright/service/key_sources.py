"""Where the key-encryption key is kept: an environment variable, a file of its owner, or the keychain."""

import os
import stat
from base64 import b64decode, b64encode
from binascii import Error as Base64Error
from collections.abc import Awaitable, Callable, Mapping
from pathlib import Path
from typing import Final, Protocol

from sendwright.errors import VaultUnavailable
from sendwright.secret import Secret
from sendwright.service.envelope import KEY_BYTES
from sendwright.service.refusal import StartRefused
from sendwright.storage import write_atomically
from sendwright.vault.vault import SecretRef, Vault

VARIABLE: Final = "SENDWRIGHT_KEY"


class KeySource(Protocol):
    """A place that may hold the key. name: as the database remembers it; where: as people know it."""

    @property
    def name(self) -> str:
        """`environment`, `file` or `keychain`."""
        ...

    @property
    def where(self) -> str:
        """The variable, the path, or the name of the entry."""
        ...

    async def fetch(self) -> bytes | None:
        """Return the key, None where there is none. Raises StartRefused for one that cannot be used."""
        ...

    async def keep(self, key: bytes) -> None:
        """Store a new key. Raises StartRefused."""
        ...


class EnvironmentKey:
    """The variable SENDWRIGHT_KEY: 32 bytes in base64."""

    name = "environment"
    where = VARIABLE

    def __init__(self, environment: Mapping[str, str]) -> None:
        self._value = environment.get(VARIABLE)

    async def fetch(self) -> bytes | None:
        """Return the key of the variable."""
        return None if self._value is None else decode_key(self._value, where=VARIABLE)

    async def keep(self, key: bytes) -> None:
        """Refuse: whoever started the program owns its environment."""
        del key
        raise StartRefused("key-missing", where=VARIABLE)


class FileKey:
    """A file that only its owner may read; where there are no POSIX modes, the folder decides."""

    name = "file"

    def __init__(self, file: Path) -> None:
        self._file = file
        self.where = str(file)

    async def fetch(self) -> bytes | None:
        """Return the key in the file; one that others may read counts as known to them and is refused."""
        try:
            with self._file.open(encoding="ascii", errors="replace") as file:
                mode = os.fstat(file.fileno()).st_mode
                if os.name == "posix" and mode & (stat.S_IRWXG | stat.S_IRWXO):
                    raise StartRefused("key-readable-by-others", where=self.where)
                return decode_key(file.read(), where=self.where)
        except FileNotFoundError:
            return None
        except OSError as error:
            reason = os.strerror(error.errno or 0)
            raise StartRefused("key-unreadable", where=self.where, reason=reason) from error

    async def keep(self, key: bytes) -> None:
        """Write the file, complete or not at all."""
        try:
            write_atomically(self._file, encode_key(key).encode() + b"\n")
        except OSError as error:
            reason = os.strerror(error.errno or 0)
            raise StartRefused("key-unreadable", where=self.where, reason=reason) from error


class KeychainKey:
    """The keychain of the user who runs the backend."""

    name = "keychain"

    def __init__(self, vault: Callable[[], Awaitable[Vault]], *, entry: str) -> None:
        self._vault = vault
        self._ref = SecretRef("backend-key", entry)
        self.where = f"backend-key/{entry}"

    async def fetch(self) -> bytes | None:
        """Return the key in the keychain."""
        try:
            secret = await (await self._vault()).fetch(self._ref)
        except VaultUnavailable as error:
            raise StartRefused("keychain-unavailable", condition=error.condition) from error
        return None if secret is None else decode_key(secret.reveal(), where=self.where)

    async def keep(self, key: bytes) -> None:
        """Store the key; a keychain that forgets at the end of the session is no place for it."""
        try:
            vault = await self._vault()
            if not vault.lasting:
                raise StartRefused("keychain-unavailable", condition="absent")
            await vault.keep(self._ref, Secret(encode_key(key)))
        except VaultUnavailable as error:
            raise StartRefused("keychain-unavailable", condition=error.condition) from error


def encode_key(key: bytes) -> str:
    """Return the text form of a key."""
    return b64encode(key).decode()


def decode_key(text: str, *, where: str) -> bytes:
    """Return the key of its text form. Raises StartRefused `key-malformed`; the text stays out of it."""
    try:
        key = b64decode(text.strip(), altchars=b"-_" if set(text) & set("-_") else None, validate=True)
    except (Base64Error, ValueError):
        key = b""
    if len(key) != KEY_BYTES:
        raise StartRefused("key-malformed", where=where)
    return key
