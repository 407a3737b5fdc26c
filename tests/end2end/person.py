"""A person at the window: run as a program of its own, she walks the real wizard with mouse and keyboard.

Reads her part as JSON from standard input (see part.Part) and writes what she saw as JSON lines to standard output.
"""

import json
import sys
from functools import partial
from pathlib import Path

import msgspec
from PySide6.QtCore import QDeadlineTimer, QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QComboBox, QLineEdit, QWidget
from tests.desktop.small_picture import save_small
from tests.end2end.part import Part

from sendwright.deployment import Deployment
from sendwright.desktop.app import make_application
from sendwright.desktop.engine import Engine
from sendwright.desktop.opening import Opening
from sendwright.desktop.preferences import PassingPreferences
from sendwright.desktop.theme.theme import Theme
from sendwright.desktop.widgets.fold import Fold
from sendwright.desktop.widgets.option import OptionCard
from sendwright.screens import Base, Done, Stopped, Working
from sendwright.storage import folders
from sendwright.surroundings import real_world
from sendwright.texts import text
from sendwright.wizard.opening import open_wizard
from sendwright.wizard.store import StoredDrafts
from sendwright.wizard.wizard import Wizard

PATIENCE_MS = 60_000


class Person:
    """Sits at the window and follows her part."""

    def __init__(self, part: Part) -> None:
        self._part = part
        self._application: QApplication = make_application(["sendwright"])
        self._engine = Engine()
        deployment = Deployment()
        theme = Theme(self._application, accent=deployment.platform.accent)

        async def real() -> Wizard:
            return await open_wizard(await real_world(deployment), StoredDrafts(folders().configuration))

        self._opening = Opening(theme, self._engine, deployment, real=real, preferences=PassingPreferences())
        self._ended = False
        self._opening.ended.connect(self._end)
        self._count = 0

    def play(self) -> None:
        """Walk to the end of the part; every screen is told on standard output."""
        self._opening.open(practice=self._part.practice)
        self._wait_for(lambda: self._opening.view is not None and self._opening.window.isVisible())
        former: tuple[str, str] | None = None
        while True:
            self._wait_for(partial(self._settled, former))
            screen = self._screen
            former = (screen.step, type(screen).__name__)
            self._tell(screen)
            if screen.step == self._part.until or isinstance(screen, Done | Stopped):
                break
            self._answer(screen)
        if isinstance(self._screen, Done):
            QTest.qWait(300)
        self._opening.window.close()
        self._wait_for(lambda: self._ended)
        self._engine.stop()

    def _end(self, code: int) -> None:
        self._ended = code == 0

    @property
    def _screen(self) -> Base:
        if self._opening.conductor is None:
            raise RuntimeError("there is no wizard yet")
        return self._opening.conductor.scene.screen

    def _settled(self, former: tuple[str, str] | None) -> bool:
        conductor = self._opening.conductor
        if conductor is None or conductor.busy:
            return False
        screen = conductor.scene.screen
        return not isinstance(screen, Working) and (screen.step, type(screen).__name__) != former

    def _tell(self, screen: Base) -> None:
        line = {"step": screen.step, "kind": type(screen).__name__}
        if isinstance(screen, Stopped):
            line["problem"] = screen.problem.code
        sys.stdout.write(json.dumps(line) + "\n")
        sys.stdout.flush()
        QTest.qWait(120)
        self._picture(screen.step)

    def _picture(self, name: str) -> None:
        if self._part.pictures:
            self._count += 1
            save_small(
                self._opening.window.grab().toImage(), Path(self._part.pictures) / f"{self._count:02d}-{name}.png"
            )

    def _answer(self, screen: Base) -> None:
        window, view = self._opening.window, self._opening.view
        page = view.page if view is not None else None
        if page is None:
            raise RuntimeError("there is no page")
        answer = self._part.answers.get(screen.step, {})
        for name, value in answer.items():
            if name == "choice":
                self._choose(page, value)
            elif name != "action":
                self._type(page, name, value)
        QTest.qWait(150)
        self._picture(f"{screen.step}-answered")
        if "action" in answer:
            action = next(action for action in screen.actions if action.name == answer["action"])
            self._press(page, text(action.label, **action.values))
        else:
            buttons = window.findChildren(QAbstractButton)
            _click(next(button for button in buttons if button.property("role") == "primary"))

    @staticmethod
    def _choose(page: QWidget, value: str) -> None:
        card = next(card for card in page.findChildren(OptionCard) if card.value == value)
        _click(card)

    @staticmethod
    def _type(page: QWidget, name: str, value: str) -> None:
        control = page.findChild(QWidget, f"field-{name}")
        if control is not None and not control.isVisible():
            for fold in page.findChildren(Fold):
                _click(fold.button)
        if isinstance(control, QLineEdit):
            control.setFocus()
            control.selectAll()
            QTest.keyClick(control, Qt.Key.Key_Delete)
            QTest.keyClicks(control, value)
        elif isinstance(control, QComboBox):
            control.setFocus()
            while control.currentData() != value and control.currentIndex() > 0:
                QTest.keyClick(control, Qt.Key.Key_Up)
            while control.currentData() != value:
                QTest.keyClick(control, Qt.Key.Key_Down)
        else:
            raise TypeError(f"no control for {name}")

    @staticmethod
    def _press(page: QWidget, words: str) -> None:
        _click(next(button for button in page.findChildren(QAbstractButton) if button.text() == words))

    @staticmethod
    def _wait_for(ready: object) -> None:
        deadline = QDeadlineTimer(PATIENCE_MS)
        while callable(ready) and not ready():
            if deadline.hasExpired():
                raise TimeoutError("the window did not go on")
            QTest.qWait(20)


def _click(widget: QWidget) -> None:
    QTest.mouseClick(widget, Qt.MouseButton.LeftButton, pos=QPoint(12, widget.height() // 2))


if __name__ == "__main__":
    Person(msgspec.json.decode(sys.stdin.buffer.read(), type=Part)).play()
