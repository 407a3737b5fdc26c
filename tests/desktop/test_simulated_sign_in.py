"""The sign-in pages of the simulated Microsoft, clicked through in the browser of the window."""

from collections.abc import Callable, Iterator
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest
from msgspec.structs import replace
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot
from tests.desktop import sheets
from tests.desktop.consenting import NOISE, Shown
from tests.servers.loop_thread import LoopThread

from sendwright.desktop.pages.consent import ConsentPage
from sendwright.desktop.reading import Reading
from sendwright.desktop.theme.theme import Theme
from sendwright.practice.mail_server import PASSWORD
from sendwright.practice.microsoft.contoso import BEN, CLIENT_ID, TENANT_ID, contoso
from sendwright.practice.microsoft.server import SimulatedMicrosoft
from sendwright.screens import Consent

pytestmark = [pytest.mark.qt_log_ignore(*NOISE, extend=True), pytest.mark.usefixtures("browser_inside")]
REDIRECT = "http://localhost"


@pytest.fixture
def microsoft() -> Iterator[SimulatedMicrosoft]:
    with LoopThread() as loop:
        simulated = SimulatedMicrosoft(contoso(), lambda _: None)
        loop.run(simulated.start())
        yield simulated
        loop.run(simulated.stop())


@pytest.fixture
def sign_in(
    theme: Theme, reading: Reading, show: Callable[..., QWidget], qtbot: QtBot, microsoft: SimulatedMicrosoft
) -> Shown:
    """Open the sign-in page, with whatever judges its words in the program."""
    page = ConsentPage(theme, screen_of(microsoft), reading)
    show(page, width=760, height=760)
    shown = Shown(page, qtbot)
    page.begin()
    shown.arrive()
    return shown


def screen_of(microsoft: SimulatedMicrosoft) -> Consent:
    asked = {
        "client_id": CLIENT_ID,
        "response_type": "code",
        "redirect_uri": REDIRECT,
        "scope": "openid offline_access https://graph.microsoft.com/Mail.Send",
        "state": "5tate",
        "code_challenge": "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM",
        "code_challenge_method": "S256",
    }
    url = f"{microsoft.login}/{TENANT_ID}/oauth2/v2.0/authorize?{urlencode(asked)}"
    return replace(sheets.EMBEDDED, url=url, redirect_uri=REDIRECT, authority_pem=microsoft.authority_pem)


def has(shown: Shown, name: str) -> bool:
    """Tell whether an element of that id is there."""
    found: list[object] = []
    shown.browser.page.runJavaScript(f"Boolean(document.getElementById('{name}'))", 0, found.append)
    shown.qtbot.waitUntil(lambda: bool(found))
    return found == [True]


def type_in(shown: Shown, field: str, words: str) -> None:
    """Type with real keys, and press Enter."""
    shown.wait_for(lambda: has(shown, field))
    shown.run(f"document.getElementById('{field}').focus()")
    shown.qtbot.wait(200)
    target = shown.browser.view.focusProxy()
    QTest.keyClicks(target, words)
    QTest.keyClick(target, Qt.Key.Key_Return)


def press(shown: Shown, name: str) -> None:
    shown.wait_for(lambda: has(shown, name))
    shown.run(f"document.getElementById('{name}').click()")


def enter(shown: Shown) -> None:
    type_in(shown, "username", BEN)
    type_in(shown, "password", PASSWORD)


def came_back(shown: Shown) -> dict[str, list[str]]:
    shown.wait_for(lambda: bool(shown.answers))
    (answer,) = shown.answers
    assert answer["callback"].startswith(REDIRECT)
    return parse_qs(urlsplit(answer["callback"]).query)


def test_an_account_signs_in_and_agrees(sign_in: Shown, microsoft: SimulatedMicrosoft) -> None:
    assert sign_in.browser.place.host.text() == microsoft.login.removeprefix("https://")
    enter(sign_in)
    press(sign_in, "accept")
    values = came_back(sign_in)
    assert values["state"] == ["5tate"]
    assert values["code"]


def test_whoever_does_not_agree_comes_back_with_that(sign_in: Shown) -> None:
    enter(sign_in)
    press(sign_in, "cancel")
    assert came_back(sign_in)["error"] == ["access_denied"]


def test_a_wrong_password_is_settled_on_the_page_itself(sign_in: Shown) -> None:
    type_in(sign_in, "username", BEN)
    type_in(sign_in, "password", "wrong")
    sign_in.wait_for(lambda: has(sign_in, "error"))
    sign_in.qtbot.wait(3000)  # the words of the page have been read by then
    assert sign_in.answers == []
    type_in(sign_in, "password", PASSWORD)
    press(sign_in, "accept")
    assert came_back(sign_in)["code"]


@pytest.mark.parametrize("number", [53000, 53003, 50105])
def test_what_microsoft_says_on_its_own_page_only_is_answered(
    sign_in: Shown, microsoft: SimulatedMicrosoft, number: int
) -> None:
    microsoft.tenant.policies.blocked = number
    enter(sign_in)
    sign_in.wait_for(lambda: bool(sign_in.answers))
    (answer,) = sign_in.answers
    assert str(number) in answer["shown"]
    assert answer["at"].startswith(microsoft.login.removeprefix("https://"))
    assert "?" not in answer["at"]
    assert sign_in.page.browser is None
