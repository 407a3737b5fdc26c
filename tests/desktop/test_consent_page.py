from collections.abc import Callable

import pytest
import shiboken6
from msgspec.structs import replace
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot
from tests.desktop.conftest import Opened
from tests.desktop.consenting import NOISE, PATIENCE_MS, OpenConsent, consent, free_port
from tests.desktop.hand_made import ShownStep
from tests.desktop.looking import button, words_of
from tests.desktop.samples import SENDER
from tests.desktop.web_stand import Answer, WebStand

from sendwright.desktop.widgets.problem import ProblemCard
from sendwright.screens import Answer as Given
from sendwright.screens import Rejected
from sendwright.texts import text
from sendwright.world import Progress

pytestmark = [pytest.mark.qt_log_ignore(*NOISE, extend=True), pytest.mark.usefixtures("browser_inside")]


def test_the_page_is_shown_with_its_host_and_a_lock(open_consent: OpenConsent, web: WebStand) -> None:
    shown = open_consent(consent(web))
    assert shown.browser.place.lock.name != "lock"
    shown.arrive()
    assert shown.browser.place.host.text() == web.base.removeprefix("https://")
    assert "Sign in" not in words_of(shown.page)  # a page does not choose what stands beside the lock


@pytest.mark.parametrize(("height", "told"), [(560, False), (760, True)])
def test_where_a_window_is_low_the_browser_gets_the_room_of_the_words_above_it(
    open_consent: OpenConsent, web: WebStand, height: int, *, told: bool
) -> None:
    shown = open_consent(replace(consent(web), lead="microsoft365.consent.lead-embedded"))
    shown.page.window().resize(800, height)
    shown.arrive()
    assert shown.page.lead is not None
    shown.wait_for(lambda: shown.page.lead is not None and shown.page.lead.isVisible() is told)
    shown.run("document.getElementById('next').click()")
    shown.wait_for(lambda: bool(shown.answers))
    assert shown.page.lead.isVisible()


def test_what_comes_back_is_answered_and_never_asked_for(open_consent: OpenConsent, web: WebStand) -> None:
    shown = open_consent(consent(web))
    shown.arrive()
    shown.run("document.getElementById('next').click()")
    shown.wait_for(lambda: bool(shown.answers))
    assert shown.answers == [{"callback": f"{web.base}/back?code=c0de&state=5tate"}]
    assert not [path for path in web.asked if path.startswith("/back")]
    assert shown.page.browser is None
    assert text("consent.back") in words_of(shown.page)


def test_a_page_that_writes_itself_another_address_keeps_its_lock(
    open_consent: OpenConsent, web: WebStand, qtbot: QtBot
) -> None:
    shown = open_consent(consent(web))
    shown.arrive()
    shown.run("history.pushState({}, '', '/step-2'); location.hash = 'x'")
    shown.wait_for(lambda: shown.browser.page.url().path() == "/step-2")
    qtbot.wait(50)
    assert shown.browser.place.lock.name == "lock"


def test_somebody_signs_in_with_real_keys(open_consent: OpenConsent, web: WebStand) -> None:
    shown = open_consent(consent(web))
    shown.arrive()
    target = shown.browser.view.focusProxy()
    target.setFocus()
    shown.qtbot.wait(300)
    QTest.keyClicks(target, "anna")
    QTest.keyClick(target, Qt.Key.Key_Return)
    shown.wait_for(lambda: bool(shown.answers))
    assert "/password?name=anna" in web.asked


@pytest.mark.parametrize(
    "script",
    [
        "location = '{base}/back?code=1#x'",
        "location.replace('{base}/back?code=1#x')",
        "location = '{base}/jump'",
        "document.body.innerHTML = '<form method=post action=\"{base}/back?code=1#x\">'; document.forms[0].submit()",
    ],
)
def test_every_way_back_is_noticed(open_consent: OpenConsent, web: WebStand, script: str) -> None:
    web.pages["/jump"] = Answer(status=303, headers={"Location": f"{web.base}/back?code=1#x"})
    shown = open_consent(consent(web))
    shown.arrive()
    shown.run(script.format(base=web.base))
    shown.wait_for(lambda: bool(shown.answers))
    assert [answer["callback"].split("#")[0] for answer in shown.answers] == [f"{web.base}/back?code=1"]
    assert not [path for path in web.asked if path.startswith("/back")]


@pytest.mark.parametrize("redirect_uri", ["http://localhost:9", "msal6://auth", "https://login.example.org/native"])
def test_a_redirect_uri_that_nobody_serves_is_noticed_too(
    open_consent: OpenConsent, web: WebStand, redirect_uri: str
) -> None:
    web.pages["/"] = Answer(status=302, headers={"Location": f"{redirect_uri}?error=access_denied&state=1"})
    shown = open_consent(consent(web, redirect_uri=redirect_uri))
    shown.wait_for(lambda: bool(shown.answers))
    assert shown.answers[0]["callback"].replace("9/?", "9?") == f"{redirect_uri}?error=access_denied&state=1"


def test_an_error_that_only_the_page_shows_is_answered(open_consent: OpenConsent, web: WebStand) -> None:
    web.pages["/"] = Answer(status=400, body="<h1>Sorry</h1>" + "x" * 50 + " AADSTS53003: blocked." + "y" * 9000)
    shown = open_consent(consent(web, "/?client_id=6"))
    shown.wait_for(lambda: bool(shown.answers))
    (answer,) = shown.answers
    assert "AADSTS53003" in answer["shown"]
    assert len(answer["shown"]) == 4000
    assert answer["at"] == f"{web.base.removeprefix('https://')}/"


def test_an_error_that_is_written_later_is_answered_too(open_consent: OpenConsent, web: WebStand) -> None:
    script = "<script>setTimeout(() => document.body.append('AADSTS53003'), 300)</script>"
    web.pages["/"] = Answer(body=f"<body>One moment{script}")
    shown = open_consent(consent(web))
    shown.wait_for(lambda: bool(shown.answers))
    assert "AADSTS53003" in shown.answers[0]["shown"]


def test_each_attempt_begins_without_the_cookies_of_the_former(open_consent: OpenConsent, web: WebStand) -> None:
    web.pages["/"] = Answer(body="<body><script>document.body.append('[' + document.cookie + ']')</script>",
                              headers={"Set-Cookie": "who=anna; Path=/; Max-Age=9999"})  # fmt: skip
    words: list[str] = []
    gone: list[bool] = []
    for attempt in (1, 2):
        shown = open_consent(consent(web))
        shown.browser.seen.connect(lambda seen, _: words.append(seen))
        shown.arrive()
        shown.wait_for(lambda: bool(words) and "[" in words[-1])
        profile = shown.browser.page.profile()
        profile.destroyed.connect(lambda: gone.append(True))
        shown.page._finish({"callback": "x"})
        shown.wait_for(lambda attempt=attempt: len(gone) == attempt)
    assert words[0].strip() == words[-1].strip() == "[who=anna]"
    assert [path for path in web.asked if path == "/"] == ["/", "/"]


def test_a_real_sign_in_leaves_nothing_on_the_disk(open_consent: OpenConsent, web: WebStand) -> None:
    shown = open_consent(replace(consent(web), authority_pem=""))
    assert shown.browser.page.profile().isOffTheRecord()
    shown.wait_for(lambda: bool(shown.page.findChildren(ProblemCard)))  # nobody trusts the stand without a practice


def test_a_server_that_cannot_be_reached_is_a_named_problem_and_is_tried_again(
    open_consent: OpenConsent, web: WebStand
) -> None:
    shown = open_consent(replace(consent(web), url=f"https://localhost:{free_port()}/"))
    shown.wait_for(lambda: bool(shown.page.findChildren(ProblemCard)))
    (card,) = shown.page.findChildren(ProblemCard)
    assert card._problem.code == "connection-refused"
    assert shown.page.browser is None
    shown.page._consent = consent(web)
    button(shown.page, text("consent.again")).click()
    shown.arrive()
    assert shown.answers == []


@pytest.mark.parametrize(
    ("name", "trusted", "code"),
    [("localhost", False, "tls-certificate-unknown-issuer"), ("example.org", True, "tls-certificate-wrong-name")],
)
def test_a_bad_certificate_stops_it(
    open_consent: OpenConsent, make_stand: Callable[..., WebStand], name: str, trusted: bool, code: str
) -> None:
    stand = make_stand(name=name, trusted=trusted)
    shown = open_consent(consent(stand))
    shown.wait_for(lambda: bool(shown.page.findChildren(ProblemCard)))
    assert shown.page.findChildren(ProblemCard)[0]._problem.code == code
    assert stand.asked == []


def test_a_page_whose_process_dies_can_be_opened_again(open_consent: OpenConsent, web: WebStand) -> None:
    shown = open_consent(consent(web))
    shown.arrive()
    shown.browser.crashed.emit()
    assert text("consent.crashed") in words_of(shown.page)
    button(shown.page, text("consent.again")).click()
    shown.arrive()


def test_f6_leads_out_of_the_page_and_escape_stays_in_it(
    open_steps: Callable[..., Opened], web: WebStand, qtbot: QtBot
) -> None:
    opened = open_steps(ShownStep(SENDER, stop="sender"), ShownStep(consent(web)), at=1)
    qtbot.waitUntil(lambda: opened.page.browser.place.lock.name == "lock", timeout=PATIENCE_MS)
    inner = opened.page.browser.view.focusProxy()
    qtbot.waitUntil(inner.hasFocus)
    QTest.keyClick(inner, Qt.Key.Key_Escape)
    assert opened.step == "microsoft-consent"
    QTest.keyClick(inner, Qt.Key.Key_F6)
    focused = QApplication.focusWidget()
    assert focused is not None
    assert focused.objectName() == "action-device"  # what stands below the browser
    assert not opened.page.browser.isAncestorOf(focused)
    QTest.keyClick(focused, Qt.Key.Key_Escape)
    opened.wait_for(SENDER.step)


def test_the_other_ways_stand_in_the_foot_all_the_time(
    open_steps: Callable[..., Opened], web: WebStand, qtbot: QtBot
) -> None:
    given: list[Given] = []

    async def take(answer: Given, progress: Progress) -> None:
        given.append(answer)

    opened = open_steps(ShownStep(consent(web), act=take), ShownStep(SENDER), at=0)
    (way,) = opened.view.foot.ways
    assert way.text() == text("microsoft365.board.granted")
    assert not opened.view.foot.primary_button.isVisible()
    way.click()
    opened.wait_for(SENDER.step)
    assert given == [{"action": "browser"}]
    assert opened.view.foot.ways == ()


def test_what_comes_back_goes_to_the_wizard_once(open_steps: Callable[..., Opened], web: WebStand) -> None:
    given: list[Given] = []

    async def take(answer: Given, progress: Progress) -> None:
        given.append(answer)

    web.pages["/"] = Answer(status=302, headers={"Location": f"{web.base}/back?code=1"})
    opened = open_steps(ShownStep(consent(web), act=take), ShownStep(SENDER), at=0)
    opened.wait_for(SENDER.step)
    assert given == [{"callback": f"{web.base}/back?code=1"}]
    assert opened.faults == []


def test_the_page_ends_before_the_program_and_its_profile(open_consent: OpenConsent, web: WebStand) -> None:
    shown = open_consent(consent(web))
    shown.arrive()
    browser = shown.browser
    browser._release()
    assert not shiboken6.isValid(browser.page)
    browser._release()


def test_what_could_not_be_used_is_said_and_the_page_can_be_opened_again(
    open_consent: OpenConsent, web: WebStand
) -> None:
    shown = open_consent(consent(web))
    shown.arrive()
    shown.page._finish({"callback": f"{web.base}/back"})
    shown.page.show_rejection(Rejected({"callback": "wizard.choose-one"}))
    button(shown.page, text("consent.again")).click()
    shown.arrive()
    shown.run("document.getElementById('next').click()")
    shown.wait_for(lambda: len(shown.answers) == 2)
