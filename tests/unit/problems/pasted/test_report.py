"""Reports are read in their parts, whatever program wrote them."""

import pytest

from sendwright.problems.pasted.report import failures, is_report, read_report

ORIGINAL = "From: a@example.org\nSubject: 550 5.1.1 our offer\n\nThe body with 550 5.7.1\n"


@pytest.mark.parametrize(
    "separator",
    [
        "--- Below this line is a copy of the message.",
        "------ This is a copy of the message, including all the headers. ------",
        "------ This is a copy of the message's headers. ------",
        "----- Original message -----",
        "-----Original Message-----",
        "   ----- Message header follows -----",
        "   ----- Unsent message follows -----",
        "Original message headers:",
        "Original Message Headers:",
        "======= Copy of the header =======",
    ],
)
def test_the_message_below_a_separator_stands_apart(separator: str) -> None:
    report = read_report(f"Delivery has failed.\n550 5.2.2 Full\n\n{separator}\n\n{ORIGINAL}")
    assert "550 5.2.2 Full" in report.words
    assert "our offer" not in report.words
    assert dict(report.original) == {"From": "a@example.org", "Subject": "550 5.1.1 our offer"}


@pytest.mark.parametrize(
    "line", ["Original message details", "the original message was long", "-- Ana", "-----", "- a - b"]
)
def test_other_lines_separate_nothing(line: str) -> None:
    report = read_report(f"Delivery has failed.\n{line}\n550 5.2.2 Full")
    assert "550 5.2.2 Full" in report.words
    assert report.original == ()


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Undelivered Mail Returned to Sender", True),
        ("This is the mail system at host mail.example.org.", True),
        ("Hi. This is the qmail-send program at example.org.", True),
        ("Diagnostic information for administrators:", True),
        ("Action: failed\nFinal-Recipient: rfc822; a@example.org", True),
        ("From: a@example.org\nTo: b@example.com\n\nx", True),
        ("postfix/smtp: from=<>, to=<MAILER-DAEMON@example.org>", False),
        ("550 5.1.1 User unknown", False),
        ("", False),
    ],
)
def test_a_report_is_told_from_a_log(text: str, found: bool) -> None:
    assert is_report(text) is found


def test_plain_words_are_preferred_to_a_page() -> None:
    report = read_report(
        "From: a\nTo: b\nContent-Type: multipart/alternative; boundary=b\n\n"
        "--b\nContent-Type: text/plain\n\nplain words\n--b\nContent-Type: text/html\n\n<html><p>page\n--b--\n"
    )
    assert report.words.strip() == "plain words"


def test_a_page_alone_is_read_as_words() -> None:
    report = read_report("From: a\nTo: b\nContent-Type: text/html\n\n<html><p>550 5.1.1 <b>no</b></p></html>")
    assert report.words.strip() == "550 5.1.1 no"


def test_fields_in_plain_text_are_fields_too() -> None:
    report = read_report("From: a\nTo: b\n\nFinal-Recipient: rfc822; bob@example.com\nAction: failed\nStatus: 5.1.1")
    assert report.status is not None
    assert [recipient["status"] for recipient in report.status.recipients] == ["5.1.1"]


def test_only_failures_count() -> None:
    report = read_report(
        "Final-Recipient: a@example.org\nAction: relayed\n\nFinal-Recipient: b@example.org\nAction: failed"
    )
    assert report.status is not None
    assert [recipient["final-recipient"] for recipient in failures(report.status)] == ["b@example.org"]


def test_an_attached_message_is_never_opened() -> None:
    report = read_report(
        "From: a\nTo: b\nContent-Type: multipart/report; boundary=b\n\n"
        "--b\nContent-Type: text/plain\n\nno\n"
        "--b\nContent-Type: message/rfc822\n\nFrom: c\nContent-Type: multipart/report; boundary=x\n\n"
        "--x\nContent-Type: message/delivery-status\n\nAction: failed\nStatus: 5.1.1\nFinal-Recipient: z\n"
        "--x--\n--b--\n"
    )
    assert report.status is None
    assert report.words.strip() == "no"
    assert ("From", "c") in report.original


STATUS = "Final-Recipient: rfc822; bob@example.com\nAction: failed\nStatus: 5.1.1\n"
INNER = (
    "From: c\nTo: d\nContent-Type: multipart/report; boundary=b\n\n"
    f"--b\nContent-Type: message/delivery-status\n\n{STATUS}"
)
ATTACHED = (
    "From: a\nTo: b\nContent-Type: multipart/mixed; boundary=m\n\n"
    "--m\nContent-Type: text/plain\n\nWhat does this mean?\n"
    "--m\nContent-Type: message/rfc822\n\n{inner}\n--m--\n"
)


def test_a_report_that_was_forwarded_as_an_attachment_is_read_there() -> None:
    report = read_report(ATTACHED.format(inner=INNER))
    assert report.status is not None
    assert report.status.recipients[0]["status"] == "5.1.1"


def test_an_ordinary_message_that_was_forwarded_is_the_original() -> None:
    report = read_report(ATTACHED.format(inner="From: c\nTo: d\n\n550 5.1.1 No"))
    assert report.status is None
    assert report.words.strip() == "What does this mean?"


def test_attachments_of_attachments_are_not_opened() -> None:
    twice = ATTACHED.replace("=m", "=n").replace("--m", "--n").format(inner=ATTACHED.format(inner=INNER))
    assert read_report(twice).status is None


def test_a_report_that_was_quoted_is_read() -> None:
    quoted = "".join(f"> {line}\n" for line in STATUS.splitlines())
    report = read_report(f"Ana wrote:\n{quoted}")
    assert report.status is not None
    assert report.status.recipients[0]["action"] == "failed"
