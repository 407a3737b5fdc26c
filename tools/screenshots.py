"""Draws every page of the wizard, in several looks, into build/screenshots: something to look at after a change."""

import argparse
import asyncio
import os
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "app")]
os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtGui import QFont  # noqa: E402 - only now it is clear where everything lies
from PySide6.QtTest import QTest  # noqa: E402 - as above
from PySide6.QtWidgets import QApplication  # noqa: E402 - as above
from tests.desktop.hand_made import ShownStep, go_on, hand_made_wizard, hand_made_world  # noqa: E402 - as above
from tests.desktop.samples import RESULTS, SCREENS, STOPS  # noqa: E402 - as above

from sendwright.deployment import Deployment  # noqa: E402 - as above
from sendwright.desktop.app import make_application  # noqa: E402 - as above
from sendwright.desktop.conductor import Conductor  # noqa: E402 - as above
from sendwright.desktop.engine import Engine  # noqa: E402 - as above
from sendwright.desktop.theme.theme import Theme  # noqa: E402 - as above
from sendwright.desktop.view import WizardView  # noqa: E402 - as above
from sendwright.desktop.window import Window  # noqa: E402 - as above
from sendwright.screens import Answer, Working  # noqa: E402 - as above
from sendwright.world import Progress  # noqa: E402 - as above

SETTLED_MS = 80


@dataclass(frozen=True, kw_only=True)
class Look:
    """How a page is drawn. text: size of the letters as a multiple of the usual."""

    name: str
    dark: bool = False
    size: tuple[int, int] = (960, 680)
    text: float = 1.0


LOOKS = (
    Look(name="light"),
    Look(name="dark", dark=True),
    Look(name="small", size=(800, 600)),
    Look(name="large-text", size=(800, 600), text=2.0),
)


async def keep_running(answer: Answer, progress: Progress) -> None:
    """Report what a running page shows, and never end."""
    del answer
    for result in RESULTS:
        progress(result)
    await asyncio.Event().wait()


def draw(application: QApplication, engine: Engine, name: str, *, look: Look, folder: Path) -> Path:
    """Draw one page in one look; return the picture's path."""
    screen = SCREENS[name]
    font = QFont(application.font())
    usual = font.pointSizeF()
    font.setPointSizeF(usual * look.text)
    application.setFont(font)
    theme = Theme(application, accent=Deployment().platform.accent)
    theme.use(dark=look.dark)
    with tempfile.TemporaryDirectory() as place:
        act = keep_running if isinstance(screen, Working) else go_on
        before = tuple(ShownStep(SCREENS[other], stop=stop) for other, stop in STOPS.items() if other != name)
        step = ShownStep(screen, stop=STOPS.get(name, "connect"), act=act)
        wizard = hand_made_wizard(hand_made_world(Path(place)), *before[:2], step, *before[2:], at=2)
        conductor = Conductor(wizard, engine)
        window = Window(theme, title="Sendwright")
        view = WizardView(theme, conductor, name="Sendwright", platform=Deployment().platform)
        window.show_view(view, view)
        window.resize(*look.size)
        window.show()
        conductor.begin()
        QTest.qWait(SETTLED_MS)
        file = folder / f"{name}-{look.name}.png"
        window.grab().save(str(file))
        conductor.cancel()
        QTest.qWait(SETTLED_MS // 4)
        window.hide()
        window.deleteLater()
    font.setPointSizeF(usual)
    application.setFont(font)
    return file


def main() -> int:
    """Draw the pages that were asked for, or all."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("pages", nargs="*", metavar="PAGE", help=f"one of: {', '.join(SCREENS)}")
    parser.add_argument("--into", type=Path, default=ROOT / "build" / "screenshots", metavar="DIR")
    arguments = parser.parse_args()
    arguments.into.mkdir(parents=True, exist_ok=True)
    application = make_application(["sendwright"])
    engine = Engine()
    try:
        for name in SCREENS:
            if not arguments.pages or name in arguments.pages:
                for look in LOOKS:
                    print(draw(application, engine, name, look=look, folder=arguments.into))
    finally:
        engine.stop()
    return 0


if __name__ == "__main__":
    sys.exit(main())
