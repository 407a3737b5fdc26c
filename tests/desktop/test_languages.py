"""In every language all words have their room, in the smallest window that is promised (800x600)."""

import asyncio
from collections.abc import Callable, Iterator

import pytest
from msgspec.structs import replace
from PySide6.QtCore import QPoint
from PySide6.QtWidgets import QAbstractScrollArea, QLineEdit, QWidget
from tests.desktop import samples
from tests.desktop.conftest import Opened
from tests.desktop.hand_made import ShownStep

from sendwright.desktop.theme.theme import Theme
from sendwright.desktop.widgets.banner import PracticeBanner
from sendwright.desktop.widgets.fold import Fold
from sendwright.desktop.widgets.stages import duration
from sendwright.screens import Answer, Screen, Working
from sendwright.texts import LANGUAGES, text
from sendwright.world import Progress

SMALL = (800, 600)
RAIL = ("start", "platform", "provider", "connect", "sender", "test", "review", "activate", "done")
ROUNDING = 1


@pytest.fixture(params=LANGUAGES)
def language(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    monkeypatch.setenv("SENDWRIGHT_LANGUAGE", request.param)
    return str(request.param)


async def never(answer: Answer, progress: Progress) -> None:
    await asyncio.Event().wait()


def walk_with(screen: Screen, stop: str) -> Iterator[ShownStep]:
    """The whole rail, `screen` at its stop."""
    for place in RAIL:
        if place == stop:
            yield ShownStep(screen, stop=stop, act=never)
        else:
            yield ShownStep(replace(samples.REVIEW, step=f"other-{place}"), stop=place)


def worded(within: QWidget) -> Iterator[tuple[QWidget, str]]:
    """Every visible part that shows words of ours; what is typed into a line scrolls in it."""
    for part in within.findChildren(QWidget):
        words = getattr(part, "text", None)
        if part.isVisible() and callable(words) and not isinstance(part, QLineEdit) and words():
            yield part, words()


def cut(within: QWidget) -> list[str]:
    """Say which words have too little room, or stick out sideways of what holds them."""
    found = []
    for part, words in worded(within):
        if part.minimumSizeHint().width() > part.width() + ROUNDING:
            found.append(f"too narrow: {words}")
        if part.hasHeightForWidth() and part.heightForWidth(part.width()) > part.height() + ROUNDING:
            found.append(f"too low: {words}")
        left = part.mapTo(within, QPoint(0, 0)).x()
        if left < -ROUNDING or left + part.width() > within.width() + ROUNDING:
            found.append(f"outside: {words}")
    areas = (area for area in within.findChildren(QAbstractScrollArea) if area.isVisible())
    found += ["has to be scrolled sideways" for area in areas if area.horizontalScrollBar().maximum() > 0]
    return found


@pytest.mark.parametrize("name", samples.SCREENS)
def test_no_page_cuts_its_words(name: str, language: str, open_steps: Callable[..., Opened]) -> None:
    screen, stop = samples.SCREENS[name], samples.STOPS.get(name, "connect")
    opened = open_steps(*walk_with(screen, stop), at=RAIL.index(stop), resumed=name == "sender", size=SMALL)
    opened.qtbot.wait(20)
    assert opened.step == screen.step
    assert opened.window.size().toTuple() == SMALL
    words = [shown for _, shown in worded(opened.window)]
    assert {text(f"rail.{place}") for place in RAIL} <= set(words)
    assert cut(opened.window) == []
    for fold in opened.page.findChildren(Fold):
        fold.button.click()
    opened.qtbot.wait(20)
    assert cut(opened.window) == []
    if isinstance(screen, Working):
        opened.conductor.cancel()
        opened.rest()


def test_the_practice_banner_and_inbox_have_room(language: str, theme: Theme, show: Callable[..., QWidget]) -> None:
    banner = PracticeBanner(theme)
    banner.offer_inbox(offered=True)
    show(banner, width=SMALL[0], height=banner.heightForWidth(SMALL[0]))
    assert cut(banner) == []
    assert text("window.end-practice") in [words for _, words in worded(banner)]


@pytest.mark.parametrize(
    ("milliseconds", "english", "others"),
    [(0.2, "1 ms", "1 ms"), (45, "45 ms", "45 ms"), (1240, "1.2 s", "1,2 s"), (12300, "12 s", "12 s")],
)
def test_times_have_the_decimal_mark_of_the_language(
    milliseconds: float, english: str, others: str, language: str
) -> None:
    assert duration(milliseconds).replace("\N{NO-BREAK SPACE}", " ") == (english if language == "en" else others)
