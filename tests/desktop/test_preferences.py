"""What was chosen once is known at the next start; whatever stands in the file, nothing breaks."""

import json
from pathlib import Path

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sendwright import storage
from sendwright.desktop import preferences
from sendwright.desktop.preferences import USUAL_LEVEL, PassingPreferences, StoredPreferences
from sendwright.problems.level import Level


def file_in(folder: Path) -> Path:
    return folder / "preferences.json"


@pytest.mark.parametrize("level", Level)
def test_a_level_is_known_at_the_next_start(tmp_path: Path, level: Level) -> None:
    StoredPreferences(tmp_path / "new" / "folder").keep_level(level)
    assert StoredPreferences(tmp_path / "new" / "folder").level() is level


def test_who_never_chose_reads_plain_words(tmp_path: Path) -> None:
    assert StoredPreferences(tmp_path).level() is USUAL_LEVEL is Level.PLAIN
    assert not file_in(tmp_path).exists()


def test_the_choice_made_last_counts(tmp_path: Path) -> None:
    kept = StoredPreferences(tmp_path)
    for level in (Level.IT, Level.SUPPORT, Level.PLAIN, Level.IT):
        kept.keep_level(level)
    assert kept.level() is Level.IT
    assert [path.name for path in tmp_path.iterdir()] == ["preferences.json"]


@pytest.mark.parametrize(
    "content",
    [
        b"", b"\x00\xff", b"null", b"[]", b'"it"', b"{", b'{"level": 1}', b'{"level": null}', b'{"level": ["it"]}',
        b'{"level": "expert"}', b'{"level": "IT"}', b'{"other": "it"}', b"[" * 60_000,
        b'{"level": "it", "x": "' + b"y" * 70_000 + b'"}',
    ],
    ids=lambda content: content[:20],
)  # fmt: skip
def test_a_file_that_makes_no_sense_is_no_file(tmp_path: Path, content: bytes) -> None:
    file_in(tmp_path).write_bytes(content)
    assert StoredPreferences(tmp_path).level() is Level.PLAIN
    StoredPreferences(tmp_path).keep_level(Level.SUPPORT)
    assert StoredPreferences(tmp_path).level() is Level.SUPPORT


@given(content=st.binary(max_size=300))
def test_no_content_whatever_breaks_the_start(tmp_path_factory: pytest.TempPathFactory, content: bytes) -> None:
    folder = tmp_path_factory.mktemp("preferences")
    file_in(folder).write_bytes(content)
    assert StoredPreferences(folder).level() in Level


@given(
    table=st.dictionaries(st.text(max_size=8), st.none() | st.booleans() | st.integers(-5, 5) | st.text(max_size=8)),
    level=st.sampled_from(Level),
)
def test_what_another_version_wrote_stays(
    tmp_path_factory: pytest.TempPathFactory, table: dict[str, object], level: Level
) -> None:
    folder = tmp_path_factory.mktemp("preferences")
    file_in(folder).write_bytes(msgspec.json.encode(table))
    StoredPreferences(folder).keep_level(level)
    assert json.loads(file_in(folder).read_bytes()) == {**table, "level": level.value}


def test_a_folder_in_place_of_the_file_is_no_file(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    (file_in(tmp_path) / "in the way").mkdir(parents=True)
    kept = StoredPreferences(tmp_path)
    assert kept.level() is Level.PLAIN
    kept.keep_level(Level.IT)
    assert "could not be kept" in caplog.text


def test_a_full_disk_leaves_the_former_choice(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    kept = StoredPreferences(tmp_path)
    kept.keep_level(Level.IT)

    def full(file: Path, content: bytes) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(preferences, "write_atomically", full)
    kept.keep_level(Level.SUPPORT)
    assert kept.level() is Level.IT
    assert "OSError" in caplog.text


def test_nobody_else_can_read_it(tmp_path: Path) -> None:
    StoredPreferences(tmp_path).keep_level(Level.IT)
    assert file_in(tmp_path).stat().st_mode & 0o077 == 0
    assert storage.folders().configuration != tmp_path


def test_passing_preferences_last_as_long_as_they_live() -> None:
    passing = PassingPreferences()
    assert passing.level() is Level.PLAIN
    passing.keep_level(Level.SUPPORT)
    assert passing.level() is Level.SUPPORT
    assert PassingPreferences(Level.IT).level() is Level.IT
