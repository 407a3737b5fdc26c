"""Files that are complete or not there."""

import os
import stat
from pathlib import Path

import pytest

from sendwright.storage import folders, person, write_atomically


def test_the_file_is_private_and_so_is_its_new_folder(tmp_path: Path) -> None:
    file = tmp_path / "new" / "file.json"
    write_atomically(file, b"content")
    assert file.read_bytes() == b"content"
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert stat.S_IMODE(file.parent.stat().st_mode) == 0o700


def test_a_second_write_replaces_the_first(tmp_path: Path) -> None:
    file = tmp_path / "file"
    for content in (b"long content of the first", b"short"):
        write_atomically(file, content)
    assert file.read_bytes() == b"short"
    assert [entry.name for entry in tmp_path.iterdir()] == ["file"]


@pytest.mark.parametrize("broken", ["fsync", "replace"])
def test_a_failed_write_leaves_the_old_file_and_no_other(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, broken: str
) -> None:
    file = tmp_path / "file"
    write_atomically(file, b"old")

    def fail(*_: object) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(os if broken == "fsync" else Path, broken, fail)
        with pytest.raises(OSError, match="No space"):
            write_atomically(file, b"new")
    assert file.read_bytes() == b"old"
    assert [entry.name for entry in tmp_path.iterdir()] == ["file"]


def test_the_folders_follow_the_xdg_directories(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("CONFIG", "DATA", "STATE"):
        monkeypatch.setenv(f"XDG_{name}_HOME", str(tmp_path / name))
    found = folders()
    assert found.configuration == tmp_path / "CONFIG" / "sendwright"
    assert found.data == tmp_path / "DATA" / "sendwright" / "backend"
    assert found.log.is_relative_to(tmp_path / "STATE")
    assert found.locks == tmp_path / "STATE" / "sendwright" / "locks"


@pytest.mark.parametrize("error", [KeyError("uid not found"), OSError("no username set")])
def test_an_account_without_a_name_is_unknown(monkeypatch: pytest.MonkeyPatch, error: Exception) -> None:
    def nobody() -> str:
        raise error

    monkeypatch.setattr("getpass.getuser", nobody)
    assert person() == "unknown"
