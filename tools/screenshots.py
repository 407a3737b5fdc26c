"""Draws every page of the wizard, in several looks and states, into build/screenshots: to look at after a change."""

import argparse
import asyncio
import os
import sys
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from unittest.mock import patch

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "app")]
os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtGui import QDesktopServices, QPixmap  # noqa: E402 - only now it is clear where everything lies
from PySide6.QtTest import QTest  # noqa: E402 - as above
from PySide6.QtWidgets import QApplication  # noqa: E402 - as above
from tests.desktop import saved  # noqa: E402 - as above
from tests.desktop.hand_made import ShownStep, go_on, hand_made_wizard, hand_made_world  # noqa: E402 - as above
from tests.desktop.samples import RESULTS, SCREENS, STOPS  # noqa: E402 - as above
from tests.desktop.small_picture import save_small  # noqa: E402 - as above
from tests.desktop.states import STATES, State, nothing  # noqa: E402 - as above

from sendwright.desktop.app import make_application  # noqa: E402 - as above
from sendwright.desktop.conductor import Conductor  # noqa: E402 - as above
from sendwright.desktop.engine import Engine  # noqa: E402 - as above
from sendwright.desktop.pages import consent  # noqa: E402 - as above
from sendwright.desktop.practice import PracticeInbox  # noqa: E402 - as above
from sendwright.desktop.preferences import PassingPreferences  # noqa: E402 - as above
from sendwright.desktop.reading import Reading  # noqa: E402 - as above
from sendwright.desktop.running import runs  # noqa: E402 - as above
from sendwright.desktop.theme.theme import Theme  # noqa: E402 - as above
from sendwright.desktop.view import WizardView  # noqa: E402 - as above
from sendwright.desktop.window import Window  # noqa: E402 - as above
from sendwright.problems.level import Level  # noqa: E402 - as above
from sendwright.screens import Answer, Screen  # noqa: E402 - as above
from sendwright.world import Progress  # noqa: E402 - as above

ACCENT = "#1f5fbf"
SETTLED_MS = 120


@dataclass(frozen=True, kw_only=True)
class Look:
    """How a page is drawn. text: size of the letters as a multiple of the usual. density: pixels per pixel."""

    name: str
    dark: bool = False
    size: tuple[int, int] = (960, 680)
    text: float = 1.0
    density: int = 1


LOOKS = (
    Look(name="light"),
    Look(name="dark", dark=True),
    Look(name="small", size=(800, 600)),
    Look(name="smallest", size=(640, 480)),
    Look(name="large-text", size=(800, 600), text=2.0),
    Look(name="dense", density=2),
    Look(name="tall", size=(960, 1360)),
)
PICTURES = {
    **{name: State(page=name, act=nothing) for name in SCREENS},
    **{name: State(page=name, act=nothing, level=Level.SUPPORT) for name in saved.PAGES},
    **STATES,
}


async def keep_running(answer: Answer, progress: Progress) -> None:
    """Report what a running page shows, and never end."""
    del answer
    for result in RESULTS:
        progress(result)
    await asyncio.Event().wait()


def walk_with(screen: Screen, page: str) -> tuple[ShownStep, ...]:
    """Return the whole rail, with `screen` at its stop."""
    if page in saved.PAGES:
        return tuple(ShownStep(recorded, stop=stop) for recorded, stop in saved.WALK)
    act = keep_running if runs(screen) else go_on
    shown = ShownStep(screen, stop=STOPS.get(page, "connect"), act=act)
    others = {stop: ShownStep(SCREENS[other], stop=stop) for other, stop in STOPS.items()}
    order = ("start", "platform", "provider", "connect", "sender", "test", "review", "done")
    return tuple(shown if stop == shown.stop else others[stop] for stop in order if stop in {shown.stop, *others})


@contextmanager
def opened(theme: Theme, engine: Engine, state: State, *, size: tuple[int, int]) -> Iterator[Window]:
    """Open the window in that state."""
    screen = SCREENS[state.page]
    with tempfile.TemporaryDirectory() as place:
        world = hand_made_world(Path(place), practice=state.practice)
        steps = walk_with(screen, state.page)
        at = next(number for number, step in enumerate(steps) if step.screen is screen)
        conductor = Conductor(hand_made_wizard(world, *steps, at=at, resumed=state.resumed), engine)
        window = Window(theme, title="Sendwright")
        reading = Reading(engine, PassingPreferences(state.level), window)
        view = WizardView(theme, conductor, name="Sendwright", platform=world.deployment.platform, reading=reading)
        inbox = PracticeInbox(theme, password="practice") if state.practice else None  # noqa: S106 - the known one
        window.show_view(view, view, beside=inbox)
        window.resize(size[0] + (inbox.usual_width if inbox else 0), size[1])
        window.show()
        window.activateWindow()
        conductor.begin()
        QTest.qWait(SETTLED_MS)
        state.act(window, view)
        QTest.qWait(SETTLED_MS)
        if state.end:
            view.column.verticalScrollBar().setValue(view.column.verticalScrollBar().maximum())
        yield window
        conductor.cancel()
        QTest.qWait(SETTLED_MS // 4)
        window.hide()
        window.deleteLater()


def draw(application: QApplication, engine: Engine, name: str, *, look: Look, folder: Path) -> Path:
    """Draw one page or state in one look; return the picture's path."""
    theme = Theme(application, accent=ACCENT, scale=look.text)
    theme.use(dark=look.dark)
    file = folder / f"{name}-{look.name}.png"
    with opened(theme, engine, PICTURES[name], size=look.size) as window:
        picture = QPixmap(window.size() * look.density)
        picture.setDevicePixelRatio(look.density)
        window.render(picture)
        save_small(picture.toImage(), file)
    theme.setParent(None)
    return file


def main() -> int:
    """Draw the pages that were asked for, or all."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("pages", nargs="*", metavar="PAGE", help=f"one of: {', '.join(PICTURES)}")
    parser.add_argument("--look", action="append", choices=[look.name for look in LOOKS], help="only this one")
    parser.add_argument("--into", type=Path, default=ROOT / "build" / "screenshots", metavar="DIR")
    arguments = parser.parse_args()
    arguments.into.mkdir(parents=True, exist_ok=True)
    application = make_application(["sendwright"])
    engine = Engine()
    # A picture is no reason to ask anybody's server for a page, or to open one elsewhere.
    inert = patch.object(consent, "obstacle", lambda: "sandbox"), patch.object(QDesktopServices, "openUrl")
    with ExitStack() as quiet:
        quiet.callback(engine.stop)
        for patched in inert:
            quiet.enter_context(patched)
        for name in PICTURES:
            for look in LOOKS:
                if arguments.pages and name not in arguments.pages:
                    continue
                if arguments.look and look.name not in arguments.look:
                    continue
                print(draw(application, engine, name, look=look, folder=arguments.into))
    return 0


if __name__ == "__main__":
    sys.exit(main())
