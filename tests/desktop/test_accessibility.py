"""What a screen reader is told: every control has a name, a role and a state; what changes is said."""

from collections.abc import Callable, Iterator
from types import SimpleNamespace

import pytest
from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent, QAccessibleInterface
from PySide6.QtWidgets import QAbstractButton, QComboBox, QLineEdit, QPlainTextEdit, QWidget
from pytestqt.qtbot import QtBot
from tests.desktop import samples
from tests.desktop.conftest import Opened
from tests.desktop.hand_made import ShownStep
from tests.desktop.states import TENANT

from sendwright.desktop.practice import PracticeInbox
from sendwright.desktop.theme.theme import Theme
from sendwright.desktop.widgets import speech
from sendwright.desktop.widgets.banner import PracticeBanner
from sendwright.desktop.widgets.fold import Fold
from sendwright.desktop.widgets.resumed import ResumedNote
from sendwright.desktop.widgets.speech import announce
from sendwright.problems.explanation import explain
from sendwright.providers.provider import Advice
from sendwright.screens import Notice, Rejected
from sendwright.texts import text

Name = QAccessible.Text.Name
Role = QAccessible.Role
CONTROLS = (QAbstractButton, QLineEdit, QComboBox, QPlainTextEdit)
START = ShownStep(samples.START, stop="start")
REVIEW = ShownStep(samples.REVIEW, stop="review")


def interface(widget: QWidget) -> QAccessibleInterface:
    return QAccessible.queryAccessibleInterface(widget)


def names(widget: QWidget) -> set[str]:
    """Its name and those of its labels."""
    found = interface(widget)
    labels = found.relations(QAccessible.RelationFlag.Label)
    return {found.text(Name), *(label.text(Name) for label, _ in labels)} - {""}


def controls(within: QWidget) -> Iterator[QWidget]:
    for widget in within.findChildren(QWidget):
        if isinstance(widget, CONTROLS):
            yield widget


@pytest.mark.parametrize("name", samples.SCREENS)
def test_every_control_of_every_page_has_a_name(open_steps: Callable[..., Opened], qtbot: QtBot, name: str) -> None:
    opened = open_steps(START, ShownStep(samples.SCREENS[name], stop="connect"), REVIEW, at=1, resumed=True)
    qtbot.wait(10)
    nameless = [
        f"{type(found).__name__} {found.objectName()}"
        for found in controls(opened.window)
        if found.isVisible() and not names(found)
    ]
    assert nameless == []
    for fold in opened.page.findChildren(Fold):
        fold.open()
    assert [found.objectName() for found in controls(opened.page) if found.isVisible() and not names(found)] == []


def test_the_parts_around_the_page_have_names_too(theme: Theme, qtbot: QtBot) -> None:
    parts = (PracticeBanner(theme), ResumedNote(theme), PracticeInbox(theme, password="practice"))
    for part in parts:
        qtbot.addWidget(part)
        assert all(names(found) for found in controls(part))
    assert interface(parts[2]).text(Name) == text("window.inbox")


@pytest.mark.parametrize(
    ("field", "role"),
    [
        ("host", Role.EditableText),
        ("port", Role.EditableText),
        ("security", Role.ComboBox),
        ("password", Role.EditableText),
        ("ca_file", Role.EditableText),
        ("keep_password", Role.CheckBox),
    ],
)
def test_every_kind_of_field_has_its_role(
    open_steps: Callable[..., Opened], field: str, role: QAccessible.Role
) -> None:
    opened = open_steps(START, ShownStep(samples.CONNECT), REVIEW, at=1)
    assert interface(opened.page.fields.rows[field].control.focus).role() == role


def test_words_are_read_whole_and_drawings_say_nothing(open_steps: Callable[..., Opened]) -> None:
    opened = open_steps(START, REVIEW, ShownStep(samples.DONE), at=1)
    spoken = [
        interface(found).text(Name)
        for found in opened.page.findChildren(QWidget)
        if interface(found).role() == Role.StaticText
    ]
    assert text("review.statement", **samples.REVIEW.values) in spoken
    assert "notifications@example.org" in spoken
    assert "passed" not in spoken


def test_the_state_of_a_step_is_in_its_name(open_steps: Callable[..., Opened]) -> None:
    opened = open_steps(START, ShownStep(samples.SENDER, stop="sender"), REVIEW, at=1)
    buttons = opened.view.rail.buttons
    assert interface(buttons["sender"]).text(Name) == text("window.stop.current", stop=text("rail.sender"))
    assert interface(buttons["start"]).text(Name) == text("window.stop.done", stop=text("rail.start"))


def test_a_disabled_control_says_so(open_steps: Callable[..., Opened]) -> None:
    opened = open_steps(START, ShownStep(samples.SENDER, stop="sender"), REVIEW, at=1)
    assert interface(opened.view.rail.buttons["review"]).state().disabled
    assert not interface(opened.view.rail.buttons["start"]).state().disabled


class Said:
    """What was announced, and how urgently."""

    def __init__(self) -> None:
        self.words: list[tuple[str, bool]] = []

    def hear(self, event: object) -> None:
        assert isinstance(event, QAccessibleAnnouncementEvent)
        urgent = event.politeness() == QAccessible.AnnouncementPoliteness.Assertive
        self.words.append((event.message(), urgent))


@pytest.fixture
def said(monkeypatch: pytest.MonkeyPatch) -> Said:
    """Listen in place of a screen reader; nobody switches one on in memory."""
    heard = Said()

    politeness = QAccessible.AnnouncementPoliteness
    listening = SimpleNamespace(
        AnnouncementPoliteness=politeness, updateAccessibility=heard.hear, isActive=lambda: True
    )
    monkeypatch.setattr(speech, "QAccessible", listening)
    return heard


def test_nothing_is_said_where_nobody_listens(theme: Theme, qtbot: QtBot) -> None:
    widget = QWidget()
    qtbot.addWidget(widget)
    announce(widget, "Words.")
    announce(widget, "")


def test_what_is_said_is_polite_unless_it_is_urgent(theme: Theme, qtbot: QtBot, said: Said) -> None:
    widget = QWidget()
    qtbot.addWidget(widget)
    announce(widget, "Found.")
    announce(widget, "Wrong.", urgent=True)
    announce(widget, "")
    assert said.words == [("Found.", False), ("Wrong.", True)]


def test_a_new_page_says_its_title(open_steps: Callable[..., Opened], said: Said) -> None:
    opened = open_steps(START, ShownStep(samples.SENDER), REVIEW, at=1)
    opened.view.submit()
    opened.wait_for("review")
    assert (text("sender.title"), False) in said.words
    assert (text("review.title"), False) in said.words


def test_stages_are_said_politely_as_they_end(open_steps: Callable[..., Opened], said: Said) -> None:
    opened = open_steps(START, ShownStep(samples.RUNNING), REVIEW, at=1)
    said.words.clear()
    opened.view._progress(samples.RESULTS[1])
    assert said.words == [("Reach the server: done, 13 ms", False)]


def test_what_is_wrong_with_an_answer_is_said_at_once(open_steps: Callable[..., Opened], said: Said) -> None:
    opened = open_steps(START, ShownStep(samples.PROVIDER), REVIEW, at=1)
    said.words.clear()
    opened.page.show_rejection(Rejected({"choice": "wizard.choose-one"}))
    assert said.words == [(text("wizard.choose-one"), True)]


def test_a_wrong_field_is_read_with_its_error_because_the_keyboard_goes_there(
    open_steps: Callable[..., Opened],
) -> None:
    opened = open_steps(START, ShownStep(samples.CONNECT), REVIEW, at=1)
    opened.page.show_rejection(Rejected({"host": "custom_smtp.host.url"}))
    line = opened.page.fields.rows["host"].control.focus
    assert line.hasFocus()
    assert interface(line).text(QAccessible.Text.Description).startswith(text("custom_smtp.host.url"))


def test_advice_is_said_politely_and_once(open_steps: Callable[..., Opened], said: Said) -> None:
    opened = open_steps(START, ShownStep(samples.CONNECT), REVIEW, at=1)
    said.words.clear()
    notice = Notice(key="custom_smtp.probe.no-answer", values={"host": "smtp.example.org"})
    for _ in range(3):
        opened.page.show_advice(Advice(notices=(notice,)))
    assert said.words == [(text(notice.key, **notice.values), False)]


def test_a_remark_at_a_field_is_said_and_read_with_the_field(open_steps: Callable[..., Opened], said: Said) -> None:
    opened = open_steps(START, ShownStep(samples.CONNECT), REVIEW, at=1)
    said.words.clear()
    notice = Notice(key="custom_smtp.username.none", field="username")
    for _ in range(2):
        opened.page.show_advice(Advice(notices=(notice,)))
    assert said.words == [(text(notice.key), False)]
    line = opened.page.fields.rows["username"].control.focus
    assert interface(line).text(QAccessible.Text.Description).endswith(text(notice.key))


def test_a_message_in_the_practice_inbox_is_said(theme: Theme, qtbot: QtBot, said: Said) -> None:
    from datetime import UTC, datetime  # noqa: PLC0415 - only here

    from sendwright.practice.mail_server import Received  # noqa: PLC0415 - only here

    inbox = PracticeInbox(theme, password="practice")
    qtbot.addWidget(inbox)
    message = Received(
        at=datetime(2026, 11, 20, tzinfo=UTC), sender="a@example.org", recipient="b@example.org",
        subject="Hello", text="", html="",
    )  # fmt: skip
    inbox.add(message)
    assert said.words == [(text("window.inbox-arrived", subject="Hello"), False)]


def test_what_an_error_means_is_said_as_soon_as_it_is_known(
    open_steps: Callable[..., Opened], said: Said, qtbot: QtBot
) -> None:
    opened = open_steps(START, REVIEW, at=0)
    opened.page.sent.open()
    said.words.clear()
    opened.page.sent.explain()
    assert said.words == [(text("window.sent.empty"), False)]
    opened.page.sent.field.setPlainText(TENANT)
    opened.page.sent.explain()
    qtbot.waitUntil(lambda: bool(opened.page.sent.meaning.cards))
    title = opened.page.sent.meaning.cards[0].accessibleName()
    assert said.words[-1] == (text("window.sent.spoken", count=1, titles=title), False)


def test_a_card_is_read_with_how_it_stands(open_steps: Callable[..., Opened]) -> None:
    opened = open_steps(START, ShownStep(samples.GREYLISTED), REVIEW, at=1)
    described = interface(opened.page.card).text(QAccessible.Text.Description)
    assert explain(samples.GREYLISTED.problem).standing in described
    assert text("owners.nobody.name") in described
