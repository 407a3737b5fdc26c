"""The same card for three readers: what each of them sees, and that switching moves nothing under the hands."""

from collections.abc import Callable
from datetime import datetime, timedelta, timezone

import pytest
import shiboken6
from msgspec.structs import replace
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QPushButton
from pytestqt.qtbot import QtBot
from tests.desktop import samples
from tests.desktop.looking import button, words_of
from tests.desktop.stops import EVERY_KIND as MANY

from sendwright.desktop.reading import Reading
from sendwright.desktop.reading_order import focusable
from sendwright.desktop.theme.theme import Theme
from sendwright.desktop.widgets.button import Button
from sendwright.desktop.widgets.copybox import CopyBox
from sendwright.desktop.widgets.countdown import Countdown
from sendwright.desktop.widgets.levels import LevelSwitch
from sendwright.desktop.widgets.problem import ProblemCard
from sendwright.problems.evidence import Evidence, System
from sendwright.problems.explanation import explain
from sendwright.problems.level import Level
from sendwright.problems.problem import Remedy, RemedyKind
from sendwright.problems.ticket import ticket
from sendwright.texts import text

ShowCard = Callable[..., ProblemCard]


def fold_words(card: ProblemCard) -> bool:
    return card.words.isVisibleTo(card) and card.words.button.isChecked()


@pytest.mark.parametrize("level", Level)
def test_every_level_says_what_happened_how_it_stands_and_who_acts(show_card: ShowCard, level: Level) -> None:
    for problem in (MANY, samples.GREYLISTED.problem, samples.UNKNOWN.problem):
        explanation = explain(problem)
        words = words_of(show_card(problem, level))
        assert words[:2] == [explanation.what, explanation.standing]
        assert text("window.who-acts", who=text(f"owners.{explanation.owner}.name")) in words


def test_plain_words_are_followed_by_one_action_and_nothing_more(show_card: ShowCard) -> None:
    card = show_card(MANY, Level.PLAIN)
    explanation = explain(MANY)
    shown = [found for found in card.findChildren(QPushButton) if found.isVisible()]
    copying = text("window.copy-this", label=text("remedies.enable-smtp-auth-mailbox"))
    assert [found.text() for found in shown] == [copying, text("window.copy-ticket")]
    assert not set(explanation.why) & set(words_of(card))
    assert not any(explanation.source.text in words for words in words_of(card))
    shown[0].click()
    assert QGuiApplication.clipboard().text() == explanation.remedies[0].value


def test_a_request_is_read_before_it_is_passed_on(show_card: ShowCard) -> None:
    card = show_card(samples.UNKNOWN.problem, Level.PLAIN)
    request = explain(samples.UNKNOWN.problem).remedies[0].value
    shown = [box for box in card.remedies.findChildren(CopyBox) if box.isVisible()]
    assert [box.words.text() for box in shown] == [request]
    shown[0].button.click()
    assert QGuiApplication.clipboard().text() == request


def test_what_can_only_be_said_is_a_list_of_its_own(show_card: ShowCard) -> None:
    card = show_card(samples.WRONG_PASSWORD.problem, Level.IT, alone=False)
    words, told = words_of(card), explain(samples.WRONG_PASSWORD.problem)
    assert words.index(told.why[-1]) < words.index(text("card.remedies")) < words.index(told.remedies[0].label)
    assert text("card.remedies") not in words_of(show_card(samples.WRONG_PASSWORD.problem, Level.IT))
    assert text("card.remedies") not in words_of(show_card(samples.WRONG_PASSWORD.problem, Level.PLAIN, alone=False))


@pytest.mark.parametrize("level", Level)
def test_somebody_elses_problem_is_not_yours(show_card: ShowCard, level: Level) -> None:
    words = words_of(show_card(samples.WRONG_PASSWORD.problem, level, alone=False))
    assert text("window.who-acts", who=text("owners.you.away.name")) in words
    assert text("window.who-acts", who=text("owners.you.name")) not in words


@pytest.mark.parametrize(
    ("remedy", "shown"),
    [
        (Remedy(kind=RemedyKind.OPEN, label="remedies.wait", value="https://example.org"), True),
        (Remedy(kind=RemedyKind.CHANGE, label="remedies.wait", value="host"), True),
        (Remedy(kind=RemedyKind.RETRY, label="remedies.wait"), False),
    ],
)
def test_the_best_action_is_a_button_unless_it_is_the_pages_own(
    show_card: ShowCard, remedy: Remedy, shown: bool
) -> None:
    card = show_card(replace(MANY, remedies=(remedy, *MANY.remedies)), Level.PLAIN)
    buttons = [found.text() for found in card.findChildren(QPushButton) if found.isVisible()]
    assert (text("remedies.wait") in buttons) is shown
    assert len(buttons) == shown + 1


def test_it_reads_all_remedies_how_to_verify_and_where_to_read_on(show_card: ShowCard) -> None:
    problem = replace(MANY, remedies=(replace(MANY.remedies[0], path="Portal > Mail"), *MANY.remedies[1:]))
    card = show_card(problem, Level.IT)
    explanation = explain(problem)
    words = words_of(card)
    assert set(explanation.why) <= set(words)
    assert text("window.path", path="Portal > Mail") in words
    assert words.index(text("window.verify")) < words.index(explanation.verify.text)
    assert "Get-CASMailbox anna@example.org" in words
    assert button(card, text("window.learn-more")).isVisible()
    assert not fold_words(card)
    assert text("window.details.title") not in words


def test_support_reads_codes_ids_the_other_sides_words_and_the_source(show_card: ShowCard) -> None:
    card = show_card(replace(MANY, values={**MANY.values, "request_id": "3f2504e0"}), Level.SUPPORT)
    words = words_of(card)
    assert fold_words(card)
    for expected in (
        MANY.code,
        text("ticket.step", id="sign-in", label=text("stages.sign-in.label")),
        "smtp 535 5.7.139",
        text("verdicts.confidence.likely"),
        text("retry.after-fix"),
        "https://example.org/fact",
        "2026-11-20",
        "3f2504e0",
        "535 5.7.139 disabled",
    ):
        assert expected in words, expected


def test_a_message_that_may_have_left_is_said_to_support(show_card: ShowCard) -> None:
    lost = Evidence(stage="submit", system=System.SOCKET, errno="ECONNRESET", perhaps_sent=True)
    assert text("ticket.perhaps-sent") in words_of(show_card(replace(MANY, evidence=lost), Level.SUPPORT))
    assert text("ticket.perhaps-sent") not in words_of(show_card(MANY, Level.SUPPORT))


@pytest.mark.parametrize("level", Level)
def test_what_nobody_can_explain_is_shown_as_it_is_to_everybody(show_card: ShowCard, level: Level) -> None:
    card = show_card(samples.UNKNOWN.problem, level)
    assert fold_words(card)
    assert any("Something entirely new" in words for words in words_of(card))


def test_switching_draws_the_card_anew_in_place(show_card: ShowCard, reading: Reading) -> None:
    card = show_card(MANY, Level.PLAIN)
    (switch,) = card.findChildren(LevelSwitch)
    plain = words_of(card)
    segment = switch.segments[Level.PLAIN]
    segment.setFocus()
    seen = [plain]
    for level in (Level.IT, Level.SUPPORT, Level.IT, Level.PLAIN):
        reading.choose(level)
        assert segment.hasFocus()
        seen.append(words_of(card))
    assert seen[1] == seen[3]
    assert seen[0] == seen[4] == plain
    assert len(seen[0]) < len(seen[1]) < len(seen[2])


def test_a_clock_that_runs_goes_on_running_whoever_reads(show_card: ShowCard, reading: Reading) -> None:
    card = show_card(samples.GREYLISTED.problem, Level.PLAIN)
    (clock,) = card.findChildren(Countdown)
    assert clock.isVisible()
    clock._left = 42
    reading.choose(Level.SUPPORT)
    assert card.findChildren(Countdown) == [clock]
    assert clock.isVisible()
    assert clock._left == 42


@pytest.mark.parametrize("level", Level)
def test_what_happens_by_itself_is_seen_at_every_level(show_card: ShowCard, level: Level) -> None:
    (clock,) = show_card(MANY, level).findChildren(Countdown)
    assert clock.isVisible()


@pytest.mark.parametrize("level", Level)
def test_the_ticket_says_when_it_happened(show_card: ShowCard, reading: Reading, level: Level) -> None:
    card = show_card(MANY, Level.PLAIN)
    card.date(datetime(2026, 11, 20, 10, 41, 7, tzinfo=timezone(timedelta(hours=1))))
    reading.choose(level)
    button(card, text("window.copy-ticket")).click()
    assert text("ticket.when", time="2026-11-20T09:41:07Z") in QGuiApplication.clipboard().text().splitlines()


def test_the_ticket_is_written_at_the_level_that_is_read(show_card: ShowCard, reading: Reading) -> None:
    card = show_card(MANY, Level.PLAIN)
    for level in (Level.PLAIN, Level.SUPPORT, Level.IT):
        reading.choose(level)
        card._copy.click()
        assert QGuiApplication.clipboard().text() == ticket(MANY, level=level)


def test_many_causes_and_remedies_are_folded_and_one_more_is_not(show_card: ShowCard) -> None:
    remedies = tuple(Remedy(kind=RemedyKind.OPEN, label="remedies.wait", value="https://example.org") for _ in range(6))
    for count, folded in ((4, 0), (5, 2), (6, 3)):
        card = show_card(replace(MANY, remedies=remedies[:count]), Level.IT)
        words = text("window.more-found", number=folded)
        assert any(found.text() == words for found in card.findChildren(QPushButton)) is bool(folded)
        shown = [
            found for found in card.findChildren(QPushButton)
            if found.isVisible() and found.text() == text("remedies.wait")
        ]  # fmt: skip
        assert len(shown) == count - folded


def test_what_the_page_does_itself_is_not_counted_as_more(show_card: ShowCard) -> None:
    card = show_card(MANY, Level.IT)
    assert len(MANY.remedies) > 4
    words = {found.text() for found in card.findChildren(QPushButton)}
    assert not {text("window.more-found", number=number) for number in range(1, 6)} & words
    assert button(card, text("remedies.check-username")).isVisible()


def test_a_card_that_is_gone_is_not_told_of_another_level(theme: Theme, reading: Reading) -> None:
    card = ProblemCard(theme, MANY, explain(MANY), reading)
    shiboken6.delete(card)
    reading.choose(Level.SUPPORT)
    assert reading.level is Level.SUPPORT


def test_further_quiet_actions_find_their_place_in_the_foot(theme: Theme, show_card: ShowCard, qtbot: QtBot) -> None:
    card = show_card(MANY, Level.PLAIN)
    added = Button(theme, "Save it", role="quiet")
    card.quiet_actions.addWidget(added)
    qtbot.waitUntil(added.isVisible)
    assert added.y() == button(card, text("window.copy-ticket")).y()
    assert list(focusable(card))[-1] is added
