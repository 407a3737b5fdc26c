from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtWidgets import QMessageBox, QWidget
from pytestqt.qtbot import QtBot

from sendwright.desktop.faults import show_fault
from sendwright.texts import text


@pytest.fixture
def parent(show: Callable[..., QWidget], theme: object) -> QWidget:
    return show(QWidget(), width=400, height=300)


def test_a_fault_is_said_plainly_with_the_place_of_its_log(parent: QWidget, tmp_path: Path) -> None:
    box = show_fault(RuntimeError("a detail that nobody understands"), parent, log=tmp_path / "sendwright.log")
    assert box.text() == text("window.fault-title")
    assert str(tmp_path / "sendwright.log") in box.informativeText()
    assert "a detail that nobody understands" not in box.text() + box.informativeText()
    box.close()


def test_what_could_not_be_saved_is_said_with_the_systems_reason(parent: QWidget, tmp_path: Path) -> None:
    box = show_fault(OSError(28, "No space left on device"), parent, log=tmp_path / "x.log")
    assert box.text() == text("window.not-saved-title")
    assert "No space left on device" in box.informativeText()
    box.close()


def test_an_error_without_a_reason_is_named(parent: QWidget, tmp_path: Path) -> None:
    box = show_fault(PermissionError(), parent, log=tmp_path / "x.log")
    assert "PermissionError" in box.informativeText()
    box.close()


def test_the_box_blocks_nothing_and_goes_when_it_is_read(parent: QWidget, tmp_path: Path, qtbot: QtBot) -> None:
    box = show_fault(RuntimeError("x"), parent, log=tmp_path / "x.log")
    qtbot.waitUntil(box.isVisible)
    gone: list[str] = []
    box.destroyed.connect(lambda: gone.append("gone"))
    box.accept()
    qtbot.waitUntil(lambda: gone == ["gone"])


def test_over_a_window_that_is_not_shown_the_box_is_shown_all_the_same(tmp_path: Path, qtbot: QtBot) -> None:
    hidden = QWidget()
    qtbot.addWidget(hidden)
    box = show_fault(RuntimeError("x"), hidden, log=tmp_path / "x.log")
    qtbot.waitUntil(box.isVisible)
    assert isinstance(box, QMessageBox)
    assert box.isModal()
    box.close()
