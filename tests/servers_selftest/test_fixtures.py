"""The fixtures show the servers' logs where a test fails, and nowhere else; servers report their own mistakes."""

import asyncio
import subprocess
import sys
from pathlib import Path

import pytest
from tests.servers.scripted_smtp import ScriptedSmtp
from tests.servers.smtp_script import Delay, Script

ROOT = Path(__file__).parents[2]

TESTS = """\
import smtplib

def _talk(server):
    with smtplib.SMTP(*server.address, "client.example.org") as client:
        client.ehlo()
    server.record.wait_for("QUIT")

def test_that_passes(scripted_smtp):
    _talk(scripted_smtp())

def test_that_fails(scripted_smtp, tcp_proxy):
    _talk(scripted_smtp())
    assert False, "on purpose"
"""


@pytest.mark.parametrize(
    ("test", "passes", "logged"), [("test_that_passes", True, False), ("test_that_fails", False, True)]
)
def test_the_logs_of_its_servers_stand_under_a_failed_test(
    tmp_path: Path, test: str, passes: bool, logged: bool
) -> None:
    (tmp_path / "test_it.py").write_text(TESTS)
    (tmp_path / "pytest.ini").write_text(f"[pytest]\npythonpath = {ROOT}\n")
    options = ["-p", "tests.servers.fixtures", "-p", "no:cacheprovider", "-rA"]
    done = subprocess.run(
        [sys.executable, "-m", "pytest", *options, f"test_it.py::{test}"],
        cwd=tmp_path,
        env={"PYTHONPATH": str(ROOT), "PATH": "/usr/bin:/bin", "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"},
        check=False,
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert (done.returncode == 0) is passes, done.stdout + done.stderr
    assert ("log of ScriptedSmtp" in done.stdout) is logged
    assert ("1: EHLO\n1: QUIT" in done.stdout) is logged


async def _visit(server: ScriptedSmtp) -> None:
    async with server:
        reader, writer = await asyncio.open_connection(server.host, server.port)
        assert await reader.read() == b""
        writer.close()
        await writer.wait_closed()


async def test_a_mistake_in_a_script_is_not_taken_for_a_fault_of_the_client() -> None:
    server = ScriptedSmtp(Script(greeting=Delay(0, then=(b"220 in turn",))))
    with pytest.raises(ExceptionGroup) as failed:
        await _visit(server)
    (mistake,) = failed.value.exceptions
    assert isinstance(mistake, TypeError)
