"""Replies are read as they stand on the wire and in logs."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sendwright.problems.reading import MAX_TEXT, find_reply, read_reply


@pytest.mark.parametrize(
    ("raw", "code", "enhanced", "text"),
    [
        ("550 5.1.1 User unknown", 550, "5.1.1", "User unknown"),
        ("550 No such user", 550, None, "No such user"),
        ("550", 550, None, ""),
        ("550-5.1.1 The account\n550 5.1.1 does not exist", 550, "5.1.1", "The account does not exist"),
        ("550-5.1.1 The account\r\n550 5.1.1 does not exist\r\n", 550, "5.1.1", "The account does not exist"),
        ("550-First\n550 5.7.1 Second", 550, "5.7.1", "First Second"),
        ("550 #5.1.0 Address rejected", 550, "5.1.0", "Address rejected"),
        ("421 5.7.32 Not aligned", 421, "5.7.32", "Not aligned"),
        ("250 2.0.0 Ok", 250, "2.0.0", "Ok"),
        ("550 2.0.0 Ok", 550, None, "Ok"),
        ("550 5.1.1234 x", 550, None, "5.1.1234 x"),
        ("421 4.16.55.1 x", 421, None, "4.16.55.1 x"),
    ],
)
def test_a_reply_is_read(raw: str, code: int, enhanced: str | None, text: str) -> None:
    reply = read_reply(raw)
    assert reply is not None
    assert (reply.code, reply.enhanced, reply.text) == (code, enhanced, text)


@pytest.mark.parametrize("raw", ["", "hello", "55 x", "650 x", "5501 x", "AUTH PLAIN AGFubmE="])
def test_what_is_no_reply_is_none(raw: str) -> None:
    assert read_reply(raw) is None


@pytest.mark.parametrize(
    ("line", "code", "enhanced"),
    [
        ("host mx.example.com[192.0.2.1] said: 550 5.1.1 <bob@example.com>: User unknown", 550, "5.1.1"),
        ("SMTPAuthenticationError: (535, b'5.7.8 Error')", 535, "5.7.8"),
        ("error: 554-5.7.1 Relay access denied", 554, "5.7.1"),
        ("<** 535 5.7.8 Error: authentication failed", 535, "5.7.8"),
        ("Expected response code 250 but got 451", 451, None),
        ('Expected response code 250 but got code "550", with message "550 No such user"', 550, None),
        ("{'bob@example.com': (550, b'5.1.1 User unknown')}", 550, "5.1.1"),
        ("responseCode: 535,", 535, None),
        ("<<< 550 5.1.1 <bob@example.com>... User unknown", 550, "5.1.1"),
        ("SERVER -> CLIENT: 454 TLS not available", 454, None),
        ("S: 421 Try again later", 421, None),
        ("Diagnostic-Code: smtp;550 #5.1.0 Address rejected", 550, "5.1.0"),
        ("javax.mail.AuthenticationFailedException: 535 Login failed", 535, None),
        ("550", 550, None),
        ("550 No", 550, None),
    ],
)
def test_a_reply_is_found_inside_a_line(line: str, code: int, enhanced: str | None) -> None:
    reply = find_reply(line)
    assert reply is not None
    assert (reply.code, reply.enhanced) == (code, enhanced)


@pytest.mark.parametrize(
    "line",
    [
        "Connected to 192.0.2.550",
        "port 4650",
        "took 0.550 seconds",
        "http://example.com/550",
        "mail.example.org:465",
        "id=A550B",
        "250 2.0.0 Ok",
        "450 people came to the party on the beach",
        "We sold 550 tickets, and 450 of them early",
        "the price: 450 euro for a whole week",
        "2026-11-20 12:45:50",
        "size=52428, nrcpt=1",
        "postfix/smtp[452]: connected",
        "listening on port 554 since noon today",
        "disk at 550% of what was planned",
        "550.5 metres above the sea",
        "450,000 messages",
    ],
)
def test_other_numbers_are_no_reply(line: str) -> None:
    assert find_reply(line) is None


def test_a_long_text_is_cut() -> None:
    reply = read_reply("550 " + "x" * 10_000)
    assert reply is not None
    assert len(reply.text) == MAX_TEXT


@pytest.mark.parametrize("character", ["5", "5.", "550 ", "-", "#5", " "])
def test_megabytes_are_read_in_a_moment(character: str) -> None:
    begun = time.perf_counter()
    read_reply(character * 300_000)
    find_reply(character * 300_000)
    assert time.perf_counter() - begun < 2


@given(st.text())
def test_no_text_breaks_it(text: str) -> None:
    read_reply(text)
    find_reply(text)


@given(st.integers(400, 599), st.text())
def test_a_refusal_is_always_read_with_its_code(code: int, text: str) -> None:
    reply = read_reply(f"{code} {text}")
    assert reply is not None
    assert reply.code == code
