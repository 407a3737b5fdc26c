"""Refusals of mail servers are found in lines, with the stage and the values that the lines around them tell."""

import pytest

from sendwright.problems.evidence import Evidence
from sendwright.problems.pasted.lines import lines_of
from sendwright.problems.pasted.replies import ReplyReader


def _seen(text: str) -> list[Evidence]:
    reader = ReplyReader(low=text.casefold())
    return [clue.evidence for line in lines_of(text) for _, clue in reader.read(line)]


@pytest.mark.parametrize(
    ("text", "stage"),
    [
        ("550 No (in reply to MAIL FROM command)", "sender"),
        ("550 No (in reply to RCPT TO command)", "recipient"),
        ("550 No (in reply to end of DATA command)", "submit"),
        ("SMTP error from remote mail server after pipelined MAIL FROM:<a@example.org>: 550 No", "sender"),
        ("SMTP error from remote mail server after RCPT TO:<a@example.org>: 550 No", "recipient"),
        ("SMTP error from remote mail server after end of data: 550 No", "submit"),
        ("smtplib.SMTPAuthenticationError: (535, b'5.7.8 No')", "sign-in"),
        ("smtplib.SMTPSenderRefused: (550, b'5.7.1 No', 'a@example.org')", "sender"),
        ("smtplib.SMTPRecipientsRefused: {'a@example.org': (550, b'5.1.1 No')}", "recipient"),
        ("smtplib.SMTPDataError: (550, b'5.7.1 No')", "submit"),
        ("SMTP ERROR: RCPT TO command failed: 550 No", "recipient"),
        ("SMTP ERROR: DATA END command failed: 550 No", "submit"),
        ("550 No", ""),
    ],
)
def test_the_stage_is_read_from_the_words_of_the_program(text: str, stage: str) -> None:
    assert [seen.stage for seen in _seen(text)] == [stage]


@pytest.mark.parametrize(
    ("command", "stage"),
    [
        ("EHLO app.example.org", "greet"),
        ("C: STARTTLS", "secure"),
        (" ~> AUTH PLAIN", "sign-in"),
        ("CLIENT -> SERVER: MAIL FROM:<a@example.org>", "sender"),
        ("> RCPT TO:<bob@example.com>", "recipient"),
        (">>> RCPT To:<bob@example.com>", "recipient"),
        ("DATA", "submit"),
        (".", "submit"),
        ("QUIT", ""),
    ],
)
def test_the_stage_is_read_from_the_command_before_the_answer(command: str, stage: str) -> None:
    assert [seen.stage for seen in _seen(f"{command}\n550 No")] == [stage]


def test_addresses_are_remembered_from_the_commands() -> None:
    seen = _seen("MAIL FROM:<a@example.org>\n250 ok\nRCPT TO:<bob@example.com>\n550 No")
    assert seen[0].values == {"sender": "a@example.org", "recipient": "bob@example.com"}


def test_a_report_in_words_names_the_recipient_in_a_line_of_its_own() -> None:
    seen = _seen("<bob@example.com>:\n192.0.2.7 does not like recipient.\nRemote host said: 550 5.1.1 Unknown")
    assert seen[0].values == {"recipient": "bob@example.com", "host": "192.0.2.7"}
    assert seen[0].stage == "recipient"


@pytest.mark.parametrize(
    ("text", "enhanced"),
    [
        ("5.7.57", "5.7.57"),
        ("Remote server returned 5.7.60", "5.7.60"),
        ("#5.1.1", "5.1.1"),
        ("dsn=5.1.1, stat=User unknown", "5.1.1"),
        ("Status: 5.4.7", "5.4.7"),
        ("The server response was: 5.7.57 Client not authenticated", "5.7.57"),
        ("MailKit.Net.Smtp.SmtpCommandException: 5.7.60 SMTP; Client does not have permissions", "5.7.60"),
        ("the recipient is unknown (#5.1.1)", "5.1.1"),
    ],
)
def test_an_enhanced_code_may_stand_without_its_reply(text: str, enhanced: str) -> None:
    assert [(seen.reply, seen.enhanced) for seen in _seen(text)] == [(None, enhanced)]


@pytest.mark.parametrize(
    "text",
    [
        "Exim 4.96.2",
        "Postfix 5.4.1 is running",
        "error: PHP/5.6.40",
        "kernel (5.4.0-42-generic)",
        "version: 5.4.1",
        "(v5.4.1)",
        "192.168.5.1.1",
        "we met on 5.1.2026",
        "chapter 5.1.1 of the book",
        "HTTP/1.1 503 Service Unavailable",
        "HTTP 503",
        "status code: 503",
        "502 Bad Gateway",
        "404 Not Found",
        "503 Service Unavailable",
        "500 InternalOAuthError: Failed to obtain access token",
        "500 TypeError: Cannot read properties of undefined",
        "502 BadGatewayException",
    ],
)
def test_versions_addresses_and_answers_of_the_web_are_none(text: str) -> None:
    assert _seen(text) == []


def test_the_time_to_wait_is_read() -> None:
    assert _seen("450 4.7.1 Greylisted, try again in 300 seconds")[0].retry_after_s == 300


def test_the_words_of_the_server_are_kept() -> None:
    seen = _seen("said: 550 5.1.1 <bob@example.com>: Recipient address rejected")
    assert seen[0].text == "<bob@example.com>: Recipient address rejected"
