import re
import tomllib
from itertools import chain
from pathlib import Path

import pytest
from packaging.markers import Marker
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parent.parent
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
LISTS = ("run.txt", "dev.txt")
LINUX = {"sys_platform": "linux", "platform_system": "Linux", "python_version": "3.13"}
WINDOWS = {"sys_platform": "win32", "platform_system": "Windows", "python_version": "3.13"}
MACOS = {"sys_platform": "darwin", "platform_system": "Darwin", "python_version": "3.13"}


def content(name: str) -> str:
    return (ROOT / "requirements" / name).read_text(encoding="utf-8")


def locked(name: str) -> dict[str, Requirement]:
    """The lines of a list by normalised name, without their hashes."""
    lines = content(name).replace("\\\n", " ").splitlines()
    found = [Requirement(line.split("--hash")[0]) for line in lines if line and not line.startswith("#")]
    return {canonicalize_name(requirement.name): requirement for requirement in found}


def version(requirement: Requirement) -> str:
    (exact,) = requirement.specifier
    assert exact.operator == "=="
    return exact.version


def asked_for(name: str) -> list[Requirement]:
    """What pyproject.toml asks for directly."""
    project = PROJECT["project"]
    wanted = [project["dependencies"], *project["optional-dependencies"].values()]
    if name == "dev.txt":
        wanted += PROJECT["dependency-groups"].values()
    return [Requirement(line) for line in chain.from_iterable(wanted)]


@pytest.mark.parametrize("name", LISTS)
def test_what_the_project_asks_for_is_locked_at_a_version_that_it_allows(name: str) -> None:
    lines = locked(name)
    for wanted in asked_for(name):
        assert version(lines[canonicalize_name(wanted.name)]) in wanted.specifier, wanted


@pytest.mark.parametrize("name", LISTS)
def test_every_line_carries_hashes_and_none_an_address(name: str) -> None:
    entries = re.split(r"\n(?=\S)", content(name).strip())[1:]
    assert len(entries) == len(locked(name))
    for entry in entries:
        assert re.search(r"--hash=sha256:[0-9a-f]{64}", entry), entry
    assert "://" not in content(name)
    assert "--index" not in content(name)


def test_what_runs_is_what_is_tested() -> None:
    run, dev = locked("run.txt"), locked("dev.txt")
    assert {name: version(run[name]) for name in run} == {name: version(dev[name]) for name in run}


@pytest.mark.parametrize(
    ("package", "needed_on", "not_on"),
    [
        ("secretstorage", [LINUX], [WINDOWS, MACOS]),
        ("jeepney", [LINUX], [WINDOWS, MACOS]),
        ("pywin32-ctypes", [WINDOWS], [LINUX, MACOS]),
        ("colorama", [WINDOWS], [LINUX, MACOS]),
    ],
)
def test_a_system_gets_what_it_needs_and_no_more(
    package: str, needed_on: list[dict[str, str]], not_on: list[dict[str, str]]
) -> None:
    marker = locked("run.txt")[package].marker or Marker("python_version < '0'")
    assert all(marker.evaluate(system) for system in needed_on)
    assert not any(marker.evaluate(system) for system in not_on)


@pytest.mark.parametrize("name", LISTS)
def test_nothing_of_a_coming_version_is_locked(name: str) -> None:
    unfinished = re.compile(r"(a|b|rc|dev)\d+$")
    assert [str(line) for line in locked(name).values() if unfinished.search(version(line))] == []
