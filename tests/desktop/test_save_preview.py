"""The preview before a diagnosis file is saved: calm, complete, quick, and where the keyboard is."""

import platform
import threading
from collections.abc import Callable
from pathlib import Path

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace
from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot
from tests.desktop import samples
from tests.desktop.conftest import Opened
from tests.desktop.hand_made import ShownStep
from tests.desktop.looking import words_of
from tests.wizard.surroundings import NOW

from sendwright.desktop import saving as module
from sendwright.desktop.pages.recorded import RecordedPage
from sendwright.desktop.reading_order import focusable
from sendwright.desktop.saving import ONE_LINE, readable, with_wall
from sendwright.desktop.theme.theme import Theme
from sendwright.desktop.widgets import save_diagnosis as panel_module
from sendwright.desktop.widgets.file_part import SHOWN_LINES, FilePart, at_most
from sendwright.desktop.widgets.note import Note
from sendwright.desktop.widgets.save_diagnosis import SaveDiagnosis
from sendwright.desktop.widgets.saved_file import open_folder
from sendwright.desktop.widgets.sent import SentError
from sendwright.diagnosis_file import ENDING, DiagnosisFile, Entry
from sendwright.diagnosis_file.wording import told_entry
from sendwright.network.wall.wall import Outcome, Wall
from sendwright.problems.level import Level
from sendwright.recording.event import Layer
from sendwright.screens import Recorded, Stopped
from sendwright.secret import Secret
from sendwright.texts import text
from sendwright.wizard.dossier import proposed_name

OpenSteps = Callable[..., Opened]
REVIEW = ShownStep(samples.REVIEW, stop="start")
STOP = ShownStep(samples.WRONG_PASSWORD)
WALL = Wall(
    host="smtp.example.org",
    port=587,
    at=NOW,
    outcome=Outcome.FAILED,
    ways=(),
    problems=(samples.REFUSED.problem, samples.WRONG_PASSWORD.problem),
)


@pytest.fixture
def opened(open_steps: OpenSteps) -> Opened:
    return open_steps(REVIEW, STOP)


@pytest.fixture
def panel(opened: Opened, qtbot: QtBot) -> SaveDiagnosis:
    opened.conductor.world.recorder.note(Layer.SMTP, "heard", text="550 5.1.1 <anna@example.org>: unknown")
    made: SaveDiagnosis = opened.page.saving
    made.offer.click()
    qtbot.waitUntil(made.save_button.isEnabled)
    return made


def part_of(panel: SaveDiagnosis, name: str) -> FilePart:
    return next(part for part in panel.parts if part.name == name)


def test_it_is_folded_away_until_it_is_asked_for_then_the_keyboard_is_there(opened: Opened, qtbot: QtBot) -> None:
    panel = opened.page.saving
    assert not panel.isVisible()
    panel.offer.click()
    assert panel.isVisible()
    assert panel.hasFocus()
    assert panel.accessibleName() == text("save.title")
    qtbot.waitUntil(panel.save_button.isEnabled)
    assert panel.hasFocus()


def test_every_part_is_named_in_words_with_its_lines_and_those_that_are_empty_are_one_sentence(
    panel: SaveDiagnosis,
) -> None:
    assert panel._prepared is not None
    for part in panel._prepared.parts:
        name = told_entry(part.name)
        assert name != part.name
        shown = [found.button.text() for found in panel.parts if found.name == part.name]
        assert shown == ([text("save.part", name=name, count=len(part.lines))] if part.lines else [])
    empty = [told_entry(part.name) for part in panel._prepared.parts if not part.lines]
    assert empty
    assert text("save.empty", names=", ".join(empty)) in words_of(panel)
    assert panel.parts[-1].name == "manifest.json"


def test_a_part_is_put_in_when_it_is_opened_and_holds_everything(panel: SaveDiagnosis, qtbot: QtBot) -> None:
    assert all(part.transcript is None for part in panel.parts)
    part = part_of(panel, "events.jsonl")
    part.button.click()
    assert part.transcript is not None
    qtbot.waitUntil(part.transcript.isVisible)
    assert "person-1@example.org" in part.transcript.lines.toPlainText()
    assert part.transcript.lines.isReadOnly()
    assert part.transcript.lines.accessibleName() == told_entry("events.jsonl")
    former = part.transcript
    part.button.click()
    assert not former.isVisible()
    part.button.click()
    assert part.transcript is former


def test_what_was_open_stays_open_when_addresses_are_to_stay(panel: SaveDiagnosis, qtbot: QtBot) -> None:
    part_of(panel, "events.jsonl").button.click()
    panel.keep_addresses.setFocus()
    former = panel.parts
    panel.keep_addresses.click()
    assert panel.parts is former  # nothing flickers meanwhile
    qtbot.waitUntil(panel.save_button.isEnabled)
    part = part_of(panel, "events.jsonl")
    assert part.transcript is not None
    assert "anna@example.org" in part.transcript.lines.toPlainText()
    assert part_of(panel, "problems.jsonl").transcript is None
    assert panel.keep_addresses.hasFocus()


def test_results_are_announced(panel: SaveDiagnosis, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> None:
    heard: list[tuple[str, bool]] = []
    monkeypatch.setattr(panel_module, "announce", lambda _, words, urgent=False: heard.append((words, urgent)))
    for key in ("kept", "replaced"):
        panel.keep_addresses.click()
        qtbot.waitUntil(panel.save_button.isEnabled)
        assert heard.pop() == (text(f"save.{key}"), False)
    panel._saved(Path("/there"))
    panel._not_saved(OSError())
    assert heard == [(text("save.saved"), False), (text("save.failed.place"), True)]


def test_tab_goes_through_it_in_the_order_of_reading(panel: SaveDiagnosis) -> None:
    seen = []
    for _ in range(len(panel.parts) + 4):
        seen.append(QApplication.focusWidget())
        QTest.keyClick(QApplication.focusWidget(), Qt.Key.Key_Tab)
    wanted = [panel, *(part.button for part in panel.parts), panel.keep_addresses, panel.save_button]
    assert seen == [*wanted, panel.close_button]


@pytest.mark.parametrize("key", [Qt.Key.Key_Return, Qt.Key.Key_Enter])
def test_enter_presses_what_has_the_keyboard_and_leaves_nothing_else(
    opened: Opened, panel: SaveDiagnosis, qtbot: QtBot, key: Qt.Key
) -> None:
    part = part_of(panel, "events.jsonl")
    part.button.setFocus()
    QTest.keyClick(part.button, key)
    qtbot.waitUntil(lambda: part.transcript is not None and part.transcript.isVisible())
    assert part.transcript is not None
    page = opened.page
    for widget in (part.transcript.lines, panel.keep_addresses, panel):
        widget.setFocus()
        QTest.keyClick(widget, key)
        qtbot.wait(20)
        assert opened.page is page
        assert not opened.conductor.busy
    panel.close_button.setFocus()
    QTest.keyClick(panel.close_button, key)
    assert not panel.isVisible()


def test_every_control_has_a_name(panel: SaveDiagnosis, qtbot: QtBot) -> None:
    part = part_of(panel, "events.jsonl")
    part.button.click()
    panel._saved(Path("/home/anna/a.file"))
    qtbot.wait(20)
    controls = [found for found in focusable(panel) if found.isVisible()]
    assert len(controls) == len(panel.parts) + 4 + 2 + 2  # in the open part, and where the file lies
    for control in controls:
        spoken = QAccessible.queryAccessibleInterface(control)
        assert spoken.text(QAccessible.Text.Name).strip(), control


def test_closing_it_brings_the_keyboard_back_and_opening_it_makes_it_anew(
    opened: Opened, panel: SaveDiagnosis, qtbot: QtBot
) -> None:
    panel._not_saved(OSError())
    panel.close_button.click()
    assert not panel.isVisible()
    assert panel.offer.hasFocus()
    assert panel.parts == ()
    for number in range(3):
        opened.conductor.world.recorder.note(Layer.SMTP, "said", text=f"NOOP {number}")
    panel.offer.click()
    qtbot.waitUntil(panel.save_button.isEnabled)
    assert panel.outcome is None
    assert part_of(panel, "events.jsonl").button.text().endswith("4 lines")


@pytest.mark.parametrize("unfolded", [True, False])
def test_a_map_of_the_ways_out_goes_into_the_file_as_soon_as_it_is_drawn(
    opened: Opened, qtbot: QtBot, unfolded: bool
) -> None:
    panel: SaveDiagnosis = opened.page.saving
    if unfolded:
        panel.offer.click()
        qtbot.waitUntil(panel.save_button.isEnabled)
        assert "wall.jsonl" not in {part.name for part in panel.parts}
    panel.add_wall(WALL)
    if not unfolded:
        assert panel._work is None
        panel.offer.click()
    qtbot.waitUntil(lambda: "wall.jsonl" in {part.name for part in panel.parts})
    assert panel._prepared is not None
    file = panel._prepared.file
    assert file.wall is not None
    assert file.wall["host"] == WALL.host
    codes = [problem.code for problem in file.problems]
    assert codes == [samples.WRONG_PASSWORD.problem.code, samples.REFUSED.problem.code]
    again = with_wall(file, WALL)
    assert [problem.code for problem in again.problems] == codes  # each one once


def test_asking_again_only_brings_the_keyboard_there(panel: SaveDiagnosis) -> None:
    former = panel.parts
    panel.close_button.setFocus()
    panel.offer.click()
    assert panel.hasFocus()
    assert panel.parts is former


def test_a_long_wait_is_said_and_closing_ends_it(opened: Opened, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> None:
    go_on = threading.Event()
    usual = module.preview

    def slow(*given: object, **named: object) -> object:
        go_on.wait(20)
        return usual(*given, **named)  # type: ignore[arg-type] - as they came

    monkeypatch.setattr(module, "preview", slow)
    panel = opened.page.saving
    panel.offer.click()
    assert text("window.waiting") not in words_of(panel)
    assert not panel.save_button.isEnabled()
    qtbot.waitUntil(lambda: text("window.waiting") in words_of(panel))
    work = panel._work
    panel.close_button.click()
    go_on.set()
    qtbot.wait(30)
    assert not work.wanted
    assert panel.parts == ()


@pytest.mark.parametrize("level", list(Level))
def test_it_is_offered_at_every_level(open_steps: OpenSteps, level: Level) -> None:
    opened = open_steps(REVIEW, STOP)
    opened.view._reading.choose(level)
    assert opened.page.saving.offer.isVisible()


def test_every_stop_offers_it_and_no_other_page(open_steps: OpenSteps, qtbot: QtBot) -> None:
    for name, screen in samples.SCREENS.items():
        opened = open_steps(REVIEW, ShownStep(screen))
        qtbot.wait(5)
        found = opened.page.findChildren(SaveDiagnosis)
        assert len(found) == int(isinstance(screen, Stopped)), name


def test_a_stop_inside_of_an_opened_file_does_not_offer_it(open_steps: OpenSteps) -> None:
    inner = msgspec.to_builtins(samples.WRONG_PASSWORD)
    opened = open_steps(REVIEW, ShownStep(Recorded(step="screens-1", title="replay.wire.title", inner=inner)))
    assert isinstance(opened.page, RecordedPage)
    assert opened.page.findChildren(SaveDiagnosis) == []


def test_an_error_that_was_sent_does_not_offer_it(opened: Opened, qtbot: QtBot) -> None:
    sent: SentError = opened.page.sent
    sent.open()
    sent.field.setPlainText("535 5.7.8 authentication failed")
    sent.explain()
    qtbot.waitUntil(lambda: sent.meaning is not None and sent.meaning.cards != ())
    assert sent.meaning is not None
    words = {button.text() for button in sent.meaning.cards[0].findChildren(type(opened.page.saving.offer))}
    assert text("window.copy-ticket") in words
    assert text("save.offer") not in words


@pytest.mark.parametrize("code", ["tls-certificate-expired", ""])
def test_a_name_says_the_day_and_the_problem(code: str) -> None:
    problems = (replace(samples.WRONG_PASSWORD.problem, code=code),) if code else ()
    file = DiagnosisFile(made_at=NOW, program="1", language="en", subject={}, problems=problems)
    assert proposed_name(file) == f"sendwright-2026-11-20-{code or 'diagnosis'}{ENDING}"


@pytest.mark.parametrize(("count", "cut"), [(1, False), (SHOWN_LINES, False), (SHOWN_LINES + 1, True), (200_000, True)])
def test_a_very_long_part_shows_its_beginning_and_says_so(
    theme: Theme, show: Callable[..., FilePart], qtbot: QtBot, count: int, cut: bool
) -> None:
    part = FilePart(theme, Entry(name="events.jsonl", lines=("{}",) * count))
    show(part, width=560, height=500)
    part.button.click()
    assert part.transcript is not None
    qtbot.waitUntil(part.transcript.isVisible)
    assert part.transcript.lines.blockCount() == min(count, SHOWN_LINES)
    assert (text("save.cut", shown=SHOWN_LINES, count=count) in words_of(part)) is cut
    assert part.button.text() == text("save.part", name=told_entry("events.jsonl"), count=count)


@given(st.lists(st.text(alphabet="ab", max_size=9)), st.integers(0, 9), st.integers(0, 60))
def test_the_beginning_of_many_lines_is_as_long_as_allowed(all_lines: list[str], lines: int, letters: int) -> None:
    everything = tuple(all_lines)
    shown = at_most(everything, lines=lines, letters=letters)
    assert shown == everything[: len(shown)]
    assert len(shown) <= lines
    assert sum(len(line) + 1 for line in shown) <= letters
    if len(shown) < min(lines, len(everything)):
        assert sum(len(line) + 1 for line in everything[: len(shown) + 1]) > letters


@pytest.mark.parametrize(
    "line",
    [
        '{"name":"said","text":"' + "x" * ONE_LINE + '","values":{"a":"b"}}',
        '{"a":[' + ",".join("1" for _ in range(ONE_LINE)) + "]}",
        '{"text":"' + "no \\xe9 JSON " * ONE_LINE + '"}',
        "{}",
        '{"name":"said","text":"EHLO"}',
    ],
)
def test_long_lines_are_shown_member_by_member_and_nothing_is_left_out(line: str) -> None:
    shown = readable(Entry(name="a.jsonl", lines=(line, line)))
    assert "".join("".join(shown.lines).split()) == "".join((line + line).split())
    assert (len(shown.lines) == 2) is (len(line) <= ONE_LINE or "JSON" in line)


@pytest.mark.parametrize("kind", ["folder", "file", "nothing"])
def test_nothing_but_a_folder_is_opened(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, kind: str) -> None:
    opened: list[str] = []
    monkeypatch.setattr(
        "sendwright.desktop.widgets.saved_file.QDesktopServices.openUrl", lambda url: opened.append(url.toLocalFile())
    )
    place = tmp_path / kind
    if kind == "folder":
        place.mkdir()
    elif kind == "file":
        place.write_text("#!/bin/sh")
    open_folder(place)
    assert opened == ([str(place)] if kind == "folder" else [])


@pytest.mark.parametrize("size", [(960, 680), (800, 600), (640, 480)])
def test_its_beginning_is_in_sight_as_soon_as_it_is_there(
    open_steps: OpenSteps, qtbot: QtBot, size: tuple[int, int]
) -> None:
    opened = open_steps(REVIEW, STOP, size=size)
    panel, area = opened.page.saving, opened.view.column
    panel.offer.click()
    qtbot.waitUntil(panel.save_button.isEnabled)

    def in_sight() -> bool:
        top = panel.mapTo(area.viewport(), panel.rect().topLeft()).y()
        return 0 <= top < area.viewport().height() / 2 or panel.height() + top <= area.viewport().height()

    qtbot.waitUntil(in_sight)


@pytest.mark.parametrize(("password", "warned"), [(platform.system(), True), ("correct-horse-battery-42", False)])
def test_a_password_that_is_an_ordinary_word_is_cut_out_and_warned_of(
    open_steps: OpenSteps, qtbot: QtBot, password: str, *, warned: bool
) -> None:
    opened = open_steps(REVIEW, STOP)
    opened.conductor.world.recorder.learn(Secret(password))
    panel = opened.page.saving
    panel.offer.click()
    qtbot.waitUntil(panel.save_button.isEnabled)
    notes = [note.words.text() for note in panel.findChildren(Note)]
    assert (text("diagnosis_file.ordinary-word") in notes) is warned
    environment = next(part for part in panel._prepared.parts if part.name.startswith("environment"))
    assert password not in "".join(environment.lines)
    panel.keep_addresses.click()
    qtbot.waitUntil(panel.save_button.isEnabled)
    assert len([note for note in panel.findChildren(Note) if note.isVisibleTo(panel)]) == warned
