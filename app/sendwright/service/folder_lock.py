"""One backend for one data folder: two would send the same notification twice."""

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
        try:
            self._lock.acquire()
        except Timeout as error:
            running = read_runtime_file(self._folder.path)
            where = running.url if running else str(self._folder.path)
            raise StartRefused("already-running", data=str(self._folder.path), where=where) from error

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._lock.release()

    @staticmethod
    def is_held(folder: DataFolder) -> bool:
        """Tell whether a backend serves from `folder` now."""
        if not folder.lock.exists():
            return False
        lock = FileLock(folder.lock, timeout=0, mode=0o600)
        try:
            lock.acquire()
        except Timeout:
            return True
        lock.release()
        return False
