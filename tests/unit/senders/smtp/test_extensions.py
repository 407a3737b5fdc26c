"""What EHLO says."""

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sendwright.senders.smtp.extensions import WORD_LIMIT, parse

EXCHANGE = (
    "AM0PR01CA0001.outlook.office365.com Hello [192.0.2.1]\n"
    "SIZE 157286400\nPIPELINING\nDSN\nENHANCEDSTATUSCODES\nAUTH LOGIN XOAUTH2\n8BITMIME\nBINARYMIME\nCHUNKING\nSMTPUTF8"
)


def test_keywords_parameters_and_mechanisms_are_read() -> None:
    extensions = parse(EXCHANGE)
    assert extensions.mechanisms == ("LOGIN", "XOAUTH2")
    assert extensions.size_limit == 157_286_400
    assert "PIPELINING" in extensions
    assert "STARTTLS" not in extensions
    assert extensions.words["AUTH"] == "LOGIN XOAUTH2"


def test_the_greeting_line_is_no_extension() -> None:
    assert parse("STARTTLS mail.example.org").words == {}


def test_lower_case_and_repeated_mechanisms_are_understood() -> None:
    extensions = parse("hi\nauth plain login\nAUTH=PLAIN LOGIN\nsize 10")
    assert extensions.mechanisms == ("PLAIN", "LOGIN")
    assert extensions.size_limit == 10


@pytest.mark.parametrize("size", ["SIZE", "SIZE 0", "SIZE x", "SIZE -5", "SIZE 1e3", "SIZE ٣", "SIZE 1 2"])
def test_a_size_that_is_no_limit(size: str) -> None:
    assert parse(f"hi\n{size}").size_limit is None


def test_facts_are_ready_for_json() -> None:
    facts = msgspec.json.decode(msgspec.json.encode(parse("hi\nSIZE 5\nAUTH PLAIN").facts()))
    assert facts == {"extensions": {"SIZE": "5", "AUTH": "PLAIN"}, "mechanisms": ["PLAIN"], "size_limit": 5}


@given(st.text(st.characters(exclude_categories=())))
def test_whatever_is_said_is_parsed_shown_and_short(message: str) -> None:
    extensions = parse(f"hi\n{message}")
    for word, value in extensions.words.items():
        assert len(word) <= WORD_LIMIT
        assert len(value) <= WORD_LIMIT
        assert "\x1b" not in word + value
    msgspec.json.encode(extensions.facts())
