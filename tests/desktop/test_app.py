"""The program as people start it: a process of its own, ended in every way there is."""

import os
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

PATIENCE_S = 60


@pytest.fixture
def home(tmp_path: Path) -> dict[str, str]:
    """An environment whose files are the test's own, with a keychain that nobody has."""
    places = {name: str(tmp_path / name.lower()) for name in ("HOME", "XDG_CONFIG_HOME", "XDG_DATA_HOME")}
    places |= {name: str(tmp_path / name.lower()) for name in ("XDG_STATE_HOME", "XDG_CACHE_HOME", "TMPDIR")}
    for place in places.values():
        Path(place).mkdir(parents=True)
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("XDG_", "DBUS_", "PYTEST"))}
    return {**kept, **places, "QT_QPA_PLATFORM": "offscreen", "SENDWRIGHT_LANGUAGE": "en"}


Drive = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture
def drive(home: dict[str, str], tmp_path: Path) -> Drive:
    """Start the program with a script that looks at it from inside, once the first page is shown."""

    def run(*words: str, script: str) -> subprocess.CompletedProcess[str]:
        driver = tmp_path / "driver.py"
        driver.write_text(DRIVER.format(words=["sendwright", *words], script=indent(script)), encoding="utf-8")
        return subprocess.run(
            [sys.executable, "-X", "dev", "-W", "error", str(driver)],
            env=home,
            capture_output=True,
            text=True,
            check=False,
            timeout=PATIENCE_S,
        )

    return run


def indent(script: str) -> str:
    return "\n".join("    " + line for line in script.strip().splitlines())


DRIVER = """
import os, signal, sys
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication, QMessageBox, QPushButton
from sendwright.desktop.view import WizardView
from sendwright.desktop.window import Window
import sendwright.desktop.view as module

sys.argv = {words!r}


def script(view):
    window = view.window()
{script}


make = WizardView.draw


def draw(self, scene):
    make(self, scene)
    if not getattr(WizardView, "driven", False):
        WizardView.driven = True
        QTimer.singleShot(50, lambda: script(self))


WizardView.draw = draw
from sendwright.__main__ import main
code = main()
print("code", code)
sys.exit(code)
"""


def clean(done: subprocess.CompletedProcess[str]) -> list[str]:
    """What is on standard error beside the noise of drawing in memory."""
    noise = ("propagateSizeHints", "Session.login_data is deprecated", "Executing <Task")  # slow machines are slow
    return [line for line in done.stderr.splitlines() if line and not any(word in line for word in noise)]


def test_closing_the_window_ends_the_program_cleanly(drive: Drive) -> None:
    done = drive(script="print('page', view.page.title.text()); window.close()")
    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines()[0].startswith("page Send notifications")
    assert clean(done) == []


@pytest.mark.parametrize("name", ["SIGTERM", "SIGINT"])
def test_a_signal_closes_it_with_everything_kept(drive: Drive, home: dict[str, str], name: str) -> None:
    script = f"view.submit(); QTimer.singleShot(600, lambda: os.kill(os.getpid(), signal.{name}))"
    done = drive(script=script)
    assert done.returncode == 0, done.stderr
    assert clean(done) == []
    drafts = list(Path(home["XDG_CONFIG_HOME"]).rglob("draft.json"))
    assert len(drafts) == 1
    assert '"step": "platform"' in drafts[0].read_text(encoding="utf-8")


def test_a_practice_starts_and_leaves_nothing(drive: Drive, home: dict[str, str]) -> None:
    done = drive("practice", script="print('banner', window.banner.isVisible()); window.close()")
    assert done.returncode == 0, done.stderr
    assert "banner True" in done.stdout
    assert clean(done) == []
    assert list(Path(home["TMPDIR"]).glob("sendwright-practice-*")) == []
    assert list(Path(home["XDG_CONFIG_HOME"]).rglob("draft.json")) == []


def test_a_practice_that_nobody_knows_is_refused_with_the_list(drive: Drive) -> None:
    done = drive("practice", "--scenario", "pigeon-post", script="raise SystemExit(9)")
    assert done.returncode in {1, 2}
    for name in ("usual", "wrong-password", "greylisting"):
        assert name in done.stdout + done.stderr
    assert "Traceback" not in done.stderr


def test_a_fault_in_a_slot_is_said_logged_and_ends_nothing(drive: Drive, home: dict[str, str]) -> None:
    script = """
button = QPushButton("x", window)
button.clicked.connect(lambda: 1 / 0)
button.click()
def look():
    box = QApplication.activeModalWidget()
    print("box", isinstance(box, QMessageBox), box.text())
    box.accept()
    print("page", view.page.isVisible())
    QTimer.singleShot(50, window.close)
QTimer.singleShot(300, look)
"""
    done = drive(script=script)
    assert done.returncode == 0, done.stderr
    assert "box True Something went wrong inside the program" in done.stdout
    assert "page True" in done.stdout
    (log,) = Path(home["XDG_STATE_HOME"]).rglob("sendwright.log")
    assert "ZeroDivisionError" in log.read_text(encoding="utf-8")
    assert log.stat().st_mode & 0o077 == 0
    assert clean(done) == []


def test_a_second_start_goes_on_where_the_first_was_closed(drive: Drive) -> None:
    first = drive(script="view.submit(); QTimer.singleShot(600, window.close)")
    assert first.returncode == 0, first.stderr
    second = drive(
        script="print('step', view._scene.screen.step, view.resumed is not None and view.resumed.isVisible());"
        " window.close()"
    )
    assert "step platform True" in second.stdout, second.stderr


def test_killed_in_the_middle_it_goes_on_as_well(drive: Drive) -> None:
    first = drive(script="view.submit(); QTimer.singleShot(600, lambda: os.kill(os.getpid(), signal.SIGKILL))")
    assert first.returncode == -signal.SIGKILL
    second = drive(script="print('step', view._scene.screen.step); window.close()")
    assert "step platform" in second.stdout, second.stderr
