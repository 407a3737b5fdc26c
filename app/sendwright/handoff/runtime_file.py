"""The file that says where the running backend of this computer listens; trusted only after asking there."""

from datetime import datetime
from pathlib import Path
from typing import Final

import msgspec

from sendwright.storage import write_atomically

NAME: Final = "backend.json"
SCHEMA: Final = "sendwright.running-backend/1"


class RunningBackend(msgspec.Struct, frozen=True, kw_only=True):
    """url: where it listens. pid: its process. instance: what `/healthz` of this very run answers."""

    url: str
    pid: int
    instance: str
    started_at: datetime
    schema: str = SCHEMA


def write_runtime_file(folder: Path, running: RunningBackend) -> None:
    """Say where the backend of the data folder `folder` listens."""
    write_atomically(folder / NAME, msgspec.json.format(msgspec.json.encode(running), indent=2))


def read_runtime_file(folder: Path) -> RunningBackend | None:
    """Return what the file says, None where there is none that can be read as one."""
    try:
        found = msgspec.json.decode((folder / NAME).read_bytes(), type=RunningBackend)
    except (OSError, msgspec.MsgspecError):
        return None
    return found if found.schema == SCHEMA else None


def remove_runtime_file(folder: Path, *, instance: str) -> None:
    """Remove the file when it is still the one of this run."""
    running = read_runtime_file(folder)
    if running is not None and running.instance == instance:
        (folder / NAME).unlink(missing_ok=True)
