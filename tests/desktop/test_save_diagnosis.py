"""A stop in the real wizard, saved as a diagnosis file from its card: what is shown is what is written, no secret."""

import errno
import stat
import threading
import zipfile
from collections.abc import Callable, Iterator
from contextlib import AbstractAsyncContextManager
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QLineEdit
from pytestqt.qtbot import QtBot
from tests.desktop.conftest import Opened
from tests.desktop.looking import words_of
from tests.wizard.surroundings import NOW, Stage, stage
from tests.wizard.walking import walk_to

from sendwright.desktop import saving as module
from sendwright.desktop.widgets.save_diagnosis import SaveDiagnosis
from sendwright.desktop.widgets.saved_file import SavedFile
from sendwright.diagnosis_file import ENDING, FileRefused, Refusal, SecretFound, read
from sendwright.diagnosis_file.wording import told_refusal
from sendwright.screens import Field, FieldKind, Form, Stopped
from sendwright.secret import Secret
from sendwright.texts import text
from sendwright.wizard.opening import open_wizard
from sendwright.wizard.store import NoDrafts

WRONG = "Wrong-horse-battery-staple-17"
LATER = "Later-horse-battery-staple-18"
USER = "notifications@example.org"


@pytest.fixture
def opened(open_wizard_window: Callable[..., Opened], run: Callable[..., Any], tmp_path: Path) -> Iterator[Opened]:
    """A window that stands at a wrong password."""
    play: AbstractAsyncContextManager[Stage] = stage(tmp_path)
    made: Stage = run(play.__aenter__())
    wizard = run(open_wizard(made.world, NoDrafts()))
    run(walk_to(wizard, "smtp-connect"))
    window = open_wizard_window(wizard)
    for name, value in (("username", USER), ("password", WRONG)):
        line = window.page.findChild(QLineEdit, f"field-{name}")
        line.setText(value)
    window.view.submit()
    window.wait_for("smtp-prove", kind=Stopped)
    yield window
    run(play.__aexit__(None, None, None))


@pytest.fixture
def panel(opened: Opened, qtbot: QtBot) -> SaveDiagnosis:
    made: SaveDiagnosis = opened.page.saving
    made.offer.click()
    qtbot.waitUntil(made.save_button.isEnabled)
    return made


@pytest.fixture
def place(tmp_path: Path) -> Path:
    return tmp_path / f"a file{ENDING}"


def choose(panel: SaveDiagnosis, place: Path, qtbot: QtBot) -> None:
    """Press Save and choose `place` in the dialog."""
    panel.save_button.click()
    assert panel.dialog is not None
    panel.dialog.fileSelected.emit(str(place))
    panel.dialog.close()
    qtbot.waitUntil(lambda: panel.outcome is not None)


def said(panel: SaveDiagnosis) -> str:
    assert panel.outcome is not None
    return panel.outcome.note.words.text()


def content_of(place: Path) -> dict[str, str]:
    with zipfile.ZipFile(place) as archive:
        return {name: archive.read(name).decode() for name in archive.namelist()}


def test_a_stop_is_saved_with_its_problem_its_stages_its_screens_and_the_wire(
    opened: Opened, panel: SaveDiagnosis, place: Path, qtbot: QtBot
) -> None:
    choose(panel, place, qtbot)
    file = read(place)
    assert file.made_at == NOW
    assert file.problems[0].code == "auth-wrong-credentials"
    assert [stage.id for stage in file.stages] == list(opened.conductor.scene.screen.stages)  # type: ignore[union-attr] - a stop
    assert [shown.screen["step"] for shown in file.screens][-2:] == ["smtp-prove", "smtp-prove"]
    assert file.screens[-1].screen["type"] == "stopped"
    assert {event.layer.value for event in file.events} >= {"tls", "smtp"}
    assert file.subject["host"]
    assert opened.faults == []


def test_no_secret_stands_in_it_and_only_its_owner_can_read_it(panel: SaveDiagnosis, place: Path, qtbot: QtBot) -> None:
    choose(panel, place, qtbot)
    assert WRONG.encode() not in place.read_bytes()
    assert not [name for name, content in content_of(place).items() if WRONG in content]
    assert stat.S_IMODE(place.stat().st_mode) == 0o600
    assert said(panel) == text("save.saved")


def test_what_was_shown_is_what_was_written(panel: SaveDiagnosis, place: Path, qtbot: QtBot) -> None:
    assert panel._prepared is not None
    shown = {part.name: part.lines for part in panel._prepared.parts}
    choose(panel, place, qtbot)
    written = content_of(place)
    assert list(shown) == list(written)
    for name, lines in shown.items():
        assert "".join("".join(lines).split()) == "".join(written[name].split()), name


@pytest.mark.parametrize("kept", [False, True])
def test_addresses_are_replaced_unless_they_are_to_stay(
    panel: SaveDiagnosis, place: Path, qtbot: QtBot, kept: bool
) -> None:
    if kept:
        panel.keep_addresses.click()
        assert not panel.save_button.isEnabled()
        qtbot.waitUntil(panel.save_button.isEnabled)
    assert panel._prepared is not None
    preview = "\n".join(line for part in panel._prepared.parts for line in part.lines)
    choose(panel, place, qtbot)
    written = "".join(content_of(place).values())
    for everything in (preview, written):
        assert (USER in everything) is kept
        assert ("person-1@example.org" in everything) is not kept


def test_where_it_lies_can_be_copied_and_its_folder_opened(
    panel: SaveDiagnosis, place: Path, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened: list[str] = []
    monkeypatch.setattr(
        "sendwright.desktop.widgets.saved_file.QDesktopServices.openUrl", lambda url: opened.append(url.toLocalFile())
    )
    choose(panel, place, qtbot)
    saved = panel.outcome
    assert isinstance(saved, SavedFile)
    saved.path.button.click()
    assert QGuiApplication.clipboard().text() == str(place)
    saved.folder_button.click()
    assert opened == [str(place.parent)]


def test_a_secret_that_became_known_after_the_preview_is_refused_and_nothing_is_written(
    opened: Opened, place: Path, qtbot: QtBot
) -> None:
    field = Field(name="alias", kind=FieldKind.TEXT, label="sender.alias", value=f"x {LATER} y")
    opened.wizard.trail.note(Form(step="sender", title="sender.title", fields=(field,)), {})
    panel = opened.page.saving
    panel.offer.click()
    qtbot.waitUntil(panel.save_button.isEnabled)
    opened.wizard.world.recorder.learn(Secret(LATER))
    choose(panel, place, qtbot)
    assert said(panel) == told_refusal(SecretFound(entry="screens.jsonl", form="plain"))
    assert panel.outcome.note.tone == "failed"
    assert LATER not in said(panel)
    assert not place.exists()
    assert [file for file in place.parent.iterdir() if ENDING in file.name] == []
    assert opened.faults == []


def test_a_dialog_that_is_cancelled_writes_nothing(panel: SaveDiagnosis, place: Path, qtbot: QtBot) -> None:
    panel.save_button.click()
    dialog = panel.dialog
    assert dialog is not None
    assert dialog.selectedFiles()[0].endswith(f"sendwright-2026-11-20-auth-wrong-credentials{ENDING}")
    dialog.reject()
    panel.save("")
    qtbot.wait(30)
    assert panel.outcome is None
    assert not place.exists()
    assert panel.save_button.isEnabled()


@pytest.mark.parametrize(
    "failing",
    [
        (OSError(errno.ENOSPC, "full"), "full"),
        (OSError(errno.EDQUOT, "quota"), "full"),
        (PermissionError(errno.EACCES, "no"), "forbidden"),
        (OSError(errno.EROFS, "read-only"), "forbidden"),
        (OSError(errno.EIO, "broken"), "place"),
    ],
)
def test_a_place_that_cannot_be_written_is_a_sentence_and_another_one_can_be_tried(
    panel: SaveDiagnosis, place: Path, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch, failing: tuple[OSError, str]
) -> None:
    error, key = failing

    def fail(*_: object, **__: object) -> None:
        raise error

    with monkeypatch.context() as patched:
        patched.setattr(module, "save", fail)
        choose(panel, place, qtbot)
        assert said(panel) == text(f"save.failed.{key}")
        assert not place.exists()
    choose(panel, place, qtbot)
    qtbot.waitUntil(lambda: said(panel) == text("save.saved"))
    assert read(place).problems


def test_a_folder_that_is_a_file_is_a_sentence_too(panel: SaveDiagnosis, place: Path, qtbot: QtBot) -> None:
    place.write_text("here first")
    choose(panel, place / "below", qtbot)
    assert said(panel) == text("save.failed.place")
    assert place.read_text() == "here first"


def test_what_goes_beyond_the_limits_is_refused(
    panel: SaveDiagnosis, place: Path, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise FileRefused(Refusal.TOO_LARGE)

    monkeypatch.setattr(module, "save", refuse)
    choose(panel, place, qtbot)
    assert said(panel) == text("diagnosis_file.refused.too-large")


@pytest.mark.parametrize("what", ["preview", "save"])
def test_a_fault_of_ours_is_said_and_told(
    opened: Opened, place: Path, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch, what: str
) -> None:
    def break_down(*_: object, **__: object) -> None:
        raise RuntimeError("a fault of ours")

    monkeypatch.setattr(module, what, break_down)
    panel = opened.page.saving
    panel.offer.click()
    if what == "save":
        qtbot.waitUntil(panel.save_button.isEnabled)
        choose(panel, place, qtbot)
    qtbot.waitUntil(lambda: panel.outcome is not None)
    assert said(panel) == text("save.failed.fault")
    assert [str(fault) for fault in opened.faults] == ["a fault of ours"]
    assert text("window.waiting") not in words_of(panel)
    assert panel.save_button.isEnabled() is (what == "save")


@pytest.mark.parametrize("what", ["preview", "save"])
def test_leaving_the_page_while_it_is_being_made_ends_quietly(
    opened: Opened, place: Path, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch, what: str
) -> None:
    go_on, begun = threading.Event(), threading.Event()
    usual = getattr(module, what)

    def slow(*given: object, **named: object) -> object:
        begun.set()
        go_on.wait(20)
        return usual(*given, **named)

    monkeypatch.setattr(module, what, slow)
    panel = opened.page.saving
    panel.offer.click()
    if what == "save":
        qtbot.waitUntil(panel.save_button.isEnabled)
        panel.save(str(place))
    qtbot.waitUntil(begun.is_set)
    work = panel._work
    opened.view.submit()  # to the password
    opened.wait_for("smtp-connect")
    qtbot.waitUntil(lambda: not work.wanted)
    go_on.set()
    qtbot.wait(50)
    assert opened.faults == []
