"""What support asks for is gathered from texts and reports."""

import pytest

from sendwright.problems.pasted.about import about_report, about_text
from sendwright.problems.pasted.report import read_report
from sendwright.texts import LANGUAGES, has, speaking

GUID = "11111111-2222-3333-4444-555555555555"
LABELS = (
    "reporting-server", "remote-server", "server", "recipient", "sender", "outcome", "when", "retried-until",
    "message-id", "queue-id", "request-id", "client-request-id", "correlation-id", "trace-id",
)  # fmt: skip


@pytest.mark.parametrize(
    ("text", "about"),
    [
        (f'"request-id": "{GUID}"', ("request-id", GUID)),
        (f"request-id: {GUID}", ("request-id", GUID)),
        (f"client-request-id: {GUID}", ("client-request-id", GUID)),
        (f"Trace ID: {GUID}", ("trace-id", GUID)),
        (f'"trace_id":"{GUID}"', ("trace-id", GUID)),
        (f"Correlation ID: {GUID}", ("correlation-id", GUID)),
        ("Timestamp: 2026-11-20 10:00:00Z", ("when", "2026-11-20 10:00:00Z")),
        ('"timestamp":"2026-11-20 10:00:00Z"', ("when", "2026-11-20 10:00:00Z")),
        ("message-id=<1@example.org>", ("message-id", "<1@example.org>")),
        ("postfix/smtp[21]: 4F1C250: to=<x>", ("queue-id", "4F1C250")),
        ("250 2.0.0 Ok: queued as 4F1C250", ("queue-id", "4F1C250")),
        ("Generating server: EX01.contoso.com", ("reporting-server", "EX01.contoso.com")),
        (
            "[AM0PR0102CA0012.eurprd01.prod.exchangelabs.com 2026]",
            ("server", "AM0PR0102CA0012.eurprd01.prod.exchangelabs.com"),
        ),
    ],
)
def test_numbers_of_logs_are_found(text: str, about: tuple[str, str]) -> None:
    assert about_text(text) == (about,)


@pytest.mark.parametrize("text", ["", "request-id: none", "550 5.1.1 No", f"id {GUID}", "Timestamp: soon"])
def test_what_is_not_told_is_not_made_up(text: str) -> None:
    assert about_text(text) == ()


def test_a_report_tells_of_itself_of_each_recipient_and_of_the_message() -> None:
    report = read_report(
        "From: MAILER-DAEMON\nTo: a@example.org\nX-Failed-Recipients: bob@example.com\nDate: Fri, 20 Nov 2026\n\n"
        "No.\n\n--- Below this line is a copy of the message.\n\nFrom: a@example.org\nMessage-ID: <1@example.org>\n\n"
    )
    assert about_report(report) == (
        ("recipient", "bob@example.com"),
        ("when", "Fri, 20 Nov 2026"),
        ("sender", "a@example.org"),
        ("message-id", "<1@example.org>"),
    )


def test_there_is_an_end_to_it() -> None:
    fields = "".join(f"Final-Recipient: rfc822; a{n}@example.org\nAction: failed\n\n" for n in range(500))
    assert len(about_report(read_report(fields))) == 40


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_label_has_words(language: str) -> None:
    with speaking(language):
        assert [label for label in LABELS if not has(f"explain.about.{label}")] == []
