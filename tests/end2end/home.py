"""A home of its own for a program under test: its folders, its keychain, its display."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import msgspec
from tests.end2end.part import Part

ROOT = Path(__file__).resolve().parents[2]


@dataclass(frozen=True, kw_only=True)
class Home:
    """Starts programs as one person on one computer."""

    folder: Path
    environment: Mapping[str, str]

    def run(
        self, *words: str, stdin: str = "", timeout: float = 90, **variables: str
    ) -> subprocess.CompletedProcess[str]:
        """Run `sendwright` with `words` to its end."""
        command = (sys.executable, "-m", "sendwright", *words)
        return self._run(command, stdin, timeout, variables)

    def sit_down(self, part: Part, *, timeout: float = 150) -> list[dict[str, str]]:
        """Let a person play `part` at the window; return what she saw, screen by screen."""
        command = (sys.executable, "-m", "tests.end2end.person")
        done = self._run(command, msgspec.json.encode(part).decode(), timeout, {})
        assert done.returncode == 0, done.stderr[-4000:]
        return [json.loads(line) for line in done.stdout.splitlines()]

    def _run(
        self, command: Sequence[str], stdin: str, timeout: float, variables: Mapping[str, str]
    ) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            command,
            input=stdin,
            env={**self.environment, **variables},
            cwd=ROOT,
            capture_output=True,
            text=True,
            timeout=timeout,
            check=False,
        )

    @property
    def data(self) -> Path:
        """The backend's folder."""
        return self.folder / ".local" / "share" / "sendwright" / "backend"

    def stop_backend(self) -> None:
        """End the backend that was started from this home."""
        try:
            pid = json.loads((self.data / "backend.json").read_text())["pid"]
        except (OSError, KeyError, ValueError):
            return
        try:
            os.kill(pid, 15)
        except ProcessLookupError:
            return


@contextmanager
def home(folder: Path, keychain: Mapping[str, str], display: Mapping[str, str]) -> Iterator[Home]:
    """Make a home in `folder`; what was started in it is ended with it."""
    environment = {
        "PATH": os.environ["PATH"],
        "PYTHONPATH": f"{ROOT / 'app'}:{ROOT}",
        "LANG": "C.UTF-8",
        **keychain,
        **display,
        "HOME": str(folder),
        "XDG_CONFIG_HOME": str(folder / ".config"),
        "XDG_DATA_HOME": str(folder / ".local" / "share"),
        "XDG_STATE_HOME": str(folder / ".local" / "state"),
        "XDG_CACHE_HOME": str(folder / ".cache"),
    }
    made = Home(folder=folder, environment=environment)
    try:
        yield made
    finally:
        made.stop_backend()
