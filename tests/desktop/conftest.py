"""Opens pages and windows in memory; a test that leaves a thread behind fails, as does one at which Qt warns."""

import threading
from collections.abc import Callable, Coroutine, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

import pytest
import shiboken6
from PySide6.QtCore import QObject, Qt, QUrl
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot
from tests.desktop.consenting import make_stand, open_consent, web  # noqa: F401 - fixtures
from tests.desktop.hand_made import ShownStep, hand_made_wizard, hand_made_world
from tests.desktop.open_windows import log_folder, make_opening, own_temporary_folder  # noqa: F401 - fixtures
from tests.desktop.stand import Stand

from sendwright.deployment import Deployment
from sendwright.desktop.conductor import Conductor
from sendwright.desktop.consent.availability import obstacle
from sendwright.desktop.engine import Engine
from sendwright.desktop.pages.factory import page_for
from sendwright.desktop.pages.page import Page
from sendwright.desktop.preferences import PassingPreferences
from sendwright.desktop.reading import Reading
from sendwright.desktop.theme.theme import Theme
from sendwright.desktop.view import WizardView
from sendwright.desktop.widgets.problem import ProblemCard
from sendwright.desktop.window import Window
from sendwright.problems.explanation import explain
from sendwright.problems.level import Level
from sendwright.problems.problem import Problem
from sendwright.screens import Screen
from sendwright.wizard.wizard import Wizard

QApplication.setAttribute(Qt.ApplicationAttribute.AA_ShareOpenGLContexts)  # as the program does before it begins

T = TypeVar("T")


@pytest.fixture(autouse=True)
def no_stray_threads() -> Iterator[None]:
    before = set(threading.enumerate())
    yield
    left = [thread.name for thread in threading.enumerate() if thread not in before]
    assert not left


@pytest.fixture(autouse=True)
def english(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SENDWRIGHT_LANGUAGE", "en")


@pytest.fixture(autouse=True)
def opened_pages(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Remember what would be opened outside the window; no test ever opens it."""
    opened: list[str] = []

    def remember(url: QUrl) -> bool:
        opened.append(url.toString(QUrl.ComponentFormattingOption.FullyEncoded))
        return True

    monkeypatch.setattr("sendwright.desktop.widgets.browser.QDesktopServices.openUrl", remember)
    return opened


@pytest.fixture(autouse=True)
def no_browser_inside(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let there be no browser in the window but for those tests that are about it."""
    monkeypatch.setattr("sendwright.desktop.pages.consent.obstacle", lambda: "sandbox")


@pytest.fixture
def browser_inside(no_browser_inside: None, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let there be one, also for whoever runs the tests as root."""
    monkeypatch.setenv("QTWEBENGINE_CHROMIUM_FLAGS", "--no-sandbox")
    monkeypatch.setattr("sendwright.desktop.pages.consent.obstacle", obstacle)


@pytest.fixture
def make_theme(qapp: QApplication) -> Iterator[Callable[..., Theme]]:
    made: list[Theme] = []

    def make(*, accent: str = "#1f5fbf", scale: float = 1.0, dark: bool = False) -> Theme:
        made.append(Theme(qapp, accent=accent, scale=scale))
        made[-1].use(dark=dark)
        return made[-1]

    yield make
    for theme in made:
        shiboken6.delete(theme)


@pytest.fixture
def theme(make_theme: Callable[..., Theme]) -> Theme:
    return make_theme()


@pytest.fixture
def engine(qapp: QApplication) -> Iterator[Engine]:
    running = Engine()
    yield running
    running.stop()
    qapp.processEvents()


@pytest.fixture
def reading(engine: Engine) -> Iterator[Reading]:
    """Read problems in plain words; the level lasts as long as the test."""
    made = Reading(engine, PassingPreferences())
    yield made
    shiboken6.delete(made)


@pytest.fixture
def run(engine: Engine, qtbot: QtBot) -> Callable[[Coroutine[object, object, Any]], Any]:
    """Run a coroutine on the engine and wait for its result, as the window goes on."""

    def wait_for(coroutine: Coroutine[object, object, T]) -> T:
        results: list[T] = []
        errors: list[BaseException] = []
        owner = QObject()
        engine.run(coroutine, owner=owner, then=results.append, failed=errors.append)
        qtbot.waitUntil(lambda: bool(results or errors), timeout=20_000)
        if errors:
            raise errors[0]
        return results[0]

    return wait_for


@pytest.fixture
def show(qtbot: QtBot) -> Callable[..., Any]:
    """Show a widget, in a size; it lives as long as the test."""
    kept: list[QWidget] = []

    def show_widget(widget: QWidget, *, width: int = 0, height: int = 0, closing: bool = True) -> QWidget:
        if closing:
            qtbot.addWidget(widget)
        kept.append(widget)
        if width:
            widget.resize(width, height or widget.heightForWidth(width))
        with qtbot.waitExposed(widget):
            widget.show()
        qtbot.waitUntil(widget.isActiveWindow)
        return widget

    return show_widget


@pytest.fixture
def show_page(theme: Theme, reading: Reading, show: Callable[..., QWidget]) -> Callable[..., Any]:
    """Show the page of a screen, alone."""

    def show_one(screen: Screen) -> Page:
        page = page_for(theme, screen, reading=reading)
        show(page, width=640, height=600)
        return page

    return show_one


@dataclass
class Opened:
    """A window with a wizard in it."""

    window: Window
    view: WizardView
    conductor: Conductor
    wizard: Wizard
    qtbot: QtBot
    faults: list[BaseException]

    @property
    def page(self) -> Any:  # noqa: ANN401 - each test knows which page it looks at
        assert self.view.page is not None
        return self.view.page

    @property
    def step(self) -> str:
        return self.conductor.scene.screen.step

    def rest(self) -> None:
        """Wait until nothing is being done any more."""
        self.qtbot.waitUntil(lambda: not self.conductor.busy, timeout=20_000)

    def wait_for(self, step: str, *, kind: type[object] = object) -> None:
        self.qtbot.waitUntil(
            lambda: self.step == step and not self.conductor.busy and isinstance(self.conductor.scene.screen, kind),
            timeout=20_000,
        )


@pytest.fixture
def open_wizard_window(
    theme: Theme, engine: Engine, reading: Reading, show: Callable[..., QWidget], qtbot: QtBot
) -> Iterator[Callable[..., Opened]]:
    """Open a window with a wizard; whatever the test left it at, it closes cleanly."""
    windows: list[Window] = []
    closed: list[Window] = []

    def open_it(wizard: Wizard, *, size: tuple[int, int] = (960, 680), begin: bool = True) -> Opened:
        faults: list[BaseException] = []
        conductor = Conductor(wizard, engine)
        conductor.failed.connect(faults.append)
        platform = Deployment().platform
        view = WizardView(theme, conductor, name="Sendwright", platform=platform, reading=reading)
        window = Window(theme, title="Sendwright")
        window.leaving = lambda then: conductor.leave(view.typed, then=then)
        view.finished.connect(window.close)
        window.show_view(view, view)
        windows.append(window)
        window.closed.connect(lambda: closed.append(window))
        show(window, width=size[0], height=size[1], closing=False)
        if begin:
            conductor.begin()
        return Opened(window, view, conductor, wizard, qtbot, faults)

    yield open_it
    for window in windows:
        if window not in closed:
            window.close()
        qtbot.waitUntil(lambda window=window: window in closed, timeout=10_000)
        shiboken6.delete(window)


@pytest.fixture
def open_steps(open_wizard_window: Callable[..., Opened], tmp_path: Path) -> Callable[..., Opened]:
    """Open a window with hand-made steps, standing at the last one or at place `at`."""

    def open_them(
        *steps: ShownStep, at: int | None = None, resumed: bool = False, size: tuple[int, int] = (960, 680)
    ) -> Opened:
        place = len(steps) - 1 if at is None else at
        wizard = hand_made_wizard(hand_made_world(tmp_path), *steps, at=place, resumed=resumed)
        return open_wizard_window(wizard, size=size)

    return open_them


@pytest.fixture
def stand(engine: Engine, qtbot: QtBot, tmp_path: Path) -> Iterator[Stand]:
    made = Stand(engine, qtbot, tmp_path)
    yield made
    made.conductor.deleteLater()


@pytest.fixture
def show_card(theme: Theme, reading: Reading, show: Callable[..., QWidget]) -> Callable[..., ProblemCard]:
    """Show a card as IT reads it, unless another level is asked for."""

    def show_it(problem: Problem, level: Level = Level.IT, *, alone: bool = True) -> ProblemCard:
        reading.choose(level)
        card = ProblemCard(theme, problem, explain(problem), reading, alone=alone)
        show(card, width=560, height=700)
        return card

    return show_it
