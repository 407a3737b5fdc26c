"""A person who sets up a provider: run as a program of its own, she walks the real window and the sign-in pages.

Reads her part as JSON from standard input (see window_part) and writes what she saw as JSON lines.
"""

import json
import sys
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from email.utils import parseaddr
from pathlib import Path
from tempfile import TemporaryDirectory

import msgspec
from PySide6.QtCore import QDeadlineTimer, QObject, QPoint, Qt, QUrl, Slot
from PySide6.QtGui import QDesktopServices
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QLabel, QLineEdit, QPlainTextEdit, QWidget
from tests.desktop.small_picture import save_small
from tests.end2end.colleagues import ERRANDS
from tests.end2end.own_browsers import OwnBrowsers
from tests.end2end.web_page import Rule, WindowHand
from tests.end2end.window_part import WindowPart

from sendwright.deployment import Deployment
from sendwright.desktop.app import make_application
from sendwright.desktop.engine import Engine
from sendwright.desktop.opening import Opening
from sendwright.desktop.pages.consent import ConsentPage
from sendwright.desktop.pages.page import Page
from sendwright.desktop.preferences import PassingPreferences
from sendwright.desktop.theme.theme import Theme
from sendwright.desktop.widgets.option import OptionCard
from sendwright.handoff.wire import NOTIFICATION_KINDS
from sendwright.practice.google.given import CLIENT_FILE, KEY_FILE
from sendwright.practice.mail_server import Received
from sendwright.practice.rehearsal import Rehearsal
from sendwright.screens import Base, Consent, ConsentWay, Done, Sheet, Stopped, Working
from sendwright.texts import text
from sendwright.wizard.opening import open_wizard
from sendwright.wizard.store import StoredDrafts
from sendwright.wizard.wizard import Wizard

PATIENCE_MS = 60_000
OFTEN = 6
"""How often a person looks at one step before she says that she goes round in circles."""
ARRIVED = "{arrived}"
"""In an answer: the line of the sender as the last message in the practice inbox shows it."""
FILES = {"{key}": KEY_FILE, "{client}": CLIENT_FILE}
"""In an answer: a file of the practice."""
ARRIVING = len(NOTIFICATION_KINDS) + 1
"""A notification of each kind, and the backend's own test."""


class Person(QObject):
    """Sits at the window and follows her part."""

    def __init__(self, part: WindowPart, folder: Path) -> None:
        super().__init__()
        self._part = part
        self._folder = folder
        self._application = make_application(["sendwright"])
        self._engine = Engine()
        self._theme = Theme(self._application, accent=Deployment().platform.accent)
        self._rehearsal = Rehearsal(Deployment(), self._took)
        self._wizards: list[Wizard] = []
        self._shown: Counter[str] = Counter()
        self._pictures = 0
        self._done: set[Rule] = set()
        self._given_up: set[int] = set()
        self._faults: list[BaseException] = []
        self._waited: object = None
        self._own = OwnBrowsers(part, picture=self._picture_place)
        self._taken: Counter[str] = Counter()
        for scheme in ("https", "http"):
            QDesktopServices.setUrlHandler(scheme, self, "open_elsewhere")

    def play(self) -> None:
        """Sit down as often as the part says."""
        for number, until in enumerate(self._part.sittings):
            if number:
                self._ask_colleagues(self._part.between)
            self._sit(until, practice=len(self._part.sittings) == 1, first=number == 0)
        ended: list[bool] = []
        self._engine.run(self._rehearsal.stop(), owner=self, then=lambda _: ended.append(True), failed=_raise)
        self._wait_for(lambda: bool(ended))
        self._engine.stop()
        self._own.close()

    def _sit(self, until: str, *, practice: bool, first: bool) -> None:
        async def real() -> Wizard:
            if first:
                self._world = await self._rehearsal.start(self._part.scenario)
            world = replace(self._world, practice=False)
            return await open_wizard(world, StoredDrafts(self._folder))

        self._opening = Opening(self._theme, self._engine, Deployment(), real=real, preferences=PassingPreferences())
        ended: list[int] = []
        self._opening.ended.connect(ended.append)
        self._opening.open(practice=self._part.scenario if practice else None)
        self._wait_for(lambda: self._opening.view is not None and self._opening.window.isVisible())
        if self._opening.conductor is not None:
            self._opening.conductor.failed.connect(self._faults.append)
        self._opening.window.resize(1040, 760)
        self._walk(until)
        if practice and until == "done" and self._opening.inbox is not None:
            self._tell_inbox(self._opening.inbox)
        elif until == "done":
            self._wait_for(lambda: self._taken[self._alias] >= ARRIVING)
        self._opening.window.close()
        self._wait_for(lambda: bool(ended))

    def _walk(self, until: str) -> None:
        former: object = None
        while True:
            self._wait_for(lambda seen=former: self._settled(seen))  # type: ignore[misc]
            screen = self._screen
            former = screen
            self._tell(screen)
            if screen.step == until and (not isinstance(screen, Done) or self._shown[screen.step] > 1):
                return
            if isinstance(screen, Stopped) and self._name(screen) not in self._part.answers:
                return
            self._answer(screen)

    @property
    def _alias(self) -> str:
        return self._part.answers["sender"][0]["alias"]

    @property
    def _screen(self) -> Base:
        if self._opening.conductor is None:
            raise RuntimeError("there is no wizard yet")
        return self._opening.conductor.scene.screen

    @property
    def _page(self) -> Page:
        view = self._opening.view
        if view is None or view.page is None:
            raise RuntimeError("there is no page")
        return view.page

    def _settled(self, former: object) -> bool:
        conductor = self._opening.conductor
        if conductor is None:
            return False
        screen = conductor.scene.screen
        if isinstance(screen, Consent) and screen.way is not ConsentWay.EMBEDDED:
            if screen is not self._waited:
                self._waited = screen
                self._tell(screen)
            self._give_up()
            return False
        if conductor.busy or isinstance(screen, Working):
            return False
        return screen is not former

    def _answer(self, screen: Base) -> None:
        if self._shown[screen.step] == self._part.grants_at:
            self._ask_colleagues(self._part.colleagues.get(screen.step, ""))
        answers = self._part.answers.get(self._name(screen), [{}])
        answer = answers[min(self._shown[self._name(screen)], len(answers)) - 1]
        if "wait" in answer:
            return  # it goes on by itself
        if isinstance(screen, Consent) and "action" not in answer:
            self._sign_in()
            return
        for name, value in answer.items():
            if name == "choice":
                _click(next(card for card in self._page.findChildren(OptionCard) if card.value == value))
            elif name not in {"action", "cell"}:
                self._type(name, self._seen(value))
        QTest.qWait(150)
        self._press(screen, answer)

    def _seen(self, words: str) -> str:
        """Return `words` with what she sees beside the window, or downloaded before."""
        if ARRIVED in words and self._opening.inbox is not None:
            shown = [one.text() for one in self._opening.inbox.findChildren(QLabel)]
            address = [one for one in shown if "@" in one and " " not in one][-1]
            words = words.replace(ARRIVED, f"From: {address}")
        for name, file in FILES.items():
            if name in words:
                words = words.replace(name, str(self._practice.folder / file))
        return words

    def _ask_colleagues(self, errand: str) -> None:
        if errand:
            ERRANDS[errand](self._practice)

    def _give_up(self) -> None:
        """Cancel in the window what she closed in her browser."""
        closed = self._own.closed
        if closed and closed not in self._given_up:
            self._given_up.add(closed)
            self._picture("waiting")
            buttons = self._opening.window.findChildren(QAbstractButton)
            _click(next(one for one in buttons if one.text() == text("wizard.cancel") and one.isVisible()))

    @staticmethod
    def _name(screen: Base) -> str:
        return f"{screen.step}-stopped" if isinstance(screen, Stopped) else screen.step

    def _press(self, screen: Base, answer: dict[str, str]) -> None:
        if "cell" in answer and isinstance(screen, Sheet):
            cell = next(cell for cell in screen.cells if cell.id == answer["cell"])
            if cell.action is None:
                raise LookupError(answer["cell"])
            words = text(cell.action.label, **cell.action.values)
            buttons = [one for one in self._page.findChildren(QAbstractButton) if one.text() == words]
            same = [one for one in screen.cells if one.action and one.action.label == cell.action.label]
            _click(buttons[same.index(cell)])
        elif "action" in answer:
            action = next(one for one in screen.actions if one.name == answer["action"])
            words = text(action.label, **action.values)
            buttons = self._opening.window.findChildren(QAbstractButton)
            _click(next(one for one in buttons if one.text() == words and one.isVisible()))
        else:
            buttons = self._opening.window.findChildren(QAbstractButton)
            _click(next(one for one in buttons if one.property("role") == "primary" and one.isVisible()))

    def _sign_in(self) -> None:
        """Follow the sign-in pages until the wizard goes on."""
        page = self._page
        if not isinstance(page, ConsentPage) or page.browser is None:
            raise TypeError("there is no browser in the window")
        hand = WindowHand(page.browser, self._part.web, picture=self._picture, done=self._done)
        conductor = self._opening.conductor

        def over() -> bool:
            if conductor is None or conductor.busy or not isinstance(self._screen, Consent) or page.browser is None:
                return True
            hand.act()
            return False

        self._wait_for(over)

    def _type(self, name: str, value: str) -> None:
        control = self._page.findChild(QWidget, f"field-{name}")
        if isinstance(control, QLineEdit | QPlainTextEdit):
            control.setFocus()
            control.selectAll()
            QTest.keyClick(control, Qt.Key.Key_Delete)
            QTest.keyClicks(control, value)
        else:
            raise TypeError(f"no control for {name}")

    @Slot(QUrl)
    def open_elsewhere(self, address: QUrl) -> None:
        """Be the person's own browser."""
        world = self._opening.conductor.world if self._opening.conductor else self._world
        page = address.toString(QUrl.ComponentFormattingOption.FullyEncoded)
        self._own.open(page, world.practice_authority)

    @property
    def _practice(self) -> Rehearsal:
        inside = getattr(self._opening, "_rehearsal", None) or self._rehearsal
        if not isinstance(inside, Rehearsal):
            raise TypeError("there is no practice")
        return inside

    def _took(self, message: Received) -> None:
        """Tell of a message that the practice took; called on the engine's thread."""
        name, address = parseaddr(message.sender)
        _say({"message": message.subject, "alias": name, "address": address, "to": message.recipient})
        self._taken[name] += 1

    def _tell_inbox(self, inbox: QWidget) -> None:
        """Tell what is to be read there, once as many messages as kinds of notifications arrived after the tests."""

        def words() -> list[str]:
            return [one.text() for one in inbox.findChildren(QLabel) if one.text()]

        self._wait_for(lambda: words().count(self._alias) >= ARRIVING)
        QTest.qWait(300)
        self._picture("inbox")
        _say({"inbox": words()})

    def _tell(self, screen: Base) -> None:
        self._shown[self._name(screen)] += 1
        if self._shown[self._name(screen)] > OFTEN:
            self._picture("circles")
            raise RuntimeError(f"{self._name(screen)} comes again and again")
        line: dict[str, object] = {"step": screen.step, "kind": type(screen).__name__}
        if isinstance(screen, Stopped):
            line["problem"] = screen.problem.code
        if isinstance(screen, Sheet) and screen.cells:
            line["cells"] = {cell.id: str(cell.verdict or "") for cell in screen.cells}
        _say(line)
        QTest.qWait(200)
        self._picture(self._name(screen))

    def _picture(self, name: str) -> None:
        place = self._picture_place(name)
        if place is not None:
            save_small(self._opening.window.grab().toImage(), place)

    def _picture_place(self, name: str) -> Path | None:
        """Return where the next picture goes, which may be of another window; None where none is wanted."""
        if not self._part.pictures:
            return None
        self._pictures += 1
        return Path(self._part.pictures) / f"{self._pictures:02d}-{name}.png"

    def _wait_for(self, ready: Callable[[], bool]) -> None:
        deadline = QDeadlineTimer(PATIENCE_MS)
        while not ready():
            failed = self._own.failed or next(iter(self._faults), None)
            if failed is not None:
                raise failed
            if deadline.hasExpired():
                self._picture("stuck")
                raise TimeoutError(f"the window did not go on from {self._screen.step}")
            QTest.qWait(20)


def _say(line: dict[str, object]) -> None:
    """Print a line from either thread: the bytes' buffer is locked, that of the text is not and loses lines."""
    sys.stdout.buffer.write(f"{json.dumps(line)}\n".encode())
    sys.stdout.buffer.flush()


def _raise(error: BaseException) -> None:
    raise error


def _click(widget: QWidget) -> None:
    QTest.mouseClick(widget, Qt.MouseButton.LeftButton, pos=QPoint(12, widget.height() // 2))


if __name__ == "__main__":
    with TemporaryDirectory() as drafts:
        Person(msgspec.json.decode(sys.stdin.buffer.read(), type=WindowPart), Path(drafts)).play()
