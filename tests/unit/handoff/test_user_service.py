"""The unit of the user's service manager: what stands in it, what the manager is told, what is left afterwards."""

import asyncio
import configparser
from pathlib import Path

import pytest

from sendwright.handoff import user_service
from sendwright.handoff.backend import HandoffFailed
from sendwright.handoff.user_service import UNIT, UserService
from sendwright.problems.classify import classify

COMMAND = ("/opt/with space/python", "-m", "sendwright", "serve", "--data", "/home/ann/100%/$x")


def manager(tmp_path: Path, script: str) -> UserService:
    program = tmp_path / "systemctl"
    program.write_text(f'#!/bin/sh\necho "$@" >> "{tmp_path / "log"}"\n{script}\n')
    program.chmod(0o700)
    return UserService(tmp_path / "units", available=True, systemctl=str(program))


def told(tmp_path: Path) -> list[str]:
    log = tmp_path / "log"
    return log.read_text().splitlines() if log.exists() else []


def unit(tmp_path: Path) -> configparser.ConfigParser:
    parser = configparser.ConfigParser(interpolation=None)
    parser.optionxform = str  # type: ignore[assignment, method-assign]
    parser.read_string((tmp_path / "units" / UNIT).read_text())
    return parser


async def test_the_unit_starts_the_command_at_every_login_and_after_a_crash(tmp_path: Path) -> None:
    service = manager(tmp_path, "exit 0")
    await service.install(COMMAND)
    found = unit(tmp_path)
    assert found["Service"]["ExecStart"] == (
        '"/opt/with space/python" "-m" "sendwright" "serve" "--data" "/home/ann/100%%/$$x"'
    )
    assert found["Install"]["WantedBy"] == "default.target"
    assert found["Service"]["Restart"] == "on-failure"
    assert found["Service"]["UMask"] == "0077"
    assert int(found["Service"]["TimeoutStopSec"]) > 40  # running tests and messages come to their end first
    assert told(tmp_path) == ["--user daemon-reload", f"--user enable --now {UNIT}"]


async def test_what_was_installed_is_taken_away_whole(tmp_path: Path) -> None:
    service = manager(tmp_path, "exit 0")
    await service.install(COMMAND)
    assert service.is_installed
    await service.uninstall()
    assert not service.is_installed
    assert list((tmp_path / "units").iterdir()) == []
    assert told(tmp_path)[2:] == [f"--user disable --now {UNIT}", "--user daemon-reload"]


async def test_what_was_never_installed_needs_no_manager(tmp_path: Path) -> None:
    service = manager(tmp_path, "exit 1")
    await service.uninstall()
    assert told(tmp_path) == []


@pytest.mark.parametrize("word", ["daemon-reload", "enable"])
async def test_a_manager_that_refuses_says_why(tmp_path: Path, word: str) -> None:
    service = manager(tmp_path, f'[ "$2" = {word} ] && {{ echo "Access denied" >&2; exit 1; }}\nexit 0')
    with pytest.raises(HandoffFailed) as caught:
        await service.install(COMMAND)
    evidence = caught.value.evidence
    assert (evidence.condition, evidence.text) == ("backend-not-kept-running", "Access denied")
    assert classify(evidence).code == "backend-not-kept-running"


async def test_the_unit_is_gone_even_when_the_manager_does_not_let_go(tmp_path: Path) -> None:
    service = manager(tmp_path, '[ "$2" = disable ] && exit 1\nexit 0')
    await service.install(COMMAND)
    with pytest.raises(HandoffFailed):
        await service.uninstall()
    assert not service.is_installed


async def test_a_manager_that_hangs_is_given_up(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(user_service, "COMMAND_S", 0.2)
    service = manager(tmp_path, "exec sleep 30")
    began = asyncio.get_running_loop().time()
    with pytest.raises(HandoffFailed) as caught:
        await service.start()
    assert asyncio.get_running_loop().time() - began < 5
    assert caught.value.evidence.condition == "backend-not-kept-running"


async def test_a_folder_that_cannot_be_made_is_a_failure_with_a_name(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    service = UserService(tmp_path / "file" / "units", available=True, systemctl="/bin/true")
    with pytest.raises(HandoffFailed) as caught:
        await service.install(COMMAND)
    assert caught.value.evidence.text


def test_the_unit_lies_where_systemd_looks(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    runtime = tmp_path / "run"
    (runtime / "systemd").mkdir(parents=True)
    (runtime / "systemd" / "private").write_text("")
    (tmp_path / "systemctl").write_text("#!/bin/sh\n")
    (tmp_path / "systemctl").chmod(0o700)
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr("sys.platform", "linux")
    variables = {"XDG_CONFIG_HOME": str(tmp_path / "config"), "XDG_RUNTIME_DIR": str(runtime)}
    service = UserService.of_this_user(variables)
    assert service.is_available
    assert not service.is_installed
    unit_file = tmp_path / "config" / "systemd" / "user" / UNIT
    unit_file.parent.mkdir(parents=True)
    unit_file.write_text("")
    assert UserService.of_this_user(variables).is_installed
    monkeypatch.setattr("sys.platform", "darwin")
    assert not UserService.of_this_user(variables).is_available
    monkeypatch.setattr("sys.platform", "linux")
    (runtime / "systemd" / "private").unlink()
    assert not UserService.of_this_user(variables).is_available
