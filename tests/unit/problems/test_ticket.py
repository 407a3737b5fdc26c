"""The text for a ticket tells support everything, and no secret."""

import time
from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from tests.unit.problems.test_classify import evidences

from sendwright import __version__
from sendwright.problems.classify import classify
from sendwright.problems.evidence import Evidence, System
from sendwright.problems.ticket import shorten_addresses, ticket
from sendwright.texts import speaking

SEEN = Evidence(
    stage="recipient",
    system=System.SMTP,
    reply=550,
    enhanced="5.1.1",
    text="<bob.builder@example.com>: User unknown",
    values={"host": "mail.example.org", "port": "587", "security": "starttls", "username": "anna@example.org"},
)


@pytest.fixture(autouse=True)
def in_english() -> object:
    with speaking("en"):
        yield


def test_it_names_code_step_server_owner_version_and_words() -> None:
    written = ticket(classify(SEEN))
    assert "recipient-unknown" in written
    assert "That recipient does not exist" in written
    assert f"Sendwright {__version__}" in written
    assert "mail.example.org, port 587, encryption starttls" in written
    assert "recipient (Name the recipient)" in written
    assert "Who has to act: You" in written
    assert "smtp 550 5.1.1" in written
    assert "  <b…@example.com>: User unknown" in written
    assert written.endswith("\n")


def test_it_tells_when_in_utc() -> None:
    when = datetime(2026, 11, 20, 10, 0, tzinfo=timezone(timedelta(hours=1)))
    assert "When: 2026-11-20T09:00:00Z" in ticket(classify(SEEN), at=when)
    assert "When:" not in ticket(classify(SEEN))


def test_nobody_is_named_by_address() -> None:
    written = ticket(classify(SEEN), at=datetime.now(UTC))
    assert "bob.builder" not in written
    assert "anna" not in written


def test_it_says_that_the_message_may_have_been_sent() -> None:
    seen = Evidence(stage="submit", system=System.SOCKET, errno="ECONNRESET", perhaps_sent=True)
    assert "may have been sent" in ticket(classify(seen))
    assert "may have been sent" not in ticket(classify(SEEN))


def test_what_is_not_known_is_left_out() -> None:
    written = ticket(classify(Evidence(stage="", system=System.KEYCHAIN, condition="keychain-locked")))
    assert "Server:" not in written
    assert "Step:" not in written
    assert "keychain-locked" in written


def test_a_step_without_a_name_is_called_by_its_id() -> None:
    assert "Step: discover (?)" in ticket(classify(Evidence(stage="discover", system=System.HTTP, http=503)))


@pytest.mark.parametrize(
    ("words", "short"),
    [
        ("anna@example.org", "a…@example.org"),
        ("<anna.b+c@example.org>:", "<a…@example.org>:"),
        ("a@example.org", "a…@example.org"),
        ("rené@example.org", "r…@example.org"),
        ("x@[192.0.2.1]", "x…@[192.0.2.1]"),
        ("two: a.b@x.org, c.d@y.org", "two: a…@x.org, c…@y.org"),
        ("no address @ all", "no address @ all"),
        ("", ""),
    ],
)
def test_addresses_keep_their_first_letter_and_domain(words: str, short: str) -> None:
    assert shorten_addresses(words) == short


@pytest.mark.parametrize("words", ["a" * 200_000, "a@" * 100_000, "." * 200_000])
def test_a_long_text_costs_no_more_than_its_length(words: str) -> None:
    begun = time.perf_counter()
    shorten_addresses(words)
    assert time.perf_counter() - begun < 2


@given(evidences)
def test_a_ticket_can_be_written_for_any_failure(evidence: Evidence) -> None:
    assert classify(evidence).code in ticket(classify(evidence))
