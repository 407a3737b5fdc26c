"""What can happen to a page once it is shown: errors, findings, waits, a practice around it."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime

from PySide6.QtTest import QTest
from tests.desktop import samples, save_states, ways_out

from sendwright.desktop.conductor import Waiting
from sendwright.desktop.pages.choice import ChoicePage
from sendwright.desktop.pages.form import FormPage
from sendwright.desktop.pages.stopped import StoppedPage
from sendwright.desktop.view import WizardView
from sendwright.desktop.widgets.fold import Fold
from sendwright.desktop.window import Window
from sendwright.practice.mail_server import Received
from sendwright.problems.level import Level
from sendwright.providers.provider import Advice
from sendwright.screens import Notice, Rejected

Act = Callable[[Window, WizardView], None]


@dataclass(frozen=True, kw_only=True)
class State:
    """page: name of the sample it happens to. resumed, practice: how the wizard was opened.

    level: for whom problems are told. end: scrolled to the end of the page.
    """

    page: str
    act: Act
    resumed: bool = False
    practice: bool = False
    level: Level = Level.PLAIN
    end: bool = False


def wrong_fields(window: Window, view: WizardView) -> None:
    if isinstance(view.page, FormPage):
        view.page.fields.put({"host": "smtp.example.org:465", "address": "not an address"})
        wrong = {"host": "custom_smtp.host.with-port", "password": "custom_smtp.password.missing"}
        view.page.show_rejection(Rejected({**wrong, "address": "address.spaces"}))


def nothing_chosen(window: Window, view: WizardView) -> None:
    if isinstance(view.page, ChoicePage):
        view.page.show_rejection(Rejected({"choice": "wizard.choose-one"}))


def found(window: Window, view: WizardView) -> None:
    if isinstance(view.page, FormPage):
        notices = (
            Notice(key="custom_smtp.username.none", field="username"),
            Notice(key="custom_smtp.probe.no-answer", values={"host": "smtp.example.org"}),
        )
        view.page.proposals.put(())
        view.page.show_advice(Advice(notices=notices, proposals=samples.PROPOSALS[:2]))


def unfolded(window: Window, view: WizardView) -> None:
    if view.page is not None:
        for fold in view.page.findChildren(Fold):
            fold.open()


def sender(alias: str, address: str) -> Act:
    def put(window: Window, view: WizardView) -> None:
        if isinstance(view.page, FormPage):
            view.page.fields.put({"alias": alias, "address": address})
            view.page.fields.edited.emit()

    return put


def waiting(window: Window, view: WizardView) -> None:
    view._wait(Waiting.CANCELLABLE)


def failed_stages(window: Window, view: WizardView) -> None:
    if isinstance(view.page, StoppedPage):
        for result in (*samples.RESULTS, samples.FAILED):
            view.page.stages.show_result(result)
        view.page.stages.settle()
        unfolded(window, view)


def messages(window: Window, view: WizardView) -> None:
    if window.beside is not None:
        for number in range(3):
            received = Received(
                at=datetime(2026, 11, 20, 9, 41, number, tzinfo=UTC),
                sender="Example Organisation <notifications@example.org>",
                recipient="anna@example.org",
                subject="Test message for Example Organisation: K7PX2M",
                text="The test message has arrived. It came from notifications@example.org. " * 3,
                html="",
            )
            window.beside.add(received)


def asked_twice(window: Window, view: WizardView) -> None:
    if view.resumed is not None:
        view.resumed.again.click()


def sent(words: str) -> Act:
    """Let somebody paste `words` where an error that was sent is explained."""

    def paste(window: Window, view: WizardView) -> None:
        if isinstance(view.page, ChoicePage | StoppedPage) and view.page.sent is not None:
            view.page.sent.open()
            view.page.sent.field.setPlainText(words)
            view.page.sent.explain_button.click()
            for _ in range(_PATIENCE_MS // 10):
                if view.page.sent.meaning is not None:
                    break
                QTest.qWait(10)

    return paste


_PATIENCE_MS = 10_000


def nothing(window: Window, view: WizardView) -> None:
    """It is enough to look."""


TENANT = "535 5.7.139 Authentication unsuccessful, SmtpClientAuthentication is disabled for the Tenant."
SEVERAL = f"""{TENANT}
550 5.1.1 <anna@example.org>: Recipient address rejected: User unknown
connect to mail.example.org[192.0.2.1]:25: Connection refused
452 4.2.2 <bob@example.org>: Mailbox full
450 4.7.1 Greylisted, see you in a minute"""

_LONG = "Gesellschaft für außerordentlich lange Namen von Organisationen mbH & Co. KG"

STATES = {
    "connect-wrong": State(page="connect", act=wrong_fields),
    "address-wrong": State(page="address", act=wrong_fields),
    "provider-nothing-chosen": State(page="provider", act=nothing_chosen),
    "connect-found": State(page="connect", act=found),
    "connect-unfolded": State(page="connect", act=unfolded),
    "arrival-unfolded": State(page="arrival", act=unfolded),
    "long-words-unfolded": State(page="long-words", act=unfolded),
    "sender-empty": State(page="sender", act=sender("", "")),
    "sender-long": State(page="sender", act=sender(_LONG, f"{'notifications-' * 4}of@{'very-' * 8}long.example.org")),
    "platform-waiting": State(page="platform", act=waiting),
    "stopped-stages": State(page="wrong-password", act=failed_stages),
    "resumed": State(page="sender", act=nothing, resumed=True),
    "resumed-asked": State(page="sender", act=asked_twice, resumed=True),
    **{
        f"{page}-{level}": State(page=page, act=nothing, level=level)
        for page in ("wrong-password", "greylisted", "many-ways", "unknown")
        for level in (Level.IT, Level.SUPPORT)
    },
    "many-ways-support-end": State(page="many-ways", act=nothing, level=Level.SUPPORT, end=True),
    "start-asked": State(page="start", act=sent("")),
    "start-sent": State(page="start", act=sent(TENANT)),
    "start-sent-it": State(page="start", act=sent(TENANT), level=Level.IT),
    "start-sent-several": State(page="start", act=sent(SEVERAL), end=True),
    "start-sent-unknown": State(page="start", act=sent("The dog ate the mail server.")),
    "stopped-sent": State(page="refused", act=sent(TENANT)),
    "stopped-save": State(page="wrong-password", act=save_states.offered),
    "stopped-save-opened": State(page="wrong-password", act=save_states.opened),
    "stopped-save-done": State(page="wrong-password", act=save_states.saved),
    "stopped-save-refused": State(page="wrong-password", act=save_states.refused),
    "stopped-save-full": State(page="wrong-password", act=save_states.full),
    "stopped-ways-blocked": State(page="timed-out", act=ways_out.looked(ways_out.BLOCKED)),
    "stopped-ways-inspected": State(page="timed-out", act=ways_out.looked(ways_out.INSPECTED)),
    "stopped-ways-fine": State(page="timed-out", act=ways_out.looked(ways_out.FINE)),
    "stopped-ways-nothing": State(page="timed-out", act=ways_out.looked(ways_out.NOTHING, unfolded=True)),
    "stopped-ways-looking": State(page="timed-out", act=ways_out.looked(None)),
    "practice": State(page="sender", act=messages, practice=True),
}
