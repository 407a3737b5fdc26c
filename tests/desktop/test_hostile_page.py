"""A sign-in page that means harm: whatever it tries is refused, said calmly, and leads nowhere."""

from collections.abc import Callable
from pathlib import Path
from typing import Any
from unittest.mock import Mock

import pytest
from PySide6.QtCore import QStandardPaths, QUrl
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot
from tests.desktop.consenting import NOISE, OpenConsent, consent, words_of
from tests.desktop.looking import button
from tests.desktop.web_stand import Answer, WebStand

from sendwright.texts import text

pytestmark = [pytest.mark.qt_log_ignore(*NOISE, extend=True), pytest.mark.usefixtures("browser_inside")]

HELLO = "<title>Microsoft</title><h1>Sign in</h1>"
DOWNLOAD = {"Content-Type": "application/octet-stream", "Content-Disposition": "attachment; filename=tool.exe"}


@pytest.fixture
def hostile(web: WebStand, open_consent: OpenConsent) -> Callable[[str], Any]:
    """Open a page that runs a script of its own once it is shown."""

    def open_it(script: str) -> Any:  # noqa: ANN401 - as the fixture
        web.pages["/"] = Answer(body=f"{HELLO}<script>onload = () => setTimeout(() => {{ {script} }}, 50)</script>")
        shown = open_consent(consent(web))
        shown.arrive()
        return shown

    return open_it


REFUSED = {
    "file": ("location = 'file:///etc/passwd'", ""),
    "data": ("location = 'data:text/html,<h1>Microsoft</h1>'", ""),
    "javascript": ("location = 'javascript:void(document.body.append(1))'", ""),
    "settings": ("location = 'ms-settings:display'", "scheme"),
    "installer": ("location = 'ms-appinstaller:?source=https://example.org/x.msix'", "scheme"),
    "mail": ("location = 'mailto:a@example.org'", "scheme"),
    "chrome": ("location = 'chrome://gpu'", ""),
    "view-source": ("location = 'view-source:https://example.org'", ""),
    "blob": ("location = URL.createObjectURL(new Blob(['<h1>Microsoft</h1>'], {type: 'text/html'}))", "scheme"),
    "plain": ("location = 'http://localhost:9/'", "http"),
    "popup": ("window.open('https://localhost:9/')", "window"),
    "popup-empty": ("window.open()", "window"),
    "download": ("location = '/tool.exe'", "download"),
    "download-link": ("a = document.createElement('a'); a.href = '/'; a.download = 'x.html'; a.click()", "download"),
    "camera": ("navigator.mediaDevices.getUserMedia({video: true}).catch(() => 0)", ""),
    "place": ("navigator.geolocation.getCurrentPosition(() => 0)", "permission"),
    "notifications": ("Notification.requestPermission()", "permission"),
    "key": (
        "navigator.credentials.get({publicKey: {challenge: new Uint8Array(8), timeout: 60000}}).catch(() => 0)",
        "",
    ),
    "files": ("showOpenFilePicker().catch(() => 0)", ""),
    "full-screen": ("document.body.requestFullscreen().catch(() => 0)", ""),
    "print": ("window.print()", ""),
    "clipboard": ("navigator.clipboard.readText().then(w => location = '/stolen?' + w)", "permission"),
    "handler": ("navigator.registerProtocolHandler('web+x', location.origin + '/?u=%s')", ""),
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_a_sign_in_needs_not_is_refused_and_said(
    hostile: Callable[[str], Any], web: WebStand, opened_pages: list[str], qtbot: QtBot, name: str
) -> None:
    script, reason = REFUSED[name]
    web.pages["/tool.exe"] = Answer(body=b"MZ", headers=DOWNLOAD)
    before = set(Path(QStandardPaths.writableLocation(QStandardPaths.StandardLocation.DownloadLocation)).glob("*"))
    QApplication.clipboard().setText("a secret")
    shown = hostile(script)
    if reason:
        shown.wait_for(lambda: text(f"consent.refused.{reason}") in words_of(shown.page))
    else:
        qtbot.wait(600)
    assert shown.browser.page.url().toString() == f"{web.base}/"
    assert shown.browser.place.lock.name == "lock"
    assert shown.answers == []
    assert opened_pages == []
    assert [window for window in QApplication.topLevelWidgets() if window.isVisible()] == [shown.page]
    after = set(Path(QStandardPaths.writableLocation(QStandardPaths.StandardLocation.DownloadLocation)).glob("*"))
    assert after == before
    assert not [path for path in web.asked if path.startswith("/stolen")]


@pytest.mark.parametrize("location", ["http://localhost:9/", "file:///etc/passwd", "ms-settings:display"])
def test_a_redirect_of_the_server_leads_nowhere_else_either(
    hostile: Callable[[str], Any], web: WebStand, qtbot: QtBot, location: str
) -> None:
    web.pages["/jump"] = Answer(status=302, headers={"Location": location})
    shown = hostile("location = '/jump'")
    shown.wait_for(lambda: "/jump" in web.asked)
    qtbot.wait(400)
    assert shown.answers == []
    if shown.page.browser is not None:
        assert shown.browser.page.url().toString() == f"{web.base}/"


@pytest.mark.parametrize(
    "lookalike",
    ["{base}/back/", "{base}/backx", "{base}/Back", "{base}//back", "{base}/?next={base}/back", "{other}/back"],
)
def test_an_address_that_only_looks_like_the_way_back_is_not_answered(
    hostile: Callable[[str], Any], web: WebStand, qtbot: QtBot, lookalike: str
) -> None:
    other = web.base.replace("localhost", "127.0.0.1")
    shown = hostile(f"location = '{lookalike.format(base=web.base, other=other)}?code=forged'")
    qtbot.wait(600)
    assert shown.answers == []


def test_a_frame_inside_cannot_come_back_in_place_of_the_page(
    hostile: Callable[[str], Any], web: WebStand, qtbot: QtBot
) -> None:
    shown = hostile(f"document.body.innerHTML = '<iframe src=\"{web.base}/back?code=forged\"></iframe>'")
    qtbot.wait(600)
    assert shown.answers == []
    assert not [path for path in web.asked if path.startswith("/back")]


def test_nothing_of_a_page_is_fetched_without_encryption(
    hostile: Callable[[str], Any], make_stand: Callable[..., WebStand], qtbot: QtBot
) -> None:
    plain = make_stand(plain=True)
    hostile(f'document.body.innerHTML = \'<img src="{plain.base}/spy.png"><script src="{plain.base}/x.js">\'')
    qtbot.wait(600)
    assert plain.asked == []


@pytest.mark.parametrize("call", ["alert(1)", "confirm(1)", "prompt(1)"])
def test_endless_questions_end_the_page_and_not_the_window(
    hostile: Callable[[str], Any], qtbot: QtBot, call: str
) -> None:
    shown = hostile(f"while (true) {call}")
    shown.wait_for(lambda: shown.page.browser is None)
    assert text("consent.refused.dialogs") in words_of(shown.page)
    assert button(shown.page, text("consent.again")).isVisible()
    assert [window for window in QApplication.topLevelWidgets() if window.isVisible()] == [shown.page]


def test_a_title_of_a_hundred_megabytes_is_nobodys_business(hostile: Callable[[str], Any], qtbot: QtBot) -> None:
    shown = hostile("document.title = 'login.microsoftonline.com '.repeat(4e6); document.body.append('done')")
    words: list[str] = []

    def look() -> bool:
        shown.browser.page.toPlainText(words.append)
        qtbot.wait(100)
        return any("done" in seen for seen in words)

    shown.wait_for(look)
    assert len(shown.browser.page.title()) < 10_000
    assert shown.page.window().windowTitle() == ""
    assert not [seen for seen in words_of(shown.page) if "login.microsoftonline.com " in seen]


def test_a_page_that_never_ends_growing_is_read_only_in_part(hostile: Callable[[str], Any]) -> None:
    shown = hostile("document.body.append('AADSTS53003 ' + 'x '.repeat(1e6))")
    shown.wait_for(lambda: bool(shown.answers))
    assert len(shown.answers[0]["shown"]) == 4000


def test_a_link_into_a_new_window_that_somebody_clicks_opens_in_place(
    open_consent: OpenConsent, web: WebStand, qtbot: QtBot
) -> None:
    web.pages["/"] = Answer(body='<a href="/help" target="_blank" id="a" style="font-size: 200px">Help</a>')
    web.pages["/help"] = Answer(body="<h1>Help</h1>")
    shown = open_consent(consent(web))
    shown.arrive()
    shown.click()
    shown.wait_for(lambda: shown.browser.page.url().toString() == f"{web.base}/help")
    assert shown.answers == []


def test_a_stranger_beside_a_bad_certificate_of_a_picture_stops_nothing(
    hostile: Callable[[str], Any], make_stand: Callable[..., WebStand], qtbot: QtBot
) -> None:
    other = make_stand()
    shown = hostile(f"document.body.innerHTML = '<img src=\"{other.base}/x.png\">'")
    qtbot.wait(500)
    assert shown.page.browser is not None
    assert other.asked == []


def test_no_question_of_a_page_is_answered_with_yes_but_to_leave_it(
    hostile: Callable[[str], Any], web: WebStand
) -> None:
    page = hostile("").browser.page
    leaving = "Are you sure you want to leave this page? Changes that you made may not be saved."
    assert page.javaScriptConfirm(QUrl(web.base), leaving)
    assert not page.javaScriptConfirm(QUrl(web.base), "Send everything?")
    assert page.javaScriptPrompt(QUrl(web.base), "Password?", "none") == (False, "")
    assert page.chooseFiles(page.FileSelectionMode.FileSelectOpen, [], []) == []


def test_a_security_key_is_left_to_the_persons_own_browser(hostile: Callable[[str], Any]) -> None:
    asked = Mock()
    shown = hostile("")
    shown.browser.page._key(asked)
    asked.cancel.assert_called_once_with()
    shown.wait_for(lambda: text("consent.refused.key") in words_of(shown.page))
