"""A diagnosis file in the window: chosen, refused with its reason, replayed, compared, closed again."""

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QFileDialog, QLineEdit, QPushButton
from pytestqt.qtbot import QtBot
from tests.desktop.open_windows import MakeOpening, ready, step_of
from tests.desktop.saved import FILE, PAGES, YESTERDAY

from sendwright.desktop import opening as module
from sendwright.desktop.opening import Opening
from sendwright.desktop.pages.choice import ChoicePage
from sendwright.desktop.pages.recorded import RecordedPage
from sendwright.desktop.reading import Reading
from sendwright.desktop.theme.theme import Theme
from sendwright.desktop.usual_folders import folder_of_sent
from sendwright.desktop.widgets.levels import LevelSwitch
from sendwright.desktop.widgets.note import Note
from sendwright.desktop.widgets.stages import StageList
from sendwright.desktop.widgets.transcript import Transcript
from sendwright.diagnosis_file import DiagnosisFile, FileRefused, Refusal, save
from sendwright.problems.level import Level
from sendwright.recording.pseudonyms import Pseudonyms
from sendwright.texts import text


def saved(folder: Path, name: str, file: DiagnosisFile) -> Path:
    place = folder / f"{name}.sendwright-diagnosis"
    save(place, file, secrets=(), pseudonyms=Pseudonyms())
    return place


def opened(make_opening: MakeOpening, qtbot: QtBot) -> Opening:
    opening = make_opening()
    opening.open(practice=None)
    ready(opening, qtbot)
    return opening


def at(opening: Opening, step: str, qtbot: QtBot) -> None:
    qtbot.waitUntil(lambda: opening.conductor is not None and step_of(opening) == step, timeout=20_000)


def page_of(opening: Opening) -> RecordedPage:
    assert opening.view is not None
    assert isinstance(opening.view.page, RecordedPage)
    return opening.view.page


def press(opening: Opening, key: str) -> None:
    words = text(key)
    button = next(each for each in page_of(opening).findChildren(QPushButton) if each.text() == words)
    button.click()


def test_the_start_page_asks_for_a_file_and_stays_where_it_is_without_one(
    make_opening: MakeOpening, qtbot: QtBot
) -> None:
    opening = opened(make_opening, qtbot)
    assert opening.conductor is not None
    opening.conductor.submit({"choice": "open"})
    assert isinstance(opening.dialog, QFileDialog)
    assert opening.dialog.directory().path() == folder_of_sent()
    assert opening.dialog.windowTitle() == text("replay.choose.file")
    opening.dialog.reject()
    assert step_of(opening) == "start"
    assert not opening.conductor.busy


def test_a_chosen_file_is_replayed_at_the_level_of_support(
    make_opening: MakeOpening, qtbot: QtBot, tmp_path: Path
) -> None:
    opening = opened(make_opening, qtbot)
    assert opening.conductor is not None
    opening.conductor.submit({"choice": "open"})
    assert opening.dialog is not None
    opening.dialog.fileSelected.emit(str(saved(tmp_path, "today", FILE)))
    at(opening, "result", qtbot)
    page = page_of(opening)
    switch = page.findChild(LevelSwitch)
    assert switch is not None
    (stages,) = page.findChildren(StageList)
    assert text("window.state.failed") in stages.rows["secure"].words
    assert page.card.accessibleName() == text("problems.tls-certificate-expired.title")
    assert page.card.words.isVisibleTo(page.card)
    stop = next(note for note in page.findChildren(Note) if note.tone == "failed")
    assert stop.words.text() == text("open.stopped-at", stage=text("stages.secure.label"))
    assert page.column.indexOf(stop) < page.column.indexOf(page.card)
    press(opening, "window.copy-ticket")
    assert text("ticket.when", time="2026-11-20T09:41:00Z") in QGuiApplication.clipboard().text()
    assert opening.view is not None
    assert list(opening.view.rail.buttons) == ["result", "screens", "wire", "computer"]


def test_next_walks_to_the_end_and_the_end_leads_back_to_the_wizard(
    make_opening: MakeOpening, qtbot: QtBot, tmp_path: Path
) -> None:
    opening = opened(make_opening, qtbot)
    opening.open_file(saved(tmp_path, "today", FILE))
    for step in ("result", "screens-1", "screens-2", "screens-3", "wire", "computer"):
        at(opening, step, qtbot)
        assert opening.view is not None
        opening.view.submit()
    at(opening, "start", qtbot)
    assert opening.window.isVisible()


def test_any_page_can_close_the_file(make_opening: MakeOpening, qtbot: QtBot, tmp_path: Path) -> None:
    opening = opened(make_opening, qtbot)
    opening.open_file(saved(tmp_path, "today", FILE))
    at(opening, "result", qtbot)
    assert opening.view is not None
    opening.view.submit()
    at(opening, "screens-1", qtbot)
    press(opening, "replay.end")
    at(opening, "start", qtbot)


def test_another_file_is_held_against_it(make_opening: MakeOpening, qtbot: QtBot, tmp_path: Path) -> None:
    opening = opened(make_opening, qtbot)
    opening.open_file(saved(tmp_path, "today", FILE))
    at(opening, "result", qtbot)
    press(opening, "replay.choose.compare")
    assert opening.dialog is not None
    opening.dialog.fileSelected.emit(str(saved(tmp_path, "yesterday", YESTERDAY)))
    qtbot.waitUntil(lambda: opening.view is not None and "compared" in opening.view.rail.buttons, timeout=20_000)
    at(opening, "compared", qtbot)
    assert opening.conductor is not None
    changed = opening.conductor.scene.screen
    assert any("tls-certificate-expired" in sentence for sentence in changed.sentences)  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("content", "code"), [(b"no archive at all", "not-a-diagnosis"), (b"", "not-a-diagnosis"), (None, "unreadable")]
)
def test_a_file_that_is_none_is_refused_in_a_sentence_and_the_wizard_stays(
    make_opening: MakeOpening, qtbot: QtBot, tmp_path: Path, content: bytes | None, code: str
) -> None:
    place = tmp_path / "other.sendwright-diagnosis"
    if content is not None:
        place.write_bytes(content)
    opening = opened(make_opening, qtbot)
    opening.open_file(place)
    assert opening.view is not None
    page = opening.view.page
    assert page is not None
    words = text(f"diagnosis_file.refused.{code}")
    qtbot.waitUntil(lambda: words in [note.words.text() for note in page.findChildren(Note)], timeout=20_000)
    assert step_of(opening) == "start"


def test_a_file_that_takes_its_time_is_said_to_be_read(
    make_opening: MakeOpening, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    opening = opened(make_opening, qtbot)
    failing: list[Callable[[BaseException], None]] = []

    def never(*_: object, failed: Callable[[BaseException], None], **__: object) -> None:
        failing.append(failed)

    monkeypatch.setattr(module, "read_file", never)
    opening.open_file(tmp_path / "slow.sendwright-diagnosis")
    assert opening.view is not None
    page = opening.view.page
    assert page is not None

    def said() -> list[str]:
        return [note.words.text() for note in page.findChildren(Note) if note.isVisible()]

    qtbot.waitUntil(lambda: text("window.sent.looking") in said(), timeout=20_000)
    failing[0](FileRefused(Refusal.DAMAGED))
    assert text("window.sent.looking") not in said()
    qtbot.waitUntil(lambda: text("diagnosis_file.refused.damaged") in said(), timeout=20_000)


def test_a_refusal_is_seen_wherever_the_page_was_scrolled_to(
    make_opening: MakeOpening, qtbot: QtBot, tmp_path: Path
) -> None:
    opening = opened(make_opening, qtbot)
    opening.window.resize(640, 360)
    assert opening.view is not None
    page, bar = opening.view.page, opening.view.column.verticalScrollBar()
    assert isinstance(page, ChoicePage)
    assert page.sent is not None
    page.sent.open()

    def away() -> bool:
        bar.setValue(bar.maximum())
        return all(card.visibleRegion().isEmpty() for card in page.findChildren(Note))

    qtbot.waitUntil(away, timeout=20_000)
    opening.open_file(tmp_path / "missing.sendwright-diagnosis")
    words = text("diagnosis_file.refused.unreadable")

    def seen() -> bool:
        notes = [note for note in page.findChildren(Note) if note.words.text() == words]
        return any(note.visibleRegion().boundingRect().height() == note.height() for note in notes)

    qtbot.waitUntil(seen, timeout=20_000)
    assert bar.value() < bar.maximum()


def test_a_page_inside_a_file_cannot_be_used(theme: Theme, reading: Reading) -> None:
    page = RecordedPage(theme, PAGES["opened-form"], reading)
    assert page.inner is not None
    fields = page.inner.findChildren(QLineEdit)
    assert "smtp.example.org" in [field.text() for field in fields]
    assert not any(field.isEnabled() for field in fields)
    page.deleteLater()


def test_a_page_of_another_version_is_said_to_be_one(theme: Theme, reading: Reading) -> None:
    page = RecordedPage(theme, PAGES["opened-strange"], reading)
    assert isinstance(page.inner, Note)
    assert page.inner.words.text() == text("replay.page.unknown")
    page.deleteLater()


def test_a_transcript_is_read_scrolled_and_copied_only(theme: Theme, qtbot: QtBot) -> None:
    made = Transcript(theme, ("1 → EHLO", "2 ← <b>250</b>\x1b[31m"), what="Wire")
    qtbot.addWidget(made)
    made.show()
    assert made.lines.isReadOnly()
    assert made.lines.toPlainText() == "1 → EHLO\n2 ← <b>250</b>\\x1b[31m"
    assert made.lines.accessibleName() == "Wire"
    assert made.lines.tabChangesFocus()


def test_the_level_of_a_replay_is_not_the_persons_own(make_opening: MakeOpening, qtbot: QtBot, tmp_path: Path) -> None:
    opening = opened(make_opening, qtbot)
    opening.open_file(saved(tmp_path, "today", FILE))
    at(opening, "result", qtbot)
    assert opening._reading.level is Level.PLAIN
