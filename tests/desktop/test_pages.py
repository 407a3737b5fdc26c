from collections.abc import Callable
from typing import Any

import pytest
from msgspec.structs import replace
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QPushButton, QWidget
from pytestqt.qtbot import QtBot
from tests.desktop import google_pages, samples

from sendwright.desktop.widgets.drawing import Drawing
from sendwright.desktop.widgets.note import Note
from sendwright.desktop.widgets.words import Words
from sendwright.providers.provider import Advice
from sendwright.screens import (
    Action,
    Choice,
    Fact,
    Field,
    FieldKind,
    Form,
    Notice,
    Proposal,
    Rejected,
    Review,
)
from sendwright.texts import text

ShowPage = Callable[..., Any]
ASKING = {"start", "platform", "provider", "address", "connect", "sender", "board", *google_pages.ASKING}


def words_of(page: QWidget) -> list[str]:
    return [found.text() for found in page.findChildren(Words) if found.isVisibleTo(page)]


def notes_of(page: QWidget) -> list[tuple[str, str]]:
    QApplication.processEvents()  # what was just added is shown with the next turn
    return [(note.tone, note.words.text()) for note in page.findChildren(Note) if not note.isHidden()]


def button(page: QWidget, words: str) -> QPushButton:
    return next(found for found in page.findChildren(QPushButton) if found.text() == words)


@pytest.mark.parametrize("name", samples.SCREENS)
def test_every_screen_has_a_page_with_its_words(show_page: ShowPage, name: str) -> None:
    screen = samples.SCREENS[name]
    page = show_page(screen)
    words = words_of(page)
    assert text(screen.title, **screen.values) in words
    if screen.lead:
        assert text(screen.lead, **screen.values) in words
    assert page.accessibleName() == page.title.text()


@pytest.mark.parametrize("name", samples.SCREENS)
def test_what_asks_is_kept_and_nothing_else(show_page: ShowPage, name: str) -> None:
    assert show_page(samples.SCREENS[name]).asks is (name in ASKING)


@pytest.mark.parametrize("name", sorted(ASKING))
def test_an_untouched_page_answers_what_stands_there(show_page: ShowPage, name: str) -> None:
    screen: Any = samples.SCREENS[name]
    answer = show_page(screen).answer()
    for field in screen.fields:
        shown = not isinstance(screen, Choice) or field.only_for in {"", screen.chosen}
        assert (field.name in answer) is shown
    if isinstance(screen, Choice):
        assert answer["choice"] == screen.chosen


@pytest.mark.parametrize("name", ["address", "arrival", "done"])
def test_further_buttons_say_their_action(show_page: ShowPage, qtbot: QtBot, name: str) -> None:
    screen = samples.SCREENS[name]
    page = show_page(screen)
    for action in screen.actions:
        with qtbot.waitSignal(page.acted) as acted:
            button(page, text(action.label)).click()
        assert acted.args == [action.name]


def test_an_actions_words_are_filled(show_page: ShowPage) -> None:
    action = Action(name="x", label="window.inbox-to", values={"to": "anna@example.org"})
    page = show_page(replace(samples.REVIEW, actions=(action,)))
    assert button(page, "To anna@example.org").isVisible()


def test_remarks_of_the_screen_stand_on_top(show_page: ShowPage) -> None:
    page = show_page(samples.REVIEW)
    assert notes_of(page) == [("info", text("review.open.junk"))]


def test_a_field_of_one_card_is_shown_with_it_only(show_page: ShowPage, qtbot: QtBot) -> None:
    page = show_page(samples.PLATFORM)
    code = page.fields.rows["code"]
    assert code.isVisible()
    page.cards.choose("this-computer")
    assert not code.isVisible()
    assert page.answer() == {"choice": "this-computer"}
    page.cards.choose("connection-code")
    assert page.answer() == {"choice": "connection-code", "code": ""}


def test_going_to_a_field_of_another_card_chooses_that_card(show_page: ShowPage) -> None:
    page = show_page(replace(samples.PLATFORM, chosen="this-computer"))
    page.focus_field("code", "SW1-X")
    assert page.cards.chosen == "connection-code"
    assert page.fields.rows["code"].control.focus.hasFocus()
    assert page.answer()["code"] == "SW1-X"
    page.focus_field("nonsense")


def test_found_providers_are_chosen_with_the_reason_at_the_field(show_page: ShowPage) -> None:
    page = show_page(samples.PROVIDER)
    reason = Notice(key="custom_smtp.recognised.any", field="address")
    proposal = Proposal(label="", origin=reason.key, values={"choice": "custom_smtp"})
    page.show_advice(Advice(notices=(reason,), proposals=(proposal,)))
    assert page.cards.chosen == "custom_smtp"
    assert notes_of(page.fields.rows["address"]) == [("info", text(reason.key))]


def test_nothing_chosen_is_said_above_and_leads_to_the_cards(show_page: ShowPage) -> None:
    for screen in (samples.PROVIDER, samples.ARRIVAL):
        page = show_page(screen)
        page.show_rejection(Rejected({"choice": "wizard.choose-one"}))
        assert notes_of(page) == [("failed", text("wizard.choose-one"))]
        first = next(iter(page.cards.cards.values()))
        assert first.hasFocus()
        first.setChecked(True)
        assert notes_of(page) == []


def test_a_complaint_is_not_repeated(show_page: ShowPage) -> None:
    page = show_page(samples.ARRIVAL)
    for _ in range(3):
        page.show_rejection(Rejected({"choice": "wizard.choose-one"}))
    assert notes_of(page) == [("failed", text("wizard.choose-one"))]


def test_a_chosen_proposal_fills_the_fields(show_page: ShowPage, qtbot: QtBot) -> None:
    page = show_page(samples.CONNECT)
    assert [card.isChecked() for card in page.proposals.cards] == [True, False, False, False]
    with qtbot.waitSignal(page.edited):
        qtbot.mouseClick(page.proposals.cards[1], Qt.MouseButton.LeftButton)
    answer = page.answer()
    assert (answer["host"], answer["port"], answer["security"]) == ("mail.example.org", "587", "starttls")


def test_typing_over_a_proposal_takes_the_choice_back(show_page: ShowPage, qtbot: QtBot) -> None:
    page = show_page(samples.CONNECT)
    qtbot.keyClicks(page.fields.rows["host"].control.focus, "x")
    assert not any(card.isChecked() for card in page.proposals.cards)
    assert page.answer()["port"] == "465"


def test_many_proposals_do_not_hide_the_fields(show_page: ShowPage) -> None:
    page = show_page(samples.CONNECT)
    assert [card.isVisible() for card in page.proposals.cards] == [True, True, False, False]
    button(page, text("window.more-found", number=2)).click()
    assert all(card.isVisible() for card in page.proposals.cards)


def test_a_chosen_proposal_is_never_folded_away(show_page: ShowPage) -> None:
    last = samples.PROPOSALS[3].values
    fields = tuple(replace(field, value=last.get(field.name, field.value)) for field in samples.CONNECT.fields)
    page = show_page(replace(samples.CONNECT, fields=fields))
    assert page.proposals.cards[3].isChecked()
    assert page.proposals.cards[3].isVisible()


def test_the_keyboard_begins_at_the_proposals_where_there_are_any(show_page: ShowPage) -> None:
    page = show_page(samples.CONNECT)
    page.take_focus()
    assert page.proposals.cards[0].hasFocus()
    page = show_page(replace(samples.CONNECT, proposals=()))
    page.take_focus()
    assert page.fields.rows["password"].control.focus.hasFocus()


def test_advice_is_shown_below_and_moves_no_field(show_page: ShowPage, qtbot: QtBot) -> None:
    page = show_page(replace(samples.CONNECT, proposals=(), notices=()))
    place = page.fields.rows["host"].mapTo(page, page.fields.rows["host"].rect().topLeft())
    notices = (
        Notice(key="custom_smtp.username.none", field="username"),
        Notice(key="custom_smtp.probe.no-answer", values={"host": "smtp.example.org"}),
    )
    page.show_advice(Advice(notices=notices, proposals=samples.PROPOSALS[:2]))
    qtbot.wait(20)
    assert page.fields.rows["host"].mapTo(page, page.fields.rows["host"].rect().topLeft()) == place
    assert len(page.found.cards) == 2
    assert len(notes_of(page)) == 2
    page.show_advice(Advice())
    assert page.found.cards == ()
    assert notes_of(page) == []


def test_what_was_found_while_typing_can_be_taken(show_page: ShowPage, qtbot: QtBot) -> None:
    page = show_page(replace(samples.CONNECT, proposals=()))
    page.show_advice(Advice(proposals=samples.PROPOSALS[:2]))
    page.found.cards[1].click()
    assert page.answer()["host"] == "mail.example.org"


def test_the_same_advice_again_touches_nothing(show_page: ShowPage) -> None:
    page = show_page(replace(samples.CONNECT, proposals=()))
    page.show_advice(Advice(proposals=samples.PROPOSALS[:2]))
    cards = page.found.cards
    page.show_advice(Advice(proposals=samples.PROPOSALS[:2]))
    assert page.found.cards == cards


def test_the_preview_follows_what_is_typed(show_page: ShowPage, qtbot: QtBot) -> None:
    page = show_page(samples.SENDER)
    assert page.preview.opened_name.text() == "Example Organisation"
    page.fields.rows["alias"].put("")
    qtbot.keyClicks(page.fields.rows["alias"].control.focus, "Anna")
    assert page.preview.opened_name.text() == "Anna"


def test_a_form_without_a_sender_has_no_preview(show_page: ShowPage) -> None:
    assert show_page(samples.ADDRESS).preview is None


def test_a_remedys_proposal_goes_into_its_field(show_page: ShowPage) -> None:
    page = show_page(samples.CONNECT)
    page.focus_field("security", "starttls")
    assert page.answer()["security"] == "starttls"
    assert page.fields.rows["security"].control.focus.hasFocus()
    assert not any(card.isChecked() for card in page.proposals.cards)


def test_facts_are_shown_with_their_names_and_codes_can_be_copied(show_page: ShowPage) -> None:
    words = words_of(show_page(samples.ARRIVAL))
    assert words.index(text("arrival.to")) < words.index("anna@example.org")
    assert button(show_page(samples.ARRIVAL), text("window.copy")).isVisible()


def test_very_long_facts_wrap(show_page: ShowPage) -> None:
    fact = Fact(label="review.path", value="smtp." + "x" * 300 + ".example.org, port 465, TLS")
    page = show_page(replace(samples.REVIEW, facts=(fact,)))
    assert page.minimumSizeHint().width() < 640


def test_the_review_says_in_plain_words_what_will_happen(show_page: ShowPage) -> None:
    page = show_page(samples.REVIEW)
    assert page.statement.text() == text("review.statement", **samples.REVIEW.values)
    assert page.primary == text("review.activate")
    page.take_focus()


def test_a_review_can_ask_too(show_page: ShowPage) -> None:
    field = Field(name="agree", kind=FieldKind.TOGGLE, label="custom_smtp.password.keep")
    screen: Review = replace(samples.REVIEW, fields=(field,))
    page = show_page(screen)
    assert page.asks
    assert page.answer() == {"agree": "false"}
    page.show_rejection(Rejected({"agree": "wizard.choose-one"}))
    assert page.fields.rows["agree"].error.isVisible()


def test_how_to_look_is_folded(show_page: ShowPage) -> None:
    page = show_page(samples.ARRIVAL)
    assert text("arrival.howto.gmail") not in words_of(page)
    button(page, text("window.how-to-look")).click()
    assert text("arrival.howto.gmail") in words_of(page)


def test_a_working_page_ticks_and_has_no_primary_button(show_page: ShowPage) -> None:
    page = show_page(samples.RUNNING)
    assert page.primary == ""
    page.show_progress(samples.RESULTS[0])
    assert page.stages.rows["resolve"].drawing.name == "passed"
    assert page.stages.rows["connect"].drawing.name == "running"


def test_the_end_has_a_mark_and_a_record(show_page: ShowPage) -> None:
    page = show_page(samples.DONE)
    mark = page.findChildren(Drawing)[0]
    assert (mark.name, mark.colour) == ("passed", "passed")
    assert page.record.isVisible()


def test_an_end_without_facts_has_no_record(show_page: ShowPage) -> None:
    page = show_page(replace(samples.DONE, facts=()))
    assert not hasattr(page, "record")


def test_a_form_without_fields_is_no_trouble(show_page: ShowPage) -> None:
    page = show_page(Form(step="x", title="start.title", fields=()))
    page.take_focus()
    assert page.answer() == {}
    page.show_rejection(Rejected({}))
    assert notes_of(page) == []
