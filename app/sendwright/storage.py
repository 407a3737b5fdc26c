"""Where the program keeps its files, and how it writes them so that a crash leaves the old or the new one."""

import getpass
import os
import tempfile
from dataclasses import dataclass
from pathlib import Path

import platformdirs


@dataclass(frozen=True, kw_only=True)
class Folders:
    """Folders of one person on one computer.

    configuration: small files of the person. data: the backend of this computer. log: logs of this program. locks: by
    which programs that are open at the same time keep out of each other's way.
    """

    configuration: Path
    data: Path
    log: Path
    locks: Path


def folders() -> Folders:
    """Return the folders of this person on this computer; on Linux those of the XDG base directory specification."""
    found = platformdirs.PlatformDirs("sendwright", appauthor=False)
    return Folders(
        configuration=Path(found.user_config_dir),
        data=Path(found.user_data_dir) / "backend",
        log=Path(found.user_log_dir),
        locks=Path(found.user_state_dir) / "locks",
    )


def person() -> str:
    """Return whose folders these are: the name of the account, `unknown` where the system has none for it."""
    try:
        return getpass.getuser()
    except (KeyError, OSError):  # no such user id on this system, and no variable that names one
        return "unknown"


def write_atomically(file: Path, content: bytes) -> None:
    """Write `content` to `file`, readable by this person only, complete or not at all."""
    file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=file.parent, prefix=f".{file.name}.")
    temporary = Path(name)
    try:
        with os.fdopen(handle, "wb") as out:
            out.write(content)
            out.flush()
            os.fsync(out.fileno())
        temporary.replace(file)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise
