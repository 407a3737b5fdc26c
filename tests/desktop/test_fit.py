"""Nothing is cut off, nothing scrolls sideways: at every size that is promised, with large text and long words."""

from collections.abc import Callable, Mapping
from pathlib import Path

import pytest
from msgspec.structs import replace
from PySide6.QtCore import QPoint
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot
from tests.desktop import samples, save_states
from tests.desktop.hand_made import ShownStep, go_on, hand_made_wizard, hand_made_world
from tests.desktop.states import SEVERAL, Act

from sendwright import texts
from sendwright.desktop.conductor import Conductor
from sendwright.desktop.engine import Engine
from sendwright.desktop.pages.choice import ChoicePage
from sendwright.desktop.practice import PracticeInbox
from sendwright.desktop.preferences import PassingPreferences
from sendwright.desktop.reading import Reading
from sendwright.desktop.theme.theme import Theme
from sendwright.desktop.view import WizardView
from sendwright.desktop.widgets.fold import Fold
from sendwright.desktop.window import LOWEST, NARROWEST, Window
from sendwright.problems.level import Level
from sendwright.providers.provider import Advice
from sendwright.screens import Notice, Rejected, Screen, Stopped
from sendwright.texts import text

SIZES = [(960, 680), (800, 600), (NARROWEST, LOWEST)]
ROUNDING = 1
BARS = {"qt_spinbox_lineedit", "qt_scrollarea_viewport"}


def too_small(within: QWidget) -> list[str]:
    """What has less room than it needs, or sticks out of the page."""
    wrong = []
    for part in within.findChildren(QWidget):
        if not part.isVisible() or part.objectName() in BARS:
            continue
        left = part.mapTo(within, QPoint(0, 0)).x()
        name = f"{type(part).__name__} {part.objectName()} {getattr(part, 'text', str)()!r:.60}"
        if left < -ROUNDING or left + part.width() > within.width() + ROUNDING:
            wrong.append(f"sticks out: {name}")
        if part.minimumSizeHint().width() > part.width() + ROUNDING:
            wrong.append(f"too narrow: {name}")
        if part.hasHeightForWidth() and part.heightForWidth(part.width()) > part.height() + ROUNDING:
            wrong.append(f"too low: {name}")
    return wrong


@pytest.fixture
def open_at(
    make_theme: Callable[..., Theme], engine: Engine, show: Callable[..., QWidget], tmp_path: Path, qtbot: QtBot
) -> Callable[..., Window]:
    def open_it(
        screen: Screen,
        *,
        size: tuple[int, int],
        scale: float = 1.0,
        resumed: bool = False,
        practice: bool = False,
        level: Level = Level.PLAIN,
    ) -> Window:
        theme = make_theme(scale=scale)
        before = ShownStep(replace(samples.REVIEW, step="before"), stop="start")
        step = ShownStep(screen, stop="connect", act=go_on)
        world = hand_made_world(tmp_path, practice=practice)
        wizard = hand_made_wizard(world, before, step, at=1, resumed=resumed)
        conductor = Conductor(wizard, engine)
        window = Window(theme, title="Sendwright")
        reading = Reading(engine, PassingPreferences(level), window)
        platform = world.deployment.platform
        view = WizardView(theme, conductor, name="Sendwright", platform=platform, reading=reading)
        conductor.setParent(window)
        inbox = PracticeInbox(theme, password="practice", expect="Everything works.") if practice else None
        window.show_view(view, view, beside=inbox)
        show(window, width=size[0], height=size[1])
        view.draw(conductor.scene)
        qtbot.wait(30)
        return window

    return open_it


def view_of(window: Window) -> WizardView:
    (view,) = window.findChildren(WizardView)
    return view


def settle(part: QWidget, qtbot: QtBot) -> None:
    """Everything has its room as soon as the layouts came to rest."""
    for _ in range(40):
        if not too_small(part):
            return
        qtbot.wait(10)
    assert too_small(part) == []


def check(window: Window, qtbot: QtBot) -> None:
    """Look at the page as it opens, and with everything unfolded."""
    view = view_of(window)
    page = view.page
    assert page is not None
    for fold in (None, *page.findChildren(Fold)):
        if fold is not None:
            fold.open()
            qtbot.wait(30)
        assert page.width() == view.column.viewport().width()
        assert page.minimumSizeHint().width() <= view.column.viewport().width()
        settle(page, qtbot)
        settle(view.foot, qtbot)
    right = view.foot.primary_button.mapTo(window, QPoint(view.foot.primary_button.width(), 0)).x()
    assert not view.foot.primary_button.isVisible() or right <= window.width()


@pytest.mark.parametrize(
    ("size", "scale"), [(SIZES[0], 1.0), (SIZES[1], 1.0), (SIZES[2], 1.0), (SIZES[0], 2.0), (SIZES[2], 2.0)], ids=str
)
@pytest.mark.parametrize("name", samples.SCREENS)
def test_every_page_fits_at_every_size_and_text_size(
    open_at: Callable[..., Window], qtbot: QtBot, name: str, size: tuple[int, int], scale: float
) -> None:
    window = open_at(samples.SCREENS[name], size=size, scale=scale)
    assert (window.width(), window.height()) == size
    check(window, qtbot)


@pytest.fixture
def long_words(monkeypatch: pytest.MonkeyPatch) -> None:
    """Words half as long again as the English, with compounds as German has them."""

    def longer(words: object) -> object:
        if isinstance(words, dict):
            return {form: longer(one) for form, one in words.items()}
        if isinstance(words, list):
            return [longer(one) for one in words]
        extra = max(3, len(str(words)) // 2)
        return f"{words} " + "Verbindungseinstellungsüberprüfung "[: extra + 1].strip()

    load = texts._load

    def load_longer(*which: str) -> Mapping[str, object]:
        return {key: longer(words) for key, words in load(*which).items()}

    monkeypatch.setattr(texts, "_load", load_longer)  # no language with words that long is there yet


@pytest.mark.usefixtures("long_words")
@pytest.mark.parametrize(("size", "scale"), [((960, 680), 1.0), ((640, 480), 1.0), ((640, 480), 2.0)])
@pytest.mark.parametrize("name", samples.SCREENS)
def test_every_page_fits_with_long_words(
    open_at: Callable[..., Window], qtbot: QtBot, name: str, size: tuple[int, int], scale: float
) -> None:
    check(open_at(samples.SCREENS[name], size=size, scale=scale), qtbot)


@pytest.mark.parametrize("scale", [1.0, 2.0])
@pytest.mark.parametrize("size", SIZES, ids=str)
def test_errors_remarks_and_findings_fit(
    open_at: Callable[..., Window], qtbot: QtBot, size: tuple[int, int], scale: float
) -> None:
    window = open_at(replace(samples.CONNECT, proposals=()), size=size, scale=scale)
    page = view_of(window).page
    assert page is not None
    wrong = dict.fromkeys(("host", "port", "username", "password", "ca_file", ""), "custom_smtp.host.with-port")
    page.show_rejection(Rejected(wrong))
    notices = (
        Notice(key="custom_smtp.username.none", field="username"),
        Notice(key="custom_smtp.probe.no-answer", values={"host": "x" * 120}),
    )
    page.show_advice(Advice(notices=notices, proposals=samples.PROPOSALS))
    qtbot.wait(30)
    check(window, qtbot)


@pytest.mark.parametrize("scale", [1.0, 2.0])
@pytest.mark.parametrize("size", SIZES, ids=str)
def test_the_note_of_a_resumed_draft_fits(
    open_at: Callable[..., Window], qtbot: QtBot, size: tuple[int, int], scale: float
) -> None:
    window = open_at(samples.SENDER, size=size, scale=scale, resumed=True)
    note = view_of(window).resumed
    assert note is not None
    check(window, qtbot)
    note.again.click()
    qtbot.wait(30)
    check(window, qtbot)


@pytest.mark.parametrize("scale", [1.0, 2.0])
@pytest.mark.parametrize("size", [(1264, 680), *SIZES], ids=str)
def test_a_practice_fits_beside_or_in_place_of_the_page(
    open_at: Callable[..., Window], qtbot: QtBot, size: tuple[int, int], scale: float
) -> None:
    window = open_at(samples.SENDER, size=size, scale=scale, practice=True)
    assert window.beside is not None
    check(window, qtbot)
    settle(window.banner, qtbot)
    if window.banner.inbox_button.isVisible():
        assert not window.beside.isVisible()
        window.banner.inbox_button.click()
        qtbot.wait(30)
        assert window.beside.isVisible()
        assert not view_of(window).isVisible()
        assert window.beside.width() == window.width()
    assert window.beside.isVisible()
    settle(window.beside, qtbot)


@pytest.mark.parametrize(("width", "narrow"), [(960, False), (700, False), (660, True), (640, True)])
def test_where_there_is_little_room_a_line_says_what_the_rail_says(
    open_at: Callable[..., Window], width: int, narrow: bool
) -> None:
    view = view_of(open_at(samples.SENDER, size=(width, 680)))
    assert view.rail.isVisible() is not narrow
    assert view.place.isVisible() is narrow
    assert view.place.text() == text("window.place", number=2, total=2, stop=text("rail.connect"))


@pytest.mark.parametrize("size", [(3840, 2160), (1920, 1080)], ids=str)
def test_on_a_large_screen_lines_stay_short_enough_to_read(
    open_at: Callable[..., Window], size: tuple[int, int]
) -> None:
    window = open_at(samples.START, size=size)
    page = view_of(window).page
    assert page is not None
    assert page.title.width() <= 560
    foot = view_of(window).foot
    right = foot.primary_button.mapTo(window, QPoint(foot.primary_button.width(), 0)).x()
    assert window.width() - right < 40


def test_the_window_cannot_be_made_smaller_than_it_can_be_used(open_at: Callable[..., Window]) -> None:
    window = open_at(samples.START, size=(960, 680))
    window.resize(100, 100)
    assert (window.width(), window.height()) == (NARROWEST, LOWEST)


STOPS = [name for name, screen in samples.SCREENS.items() if isinstance(screen, Stopped)]
TIGHT = [((960, 680), 1.0), ((NARROWEST, LOWEST), 1.0), ((NARROWEST, LOWEST), 2.0)]


@pytest.mark.usefixtures("long_words")
@pytest.mark.parametrize(("size", "scale"), TIGHT)
@pytest.mark.parametrize("name", STOPS)
def test_a_card_fits_at_the_level_that_tells_most_with_long_words(
    open_at: Callable[..., Window], qtbot: QtBot, name: str, size: tuple[int, int], scale: float
) -> None:
    check(open_at(samples.SCREENS[name], size=size, scale=scale, level=Level.SUPPORT), qtbot)


@pytest.mark.usefixtures("long_words")
@pytest.mark.parametrize("words", [SEVERAL, "", "x" * 3000])
@pytest.mark.parametrize(("size", "scale"), TIGHT)
def test_what_an_error_means_fits_too(
    open_at: Callable[..., Window], qtbot: QtBot, words: str, size: tuple[int, int], scale: float
) -> None:
    window = open_at(samples.START, size=size, scale=scale, level=Level.SUPPORT)
    page = view_of(window).page
    assert isinstance(page, ChoicePage)
    sent = page.sent
    assert sent is not None
    sent.open()
    sent.field.setPlainText(words)
    sent.explain()
    qtbot.waitUntil(lambda: sent.meaning is not None and sent._work is None)
    qtbot.wait(30)
    check(window, qtbot)


@pytest.mark.usefixtures("long_words")
@pytest.mark.parametrize(("size", "scale"), [((960, 680), 1.0), ((640, 480), 1.0), ((640, 480), 2.0)])
@pytest.mark.parametrize("act", [save_states.saved, save_states.refused])
def test_saving_a_diagnosis_file_fits_with_long_words(
    open_at: Callable[..., Window], qtbot: QtBot, act: Act, size: tuple[int, int], scale: float
) -> None:
    window = open_at(samples.WRONG_PASSWORD, size=size, scale=scale)
    act(window, view_of(window))
    qtbot.wait(30)
    check(window, qtbot)
