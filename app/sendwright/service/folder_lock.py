"""One backend for one data folder and one database: two would send the same notification twice."""

import os
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path
from types import TracebackType

from filelock import FileLock, Timeout
from sqlalchemy.engine import make_url

from sendwright.handoff.runtime_file import read_runtime_file
from sendwright.service.refusal import StartRefused
from sendwright.service.settings import DataFolder


class FolderLock:
    """Holds the folder inside a `with`; the system lets go of it when the process dies, however it dies.

    file: another file to hold instead, such as the one beside a database that lies elsewhere.
    """

    def __init__(self, folder: DataFolder, *, file: Path | None = None) -> None:
        self._folder = folder
        self._lock = FileLock(file or folder.lock, timeout=0, mode=0o600)

    def __enter__(self) -> None:
        if not self._acquire():
            running = read_runtime_file(self._folder.path)
            where = running.url if running else str(self._folder.path)
            raise StartRefused("already-running", data=str(self._folder.path), where=where)

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._lock.release()

    @classmethod
    def is_held(cls, folder: DataFolder) -> bool:
        """Tell whether a backend serves from `folder` now."""
        if not folder.lock.exists():
            return False
        lock = cls(folder)
        if not lock._acquire():
            return True
        lock._lock.release()
        return False

    def _acquire(self) -> bool:
        try:
            self._lock.acquire()
        except Timeout:
            return False
        except OSError as error:
            reason = os.strerror(error.errno or 0)
            raise StartRefused("data-folder-unusable", path=str(self._folder.path), reason=reason) from error
        return True


def database_lock(folder: DataFolder, url: str) -> AbstractContextManager[None]:
    """Return what holds the database at `url` inside a `with`: a file beside it, where it is a file itself."""
    parsed = make_url(url)
    if parsed.get_backend_name() != "sqlite" or not parsed.database:
        return nullcontext()
    return FolderLock(folder, file=Path(f"{parsed.database}.lock"))
