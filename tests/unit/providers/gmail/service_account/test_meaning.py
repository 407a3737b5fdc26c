"""What Google's answers to the checks of a delegation are worth."""

from datetime import timedelta

import pytest
from tests.unit.providers.gmail.pictured import ANNA, AT, granted, refused, service

from sendwright import texts
from sendwright.diagnosis.stage import Verdict
from sendwright.providers.gmail.answers import Check, GmailAnswers, Shown
from sendwright.providers.gmail.service_account.checks import checks_of, shown_of
from sendwright.providers.gmail.service_account.delegation_cells import cells
from sendwright.providers.gmail.service_account.delegation_document import ROLE, delegated_scopes, delegation_document
from sendwright.providers.gmail.service_account.meaning import (
    PAUSES,
    Meaning,
    can_be_granted,
    due,
    given,
    mark_of,
    meaning_of,
)
from sendwright.senders.gmail.settings import Route

BEN = "ben@example.org"


def with_checks(**shown: Shown) -> GmailAnswers:
    return service(control=BEN, checks=shown)


@pytest.mark.parametrize(
    ("state", "checks"),
    [
        (service(), ["sender", "broader"]),
        (service(control=BEN), ["sender", "broader", "control"]),
        (service(route=Route.SMTP), ["sender"]),
        (service(route=Route.RELAY, control=BEN), ["sender", "control"]),
    ],
)
def test_what_is_tried_hangs_on_the_route_and_on_whom_was_named(state: GmailAnswers, checks: list[str]) -> None:
    assert [str(check) for check in checks_of(state)] == checks
    assert all(shown_of(state, check) is None for check in checks_of(state))


@pytest.mark.parametrize(
    ("check", "shown", "mailbox", "meaning"),
    [
        ("sender", granted(), None, Meaning.GIVEN),
        ("sender", refused(), None, Meaning.LACKS),
        ("sender", refused("google-unavailable"), None, Meaning.LACKS),
        ("broader", granted(), granted(), Meaning.BROADER),
        ("broader", granted(), refused(), Meaning.BROADER),
        ("broader", refused(), granted(), Meaning.ONLY_SENDING),
        ("broader", refused(""), granted(), Meaning.ONLY_SENDING),
        ("broader", refused(), refused(), Meaning.TOO_EARLY),
        ("broader", refused(), None, Meaning.TOO_EARLY),
        ("broader", refused("google-unavailable"), granted(), Meaning.UNCLEAR),
        ("control", granted(), granted(), Meaning.REACHES),
        ("control", refused("gmail-delegation-denied"), granted(), Meaning.KEPT_OUT),
        ("control", refused(), granted(), Meaning.KEPT_OUT),
        ("control", refused("google-delegated-user-unknown"), granted(), Meaning.UNCLEAR),
        ("control", refused("connection-refused"), granted(), Meaning.UNCLEAR),
        ("control", refused(), refused(), Meaning.TOO_EARLY),
    ],
)
def test_an_answer_is_worth_what_it_shows(check: str, shown: Shown, mailbox: Shown | None, meaning: Meaning) -> None:
    checks = ({"sender": mailbox} if mailbox else {}) | {check: shown}
    assert meaning_of(with_checks(**checks), Check(check)) is meaning


def test_what_was_not_tried_means_nothing() -> None:
    assert all(meaning_of(service(control=BEN), check) is None for check in Check)
    assert mark_of(None) is None


def test_no_refusal_of_another_user_counts_as_a_limit() -> None:
    assert mark_of(Meaning.KEPT_OUT) is Verdict.NOT_REACHED
    assert mark_of(Meaning.REACHES) is Verdict.WARNING
    assert {mark_of(meaning) for meaning in Meaning} == set(Verdict)


@pytest.mark.parametrize("language", texts.LANGUAGES)
@pytest.mark.parametrize("meaning", list(Meaning))
def test_every_meaning_has_words(meaning: Meaning, language: str) -> None:
    with texts.speaking(language):
        assert texts.text(f"gmail.delegation.meaning.{meaning}", mailbox=ANNA, control=BEN)


@pytest.mark.parametrize(
    ("problem", "grantable"),
    [
        ("google-delegation-missing", True),
        ("gmail-delegation-denied", True),
        ("google-signing-not-allowed", True),
        ("google-service-account-key-refused", False),
        ("google-delegated-user-unknown", False),
        ("connection-refused", False),
        ("", False),
    ],
)
def test_only_what_somebody_can_enter_is_waited_for(problem: str, grantable: bool) -> None:
    state = service(checks={"sender": refused(problem)}, delegated_at=AT)
    assert can_be_granted(state) is grantable
    assert (due(state) is not None) is grantable
    assert not given(state)


def test_nothing_is_waited_for_before_it_was_entered_nor_once_it_is_given() -> None:
    assert due(service()) is None
    assert due(service(checks={"sender": refused()})) is None
    assert due(service(checks={"sender": granted()}, delegated_at=AT)) is None


def test_the_waiting_ends_after_a_day() -> None:
    assert sum(PAUSES, timedelta()) == timedelta(hours=24)
    late = service(checks={"sender": refused(at=AT + timedelta(hours=24))}, delegated_at=AT)
    assert due(late) is None
    [cell] = [cell for cell in cells(late) if cell.id == "sender"]
    assert cell.verdict is Verdict.FAILED
    assert cell.action is not None
    assert cell.action.name == "granted-sender"


def test_a_fault_on_the_way_can_only_be_tried_again() -> None:
    [cell, _] = cells(service(checks={"sender": refused("connection-refused")}))
    assert cell.action is not None
    assert cell.action.name == "try-sender"


@pytest.mark.parametrize("language", texts.LANGUAGES)
@pytest.mark.parametrize("keyless", [False, True])
def test_the_page_to_pass_on_names_what_is_to_be_entered(language: str, keyless: bool) -> None:
    state = service(keyless=keyless, identity="sendwright@platform.example")
    with texts.speaking(language):
        words = repr(delegation_document(state))
    assert state.service_account_id in words
    assert delegated_scopes(state) in words
    assert (ROLE in words) is keyless
    assert ("sendwright@platform.example" in words) is keyless
