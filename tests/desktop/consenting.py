"""Opens a sign-in page in the window, on a web server of the tests' own."""

import socket
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from msgspec.structs import replace
from PySide6.QtCore import QCoreApplication, QEvent, QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot
from tests.desktop import sheets
from tests.desktop.looking import words_of
from tests.desktop.web_stand import Answer, WebStand
from tests.servers.loop_thread import LoopThread

from sendwright.desktop.pages.consent import ConsentPage
from sendwright.desktop.reading import Reading
from sendwright.desktop.theme.theme import Theme
from sendwright.problems.evidence import Evidence, System
from sendwright.screens import Consent

__all__ = ["NOISE", "OpenConsent", "Shown", "consent", "free_port", "make_stand", "open_consent", "web", "words_of"]

NOISE = ("QRhi", "Failed to create RHI", "QVulkan", "GBM is not", "This plugin does not support", "GPUInfo")

PATIENCE_MS = 20_000
FORM = """<title>Sign in</title><h1>Sign in</h1>
<form action="/password"><input id="name" name="name" autofocus><button id="next">Next</button></form>"""


def shows_error(words: str) -> Evidence | None:
    return Evidence(stage="sign-in", system=System.ENTRA, number=53003) if "AADSTS53003" in words else None


@pytest.fixture
def make_stand() -> Iterator[Callable[..., WebStand]]:
    made: list[WebStand] = []
    with LoopThread() as loop:

        def make(*, name: str = "localhost", **how: bool) -> WebStand:
            made.append(WebStand(loop, **how))
            made[-1].start(name)
            return made[-1]

        yield make
        for stand in made:
            stand.stop()


@pytest.fixture
def web(make_stand: Callable[..., WebStand]) -> WebStand:
    stand = make_stand()
    stand.pages["/"] = Answer(body=FORM)
    stand.pages["/password"] = Answer(status=302, headers={"Location": f"{stand.base}/back?code=c0de&state=5tate"})
    return stand


class Shown:
    """A page, and what it answered."""

    def __init__(self, page: ConsentPage, qtbot: QtBot) -> None:
        self.page, self.qtbot = page, qtbot
        self.answers: list[dict[str, str]] = []
        page.answered.connect(self.answers.append)

    @property
    def browser(self) -> Any:  # noqa: ANN401 - its class must not be loaded before a browser is wanted
        assert self.page.browser is not None
        return self.page.browser

    def arrive(self) -> None:
        self.qtbot.waitUntil(lambda: self.browser.place.lock.name == "lock", timeout=PATIENCE_MS)

    def run(self, script: str) -> None:
        """Do what a page of that service might do; the product itself never does."""
        self.browser.page.runJavaScript(script)

    def click(self, x: int = 60, y: int = 80) -> None:
        """Press the mouse in the page."""
        self.qtbot.wait(300)
        QTest.mouseClick(self.browser.view.focusProxy(), Qt.MouseButton.LeftButton, pos=QPoint(x, y))

    def wait_for(self, ready: Callable[[], bool]) -> None:
        self.qtbot.waitUntil(ready, timeout=PATIENCE_MS)


@pytest.fixture
def open_consent(
    theme: Theme, reading: Reading, show: Callable[..., QWidget], qtbot: QtBot
) -> Iterator[Callable[[Consent], Shown]]:
    pages: list[ConsentPage] = []

    def open_it(screen: Consent) -> Shown:
        page = ConsentPage(theme, screen, reading, shows_error=shows_error)
        pages.append(page)
        show(page, width=700, height=600)
        shown = Shown(page, qtbot)
        page.begin()
        return shown

    yield open_it
    for page in pages:
        page._stand()  # a browser ends before the program, whatever the test did with it
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)


OpenConsent = Callable[[Consent], Shown]


def consent(stand: WebStand, path: str = "/", **changes: str) -> Consent:
    return replace(
        sheets.EMBEDDED,
        url=stand.base + path,
        redirect_uri=changes.pop("redirect_uri", f"{stand.base}/back"),
        authority_pem=stand.authority_pem,
        **changes,
    )


def free_port() -> int:
    """A port on which nobody listens."""
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])
