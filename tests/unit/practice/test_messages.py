"""What a simulated service reads of a message."""

import pytest

from sendwright.practice.messages import parse, part, recipients, stated_name, stated_sender

BOTH = (
    b"From: Anna <anna@example.org>\r\nMIME-Version: 1.0\r\nContent-Type: multipart/alternative; boundary=b\r\n\r\n"
    b"--b\r\nContent-Type: text/plain; charset=utf-8\r\n\r\nWords \xc3\xa9\r\n"
    b"--b\r\nContent-Type: text/html; charset=utf-8\r\n\r\n<p>Words</p>\r\n--b--\r\n"
)


@pytest.mark.parametrize(
    ("header", "address", "name"),
    [
        (b"From: anna@example.org\r\n", "anna@example.org", ""),
        (b"From: Anna Example <anna@example.org>\r\n", "anna@example.org", "Anna Example"),
        (b"From: =?utf-8?q?Ann=C3=A9?= <anna@example.org>\r\n", "anna@example.org", "Anné"),
        (b"From: Anna <anna@example.org>, Ben <ben@example.org>\r\n", "anna@example.org", "Anna"),
        (b"From: \r\n", "", ""),
        (b"", "", ""),
    ],
)
def test_from_is_read_as_it_is_stated(header: bytes, address: str, name: str) -> None:
    message = parse(header + b"Subject: x\r\n\r\nWords\r\n")
    assert (stated_sender(message), stated_name(message)) == (address, name)


@pytest.mark.parametrize(
    ("headers", "expected"),
    [
        (b"To: a@example.com\r\n", ["a@example.com"]),
        (b"To: A <a@example.com>\r\nCc: c@example.com\r\n", ["a@example.com", "c@example.com"]),
        (b"Bcc: d@example.com\r\n", ["d@example.com"]),
        (b"To: team: a@example.com, b@example.com;\r\n", ["a@example.com", "b@example.com"]),
        (b"To: undisclosed-recipients:;\r\n", []),
        (b"To: nobody\r\n", []),
        (b"Subject: x\r\n", []),
    ],
)
def test_everybody_it_is_for_is_found(headers: bytes, expected: list[str]) -> None:
    assert recipients(parse(headers + b"\r\nWords\r\n")) == expected


def test_both_forms_of_the_words_are_read_and_a_missing_one_is_empty() -> None:
    message = parse(BOTH)
    assert (part(message, "plain").strip(), part(message, "html").strip()) == ("Words é", "<p>Words</p>")
    assert part(parse(b"Subject: x\r\n\r\nWords\r\n"), "html") == ""
