"""Whole reports of delivery: what failed, for whom, whether it is over, and apart from it the message it was about."""

from pathlib import Path
from typing import NamedTuple

import pytest

from sendwright.problems.pasted import PasteKind, Understood, understand

FOLDER = Path(__file__).parent / "reports"
SUBJECT = "550 5.7.1 new offers, and why 421 is no error"


class Expected(NamedTuple):
    """What a report has to be read as. subject: of the original message, empty where the report shows none."""

    code: str
    owner: str
    finality: str
    recipient: str
    host: str = ""
    subject: str = ""
    others: tuple[str, ...] = ()


REPORTS = {
    "postfix.eml": Expected("recipient-unknown", "you", "final", "bob@example.com", "mx.example.com", SUBJECT),
    "postfix-delayed.eml": Expected("greylisted", "nobody", "deferred", "bob@example.com", "mx.example.com", SUBJECT),
    "exim.eml": Expected("recipient-mailbox-full", "recipient", "final", "bob@example.com", "mx.example.com", SUBJECT),
    "exim-plain.eml": Expected("message-too-large", "you", "final", "bob@example.com", "mx.example.com", SUBJECT),
    "sendmail.eml": Expected(
        "recipient-domain-not-found", "you", "final", "bob@nowhere.example", "nowhere.example", SUBJECT
    ),
    "qmail.eml": Expected("recipient-unknown", "you", "final", "bob@example.com", "192.0.2.7", SUBJECT),
    "exchange-online.eml": Expected(
        "recipient-unknown", "you", "final", "dora@example.com", "", "Your invoice", ("recipient-server-unreachable",)
    ),
    "exchange-online-truncated.eml": Expected("recipient-unknown", "you", "final", ""),
    "exchange-on-premises.eml": Expected(
        "recipient-internal-only", "recipient", "final", "sales@contoso.com", "", "Your invoice"
    ),
    "outlook-text.txt": Expected(
        "authentication-checks-failed",
        "dns-admin",
        "final",
        "bob@fabrikam.example",
        "mx.fabrikam.example",
        "535 5.7.139 is what we write about",
    ),
    "gmail.eml": Expected(
        "recipient-unknown", "you", "final", "bob@gmail.example", "gmail-smtp-in.l.google.example", "Your invoice"
    ),
    "outlook-com-html.eml": Expected(
        "recipient-mailbox-full", "recipient", "final", "bob@hotmail.example", "", "Your invoice"
    ),
    "yahoo.eml": Expected("rejected-by-policy", "mail-server-admin", "final", "bob@yahoo.example", "", "Your invoice"),
    "truncated.eml": Expected("recipient-unknown", "you", "final", "bob@example.com", "mx.example.com"),
    "base64-status.eml": Expected("relay-denied", "mail-server-admin", "final", "bob@example.com"),
    "network.eml": Expected("connection-timed-out", "network-admin", "deferred", "bob@example.com", "mx.example.com"),
}
DELIVERED = "postfix-delivered.eml"


def _read(name: str) -> Understood:
    return understand((FOLDER / name).read_bytes())


def test_every_report_has_an_expectation() -> None:
    assert {file.name for file in FOLDER.iterdir()} == {*REPORTS, DELIVERED}


@pytest.mark.parametrize("name", REPORTS)
def test_the_problem_has_its_name_its_owner_and_its_finality(name: str) -> None:
    understood, expected = _read(name), REPORTS[name]
    problem = understood.matches[0].problem
    assert (problem.code, problem.owner, problem.finality) == (expected.code, expected.owner, expected.finality)
    assert tuple(match.problem.code for match in understood.matches[1:]) == expected.others
    assert understood.kind is PasteKind.REPORT
    assert not understood.healthy


@pytest.mark.parametrize("name", REPORTS)
def test_the_explanation_knows_the_recipient_and_the_server(name: str) -> None:
    values, expected = _read(name).matches[0].problem.values, REPORTS[name]
    assert values.get("recipient", "") == expected.recipient
    assert values.get("host", "") == expected.host


@pytest.mark.parametrize("name", REPORTS)
def test_the_header_of_the_original_stands_apart(name: str) -> None:
    original = dict(_read(name).original)
    assert original.get("Subject", "") == REPORTS[name].subject


@pytest.mark.parametrize("name", [*REPORTS, DELIVERED])
@pytest.mark.parametrize("ends", ["\n", "\r\n"])
def test_line_ends_make_no_difference(name: str, ends: str) -> None:
    octets = (FOLDER / name).read_bytes().replace(b"\n", ends.encode())
    assert understand(octets) == _read(name)


def test_a_delivered_message_is_no_problem() -> None:
    understood = _read(DELIVERED)
    assert understood.healthy
    assert understood.matches == ()
    assert ("recipient", "bob@example.com") in understood.about
    assert ("outcome", "relayed") in understood.about


def test_what_support_asks_for_is_gathered() -> None:
    assert _read("postfix.eml").about == (
        ("reporting-server", "mail.example.org"),
        ("recipient", "bob@example.com"),
        ("outcome", "failed"),
        ("remote-server", "mx.example.com"),
        ("when", "Fri, 20 Nov 2026 10:00:00 +0000 (UTC)"),
        ("queue-id", "4F1C2550"),
        ("sender", "Büro Example <notices@example.org>"),
        ("message-id", "<20261120100000.4F1C2550@example.org>"),
    )


def test_each_recipient_has_its_own_outcome() -> None:
    about = _read("exchange-online.eml").about
    outcomes = [pair for pair in about if pair[0] in {"recipient", "outcome"}]
    assert outcomes == [
        ("recipient", "carl@example.com"),
        ("outcome", "delayed"),
        ("recipient", "dora@example.com"),
        ("outcome", "failed"),
        ("recipient", "emil@example.com"),
        ("outcome", "relayed"),
    ]
    delayed = _read("exchange-online.eml").matches[1].problem
    assert (delayed.finality, delayed.values["recipient"]) == ("deferred", "carl@example.com")


@pytest.mark.parametrize("name", [*REPORTS, DELIVERED])
def test_a_report_cut_off_anywhere_is_read_as_far_as_it_goes(name: str) -> None:
    octets = (FOLDER / name).read_bytes()
    for length in range(1, len(octets), 211):
        understood = understand(octets[:length])
        assert understood.healthy is (not understood.matches)


@pytest.mark.parametrize("name", REPORTS)
def test_the_message_itself_is_never_searched(name: str) -> None:
    """Words of the original message that look like answers change nothing."""
    text = (FOLDER / name).read_text(encoding="utf-8")
    marked = text.replace("Subject: Your invoice", "Subject: 535 5.7.139 SmtpClientAuthentication is disabled")
    if name != "outlook-com-html.eml":  # there the original is words among words
        assert [match.problem.code for match in understand(marked).matches] == [
            match.problem.code for match in understand(text).matches
        ]
