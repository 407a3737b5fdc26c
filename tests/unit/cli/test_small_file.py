"""Files that a person names are read as text, and never to their end where they have none."""

import os
import threading
from pathlib import Path

import pytest

from sendwright.cli.small_file import LONGEST, FileUnreadable, read_small_text


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_a_text_is_a_text_however_windows_wrote_it(tmp_path: Path, encoding: str) -> None:
    (tmp_path / "a.txt").write_bytes("Zürich\n".encode(encoding))
    assert read_small_text(str(tmp_path / "a.txt")) == "Zürich\n"


def test_a_relative_name_is_relative_to_the_folder_and_a_whole_one_is_not(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("here")
    assert read_small_text("a.txt", folder=tmp_path) == "here"
    assert read_small_text(str(tmp_path / "a.txt"), folder=Path("/nowhere")) == "here"


def test_a_tilde_is_the_persons_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    (tmp_path / "a.txt").write_text("at home")
    assert read_small_text("~/a.txt", folder=Path("/nowhere")) == "at home"


@pytest.mark.parametrize("name", ["", "/", "/nowhere/a", "\0", "~no-such-person/a", "/dev/zero", "a" * 5000])
def test_what_is_no_small_text_is_refused_by_name(name: str) -> None:
    with pytest.raises(FileUnreadable) as caught:
        read_small_text(name)
    assert str(caught.value) == name


@pytest.mark.parametrize(("size", "readable"), [(LONGEST, True), (LONGEST + 1, False)])
def test_the_limit_is_exact(tmp_path: Path, size: int, readable: bool) -> None:
    file = tmp_path / "a.txt"
    file.write_text("x" * size)
    if readable:
        assert len(read_small_text(str(file))) == size
    else:
        with pytest.raises(FileUnreadable):
            read_small_text(str(file))


def test_a_pipe_can_be_read_like_a_file(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    writing = threading.Thread(target=lambda: pipe.write_text("through a pipe"))
    writing.start()
    assert read_small_text(str(pipe)) == "through a pipe"
    writing.join()
