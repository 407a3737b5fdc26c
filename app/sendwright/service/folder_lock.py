"""One backend for one data folder: two would send the same notification twice."""

import os
from types import TracebackType

from filelock import FileLock, Timeout

from sendwright.handoff.runtime_file import read_runtime_file
from sendwright.service.refusal import StartRefused
from sendwright.service.settings import DataFolder


class FolderLock:
    """Holds the folder inside a `with`; the system lets go of it when the process dies, however it dies."""

    def __init__(self, folder: DataFolder) -> None:
        self._folder = folder
        self._lock = FileLock(folder.lock, timeout=0, mode=0o600)

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
