from collections.abc import Callable
from datetime import UTC, datetime

import msgspec
import pytest
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QFrame, QLabel, QWidget
from pytestqt.qtbot import QtBot

from sendwright.desktop.practice import PracticeInbox
from sendwright.desktop.theme.theme import Theme
from sendwright.desktop.widgets.button import Button
from sendwright.desktop.widgets.copybox import CopyBox
from sendwright.desktop.widgets.fold import Fold
from sendwright.desktop.widgets.letter import Letter
from sendwright.practice.mail_server import PASSWORD, Received
from sendwright.texts import text

NOON = datetime(2026, 11, 20, 12, 0, 5, tzinfo=UTC)


@pytest.fixture
def inbox(theme: Theme, show: Callable[..., QWidget]) -> PracticeInbox:
    made = PracticeInbox(theme, password=PASSWORD, expect="Everything works.")
    show(made, width=made.usual_width, height=600)
    return made


def message(subject: str = "Test message", **changed: str) -> Received:
    values = {
        "sender": "Example Organisation <notifications@example.org>",
        "recipient": "anna@example.org",
        "text": "The test message has arrived.",
        "html": "",
    }
    return Received(at=NOON, subject=subject, **{**values, **changed})


def words_of(inbox: PracticeInbox) -> list[str]:
    return [found.text() for found in inbox.findChildren(QLabel) if not found.isHidden() or found is inbox.empty]


def test_an_empty_inbox_says_what_it_is_for_and_what_to_type(inbox: PracticeInbox) -> None:
    words = words_of(inbox)
    assert text("window.inbox") in words
    assert text("window.inbox-hint", password=PASSWORD) in words
    assert "Everything works." in words
    assert inbox.empty.isVisible()


def test_a_message_shows_its_sender_subject_beginning_recipient_and_time(inbox: PracticeInbox, qtbot: QtBot) -> None:
    inbox.add(message())
    qtbot.wait(20)
    words = words_of(inbox)
    for expected in (
        "Example Organisation",
        "notifications@example.org",
        "Test message",
        "The test message has arrived.",
        text("window.inbox-to", to="anna@example.org"),
        f"{NOON.astimezone():%H:%M:%S}",
    ):
        assert expected in words
    assert not inbox.empty.isVisible()


@pytest.mark.parametrize(
    ("sender_header", "expected"),
    [
        ("", "Example Organisation"),
        ("Ben Okafor <ben@contoso.com>", "Ben Okafor on behalf of Example Organisation"),
        ("ben@contoso.com", "ben@contoso.com on behalf of Example Organisation"),
    ],
)
def test_who_sends_on_behalf_of_another_is_named_first(inbox: PracticeInbox, sender_header: str, expected: str) -> None:
    inbox.add(message(sender_header=sender_header, on_behalf_of="Example Organisation <notifications@example.org>"))
    words = words_of(inbox)
    assert expected in words
    assert words.index(expected) < words.index("notifications@example.org")


def test_the_newest_message_stands_on_top(inbox: PracticeInbox, qtbot: QtBot) -> None:
    for subject in ("first", "second", "third"):
        inbox.add(message(subject))
    qtbot.wait(20)
    shown = [word for word in words_of(inbox) if word in {"first", "second", "third"}]
    tops = {found.text(): found.mapTo(inbox, found.rect().topLeft()).y() for found in inbox.findChildren(QLabel)}
    assert sorted(shown, key=lambda word: tops[word]) == ["third", "second", "first"]


def test_it_counts(inbox: PracticeInbox, qtbot: QtBot) -> None:
    counts: list[int] = []
    inbox.counted.connect(counts.append)
    for _ in range(3):
        inbox.add(message())
    assert counts == [1, 2, 3]


def test_a_long_message_is_shortened(inbox: PracticeInbox, qtbot: QtBot) -> None:
    inbox.add(message(text="word " * 500))
    qtbot.wait(20)
    shown = next(
        found.text() for found in inbox.findChildren(QLabel) if found.isVisible() and found.text().startswith("word")
    )
    assert shown.endswith("…")
    assert len(shown) <= 140


@pytest.mark.parametrize("sender", ["notifications@example.org", "", "<broken", "x" * 300])
def test_whatever_stands_in_the_header_is_shown_as_words(inbox: PracticeInbox, qtbot: QtBot, sender: str) -> None:
    inbox.add(message(sender=sender, subject="<b>bold</b>", text=""))
    qtbot.wait(20)
    assert "<b>bold</b>" in words_of(inbox)
    assert inbox.width() == inbox.usual_width


def test_many_messages_scroll_up_and_down_only(inbox: PracticeInbox, qtbot: QtBot) -> None:
    for number in range(20):
        inbox.add(message(f"message {number}"))
    qtbot.wait(50)
    cards = [found for found in inbox.findChildren(QFrame) if found.property("role") == "card"]
    assert len(cards) == 20
    assert all(card.width() < inbox.width() for card in cards)
    assert all(card.height() >= card.heightForWidth(card.width()) for card in cards)


def test_it_can_take_all_the_room_there_is(inbox: PracticeInbox) -> None:
    inbox.spread(spread=True)
    inbox.resize(900, 400)
    assert inbox.width() == 900
    inbox.spread(spread=False)
    assert inbox.width() == inbox.usual_width


def test_what_is_short_and_has_no_source_has_nothing_to_unfold(inbox: PracticeInbox) -> None:
    inbox.add(message())
    assert inbox.findChildren(Fold) == []


def test_all_of_a_long_message_is_shown_when_asked_for(inbox: PracticeInbox, qtbot: QtBot) -> None:
    words = "word " * 100 + "and the end"
    inbox.add(message(text=words))
    (fold,) = inbox.findChildren(Fold)
    qtbot.wait(20)
    assert not any(found.isVisible() for found in inbox.findChildren(QLabel) if found.text() == words)
    fold.open()
    qtbot.wait(20)
    (whole,) = [found for found in inbox.findChildren(QLabel) if found.text() == words]
    assert whole.isVisible()
    assert not any(found.isVisible() for found in inbox.findChildren(QLabel) if found.text().endswith("…"))
    assert inbox.width() == inbox.usual_width
    assert fold.button.accessibleDescription() == "Test message"


def test_a_message_is_copied_as_it_arrived(inbox: PracticeInbox) -> None:
    source = "Return-Path: <anna@example.org>\r\nFrom: Ann\u00e9 <anna@example.org>\r\n\r\nHello\r\n"
    inbox.add(msgspec.structs.replace(message(), source=source.encode()))
    (letter,) = inbox.findChildren(Letter)
    assert letter.source is not None
    letter.source.click()
    assert QGuiApplication.clipboard().text().splitlines() == source.splitlines()


def test_what_the_practice_hands_out_is_within_reach(inbox: PracticeInbox, opened_pages: list[str]) -> None:
    page, file = "http://localhost:40123/practice/admin", "/home/anna/practice/service-account.json"
    words = f"Allow it here: {page}\n\nThe key lies here: {file}\n" + "And more. " * 20
    inbox.add(message(text=words + " http://example.org/ https://accounts.google.com/ /etc/passwd"))
    (fold,) = inbox.findChildren(Fold)
    fold.open()
    assert [box.words.text() for box in inbox.findChildren(CopyBox)] == [file]
    buttons = [found for found in inbox.findChildren(Button) if found.text() == text("window.inbox-page")]
    assert len(buttons) == 1
    buttons[0].click()
    assert opened_pages == [page]
