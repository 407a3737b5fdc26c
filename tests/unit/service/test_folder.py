"""The data folder: one backend at a time, files of their owner, settings that are read strictly."""

import multiprocessing
import os
import stat
from multiprocessing.synchronize import Event
from pathlib import Path

import pytest
from tests.unit.service.backend_kit import START

from sendwright.handoff.runtime_file import RunningBackend, write_runtime_file
from sendwright.service.folder_lock import FolderLock
from sendwright.service.refusal import StartRefused
from sendwright.service.settings import (
    DataFolder,
    OrganisationFacts,
    read_authorities,
    read_companion,
    read_organisation,
    read_platform_sender,
)

SPAWN = multiprocessing.get_context("spawn")


def hold(path: str, held: Event, let_go: Event) -> None:
    with FolderLock(DataFolder(Path(path))):
        held.set()
        let_go.wait(30)


def test_a_new_folder_is_for_its_owner_only(tmp_path: Path) -> None:
    folder = DataFolder(tmp_path / "a" / "b")
    folder.create()
    assert stat.S_IMODE(folder.path.stat().st_mode) == 0o700
    folder.create()


@pytest.mark.parametrize("kind", ["a file", "below a file"])
def test_a_folder_that_cannot_be_one_is_named(tmp_path: Path, kind: str) -> None:
    (tmp_path / "file").write_text("")
    path = tmp_path / "file" if kind == "a file" else tmp_path / "file" / "below"
    with pytest.raises(StartRefused) as caught:
        DataFolder(path).create()
    assert caught.value.code == "data-folder-unusable"
    assert str(path) in caught.value.words


def test_every_file_of_the_folder_lies_in_it(tmp_path: Path) -> None:
    folder = DataFolder(tmp_path)
    files = {
        folder.lock,
        folder.key,
        folder.runtime,
        folder.default_sender,
        folder.organisation,
        folder.authorities,
    }
    assert len(files) == 6
    assert {file.parent for file in files} == {tmp_path}
    assert folder.database_url.endswith(f"{tmp_path}/backend.db")
    assert folder.queue_url.endswith(f"{tmp_path}/queue.db")


def test_who_holds_the_folder_is_named_to_the_next(tmp_path: Path) -> None:
    folder = DataFolder(tmp_path)
    assert not FolderLock.is_held(folder)
    with FolderLock(folder):
        assert FolderLock.is_held(folder)
        with pytest.raises(StartRefused) as caught, FolderLock(folder):
            pytest.fail("two at once")
        assert str(tmp_path) in caught.value.words
        running = RunningBackend(url="http://127.0.0.1:8025", pid=1, instance="i", started_at=START)
        write_runtime_file(tmp_path, running)
        with pytest.raises(StartRefused) as caught, FolderLock(folder):
            pytest.fail("two at once")
        assert "http://127.0.0.1:8025" in caught.value.words
        assert FolderLock.is_held(folder)
    assert not FolderLock.is_held(folder)
    with FolderLock(folder):
        pass
    assert stat.S_IMODE(folder.lock.stat().st_mode) == 0o600


@pytest.mark.parametrize("end", ["gracefully", "killed"])
def test_another_process_keeps_us_out_until_it_ends(tmp_path: Path, end: str) -> None:
    folder = DataFolder(tmp_path)
    held, let_go = SPAWN.Event(), SPAWN.Event()
    process = SPAWN.Process(target=hold, args=(str(tmp_path), held, let_go))
    process.start()
    try:
        assert held.wait(30)
        assert FolderLock.is_held(folder)
        with pytest.raises(StartRefused) as caught, FolderLock(folder):
            pytest.fail("two at once")
        assert caught.value.code == "already-running"
        let_go.set() if end == "gracefully" else process.kill()
        process.join(30)
        with FolderLock(folder):
            assert FolderLock.is_held(folder)
    finally:
        process.kill()
        process.join()
        process.close()


def test_a_question_leaves_no_lock_file_behind(tmp_path: Path) -> None:
    assert not FolderLock.is_held(DataFolder(tmp_path))
    assert list(tmp_path.iterdir()) == []


def test_without_files_there_are_no_settings(tmp_path: Path) -> None:
    folder = DataFolder(tmp_path)
    assert read_platform_sender(folder) is None
    assert read_organisation(folder) == OrganisationFacts()
    assert read_authorities(folder) is None


@pytest.mark.parametrize(
    ("content", "facts"),
    [
        ("", OrganisationFacts()),
        ('name = "Contoso"', OrganisationFacts(name="Contoso")),
        ('workspaces = ["a", "b"]', OrganisationFacts(workspaces=("a", "b"))),
        ('name = "Ünïcode"\nworkspaces = []', OrganisationFacts(name="Ünïcode")),
    ],
)
def test_the_organisation_is_read(tmp_path: Path, content: str, facts: OrganisationFacts) -> None:
    (tmp_path / "organisation.toml").write_text(content, encoding="utf-8")
    assert read_organisation(DataFolder(tmp_path)) == facts


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"name =", "Invalid value"),
        (b"name = 7", "Expected `str`, got `int` - at `$.name`"),
        (b'workspaces = "a"', "$.workspaces"),
        (b'nmae = "Contoso"', "`nmae`"),
        (b'name = "\xff"', "utf-8"),
    ],
)
def test_a_settings_file_with_a_mistake_is_refused_with_its_place(tmp_path: Path, content: bytes, reason: str) -> None:
    (tmp_path / "organisation.toml").write_bytes(content)
    with pytest.raises(StartRefused) as caught:
        read_organisation(DataFolder(tmp_path))
    assert caught.value.code == "settings-invalid"
    assert str(tmp_path / "organisation.toml") in caught.value.words
    assert reason in caught.value.words


def test_a_settings_file_that_is_a_folder_is_refused(tmp_path: Path) -> None:
    (tmp_path / "default-sender.toml").mkdir()
    with pytest.raises(StartRefused) as caught:
        read_platform_sender(DataFolder(tmp_path))
    assert caught.value.code == "settings-invalid"


@pytest.mark.parametrize("port", ["0", "65536", '"587"', "1.5"])
def test_a_port_is_a_port(tmp_path: Path, port: str) -> None:
    (tmp_path / "default-sender.toml").write_text(
        f'address = "a@example.org"\nalias = "A"\n[smtp]\nhost = "h"\nport = {port}\nsecurity = "tls"\n'
    )
    with pytest.raises(StartRefused) as caught:
        read_platform_sender(DataFolder(tmp_path))
    assert "$.smtp.port" in caught.value.words


def test_a_file_beside_the_settings_is_found_from_the_folder(tmp_path: Path) -> None:
    (tmp_path / "password").write_text("x")
    folder = DataFolder(tmp_path)
    assert read_companion(folder, Path("password")) == "x"
    assert read_companion(folder, tmp_path / "password") == "x"
    for gone in (Path("gone"), Path("..") / tmp_path.name):
        with pytest.raises(StartRefused) as caught:
            read_companion(folder, gone)
        assert caught.value.code == "settings-invalid"


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_a_file_that_may_not_be_read_is_named(tmp_path: Path) -> None:
    (tmp_path / "password").write_text("x")
    (tmp_path / "password").chmod(0)
    with pytest.raises(StartRefused):
        read_companion(DataFolder(tmp_path), Path("password"))
