"""The notification backend of this computer: found where it runs, started where it does not, and living on."""

import asyncio
import os
import signal
import subprocess
import sys
from collections.abc import Awaitable, Callable, Sequence
from pathlib import Path
from typing import BinaryIO, Final

import httpx
import msgspec

from sendwright.handoff.backend import BackendAddress
from sendwright.handoff.exchange import failed
from sendwright.handoff.runtime_file import RunningBackend, read_runtime_file
from sendwright.handoff.user_service import UserService
from sendwright.handoff.wire import API_VERSION, Health
from sendwright.secret import Secret
from sendwright.texts import language

LOG_NAME: Final = "serve.log"
LARGEST_LOG: Final = 1024 * 1024
POLL_S: Final = 0.1
ASK_S: Final = 2.0
LAST_CHANCE_S: Final = 3.0
CODE_S: Final = 60.0
MOST_WORDS: Final = 2_000


def own_program() -> tuple[str, ...]:
    """Return the words that start this very program again, installed or bundled."""
    if getattr(sys, "frozen", False):
        return (sys.executable,)
    return (sys.executable, "-m", "sendwright")


class LocalBackendProcess:
    """handoff.backend.LocalBackend over a process of its own, in its own session: it outlives the wizard.

    data: its folder. program: starts this program. service: the user's service manager. ready_s: seconds that it
    may take to start.
    """

    def __init__(
        self,
        data: Path,
        *,
        program: Sequence[str] | None = None,
        service: UserService | None = None,
        ready_s: float = 60.0,
        pause: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self._data = data
        self._program = tuple(program or own_program())
        self._service = service or UserService.of_this_user()
        self._ready_s = ready_s
        self._pause = pause
        self._log = _Log(data / LOG_NAME)
        self._process: subprocess.Popen[bytes] | None = None

    async def start(self) -> BackendAddress:
        """Return the address of the running backend, starting it first where none answers.

        Raises HandoffFailed `backend-not-started`, with the reason it gave, or `backend-version-unsupported`.
        """
        running = await self._find()
        if running is None:
            if self._service.is_installed:
                await self._service.start()
                running = await self._wait(None)
            else:
                self._process = self._spawn()
                running = await self._wait(self._process)
        return BackendAddress(url=running.url)

    async def connection_code(self, *, passing: bool = False) -> Secret:
        """Return a fresh one-time connection code; whoever may read the data folder may have one."""
        process = await asyncio.create_subprocess_exec(
            *self._program,
            "connection-code",
            *(("--passing",) if passing else ()),
            "--data",
            str(self._data),
            stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
            env=_environment(),
        )
        try:
            out, complaint = await asyncio.wait_for(process.communicate(), CODE_S)
        except TimeoutError as error:
            process.kill()
            await process.wait()
            raise failed("backend-not-started") from error
        if process.returncode != 0:
            raise failed("backend-not-started", text=_last_words(complaint))
        return Secret(out.decode().strip())

    async def stop(self) -> None:
        """End the backend where it runs; its last act is to take its runtime file away."""
        running = await self._find()
        process, self._process = self._process, None
        if process is not None:
            process.terminate()  # does nothing to one that has ended
            await asyncio.to_thread(process.wait, self._ready_s)
        if running is not None and (process is None or process.pid != running.pid):
            await self._stop(running)

    @property
    def can_be_kept_running(self) -> bool:
        """Whether the user has a service manager (systemd) that can start it at every login."""
        return self._service.is_available

    async def keep_running(self) -> None:
        """Hand the backend over to the service manager, now and at every login; undone where that fails."""
        running = await self._find()
        if running is not None and not self._service.is_installed:
            await self.stop()
        command = (*self._program, "serve", "--data", str(self._data))
        try:
            await self._service.install(command)
            await self._wait(None)
        except BaseException:
            await self._service.uninstall()
            await self.start()
            raise

    async def stop_keeping_running(self) -> None:
        """Take the backend away from the service manager; it ends and does not come back by itself."""
        await self._service.uninstall()

    async def _find(self) -> RunningBackend | None:
        """Return the backend that the runtime file names, once it has answered itself."""
        running = read_runtime_file(self._data)
        if running is None:
            return None
        try:
            async with httpx.AsyncClient(timeout=ASK_S, trust_env=False) as client:
                answer = await client.get(f"{running.url}/healthz")
            health = msgspec.json.decode(answer.content, type=Health)
        except (httpx.HTTPError, httpx.InvalidURL, msgspec.MsgspecError):
            return None
        if health.instance != running.instance:
            return None
        if health.api_version != API_VERSION:
            raise failed("backend-version-unsupported")
        return running

    async def _wait(self, process: subprocess.Popen[bytes] | None) -> RunningBackend:
        """Wait until it answers; one that ended may have found another wizard's backend just starting."""
        loop = asyncio.get_running_loop()
        until = loop.time() + self._ready_s
        ended = False
        while loop.time() < until:
            running = await self._find()
            if running is not None:
                return running
            if process is not None and not ended and process.poll() is not None:
                ended, until = True, min(until, loop.time() + LAST_CHANCE_S)
            await self._pause(POLL_S)
        raise failed("backend-not-started", text=self._log.words())

    def _spawn(self) -> subprocess.Popen[bytes]:
        try:
            self._data.mkdir(mode=0o700, parents=True, exist_ok=True)
            self._log.begin()
            if self._process is not None:
                self._process.poll()  # one that ended unseen is taken note of before it is forgotten
            with self._log.open() as log:
                return subprocess.Popen(  # noqa: S603 - our own program
                    (*self._program, "serve", "--data", str(self._data)),
                    stdin=subprocess.DEVNULL,
                    stdout=log,
                    stderr=log,
                    cwd=self._data,
                    env=_environment(),
                    start_new_session=True,
                    creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
                )
        except OSError as error:
            raise failed("backend-not-started", text=error.strerror or "") from error

    async def _stop(self, running: RunningBackend) -> None:
        """Ask the backend, which answered just now, to end; its last act is to take the runtime file away."""
        os.kill(running.pid, signal.SIGTERM)
        loop = asyncio.get_running_loop()
        until = loop.time() + self._ready_s
        while read_runtime_file(self._data) is not None:
            if loop.time() > until:
                raise failed("backend-not-started")
            await self._pause(POLL_S)
        until = loop.time() + LAST_CHANCE_S
        while _exists(running.pid) and loop.time() < until:  # it lets go of the folder a moment later
            await self._pause(POLL_S)


class _Log:
    """What the started backend writes: kept, but not without end."""

    def __init__(self, file: Path) -> None:
        self._file = file
        self._began = 0

    def begin(self) -> None:
        """Remember where the words of the next process start."""
        self._began = self._file.stat().st_size if self._file.exists() else 0
        if self._began > LARGEST_LOG:
            self._file.replace(self._file.with_suffix(".log.1"))
            self._began = 0

    def open(self) -> BinaryIO:
        """Open it for appending, readable by this user alone."""
        handle = os.open(self._file, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
        return os.fdopen(handle, "ab")

    def words(self) -> str:
        """Return what the last process said to people: lines that are no JSON."""
        try:
            with self._file.open("rb") as file:
                file.seek(self._began)
                lines = file.read(LARGEST_LOG).decode(errors="replace").splitlines()
        except OSError:
            return ""
        return "\n".join(line for line in lines if line and not line.startswith("{"))[-MOST_WORDS:]


def _exists(pid: int) -> bool:
    if os.name != "posix":
        return False  # there, 0 is no question but a key press: CTRL_C_EVENT
    try:
        os.kill(pid, 0)
    except OSError:
        return False
    return True


def _environment() -> dict[str, str]:
    """Let the other process speak the language of this one."""
    return {**os.environ, "SENDWRIGHT_LANGUAGE": language()}


def _last_words(complaint: bytes) -> str:
    return complaint.decode(errors="replace").strip()[-MOST_WORDS:]
