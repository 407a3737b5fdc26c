"""Whole programs: what is read about them, without looking at how long they take."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from tests.benchmarks.whole_process import cpu_s, memory_mb, own_home, run, wakeups

BUSY = "import sys, time\nwhile time.process_time() < 0.2: pass\nsys.stdin.read()"


def test_a_program_gets_its_input_and_its_words_come_back() -> None:
    with own_home() as environment:
        ran = run((sys.executable, "-c", "print(input().upper())"), environment, given=b"hello\n")
    assert (ran.code, ran.printed) == (0, "HELLO\n")
    assert ran.cpu_s > 0
    assert ran.wall_s > 0


def test_a_program_that_fails_is_told_with_its_last_words() -> None:
    with own_home() as environment, pytest.raises(RuntimeError, match="ended with 3: sorry"):
        run((sys.executable, "-c", "import sys; sys.stderr.write('sorry'); sys.exit(3)"), environment)


def test_an_expected_exit_code_is_no_failure() -> None:
    with own_home() as environment:
        assert run((sys.executable, "-c", "raise SystemExit(1)"), environment, codes=(1,)).code == 1


def test_a_home_is_new_empty_and_gone_afterwards() -> None:
    with own_home() as environment:
        home = Path(environment["HOME"])
        assert list(home.iterdir()) == []
        assert {environment[f"XDG_{kind}_HOME"] for kind in ("CONFIG", "DATA", "STATE")} == {str(home)}
        assert "DISPLAY" not in environment
        assert "DBUS_SESSION_BUS_ADDRESS" not in environment
    assert not home.exists()


def test_the_product_starts_in_a_home_of_its_own() -> None:
    with own_home() as environment:
        assert run((sys.executable, "-m", "sendwright", "--version"), environment).printed.startswith("sendwright ")


def test_what_a_running_process_uses_is_read_from_outside() -> None:
    process = subprocess.Popen((sys.executable, "-c", BUSY), stdin=subprocess.PIPE)
    try:
        while cpu_s(process.pid) < 0.1:
            assert process.poll() is None
        assert memory_mb(process.pid) > 1
        assert wakeups(process.pid) >= 0
    finally:
        process.communicate(b"")
    assert process.returncode == 0


def test_our_own_wakeups_grow() -> None:
    before = wakeups(os.getpid())
    subprocess.run((sys.executable, "-c", "pass"), check=True)
    assert wakeups(os.getpid()) > before
