"""Runs whole programs in a home of their own and reads what the system says about them."""

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PROGRAMS = Path(__file__).with_name("programs")
SENDWRIGHT = (sys.executable, "-m", "sendwright")
_TICKS_PER_S = os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True, kw_only=True)
class Ran:
    """A program that ended: seconds until then, seconds of processor time, exit code, what it printed."""

    wall_s: float
    cpu_s: float
    code: int
    printed: str


@contextmanager
def own_home() -> Iterator[dict[str, str]]:
    """Give the environment of a person who starts the program for the first time, without display or keychain."""
    with tempfile.TemporaryDirectory(prefix="sendwright-bench-") as folder:
        yield {
            "PATH": os.environ["PATH"],
            "PYTHONPATH": f"{ROOT / 'app'}:{ROOT}",
            "LANG": "C.UTF-8",
            "QT_QPA_PLATFORM": "offscreen",
            **dict.fromkeys(("HOME", "XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_STATE_HOME"), folder),
        }


def run(
    command: Sequence[str], environment: Mapping[str, str], *, given: bytes = b"", codes: tuple[int, ...] = (0,)
) -> Ran:
    """Run a program to its end, `given` on its standard input.

    Raises RuntimeError with its last words when its exit code is not among `codes`.
    """
    with tempfile.TemporaryFile() as stdin, tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err:
        stdin.write(given)
        stdin.seek(0)
        began = time.perf_counter()
        process = subprocess.Popen(command, env=dict(environment), stdin=stdin, stdout=out, stderr=err)
        _, status, used = os.wait4(process.pid, 0)
        wall_s = time.perf_counter() - began
        process.returncode = code = os.waitstatus_to_exitcode(status)
        out.seek(0)
        err.seek(0)
        if code not in codes:
            raise RuntimeError(f"{' '.join(command)} ended with {code}: {err.read()[-2000:].decode(errors='replace')}")
        printed = out.read().decode(errors="replace")
    return Ran(wall_s=wall_s, cpu_s=used.ru_utime + used.ru_stime, code=code, printed=printed)


def cpu_s(pid: int) -> float:
    """Return the seconds of processor time that a running process has used, all its threads together."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / _TICKS_PER_S


def wakeups(pid: int) -> int:
    """Return how often the threads of a process went to sleep of their own accord, and so were woken."""
    count = 0
    for status in Path(f"/proc/{pid}/task").glob("*/status"):
        lines = status.read_text().splitlines()
        count += sum(int(line.split()[1]) for line in lines if line.startswith("voluntary_ctxt_switches"))
    return count


def memory_mb(pid: int) -> float:
    """Return the resident memory of a running process."""
    lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("Rss:")) / 1024
