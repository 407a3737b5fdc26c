"""Remembers which notification backend this computer is enrolled with; the token itself is in the vault."""

from pathlib import Path

import msgspec

from sendwright.handoff.backend import BackendAddress
from sendwright.storage import write_atomically
from sendwright.vault.vault import SecretRef

SCHEMA = "sendwright.backend/1"


class KnownBackend(msgspec.Struct, frozen=True, kw_only=True):
    """A backend that gave this computer a token. organisation: its name, for people."""

    address: BackendAddress
    organisation: str
    token: SecretRef
    on_this_computer: bool = False
    schema: str = SCHEMA


class KnownBackends:
    """The file in the configuration folder that names the backend in use."""

    def __init__(self, folder: Path) -> None:
        self._file = folder / "backend.json"

    def current(self) -> KnownBackend | None:
        """Return the backend in use; None where there is none or the file cannot be read as one."""
        try:
            found = msgspec.json.decode(self._file.read_bytes(), type=KnownBackend)
        except (OSError, msgspec.MsgspecError):
            return None
        return found if found.schema == SCHEMA else None

    def remember(self, known: KnownBackend) -> None:
        """Make `known` the backend in use."""
        write_atomically(self._file, msgspec.json.format(msgspec.json.encode(known), indent=2))

    def forget(self) -> None:
        """Use none."""
        self._file.unlink(missing_ok=True)
