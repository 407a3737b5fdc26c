"""The backend of this computer: found, started, started by two at once, explained when it does not start."""

import asyncio
import json
import os
import shlex
import signal
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path

import pytest
from tests.unit.handoff.served import always, plain, strange_server

from sendwright.handoff.backend import BackendAddress, HandoffFailed
from sendwright.handoff.client import HttpBackend
from sendwright.handoff.connection_code import parse_connection_code
from sendwright.handoff.local import LARGEST_LOG, LocalBackendProcess, own_program
from sendwright.handoff.runtime_file import (
    RunningBackend,
    read_runtime_file,
    remove_runtime_file,
    write_runtime_file,
)
from sendwright.handoff.user_service import UNIT, UserService, quote
from sendwright.network.system import system_network
from sendwright.secret import Secret

NO_SERVICE = UserService(Path("/nonexistent"), available=False)
NOW = datetime(2026, 3, 1, tzinfo=UTC)


@asynccontextmanager
async def local(data: Path, **more: object) -> AsyncIterator[LocalBackendProcess]:
    backend = LocalBackendProcess(data, **{"service": NO_SERVICE, **more})  # type: ignore[arg-type]
    try:
        yield backend
    finally:
        await backend.stop()


@pytest.fixture(autouse=True)
def in_english(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SENDWRIGHT_LANGUAGE", "en")


async def test_it_is_started_found_again_and_gives_codes(tmp_path: Path) -> None:
    data = tmp_path / "a folder" / "data"
    async with local(data) as backend:
        address = await backend.start()
        assert address.url.startswith("http://127.0.0.1:")
        assert await backend.start() == address
        another_wizard = LocalBackendProcess(data, service=NO_SERVICE)
        assert await another_wizard.start() == address
        code = parse_connection_code((await backend.connection_code()).reveal())
        assert code.address == address
        client = HttpBackend(address, token=None, network=system_network())
        assert (await client.enrol(code.secret, device="a test")).token
        await client.close()
        assert code.secret.reveal() not in (data / "serve.log").read_text()
        passing = parse_connection_code((await backend.connection_code(passing=True)).reveal())
        enrolment = await client.enrol(passing.secret, device="a command")
        await client.close()
        command = HttpBackend(address, token=Secret(enrolment.token), network=system_network())
        assert [entry.who for entry in (await command.audit()).entries] == ["a test", "this-computer"]
        await command.close()
    assert read_runtime_file(data) is None


async def test_it_lives_in_a_session_of_its_own(tmp_path: Path) -> None:
    async with local(tmp_path / "data") as backend:
        await backend.start()
        running = read_runtime_file(tmp_path / "data")
        assert running is not None
        assert os.getsid(running.pid) == running.pid != os.getsid(0)


async def test_two_wizards_at_once_start_one(tmp_path: Path) -> None:
    data = tmp_path / "data"
    async with local(data) as first, local(data) as second:
        addresses = await asyncio.gather(first.start(), second.start())
        assert addresses[0] == addresses[1]


async def test_one_that_was_killed_is_started_again(tmp_path: Path) -> None:
    data = tmp_path / "data"
    async with local(data) as backend:
        await backend.start()
        killed = read_runtime_file(data)
        assert killed is not None
        os.kill(killed.pid, signal.SIGKILL)
        await asyncio.sleep(0.2)
        await backend.start()
        running = read_runtime_file(data)
        assert running is not None
        assert running.instance != killed.instance


@pytest.mark.parametrize(
    "health",
    [
        plain("<html>", media="text/html"),
        plain(json.dumps({"instance": "somebody else", "status": "alive", "api_version": 1})),
        plain("{}"),
        b"",
    ],
)
async def test_another_program_on_the_remembered_port_is_not_mistaken_for_it(tmp_path: Path, health: bytes) -> None:
    data = tmp_path / "data"
    async with strange_server(always(health)) as strange:
        write_runtime_file(data, RunningBackend(url=strange.url, pid=1, instance="ours", started_at=NOW))
        async with local(data) as backend:
            assert (await backend.start()).url != strange.url


async def test_a_running_backend_of_another_version_is_named(tmp_path: Path) -> None:
    health = plain(json.dumps({"instance": "ours", "status": "alive", "api_version": 2}))
    async with strange_server(always(health)) as strange:
        write_runtime_file(tmp_path, RunningBackend(url=strange.url, pid=1, instance="ours", started_at=NOW))
        with pytest.raises(HandoffFailed) as caught:
            await LocalBackendProcess(tmp_path, service=NO_SERVICE).start()
    assert caught.value.evidence.condition == "backend-version-unsupported"


async def test_the_reason_why_it_does_not_start_is_shown(tmp_path: Path) -> None:
    data = tmp_path / "data"
    data.mkdir()
    (data / "organisation.toml").write_text("name = ")
    (data / "serve.log").write_text("words of an earlier time\n")
    async with local(data) as backend:
        with pytest.raises(HandoffFailed) as caught:
            await backend.start()
    assert caught.value.evidence.condition == "backend-not-started"
    assert str(data / "organisation.toml") in caught.value.evidence.text
    assert "earlier" not in caught.value.evidence.text


@pytest.mark.parametrize("program", [("/nonexistent/program",), (sys.executable, "-c", "raise SystemExit(3)")])
async def test_a_program_that_cannot_run_is_a_failure_with_a_name(tmp_path: Path, program: tuple[str, ...]) -> None:
    async with local(tmp_path / "data", program=program, ready_s=1.0) as backend:
        with pytest.raises(HandoffFailed) as caught:
            await backend.start()
        assert caught.value.evidence.condition == "backend-not-started"


async def test_one_that_never_answers_is_given_up_in_time(tmp_path: Path) -> None:
    program = (sys.executable, "-c", "import time; time.sleep(60)")
    async with local(tmp_path / "data", program=program, ready_s=0.5) as backend:
        with pytest.raises(HandoffFailed) as caught:
            await backend.start()
        assert caught.value.evidence.condition == "backend-not-started"


async def test_without_a_backend_there_is_no_code(tmp_path: Path) -> None:
    with pytest.raises(HandoffFailed) as caught:
        await LocalBackendProcess(tmp_path / "data", service=NO_SERVICE).connection_code()
    assert caught.value.evidence.condition == "backend-not-started"
    assert "No notification backend runs" in caught.value.evidence.text


async def test_a_long_log_is_put_aside(tmp_path: Path) -> None:
    data = tmp_path / "data"
    data.mkdir()
    (data / "serve.log").write_bytes(b"{}\n" * (LARGEST_LOG // 3 + 1))
    async with local(data) as backend:
        await backend.start()
    assert (data / "serve.log.1").stat().st_size > LARGEST_LOG
    assert (data / "serve.log").stat().st_size < LARGEST_LOG


def test_the_runtime_file_of_another_run_is_left_alone(tmp_path: Path) -> None:
    running = RunningBackend(url="http://127.0.0.1:1", pid=1, instance="new", started_at=NOW)
    write_runtime_file(tmp_path, running)
    remove_runtime_file(tmp_path, instance="old")
    assert read_runtime_file(tmp_path) == running
    remove_runtime_file(tmp_path, instance="new")
    assert read_runtime_file(tmp_path) is None
    for content in (b"", b"{}", b'{"url":1}', running.url.encode()):
        (tmp_path / "backend.json").write_bytes(content)
        assert read_runtime_file(tmp_path) is None


def test_the_program_starts_itself_installed_or_bundled(monkeypatch: pytest.MonkeyPatch) -> None:
    assert own_program() == (sys.executable, "-m", "sendwright")
    monkeypatch.setattr(sys, "frozen", True, raising=False)
    assert own_program() == (sys.executable,)


# A service manager that does what systemctl does with one unit, as a shell script.
SYSTEMCTL = """#!/bin/sh
echo "$@" >> "{log}"
case "$2" in
  enable|start)
    [ -e "{broken}" ] && {{ echo "unit is masked" >&2; exit 1; }}
    command=$(sed -n 's/^ExecStart=//p' "{unit}")
    eval "setsid $command >>{log}.out 2>&1 &"
    ;;
  disable) [ -e "{data}/backend.json" ] && kill $(sed -n 's/.*"pid": \\([0-9]*\\).*/\\1/p' "{data}/backend.json") ;;
esac
exit 0
"""


@pytest.fixture
def systemctl(tmp_path: Path) -> UserService:
    folder = tmp_path / "config" / "systemd" / "user"
    script = tmp_path / "systemctl"
    script.write_text(
        SYSTEMCTL.format(log=tmp_path / "log", unit=folder / UNIT, broken=tmp_path / "broken", data=tmp_path / "data")
    )
    script.chmod(0o700)
    return UserService(folder, available=True, systemctl=str(script))


async def gone(data: Path) -> None:
    async with asyncio.timeout(20):
        while read_runtime_file(data) is not None:  # noqa: ASYNC110 - another process takes it away
            await asyncio.sleep(0.05)


async def test_the_service_manager_takes_over_and_gives_back(tmp_path: Path, systemctl: UserService) -> None:
    data = tmp_path / "data"
    async with local(data, service=systemctl) as backend:
        assert backend.can_be_kept_running
        before = await backend.start()
        await backend.keep_running()
        assert systemctl.is_installed
        after = await backend.start()
        assert isinstance(after, BackendAddress)
        assert after != before or read_runtime_file(data) is not None
        log = (tmp_path / "log").read_text().splitlines()
        assert log == ["--user daemon-reload", f"--user enable --now {UNIT}"]
        await backend.stop_keeping_running()
        assert not systemctl.is_installed
        await gone(data)


async def test_a_service_that_stopped_is_started_by_its_manager(tmp_path: Path, systemctl: UserService) -> None:
    data = tmp_path / "data"
    async with local(data, service=systemctl) as backend:
        await backend.keep_running()
        running = read_runtime_file(data)
        assert running is not None
        os.kill(running.pid, signal.SIGKILL)
        await asyncio.sleep(0.2)
        await backend.start()
        assert (tmp_path / "log").read_text().splitlines()[-1] == f"--user start {UNIT}"
        await backend.stop_keeping_running()
        await gone(data)


async def test_where_the_manager_refuses_the_backend_runs_on_without_it(tmp_path: Path, systemctl: UserService) -> None:
    (tmp_path / "broken").write_text("")
    async with local(tmp_path / "data", service=systemctl) as backend:
        await backend.start()
        with pytest.raises(HandoffFailed) as caught:
            await backend.keep_running()
        assert caught.value.evidence.condition == "backend-not-kept-running"
        assert caught.value.evidence.text == "unit is masked"
        assert not systemctl.is_installed
        assert read_runtime_file(tmp_path / "data") is not None


async def test_a_missing_manager_is_a_failure_with_a_name(tmp_path: Path) -> None:
    service = UserService(tmp_path, available=True, systemctl="/nonexistent/systemctl")
    with pytest.raises(HandoffFailed) as caught:
        await service.start()
    assert caught.value.evidence.condition == "backend-not-kept-running"


@pytest.mark.parametrize(
    "word", ["/plain", "/with space", 'qu"ote', "back\\slash", "per%cent", "dol$lar", "$(x)", "ünïcode", ""]
)
def test_a_word_of_the_command_reaches_the_program_as_it_is(word: str) -> None:
    # systemd unquotes like a shell does, then turns %% into % and $$ into $ (systemd.service(5)).
    unquoted = quote(word).removeprefix('"').removesuffix('"').replace('\\"', '"').replace("\\\\", "\\")
    assert unquoted.replace("%%", "%").replace("$$", "$") == word
    assert len(shlex.split(quote(word).replace("$", "\\$"))) == 1


def test_the_manager_is_available_only_where_it_runs_for_this_user(tmp_path: Path) -> None:
    (tmp_path / "bin").mkdir()
    assert not UserService.of_this_user({}).is_available
    assert not UserService.of_this_user({"XDG_RUNTIME_DIR": str(tmp_path)}).is_available
    assert not UserService(tmp_path, available=False).is_installed
