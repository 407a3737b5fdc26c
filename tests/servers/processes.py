"""Server programs as own processes, ready when the test starts and surely dead when it ends."""

import contextlib
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Self, TypeVar

GUARDIAN = Path(__file__).with_name("guardian.py")
START_TIMEOUT = 20.0
POLL = 0.01
LOG_TAIL = 6_000
ATTEMPTS = 3

Server = TypeVar("Server")


class ServerFailedError(RuntimeError):
    """A server program did not come up; the text holds the end of its log."""


class ServerDiedError(ServerFailedError):
    """A server program ended while it was starting."""


@contextlib.contextmanager
def server_directory(name: str) -> Iterator[Path]:
    """Give a fresh directory that the daemons' own users can enter (pytest's tmp_path is closed to them)."""
    directory = Path(tempfile.mkdtemp(prefix=f"sendwright-{name}-"))
    directory.chmod(0o755)
    try:
        yield directory
    finally:
        shutil.rmtree(directory, ignore_errors=True)


class Daemon:
    """One server program under a guardian, its output in `log`; a context manager."""

    def __init__(
        self,
        command: Sequence[str | Path],
        *,
        log: Path,
        environment: Mapping[str, str] | None = None,
        input_file: Path = Path(os.devnull),
        grace: float = 2.0,
    ) -> None:
        self.command = [str(word) for word in command]
        self.log = log
        self._environment = environment
        self._input_file = input_file
        self._grace = grace
        self._guardian: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> Self:
        guard = [sys.executable, "-I", str(GUARDIAN), str(self._grace), str(self._input_file)]
        with self.log.open("ab") as output:
            self._guardian = subprocess.Popen(
                [*guard, *self.command],
                stdin=subprocess.PIPE,
                stdout=output,
                stderr=subprocess.STDOUT,
                env=None if self._environment is None else dict(self._environment),
                start_new_session=True,
            )
        return self

    def __exit__(self, *_: object) -> None:
        if self._guardian is not None and self._guardian.stdin is not None:
            self._guardian.stdin.close()
            self._guardian.wait(timeout=self._grace + 10)

    @property
    def guardian_id(self) -> int:
        """Process id of the guardian: the parent of the program."""
        if self._guardian is None:
            raise ServerFailedError(f"{self.command[0]} was never started")
        return self._guardian.pid

    def wait_until(self, ready: Callable[[], bool], *, what: str) -> None:
        """Wait until `ready()`; raises ServerFailedError with the log when it dies or is late."""
        deadline = time.monotonic() + START_TIMEOUT
        while not ready():
            code = None if self._guardian is None else self._guardian.poll()
            if code is not None:
                raise ServerDiedError(f"{what}: {self.command[0]} ended with {code}\n{self.log_text()}")
            if time.monotonic() > deadline:
                raise ServerFailedError(f"{what}: {self.command[0]} is not ready\n{self.log_text()}")
            time.sleep(POLL)

    def log_text(self) -> str:
        """Give the end of what the program printed."""
        return tail(self.log)


@contextlib.contextmanager
def retried(start: Callable[[], contextlib.AbstractContextManager[Server]]) -> Iterator[Server]:
    """Enter `start()`, again when the program died: a port found free may have been taken meanwhile."""
    with contextlib.ExitStack() as stack:
        for remaining in reversed(range(ATTEMPTS)):
            try:
                server = stack.enter_context(start())
            except ServerDiedError:
                if not remaining:
                    raise
            else:
                break
        yield server


def tail(log: Path) -> str:
    """Give the end of a log file, or nothing where there is none."""
    return log.read_text(errors="replace")[-LOG_TAIL:] if log.exists() else ""


def accepts(host: str, port: int) -> bool:
    """Whether something accepts TCP connections there."""
    try:
        socket.create_connection((host, port), timeout=1).close()
    except OSError:
        return False
    return True
