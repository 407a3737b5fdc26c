"""One level for all cards, remembered; pasted words are explained where the window does not wait for it."""

import os
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import shiboken6
from PySide6.QtCore import QObject, QThread
from pytestqt.qtbot import QtBot

from sendwright.desktop import reading as module
from sendwright.desktop.engine import Engine
from sendwright.desktop.preferences import PassingPreferences, StoredPreferences
from sendwright.desktop.reading import Reading
from sendwright.problems.level import Level
from sendwright.problems.pasted import PasteRefused, Understood
from sendwright.recording.given_file import LONGEST_FILE, FileRefused

MAILBOX_FULL = "452 4.2.2 <anna@example.org>: Mailbox full"


class Answer:
    """What came back: an answer or an error, and on which thread."""

    def __init__(self, reading: Reading, pasted: str | Path) -> None:
        self.owner = QObject()
        self.understood: list[Understood] = []
        self.errors: list[BaseException] = []
        self.threads: list[QThread] = []
        self.work = reading.explain(pasted, owner=self.owner, then=self._then, failed=self.errors.append)

    def _then(self, understood: Understood) -> None:
        self.understood.append(understood)
        self.threads.append(QThread.currentThread())


@pytest.fixture
def ask(reading: Reading, qtbot: QtBot) -> Callable[[str | Path], Answer]:
    def wait_for(pasted: str | Path) -> Answer:
        answer = Answer(reading, pasted)
        qtbot.waitUntil(lambda: bool(answer.understood or answer.errors))
        return answer

    return wait_for


@pytest.fixture
def stored(engine: Engine, tmp_path: Path) -> Iterator[Callable[[], Reading]]:
    """Open a window's reading anew, over the same file."""
    made: list[Reading] = []

    def make() -> Reading:
        made.append(Reading(engine, StoredPreferences(tmp_path)))
        return made[-1]

    yield make
    for reading in made:
        shiboken6.delete(reading)


def test_a_choice_is_told_once_and_only_when_it_changes_something(reading: Reading) -> None:
    told: list[Level] = []
    reading.changed.connect(lambda: told.append(reading.level))
    for level in (Level.PLAIN, Level.IT, Level.IT, Level.SUPPORT, Level.PLAIN):
        reading.choose(level)
    assert told == [Level.IT, Level.SUPPORT, Level.PLAIN]


def test_the_next_window_begins_with_the_level_chosen_last(
    stored: Callable[[], Reading], tmp_path: Path, qtbot: QtBot
) -> None:
    first = stored()
    for level in (Level.SUPPORT, Level.IT, Level.SUPPORT, Level.IT):
        first.choose(level)
    qtbot.waitUntil(lambda: StoredPreferences(tmp_path).level() is Level.IT)
    assert stored().level is Level.IT


def test_a_preference_that_cannot_be_kept_troubles_nobody(engine: Engine, qtbot: QtBot) -> None:
    class Broken(PassingPreferences):
        def keep_level(self, level: Level) -> None:
            raise RuntimeError("a fault of ours")

    reading = Reading(engine, Broken())
    reading.choose(Level.IT)
    qtbot.wait(30)
    assert reading.level is Level.IT
    shiboken6.delete(reading)


def test_pasted_words_are_explained(ask: Callable[[str | Path], Answer]) -> None:
    answer = ask(MAILBOX_FULL)
    (understood,) = answer.understood
    assert understood.matches[0].problem.evidence.enhanced == "4.2.2"
    assert answer.threads == [answer.owner.thread()]


def test_it_is_read_on_neither_the_windows_nor_the_loops_thread(
    ask: Callable[[str | Path], Answer], monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[str] = []

    def understand(pasted: str | bytes) -> Understood:
        seen.append(threading.current_thread().name)
        return module.understand_really(pasted)  # type: ignore[attr-defined,no-any-return]  # put there below

    monkeypatch.setattr(module, "understand_really", module.understand_safely, raising=False)
    monkeypatch.setattr(module, "understand_safely", understand)
    ask(MAILBOX_FULL)
    assert seen
    assert not {"MainThread", "engine"} & set(seen)


@pytest.mark.parametrize("name", ["report.eml", "mail.log", "error.txt", "answer.json"])
def test_a_file_is_read_for_what_stands_in_it(ask: Callable[[str | Path], Answer], tmp_path: Path, name: str) -> None:
    file = tmp_path / name
    file.write_text(MAILBOX_FULL if not name.endswith("json") else '{"error": "invalid_grant"}')
    assert ask(file).understood


def test_octets_of_a_file_reach_the_reader_as_they_are(
    ask: Callable[[str | Path], Answer], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    taken: list[str | bytes] = []

    def understand(pasted: str | bytes) -> Understood:
        taken.append(pasted)
        raise PasteRefused("anything")

    monkeypatch.setattr(module, "understand_safely", understand)
    (tmp_path / "x.eml").write_bytes(b"\xff\xfe\x00a\r\n")
    answer = ask(tmp_path / "x.eml")
    assert taken == [b"\xff\xfe\x00a\r\n"]
    assert isinstance(answer.errors[0], PasteRefused)


def too_large(folder: Path) -> Path:
    file = folder / "large.log"
    with file.open("wb") as out:
        out.truncate(LONGEST_FILE + 1)  # takes no room on the disk
    return file


def a_pipe(folder: Path) -> Path:
    os.mkfifo(folder / "pipe.log")
    return folder / "pipe.log"


@pytest.mark.parametrize(
    ("make", "code"),
    [
        (lambda folder: folder / "missing.log", "unreadable"),
        (lambda folder: folder, "folder"),
        (lambda folder: folder / "with\x00nul", "unreadable"),
        (a_pipe, "unreadable"),
        (too_large, "too-large"),
    ],
    ids=["missing", "folder", "nul", "pipe", "large"],
)
def test_a_file_that_cannot_be_read_is_refused_by_name(
    ask: Callable[[str | Path], Answer], tmp_path: Path, make: Callable[[Path], Path], code: str
) -> None:
    (error,) = ask(make(tmp_path)).errors
    assert isinstance(error, FileRefused)
    assert error.code == code


def test_whoever_left_hears_nothing_any_more(reading: Reading, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> None:
    go_on = threading.Event()

    def slow(pasted: str | bytes) -> Understood:
        go_on.wait(20)
        raise PasteRefused("too late")

    monkeypatch.setattr(module, "understand_safely", slow)
    answer = Answer(reading, MAILBOX_FULL)
    shiboken6.delete(answer.owner)
    assert not answer.work.wanted
    go_on.set()
    qtbot.wait(50)
    assert answer.understood == answer.errors == []
