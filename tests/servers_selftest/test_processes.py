"""Server programs die with their test, whatever they and the test do."""

import os
import select
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from tests.servers.processes import (
    Daemon,
    ServerDiedError,
    retried,
    server_directory,
)

# A program that shrugs at SIGTERM, and starts a child in a session of its own that does the same.
STUBBORN = """\
import os, signal, sys, time
signal.signal(signal.SIGTERM, signal.SIG_IGN)
if os.fork() == 0:
    os.setsid()
    if os.fork():
        os._exit(0)
with open(sys.argv[1], "a") as pids:
    print(os.getpid(), file=pids)
time.sleep(600)
"""

# A test process that starts such a program, tells so, and then waits to be killed.
ABANDONING = f"""\
import sys, time
from pathlib import Path
sys.path.insert(0, {str(Path(__file__).parents[2])!r})
from tests.servers.processes import Daemon
pids, log = Path(sys.argv[1]), Path(sys.argv[2])
with Daemon([sys.executable, "-c", {STUBBORN!r}, pids], log=log, grace=0.1) as daemon:
    daemon.wait_until(lambda: pids.exists() and len(pids.read_text().split()) == 2, what="two processes")
    print(daemon.guardian_id, flush=True)
    time.sleep(600)
"""


def _alive(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    return True


def _stubborn(directory: Path) -> tuple[Daemon, Path]:
    pids = directory / "pids"
    command = [sys.executable, "-c", STUBBORN, str(pids)]
    return Daemon(command, log=directory / "log", grace=0.1), pids


def _two(pids: Path) -> bool:
    return pids.exists() and len(pids.read_text().split()) == 2


def test_a_program_that_ignores_sigterm_and_its_runaway_child_are_killed(tmp_path: Path) -> None:
    daemon, pids = _stubborn(tmp_path)
    with daemon:
        daemon.wait_until(lambda: _two(pids), what="two processes")
        processes = [int(process) for process in pids.read_text().split()]
        assert all(map(_alive, processes))
    assert not any(map(_alive, processes))


def test_everything_is_killed_even_when_the_tests_are_killed(tmp_path: Path) -> None:
    pids = tmp_path / "pids"
    command = [sys.executable, "-c", ABANDONING, str(pids), str(tmp_path / "log")]
    with subprocess.Popen(command, stdout=subprocess.PIPE) as abandoning:
        assert abandoning.stdout is not None
        guardian = os.pidfd_open(int(abandoning.stdout.readline()))
        processes = [int(process) for process in pids.read_text().split()]
        assert len(processes) == 2
        abandoning.send_signal(signal.SIGKILL)
    try:
        _wait_for_end(guardian)
    finally:
        os.close(guardian)
    assert not any(map(_alive, processes))


def _wait_for_end(pidfd: int) -> None:
    assert select.select([pidfd], [], [], 10)[0]


def test_a_program_that_dies_at_once_is_reported_with_what_it_said(tmp_path: Path) -> None:
    command = [sys.executable, "-c", "raise SystemExit('no such option')"]
    with Daemon(command, log=tmp_path / "log") as daemon, pytest.raises(ServerDiedError) as died:
        daemon.wait_until(lambda: False, what="a server")
    assert "no such option" in str(died.value)
    assert "ended with 1" in str(died.value)


def test_a_missing_program_is_reported_like_one_that_died(tmp_path: Path) -> None:
    with Daemon(["/no/such/program"], log=tmp_path / "log") as daemon, pytest.raises(ServerDiedError) as died:
        daemon.wait_until(lambda: False, what="a server")
    assert "/no/such/program" in str(died.value)


def test_a_start_that_dies_is_tried_again_and_given_up_in_the_end() -> None:
    class Start:
        def __init__(self, failures: int) -> None:
            self.failures = failures
            self.tries = 0

        def __enter__(self) -> int:
            self.tries += 1
            if self.tries <= self.failures:
                raise ServerDiedError("port taken")
            return self.tries

        def __exit__(self, *_: object) -> None: ...

    lucky, hopeless = Start(2), Start(9)
    with retried(lambda: lucky) as tries:
        assert tries == 3
    with pytest.raises(ServerDiedError), retried(lambda: hopeless):
        pass
    assert hopeless.tries == 3


def test_a_server_directory_is_open_to_other_users_and_gone_afterwards() -> None:
    with server_directory("selftest") as directory:
        assert directory.stat().st_mode & 0o777 == 0o755
        (directory / "file").write_text("x")
    assert not directory.exists()
