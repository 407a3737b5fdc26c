"""A file that a person chose is read within bounds, or refused by name."""

import os
from pathlib import Path

import pytest

from sendwright.providers.chosen_file import FileUnusable, read_chosen


async def test_a_regular_file_is_read(tmp_path: Path) -> None:
    file = tmp_path / "message.eml"
    file.write_bytes(b"From: a@example.org\r\n")
    assert await read_chosen(str(file), largest=100) == b"From: a@example.org\r\n"


async def test_the_home_folder_may_be_written_short(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    (tmp_path / "key.json").write_bytes(b"{}")
    assert await read_chosen("~/key.json", largest=100) == b"{}"


async def test_it_may_be_as_large_as_allowed_and_no_larger(tmp_path: Path) -> None:
    file = tmp_path / "message.eml"
    file.write_bytes(b"x" * 10)
    assert len(await read_chosen(str(file), largest=10)) == 10
    with pytest.raises(FileUnusable) as unusable:
        await read_chosen(str(file), largest=9)
    assert unusable.value.code == "too-large"


@pytest.mark.parametrize(
    ("name", "code"), [("missing.eml", "not-found"), ("", "not-found"), ("a\x00b", "not-found"), ("x" * 5_000, "")]
)
async def test_what_cannot_be_read_says_why(tmp_path: Path, name: str, code: str) -> None:
    with pytest.raises(FileUnusable) as unusable:
        await read_chosen(str(tmp_path / name) if name else str(tmp_path), largest=10)
    assert unusable.value.code in ({code} if code else {"not-found", "unreadable"})


async def test_a_pipe_that_never_ends_is_not_opened(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    with pytest.raises(FileUnusable) as unusable:
        await read_chosen(str(pipe), largest=10)
    assert unusable.value.code == "not-found"
