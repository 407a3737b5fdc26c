"""*Someone sent you an error?*: what is pasted is explained, and nothing else happens."""

import threading
from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest
from msgspec.structs import replace
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QFileDialog, QWidget
from pytestqt.qtbot import QtBot
from tests.desktop import samples
from tests.desktop.conftest import Opened
from tests.desktop.hand_made import ShownStep
from tests.desktop.looking import words_of
from tests.desktop.states import TENANT

from sendwright.desktop import reading as reading_module
from sendwright.desktop.reading import Reading
from sendwright.desktop.theme.theme import Theme
from sendwright.desktop.widgets import sent as module
from sendwright.desktop.widgets.fold import Fold
from sendwright.desktop.widgets.levels import LevelSwitch
from sendwright.desktop.widgets.meaning import SHOWN, Meaning
from sendwright.desktop.widgets.note import Note
from sendwright.desktop.widgets.sent import SentError
from sendwright.problems.classify import classify
from sendwright.problems.evidence import Evidence, System
from sendwright.problems.explanation import explain
from sendwright.problems.level import Level
from sendwright.problems.pasted import Match, PasteKind, PasteRefused, Understood
from sendwright.screens import Choice, Done, Form, Proof, Review, Stopped, Working
from sendwright.texts import text

OpenSteps = Callable[..., Opened]
START = ShownStep(samples.START, stop="start")
REVIEW = ShownStep(samples.REVIEW, stop="review")


@pytest.fixture
def sent(theme: Theme, reading: Reading, show: Callable[..., QWidget]) -> SentError:
    made = SentError(theme, reading)
    show(made, width=560, height=900)
    made.open()
    return made


@pytest.fixture
def ask(sent: SentError, qtbot: QtBot) -> Callable[[str], Meaning]:
    def wait_for(words: str) -> Meaning:
        sent.field.setPlainText(words)
        former = sent.meaning
        sent.explain_button.click()
        qtbot.waitUntil(lambda: sent.meaning is not None and sent.meaning is not former and sent._work is None)
        assert sent.meaning is not None
        return sent.meaning

    return wait_for


def answering(monkeypatch: pytest.MonkeyPatch, answer: Understood | BaseException) -> None:
    def understand(pasted: str | bytes) -> Understood:
        if isinstance(answer, BaseException):
            raise answer
        return answer

    monkeypatch.setattr(reading_module, "understand_safely", understand)


def understood(*replies: int, healthy: bool = False) -> Understood:
    seen = [Evidence(stage="submit", system=System.SMTP, reply=reply, text=f"words {reply}") for reply in replies]
    matches = tuple(Match(problem=classify(evidence), matched=evidence.code) for evidence in seen)
    return Understood(kind=PasteKind.LOG, matches=matches, healthy=healthy)


def note_of(meaning: Meaning) -> Note:
    (note,) = meaning.findChildren(Note)
    return note


def test_it_is_folded_away_until_somebody_asks(theme: Theme, reading: Reading, show: Callable[..., QWidget]) -> None:
    made = SentError(theme, reading)
    show(made, width=560, height=60)
    assert not made.field.isVisible()
    made.button.click()
    assert made.field.isVisible()
    assert made.field.hasFocus()


def test_an_error_gets_the_card_of_its_problem(ask: Callable[[str], Meaning]) -> None:
    meaning = ask(TENANT)
    (card,) = meaning.cards
    words = words_of(meaning)
    assert card.accessibleName() in words
    assert any("Exchange" in word for word in words)
    assert len(meaning.findChildren(LevelSwitch)) == 1


@pytest.mark.parametrize(("count", "cards"), [(1, 1), (3, 3), (4, 3), (9, 3)])
def test_at_most_three_problems_get_a_card_and_the_others_are_counted(
    ask: Callable[[str], Meaning], monkeypatch: pytest.MonkeyPatch, count: int, cards: int
) -> None:
    answering(monkeypatch, understood(*range(550, 550 + count)))
    meaning = ask("anything")
    assert len(meaning.cards) == cards == min(count, SHOWN)
    more = text("window.sent.more", count=count - cards)
    assert (more in words_of(meaning)) is (count > cards)


def test_a_healthy_text_is_one_calm_sentence(ask: Callable[[str], Meaning], monkeypatch: pytest.MonkeyPatch) -> None:
    answering(monkeypatch, understood(healthy=True))
    meaning = ask("250 2.0.0 Ok: queued")
    assert words_of(meaning) == [text("explain.healthy")]
    assert note_of(meaning).tone == "passed"
    assert meaning.cards == ()


def test_where_nothing_was_found_it_says_so(ask: Callable[[str], Meaning], monkeypatch: pytest.MonkeyPatch) -> None:
    answering(monkeypatch, understood())
    assert words_of(ask("anything")) == [text("window.sent.nothing")]


def test_what_nobody_knows_is_said_to_be_unknown_and_shown_as_it_is(
    ask: Callable[[str], Meaning], monkeypatch: pytest.MonkeyPatch
) -> None:
    unknown = classify(Evidence(stage="submit", system=System.SMTP, reply=599, text="The dog ate the mail server."))
    assert unknown.code == "unrecognised"
    answering(monkeypatch, Understood(kind=PasteKind.LOG, matches=(Match(problem=unknown, matched=""),)))
    words = words_of(ask("The dog ate the mail server."))
    assert explain(unknown).title in words
    assert any("The dog ate the mail server." in word for word in words)


@pytest.mark.parametrize("code", ["of-a-later-version", ""])
def test_a_refusal_is_a_sentence(ask: Callable[[str], Meaning], monkeypatch: pytest.MonkeyPatch, code: str) -> None:
    answering(monkeypatch, PasteRefused(code))
    meaning = ask("anything")
    assert words_of(meaning) == [text("window.sent.failed")]
    assert note_of(meaning).tone == "warning"


def test_what_a_report_says_of_itself_and_its_message_are_kept_apart(
    ask: Callable[[str], Meaning], monkeypatch: pytest.MonkeyPatch
) -> None:
    about = (("reporting-server", "mail.example.org"), ("recipient", "anna@example.com"))
    told = replace(understood(550), about=about, original=(("Subject", "You have a new task"),))
    answering(monkeypatch, told)
    meaning = ask("a report")
    values = {value for _, value in about} | {"You have a new task"}
    assert not values & set(words_of(meaning))
    folds = {fold.button.text(): fold for fold in meaning.findChildren(Fold)}
    folds[text("explain.found-in")].open()
    assert values & set(words_of(meaning)) == {"mail.example.org", "anna@example.com"}
    assert text("explain.about.recipient") in words_of(meaning)
    folds[text("explain.original")].open()
    assert values <= set(words_of(meaning))


def test_a_refusal_with_words_of_its_own_uses_them(
    ask: Callable[[str], Meaning], monkeypatch: pytest.MonkeyPatch
) -> None:
    answering(monkeypatch, PasteRefused("known"))
    monkeypatch.setattr(module, "has", lambda key: key == "explain.refused.known")
    monkeypatch.setattr(module, "text", lambda key, **_: f"<{key}>")
    assert words_of(ask("anything")) == ["<explain.refused.known>"]


def test_a_fault_of_ours_is_a_sentence_too(ask: Callable[[str], Meaning], monkeypatch: pytest.MonkeyPatch) -> None:
    answering(monkeypatch, RuntimeError("a fault of ours"))
    assert words_of(ask("anything")) == [text("window.sent.failed")]


@pytest.mark.parametrize("nothing", ["", "   ", "\n\t\n"])
def test_an_empty_field_asks_for_something(sent: SentError, nothing: str) -> None:
    sent.field.setPlainText(nothing)
    sent.explain_button.click()
    assert sent.meaning is not None
    assert words_of(sent.meaning) == [text("window.sent.empty")]
    assert sent.field.hasFocus()


def test_too_much_is_refused_in_a_sentence(sent: SentError) -> None:
    sent.field.too_long.emit()
    assert sent.meaning is not None
    assert words_of(sent.meaning) == [text("window.sent.too-long")]


def test_a_new_answer_takes_the_place_of_the_former(
    ask: Callable[[str], Meaning], sent: SentError, qtbot: QtBot
) -> None:
    ask(TENANT)
    second = ask("452 4.2.2 Mailbox full")
    assert sent.result.count() == 1
    qtbot.waitUntil(lambda: [found for found in sent.findChildren(Meaning) if found.isVisible()] == [second])


def test_a_file_is_explained_and_named(sent: SentError, tmp_path: Path, qtbot: QtBot) -> None:
    (tmp_path / "mail.log").write_text(TENANT)
    sent.field.setPlainText("former words")
    sent.explain_file(str(tmp_path / "mail.log"))
    qtbot.waitUntil(lambda: sent.meaning is not None)
    assert sent.meaning is not None
    assert text("window.sent.from-file", name="mail.log") in words_of(sent.meaning)
    assert sent.field.toPlainText() == ""
    sent.explain_file("")
    assert sent._work is None


def test_a_file_that_cannot_be_read_is_said_to_be_so(sent: SentError, tmp_path: Path, qtbot: QtBot) -> None:
    sent.field.dropped.emit(str(tmp_path / "missing.log"))
    qtbot.waitUntil(lambda: sent.meaning is not None)
    assert sent.meaning is not None
    assert words_of(sent.meaning) == [text("window.sent.file.unreadable")]


def test_a_file_can_be_chosen_without_a_mouse(sent: SentError, monkeypatch: pytest.MonkeyPatch) -> None:
    opened: list[QFileDialog] = []
    monkeypatch.setattr(QFileDialog, "open", lambda dialog: opened.extend([dialog]))
    sent.browse_button.click()
    (dialog,) = opened
    assert all(f"*{ending}" in dialog.nameFilters()[0] for ending in (".eml", ".txt", ".log", ".json"))
    dialog.deleteLater()


@pytest.fixture
def slow(monkeypatch: pytest.MonkeyPatch) -> threading.Event:
    """Let nothing be understood before the event is set."""
    go_on = threading.Event()

    def understand(pasted: str | bytes) -> Understood:
        go_on.wait(20)
        return understood(550)

    monkeypatch.setattr(reading_module, "understand_safely", understand)
    return go_on


def test_a_long_wait_is_shown_and_can_be_ended(sent: SentError, slow: threading.Event, qtbot: QtBot) -> None:
    sent.field.setPlainText(TENANT)
    sent.explain_button.click()
    assert not sent.stop_button.isVisible()
    qtbot.waitUntil(sent.stop_button.isVisible)
    assert sent.meaning is not None
    assert words_of(sent.meaning) == [text("window.sent.looking")]
    sent.stop_button.click()
    slow.set()
    qtbot.wait(50)
    assert not sent.stop_button.isVisible()
    assert sent.meaning is None


def test_typing_on_or_folding_it_away_ends_the_wait(sent: SentError, slow: threading.Event, qtbot: QtBot) -> None:
    for end in (partial(sent.field.insertPlainText, "more"), sent.button.click):
        sent.field.setPlainText(TENANT)
        sent.explain()
        work = sent._work
        assert work is not None
        end()
        assert not work.wanted
    slow.set()
    qtbot.wait(30)
    assert sent._work is None


def test_leaving_the_page_ends_the_wait(open_steps: OpenSteps, slow: threading.Event, qtbot: QtBot) -> None:
    opened = open_steps(START, REVIEW, at=0)
    opened.page.sent.open()
    opened.page.sent.field.setPlainText(TENANT)
    opened.page.sent.explain()
    work = opened.page.sent._work
    opened.view.submit()
    opened.wait_for("review")
    qtbot.waitUntil(lambda: not work.wanted)
    slow.set()
    qtbot.wait(30)
    assert opened.faults == []


def test_the_level_of_the_answer_is_switched_in_place(
    ask: Callable[[str], Meaning], sent: SentError, reading: Reading
) -> None:
    meaning = ask(TENANT)
    (card,) = meaning.cards
    reason = explain(card._problem).why[0]
    assert reason not in words_of(card)
    sent.explain_button.setFocus()
    reading.choose(Level.IT)
    assert reason in words_of(card)
    assert sent.explain_button.hasFocus()


def test_an_answer_changes_no_form_and_tries_nothing_again(
    ask: Callable[[str], Meaning], monkeypatch: pytest.MonkeyPatch, reading: Reading
) -> None:
    problem = replace(samples.MANY_WAYS.problem, remedies=samples.MANY_WAYS.problem.remedies[2:])
    answering(monkeypatch, Understood(kind=PasteKind.LOG, matches=(Match(problem=problem, matched=""),)))
    meaning = ask("anything")
    reading.choose(Level.IT)
    buttons = {found.text() for found in meaning.findChildren(module.Button)}
    for remedy in explain(problem).remedies:
        assert remedy.label not in buttons
        assert any(remedy.label in word for word in words_of(meaning))


@pytest.mark.parametrize("name", samples.SCREENS)
def test_the_first_page_and_every_stop_have_it_and_no_question_has(
    open_steps: OpenSteps, qtbot: QtBot, name: str
) -> None:
    screen = samples.SCREENS[name]
    opened = open_steps(START, ShownStep(screen, stop="connect"), REVIEW, at=1)
    qtbot.wait(5)
    there = bool(opened.page.findChildren(SentError))
    if isinstance(screen, Stopped) or (isinstance(screen, Choice) and screen.explains):
        assert there
    elif isinstance(screen, Choice | Form | Proof | Review | Working | Done):
        assert not there


def test_the_answer_is_scrolled_into_sight(open_steps: OpenSteps, qtbot: QtBot) -> None:
    opened = open_steps(START, REVIEW, at=0, size=(800, 600))
    sent = opened.page.sent
    sent.open()
    sent.field.setPlainText(TENANT)
    sent.explain()
    qtbot.waitUntil(lambda: sent.meaning is not None and sent.meaning.cards != ())
    area = opened.view.column

    def in_sight() -> bool:
        card = sent.meaning.cards[0]
        top = card.mapTo(area.viewport(), card.rect().topLeft()).y()
        return 0 <= top < area.viewport().height() / 2

    qtbot.waitUntil(in_sight)


@pytest.mark.parametrize("size", [(800, 600), (640, 480)])
def test_the_field_is_in_sight_as_soon_as_it_is_asked_for(
    open_steps: OpenSteps, qtbot: QtBot, size: tuple[int, int]
) -> None:
    opened = open_steps(START, REVIEW, at=0, size=size)
    opened.page.sent.button.click()
    area, sent = opened.view.column, opened.page.sent

    def in_sight() -> bool:
        top = sent.field.mapTo(area.viewport(), sent.field.rect().topLeft()).y()
        return 0 <= top <= area.viewport().height() - sent.field.height()

    qtbot.waitUntil(in_sight)


def test_enter_writes_a_line_and_goes_nowhere(open_steps: OpenSteps, qtbot: QtBot) -> None:
    opened = open_steps(START, REVIEW, at=0)
    opened.page.sent.button.click()
    QTest.keyClick(QApplication.focusWidget(), Qt.Key.Key_Return)
    qtbot.wait(30)
    assert opened.step == "start"
    assert opened.page.sent.field.toPlainText() == "\n"
    opened.page.sent.field.setPlainText(TENANT)
    QTest.keyClick(QApplication.focusWidget(), Qt.Key.Key_Tab)
    assert opened.page.sent.explain_button.hasFocus()
    QTest.keyClick(QApplication.focusWidget(), Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: opened.page.sent.meaning is not None)
    assert opened.step == "start"


def test_the_answer_of_the_page_stays_what_it_was(open_steps: OpenSteps) -> None:
    opened = open_steps(START, REVIEW, at=0)
    before = opened.page.answer()
    opened.page.sent.open()
    opened.page.sent.field.setPlainText("secret words")
    assert opened.page.answer() == before
