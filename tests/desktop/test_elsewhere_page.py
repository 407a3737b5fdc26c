import asyncio
import threading
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from msgspec.structs import replace
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot
from tests.desktop import google_pages, sheets
from tests.desktop.conftest import Opened
from tests.desktop.hand_made import ShownStep
from tests.desktop.looking import button, words_of
from tests.desktop.samples import SENDER
from tests.desktop.test_sheet_page import Clock
from tests.wizard.surroundings import NOW

from sendwright.desktop.pages.elsewhere import ElsewherePage
from sendwright.desktop.reading import Reading
from sendwright.desktop.running import runs
from sendwright.desktop.theme.theme import Theme
from sendwright.desktop.widgets.copybox import CopyBox
from sendwright.desktop.widgets.front import come_back
from sendwright.screens import Answer, Consent, ConsentWay, Screen
from sendwright.texts import text
from sendwright.world import Progress

BEFORE = ShownStep(SENDER, stop="sender")


async def wait(answer: Answer, progress: Progress) -> None:
    """Nobody signs in."""
    if "action" not in answer:
        await asyncio.Event().wait()


@pytest.fixture
def open_page(theme: Theme, reading: Reading, show: Callable[..., QWidget]) -> Callable[..., ElsewherePage]:
    def open_it(screen: Consent, clock: Clock | None = None) -> ElsewherePage:
        page = ElsewherePage(theme, screen, reading, clock=clock or Clock())
        show(page, width=640, height=700)
        return page

    return open_it


def test_the_persons_browser_is_opened_once_and_again_when_asked(
    open_steps: Callable[..., Opened], opened_pages: list[str]
) -> None:
    opened = open_steps(BEFORE, ShownStep(sheets.BROWSER, act=wait), at=1)
    assert opened_pages == [sheets.BROWSER.url]
    button(opened.page, text("consent.open-again")).click()
    assert opened_pages == [sheets.BROWSER.url] * 2


def test_it_says_what_is_waited_for_and_where(open_page: Callable[..., ElsewherePage]) -> None:
    words = words_of(open_page(sheets.BROWSER))
    assert text("consent.waiting") in words
    assert text("consent.opened", host="login.microsoftonline.com") in words


def test_the_link_can_be_copied(open_page: Callable[..., ElsewherePage]) -> None:
    open_page(sheets.BROWSER).copy_button.click()
    assert QGuiApplication.clipboard().text() == sheets.BROWSER.url


@pytest.mark.parametrize("url", ["http://login.microsoftonline.com/", "file:///etc/passwd", "javascript:alert(1)"])
def test_what_is_not_encrypted_is_not_opened(
    open_page: Callable[..., ElsewherePage], opened_pages: list[str], url: str
) -> None:
    page = open_page(replace(sheets.BROWSER, url=url))
    page.begin()
    assert opened_pages == []
    assert page.failed.isVisible()


def test_where_no_browser_opens_that_is_said(
    open_page: Callable[..., ElsewherePage], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sendwright.desktop.widgets.browser.QDesktopServices.openUrl", lambda _: False)
    page = open_page(sheets.BROWSER)
    assert not page.failed.isVisible()
    page.begin()
    assert page.failed.isVisible()


def test_a_code_is_large_and_copied_and_not_opened_by_itself(
    open_page: Callable[..., ElsewherePage], opened_pages: list[str]
) -> None:
    page = open_page(sheets.DEVICE)
    page.begin()
    assert opened_pages == []
    assert sheets.DEVICE.user_code in words_of(page)
    page.code.button.click()
    assert QGuiApplication.clipboard().text() == sheets.DEVICE.user_code
    assert page.code.words.font().pixelSize() > page.waiting.words.font().pixelSize()
    assert page.qr.drawing is not None
    assert [box.words.text() for box in page.qr.findChildren(CopyBox)] == [sheets.DEVICE.url]
    page.open_button.click()
    assert opened_pages == [sheets.DEVICE.url]


def test_a_code_says_how_long_it_is_still_good(open_page: Callable[..., ElsewherePage]) -> None:
    clock = Clock()
    page = open_page(sheets.DEVICE, clock)
    assert page.left.text() == text("consent.left", time="15:00")
    clock.now = NOW + timedelta(minutes=14, seconds=1)
    page._count()
    assert page.left.text() == text("consent.left", time="0:59")
    clock.now = NOW + timedelta(hours=1)
    page._count()
    assert page.left.text() == text("consent.expired")
    assert not page._clock.isActive()


def test_a_code_without_an_end_tells_none(open_page: Callable[..., ElsewherePage]) -> None:
    assert not open_page(replace(sheets.DEVICE, expires_at=None)).left.isVisible()


def test_an_error_of_the_page_is_explained_and_submits_nothing(open_steps: Callable[..., Opened], qtbot: QtBot) -> None:
    opened = open_steps(BEFORE, ShownStep(sheets.BROWSER, act=wait), at=1)
    sent = opened.page.sent
    assert sent.button.text() == text("consent.error.title")
    sent.open()
    sent.field.setPlainText("AADSTS50105: The signed in user is not assigned to a role for the application.")
    sent.explain()
    qtbot.waitUntil(lambda: sent.meaning is not None and bool(sent.meaning.cards))
    assert opened.conductor.busy
    assert opened.step == sheets.BROWSER.step


def test_going_on_needs_nobody(open_steps: Callable[..., Opened]) -> None:
    given: list[Answer] = []

    async def signed_in(answer: Answer, progress: Progress) -> None:
        given.append(answer)

    opened = open_steps(BEFORE, ShownStep(sheets.DEVICE, act=signed_in), ShownStep(replace(SENDER, step="after")), at=1)
    opened.wait_for("after")
    assert given == [{}]


def test_cancelling_leads_back_to_the_former_answers(open_steps: Callable[..., Opened]) -> None:
    opened = open_steps(BEFORE, ShownStep(sheets.BROWSER, act=wait), at=1)
    assert opened.view.foot.cancel_button.isVisible()
    assert not opened.view.foot.primary_button.isVisible()
    assert not opened.view.foot.back_button.isVisible()
    opened.view.foot.cancel_button.click()
    opened.wait_for(SENDER.step)
    assert opened.faults == []


def test_another_way_ends_the_wait_first(open_steps: Callable[..., Opened]) -> None:
    given: list[Answer] = []

    async def note(answer: Answer, progress: Progress) -> None:
        given.append(answer)
        await wait(answer, progress)

    after = ShownStep(replace(SENDER, step="after"))
    opened = open_steps(BEFORE, ShownStep(sheets.BROWSER, act=note), after, at=1)
    opened.qtbot.waitUntil(lambda: bool(given))
    button(opened.page, text("microsoft365.board.limited")).click()
    opened.wait_for("after")
    assert given == [{}, {"action": "device"}]
    assert opened.faults == []


def test_another_way_that_is_pressed_twice_is_taken_once(open_steps: Callable[..., Opened]) -> None:
    given: list[Answer] = []

    async def note(answer: Answer, progress: Progress) -> None:
        given.append(answer)
        await wait(answer, progress)

    opened = open_steps(BEFORE, ShownStep(sheets.BROWSER, act=note), ShownStep(replace(SENDER, step="after")), at=1)
    opened.qtbot.waitUntil(lambda: bool(given))
    way = button(opened.page, text("microsoft365.board.limited"))
    way.click()
    way.click()
    opened.wait_for("after")
    assert given == [{}, {"action": "device"}]


@pytest.mark.parametrize(
    ("screen", "expected"),
    [(sheets.EMBEDDED, False), (sheets.BROWSER, True), (sheets.DEVICE, True), (sheets.BOARD, False)],
)
def test_what_happens_elsewhere_runs_by_itself(screen: Screen, expected: bool) -> None:
    assert runs(screen) is expected


@pytest.mark.parametrize("way", ConsentWay)
def test_a_page_of_a_saved_diagnosis_opens_nothing(
    show_page: Callable[..., Any], opened_pages: list[str], way: ConsentWay
) -> None:
    page = show_page(replace(sheets.EMBEDDED, url="", way=way, actions=()))
    page.begin()
    assert opened_pages == []
    assert text("consent.recorded") in words_of(page)


class Front:
    """A window that remembers whether it was asked to stand in front."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, *, active: bool) -> None:
        self.calls: list[str] = []
        monkeypatch.setattr(QWidget, "isActiveWindow", lambda _: active)
        monkeypatch.setattr(QWidget, "raise_", lambda _: self.calls.append("raise"))
        monkeypatch.setattr(QWidget, "activateWindow", lambda _: self.calls.append("activate"))
        monkeypatch.setattr(QApplication, "alert", lambda *_: self.calls.append("alert"))


@pytest.mark.parametrize(("active", "calls"), [(False, ["raise", "activate", "alert"]), (True, [])])
def test_when_it_is_over_elsewhere_the_window_comes_back(
    open_steps: Callable[..., Opened], monkeypatch: pytest.MonkeyPatch, active: bool, calls: list[str]
) -> None:
    signed_in: list[Answer] = []
    go_on = threading.Event()

    async def wait_for_it(answer: Answer, progress: Progress) -> None:
        signed_in.append(answer)
        await asyncio.to_thread(go_on.wait, 60)

    after = ShownStep(replace(SENDER, step="after"))
    opened = open_steps(BEFORE, ShownStep(sheets.BROWSER, act=wait_for_it), after, at=1)
    opened.qtbot.waitUntil(lambda: bool(signed_in))
    front = Front(monkeypatch, active=active)
    go_on.set()
    opened.wait_for("after")
    assert front.calls == calls


def test_a_page_that_waits_for_nothing_elsewhere_leaves_other_windows_alone(
    open_steps: Callable[..., Opened], monkeypatch: pytest.MonkeyPatch
) -> None:
    opened = open_steps(BEFORE, ShownStep(replace(SENDER, step="after")))
    front = Front(monkeypatch, active=False)
    opened.view.submit()
    opened.wait_for("after")
    assert front.calls == []


def test_a_window_that_was_put_away_is_brought_back(
    show: Callable[..., QWidget], monkeypatch: pytest.MonkeyPatch
) -> None:
    window = show(QWidget(), width=200, height=100)
    window.setWindowState(Qt.WindowState.WindowMinimized)
    front = Front(monkeypatch, active=False)
    come_back(window)
    assert not window.isMinimized()
    assert front.calls == ["raise", "activate", "alert"]
    window.hide()
    come_back(window)
    assert len(front.calls) == 3


def test_the_keyboard_alone_reaches_everything(
    open_steps: Callable[..., Opened], opened_pages: list[str], qtbot: QtBot
) -> None:
    opened = open_steps(BEFORE, ShownStep(sheets.BROWSER, act=wait), at=1)
    page, window = opened.page, opened.view.window()
    qtbot.waitUntil(page.open_button.hasFocus)
    qtbot.keyClick(window.focusWidget(), Qt.Key.Key_Space)
    assert opened_pages == [sheets.BROWSER.url] * 2
    qtbot.keyClick(window.focusWidget(), Qt.Key.Key_Tab)
    assert page.copy_button.hasFocus()
    qtbot.keyClick(window.focusWidget(), Qt.Key.Key_Return)
    assert QGuiApplication.clipboard().text() == sheets.BROWSER.url
    reached = set()
    for _ in range(12):
        qtbot.keyClick(window.focusWidget(), Qt.Key.Key_Tab)
        reached.add(window.focusWidget())
    assert {page.sent.button, opened.view.foot.cancel_button} <= reached
    qtbot.keyClick(window.focusWidget(), Qt.Key.Key_Escape)
    opened.wait_for(SENDER.step)


def test_the_browser_of_each_service_is_called_by_its_own_name(open_page: Callable[..., ElsewherePage]) -> None:
    page = open_page(replace(sheets.BROWSER, url="https://accounts.google.com/o/oauth2/v2/auth?client_id=6", lead=""))
    words = words_of(page)
    assert text("consent.opened", host="accounts.google.com") in words
    assert "icrosoft" not in " ".join(words).replace(text(sheets.BROWSER.title), "").replace(
        text(sheets.BROWSER.actions[0].label), ""
    )


@pytest.mark.parametrize(
    ("shown", "code"),
    [
        ("Access blocked: authorisation error\nError 400: admin_policy_enforced", "google-app-blocked-by-admin"),
        ("Zugriff blockiert\nFehler 403: org_internal", "google-other-organisation"),
        ("Error 401: deleted_client\nThe OAuth client was deleted.", "google-client-removed"),
    ],
)
def test_what_googles_page_shows_is_explained_while_it_is_waited_for(
    open_steps: Callable[..., Opened], qtbot: QtBot, opened_pages: list[str], shown: str, code: str
) -> None:
    page = replace(google_pages.CONSENT, actions=())
    opened = open_steps(BEFORE, ShownStep(page, act=wait), at=1)
    assert opened_pages == [page.url]
    sent = opened.page.sent
    sent.open()
    sent.field.setPlainText(shown)
    sent.explain()
    title = text(f"problems.{code}.title")
    qtbot.waitUntil(lambda: title in " ".join(words_of(opened.page)))  # what is added is seen with the next turn
    assert opened.step == "gmail-consent"
    assert opened.conductor.busy


def test_where_the_step_takes_an_error_itself_the_page_does_not_ask_for_it_twice(
    open_page: Callable[..., ElsewherePage],
) -> None:
    assert open_page(sheets.BROWSER).sent is not None
    page = open_page(google_pages.CONSENT)
    assert page.sent is None
    assert text("consent.error.title") not in words_of(page)
    assert button(page, text("gmail.ways.showed-error")).isVisible()
