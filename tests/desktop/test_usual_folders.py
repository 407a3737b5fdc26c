"""File dialogs begin in a folder of the person's own."""

from pathlib import Path

import pytest

from sendwright.desktop.usual_folders import folder_of_sent, folder_to_keep


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / ".config"))
    return tmp_path


@pytest.mark.parametrize(
    ("there", "keep", "sent"),
    [
        ((), "", ""),
        (("Desktop",), "Desktop", "Desktop"),
        (("Desktop", "Documents"), "Documents", "Documents"),
        (("Documents", "Downloads"), "Documents", "Downloads"),
    ],
)
def test_it_is_the_first_that_is_there_and_else_her_home(
    home: Path, there: tuple[str, ...], keep: str, sent: str
) -> None:
    for name in there:
        (home / name).mkdir()
    assert Path(folder_to_keep()) == home / keep
    assert Path(folder_of_sent()) == home / sent


def test_a_file_of_that_name_is_no_folder(home: Path) -> None:
    (home / "Documents").touch()
    assert Path(folder_to_keep()) == home
