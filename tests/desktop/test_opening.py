"""One window for the real wizard and for practice, with everything behind it ended cleanly."""

import asyncio
import os
import tempfile
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication, QMessageBox
from pytestqt.qtbot import QtBot
from tests.desktop import samples
from tests.desktop.hand_made import ShownStep, hand_made_wizard, hand_made_world
from tests.desktop.open_windows import MakeOpening, ready, step_of

from sendwright.deployment import Deployment, Platform
from sendwright.desktop.waiting import WaitingView
from sendwright.texts import text
from sendwright.wizard.opening import open_wizard
from sendwright.wizard.store import NoDrafts
from sendwright.wizard.wizard import Wizard


def practice_folders() -> set[Path]:
    return set(Path(tempfile.gettempdir()).glob("sendwright-practice-*"))


def children() -> set[int]:
    """The processes that were started from this one."""
    own = os.getpid()
    found = set()
    for entry in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = entry.read_text().rsplit(")", 1)[1].split()
        except OSError:
            continue
        if int(fields[1]) == own and fields[0] != "Z":
            found.add(int(entry.parent.name))
    return found


def test_it_opens_the_real_wizard(make_opening: MakeOpening, qtbot: QtBot) -> None:
    opening = make_opening()
    opening.open(practice=None)
    ready(opening, qtbot)
    assert step_of(opening) == "start"
    assert opening.window.isVisible()
    assert not opening.window.banner.isVisible()


def test_closing_ends_with_the_code_for_fine(make_opening: MakeOpening, qtbot: QtBot) -> None:
    opening = make_opening()
    opening.open(practice=None)
    ready(opening, qtbot)
    with qtbot.waitSignal(opening.ended) as ended:
        opening.window.close()
    assert ended.args == [0]


def test_the_window_bears_the_platforms_name_where_there_is_a_deployment(
    make_opening: MakeOpening, tmp_path: Path
) -> None:
    deployment = Deployment(platform=Platform(name="Example Platform"), source=tmp_path / "deployment.toml")
    assert make_opening(deployment=deployment).window.windowTitle() == "Example Platform"
    assert make_opening().window.windowTitle() == text("window.title")


def test_a_world_that_takes_its_time_is_waited_for_visibly(
    make_opening: MakeOpening, tmp_path: Path, qtbot: QtBot
) -> None:
    async def slow() -> Wizard:
        await asyncio.sleep(0.8)
        return await open_wizard(hand_made_world(tmp_path), NoDrafts())

    opening = make_opening(slow)
    opening.open(practice=None)
    assert not opening.window.isVisible()
    qtbot.waitUntil(opening.window.isVisible)
    (waiting,) = opening.window.findChildren(WaitingView)
    assert waiting.words.text() == text("window.opening")
    ready(opening, qtbot)
    assert step_of(opening) == "start"


def test_whoever_does_not_want_to_wait_is_out(make_opening: MakeOpening, qtbot: QtBot) -> None:
    async def never() -> Wizard:
        await asyncio.sleep(60)
        raise AssertionError("not reached")

    opening = make_opening(never)
    opening.open(practice=None)
    qtbot.waitUntil(opening.window.isVisible)
    with qtbot.waitSignal(opening.ended) as ended:
        opening.window.findChildren(WaitingView)[0].cancel_button.click()
    assert ended.args == [0]


def test_a_world_that_cannot_be_made_is_said_and_ends_with_a_fault(
    make_opening: MakeOpening, qtbot: QtBot, qapp: QApplication, log_folder: Path
) -> None:
    async def broken() -> Wizard:
        raise RuntimeError("a fault of ours")

    opening = make_opening(broken)
    opening.open(practice=None)
    qtbot.waitUntil(lambda: isinstance(qapp.activeModalWidget(), QMessageBox))
    box = qapp.activeModalWidget()
    assert isinstance(box, QMessageBox)
    assert box.text() == text("window.fault-title")
    assert "a fault of ours" in (log_folder / "sendwright.log").read_text()
    with qtbot.waitSignal(opening.ended) as ended:
        box.accept()
    assert ended.args == [3]


def test_a_fault_in_the_middle_is_said_and_loses_nothing(
    make_opening: MakeOpening, tmp_path: Path, qtbot: QtBot, qapp: QApplication, log_folder: Path
) -> None:
    async def break_down(*_: object) -> None:
        raise RuntimeError("a fault of ours")

    async def real() -> Wizard:
        steps = (ShownStep(samples.CONNECT, act=break_down), ShownStep(samples.REVIEW))
        return hand_made_wizard(hand_made_world(tmp_path), *steps)

    opening = make_opening(real)
    opening.open(practice=None)
    ready(opening, qtbot)
    assert opening.view is not None
    page = opening.view.page
    page.fields.put({"password": "typed"})  # type: ignore[union-attr] - a form
    opening.view.submit()
    qtbot.waitUntil(lambda: isinstance(qapp.activeModalWidget(), QMessageBox))
    qapp.activeModalWidget().close()
    assert opening.view.page is page
    assert opening.view.typed is not None
    assert opening.view.typed["password"] == "typed"
    written = (log_folder / "sendwright.log").read_text()
    assert "RuntimeError" in written
    assert "typed" not in written.replace("_typed", "").replace(".typed", "")


def test_a_practice_starts_shows_its_inbox_and_leaves_nothing(make_opening: MakeOpening, qtbot: QtBot) -> None:
    before = practice_folders()
    opening = make_opening()
    opening.open(practice="")
    ready(opening, qtbot)
    assert opening.window.banner.isVisible()
    assert opening.inbox is not None
    assert len(practice_folders() - before) == 1
    with qtbot.waitSignal(opening.ended, timeout=20_000):
        opening.window.close()
    assert practice_folders() == before


@pytest.mark.parametrize("name", ["wrong-password", "greylisting"])
def test_a_practice_says_what_to_expect(make_opening: MakeOpening, qtbot: QtBot, name: str) -> None:
    from PySide6.QtWidgets import QLabel  # noqa: PLC0415 - only here

    opening = make_opening()
    opening.open(practice=name)
    ready(opening, qtbot)
    assert opening.inbox is not None
    assert text(f"practice.{name}") in [found.text() for found in opening.inbox.findChildren(QLabel)]


def test_from_the_real_wizard_to_practice_and_back(make_opening: MakeOpening, qtbot: QtBot) -> None:
    before = practice_folders()
    opening = make_opening()
    opening.open(practice=None)
    ready(opening, qtbot)
    assert opening.view is not None
    real = opening.view
    real.page.cards.choose("practise")  # type: ignore[union-attr] - a choice
    real.submit()
    qtbot.waitUntil(lambda: opening.view is not None and opening.view is not real, timeout=20_000)
    ready(opening, qtbot)
    assert opening.window.banner.isVisible()
    assert step_of(opening) == "start"
    rehearsed = opening.view
    opening.window.banner.end_button.click()
    qtbot.waitUntil(lambda: opening.view is not None and opening.view is not rehearsed, timeout=20_000)
    ready(opening, qtbot)
    assert not opening.window.banner.isVisible()
    assert opening.inbox is None
    assert practice_folders() == before


def test_a_practice_that_cannot_start_leads_back_to_the_real_wizard(
    make_opening: MakeOpening, qtbot: QtBot, qapp: QApplication, monkeypatch: pytest.MonkeyPatch
) -> None:
    from sendwright.practice.mail_server import PracticeMailServer  # noqa: PLC0415 - loaded only to practise

    async def no_more_ports(_: object) -> None:
        raise OSError(98, "Address already in use")

    monkeypatch.setattr(PracticeMailServer, "start", no_more_ports)
    opening = make_opening()
    opening.open(practice="")
    qtbot.waitUntil(lambda: isinstance(qapp.activeModalWidget(), QMessageBox))
    qapp.activeModalWidget().close()
    ready(opening, qtbot)
    assert not opening.window.banner.isVisible()
    assert step_of(opening) == "start"


def test_closing_while_a_practice_starts_leaves_nothing(make_opening: MakeOpening, qtbot: QtBot) -> None:
    before = practice_folders()
    opening = make_opening()
    opening.open(practice="")
    opening.window.show()
    with qtbot.waitSignal(opening.ended, timeout=20_000):
        opening.window.close()
    qtbot.waitUntil(lambda: practice_folders() == before)


def test_a_whole_practice_ends_its_backend(make_opening: MakeOpening, qtbot: QtBot) -> None:
    before = children()
    opening = make_opening()
    opening.open(practice="")
    ready(opening, qtbot)
    assert opening.view is not None
    opening.view.submit()
    qtbot.waitUntil(lambda: step_of(opening) == "platform", timeout=20_000)
    qtbot.wait(20)
    opening.view.submit()
    conductor = opening.conductor
    assert conductor is not None
    qtbot.waitUntil(lambda: conductor.scene.screen.step != "platform" or not conductor.busy, timeout=60_000)
    assert step_of(opening) == "provider", conductor.scene.screen
    assert children() - before
    with qtbot.waitSignal(opening.ended, timeout=30_000):
        opening.window.close()
    qtbot.waitUntil(lambda: not children() - before, timeout=10_000)
