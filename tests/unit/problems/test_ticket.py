"""The text for a ticket tells support everything, and no secret."""

import time
from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace
from tests.unit.problems.test_classify import evidences

from sendwright import __version__
from sendwright.problems.classify import classify
from sendwright.problems.evidence import Evidence, System
from sendwright.problems.explanation import explain
from sendwright.problems.level import Level
from sendwright.problems.problem import Remedy, RemedyKind
from sendwright.problems.ticket import identifiers, shorten_addresses, ticket
from sendwright.texts import LANGUAGES, speaking, text

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
    assert "Who has to act: The person it happened to" in written
    assert "smtp 550 5.1.1" in written
    assert "  <b…@example.com>: User unknown" in written
    assert written.endswith("\n")


SAID = {
    "everybody": (
        "recipient-unknown",
        "That recipient does not exist",
        "Who has to act: The person it happened to",
        f"Sendwright {__version__}",
    ),
    "it": ("Why this happens", "How to verify:"),
    "support": ("Step: recipient", "Seen: smtp 550 5.1.1", "own words:", "Server: mail.example.org"),
}


@pytest.mark.parametrize("level", Level)
def test_each_level_says_what_its_reader_needs_and_no_more(level: Level) -> None:
    written = ticket(classify(SEEN), level=level)
    assert all(words in written for words in SAID["everybody"])
    assert explain(classify(SEEN)).standing in written
    assert [words in written for words in SAID["it"]] == [level is not Level.PLAIN] * len(SAID["it"])
    assert [words in written for words in SAID["support"]] == [level is Level.SUPPORT] * len(SAID["support"])


@pytest.mark.parametrize(
    ("remedy", "below"),
    [
        (Remedy(kind=RemedyKind.COPY, label="remedies.wait", value="Set-Thing {host}"), ["Set-Thing mail.example.org"]),
        (Remedy(kind=RemedyKind.OPEN, label="remedies.wait", value="https://example.org/x"), ["https://example.org/x"]),
        (Remedy(kind=RemedyKind.CHANGE, label="remedies.wait", value="port", proposal="465"), ["465"]),
        (Remedy(kind=RemedyKind.CHANGE, label="remedies.wait", value="port"), []),
        (Remedy(kind=RemedyKind.RETRY, label="remedies.wait", path="Portal > Mail"), ["Portal > Mail"]),
    ],
)
def test_a_remedy_stands_with_its_value_and_where_to_find_it(remedy: Remedy, below: list[str]) -> None:
    problem = replace(classify(SEEN), remedies=(remedy,))
    for level in Level:
        lines = ticket(problem, level=level).splitlines()
        place = lines.index(f"  - {text('remedies.wait')}")
        assert [line.strip() for line in lines[place + 1 :] if line.startswith("    ")] == below


def test_plain_words_name_one_thing_to_do() -> None:
    both = tuple(Remedy(kind=RemedyKind.CHANGE, label=f"remedies.{name}", value="x") for name in ("wait", "try-again"))
    problem = replace(classify(SEEN), remedies=both)
    assert text("remedies.try-again") not in ticket(problem, level=Level.PLAIN)
    assert text("remedies.try-again") in ticket(problem, level=Level.IT)


def test_what_names_the_event_in_the_other_sides_log_is_for_support() -> None:
    values = {"request_id": "3f2504e0", "trace_id": "a1b2", "tenant": "example"}
    problem = replace(classify(SEEN), values={**values, "correlation_id": ""})
    assert [value for _, value in identifiers(problem)] == ["3f2504e0", "a1b2", "example"]
    written = ticket(problem, level=Level.SUPPORT)
    assert "Request id: 3f2504e0" in written
    assert "Correlation id" not in written
    assert "3f2504e0" not in ticket(problem, level=Level.IT)


def test_identifiers_are_found_in_the_evidence_too() -> None:
    problem = classify(replace(SEEN, values={"correlation_id": "c0ffee"}))
    assert identifiers(replace(problem, values={})) == (("ticket.identifiers.correlation_id", "c0ffee"),)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("level", Level)
def test_it_is_written_in_the_language_in_use(language: str, level: Level) -> None:
    with speaking(language):
        written = ticket(classify(SEEN), level=level)
        assert text("ticket.owner", owner=text("owners.you.away.name")) in written
        assert explain(classify(SEEN)).what in written


@pytest.mark.parametrize("level", Level)
def test_no_level_names_anybody_by_address(level: Level) -> None:
    problem = replace(
        classify(SEEN),
        remedies=(Remedy(kind=RemedyKind.COPY, label="remedies.wait", value="Grant {username}"),),
        values={"username": "anna.long@example.org", "request_id": "bob.builder@example.com"},
    )
    written = ticket(problem, level=level)
    assert "anna.long" not in written
    assert "bob.builder" not in written


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


@given(evidences, st.sampled_from(Level))
def test_a_ticket_can_be_written_for_any_failure_at_any_level(evidence: Evidence, level: Level) -> None:
    assert classify(evidence).code in ticket(classify(evidence), level=level)
