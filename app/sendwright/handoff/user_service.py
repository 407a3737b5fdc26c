"""The user's own service manager (systemd on Linux), which starts the backend at every login."""

import asyncio
import os
import shutil
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final

from sendwright.handoff.exchange import failed

UNIT: Final = "sendwright-backend.service"
COMMAND_S: Final = 60.0

_UNIT_FILE: Final = """\
# Written by Sendwright. Its wizard and `systemctl --user disable --now {unit}` take it away again.
[Unit]
Description=Sendwright notification backend
StartLimitIntervalSec=60
StartLimitBurst=5

[Service]
Type=exec
ExecStart={command}
Restart=on-failure
RestartSec=2
TimeoutStopSec=90
UMask=0077
NoNewPrivileges=yes

[Install]
WantedBy=default.target
"""


class UserService:
    """One unit of the user.

    folder: where units of the user lie. available: whether a service manager answers here.
    systemctl: the program.
    """

    def __init__(self, folder: Path, *, available: bool, systemctl: str = "systemctl") -> None:
        self._file = folder / UNIT
        self._systemctl = systemctl
        self.is_available = available

    @classmethod
    def of_this_user(cls, environment: Mapping[str, str] = os.environ) -> "UserService":
        """Return the unit of this user; available where systemd runs for this user (systemd.unit(5))."""
        home = environment.get("XDG_CONFIG_HOME") or str(Path.home() / ".config")
        runtime = environment.get("XDG_RUNTIME_DIR", "")
        runs = bool(runtime) and (Path(runtime) / "systemd" / "private").exists()
        found = shutil.which("systemctl") if sys.platform == "linux" else None
        return cls(
            Path(home) / "systemd" / "user",
            available=runs and found is not None,
            systemctl=found or "systemctl",
        )

    @property
    def is_installed(self) -> bool:
        """Whether the unit was handed over to the service manager."""
        return self.is_available and self._file.exists()

    async def install(self, command: Sequence[str]) -> None:
        """Let `command` run now and at every login. Raises HandoffFailed `backend-not-kept-running`."""
        words = " ".join(quote(word) for word in command)
        try:
            self._file.parent.mkdir(parents=True, exist_ok=True)
            self._file.write_text(_UNIT_FILE.format(unit=UNIT, command=words), encoding="utf-8")
        except OSError as error:
            raise failed("backend-not-kept-running", text=error.strerror or "") from error
        await self._control("daemon-reload")
        await self._control("enable", "--now", UNIT)

    async def start(self) -> None:
        """Start the installed unit. Raises HandoffFailed `backend-not-kept-running`."""
        await self._control("start", UNIT)

    async def uninstall(self) -> None:
        """Stop the unit and take it away; nothing happens where there is none. Raises HandoffFailed."""
        if not self._file.exists():
            return
        try:
            await self._control("disable", "--now", UNIT)
        finally:
            self._file.unlink(missing_ok=True)
        await self._control("daemon-reload")

    async def _control(self, *words: str) -> None:
        try:
            process = await asyncio.create_subprocess_exec(
                self._systemctl,
                "--user",
                *words,
                stdin=asyncio.subprocess.DEVNULL,
                stdout=asyncio.subprocess.DEVNULL,
                stderr=asyncio.subprocess.PIPE,
            )
        except OSError as error:
            raise failed("backend-not-kept-running", text=error.strerror or "") from error
        try:
            _, complaint = await asyncio.wait_for(process.communicate(), COMMAND_S)
        except TimeoutError as error:
            process.kill()
            await process.wait()
            raise failed("backend-not-kept-running") from error
        if process.returncode != 0:
            raise failed("backend-not-kept-running", text=complaint.decode(errors="replace").strip()[:2000])


def quote(word: str) -> str:
    """Return `word` as one argument of ExecStart: quoted, specifiers and variables taken literally."""
    escaped = word.replace("\\", "\\\\").replace('"', '\\"').replace("%", "%%").replace("$", "$$")
    return f'"{escaped}"'
