"""Runs one program and kills it, and everything that descends from it, when standard input closes.

Run as a script by processes.Daemon: `guardian.py GRACE_SECONDS INPUT_FILE PROGRAM [ARGUMENT…]`. Standard
input is a pipe held by the test process, so servers end even when the tests are killed with -9. Linux only.
"""

import ctypes
import os
import select
import signal
import subprocess
import sys
from pathlib import Path

PR_SET_CHILD_SUBREAPER = 36  # <linux/prctl.h>: orphaned descendants become our children instead of init's


def children() -> list[int]:
    """Process ids of the direct children, zombies included."""
    found = []
    for status in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = status.read_text().rpartition(")")[2].split()
        except (FileNotFoundError, ProcessLookupError):
            continue
        if int(fields[1]) == os.getpid():
            found.append(int(status.parent.name))
    return found


def kill_descendants() -> None:
    """Kill and reap until nothing is left: the children of a killed child are ours by then."""
    while remaining := children():
        for process in remaining:
            os.kill(process, signal.SIGKILL)
        for process in remaining:
            os.waitpid(process, 0)


def main(grace: float, input_file: str, command: list[str]) -> int:
    """Guard until the program ends or standard input closes; returns the program's exit code."""
    ctypes.CDLL(None).prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)
    with Path(input_file).open("rb") as stdin:
        program = subprocess.Popen(command, stdin=stdin, start_new_session=True)
    ended = os.pidfd_open(program.pid)
    select.select([sys.stdin, ended], [], [])
    if program.poll() is None:
        program.terminate()
        select.select([ended], [], [], grace)
    code = program.poll()
    kill_descendants()
    return 0 if code is None else code


if __name__ == "__main__":
    sys.exit(main(float(sys.argv[1]), sys.argv[2], sys.argv[3:]))
