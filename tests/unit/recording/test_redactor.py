"""Credentials taken out of what servers say; characters that would not show made visible."""

import base64
import unicodedata

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from sendwright.recording.grammar import STAND_IN
from sendwright.recording.redactor import Redactor
from sendwright.recording.visible import INVISIBLE, visible

SECRET = "wax-Falke-42%&"
SENT = base64.b64encode(f"\0anna\0{SECRET}".encode())


@pytest.fixture
def redactor() -> Redactor:
    knows = Redactor()
    knows.learn(secret=SECRET, sent=SENT)
    return knows


@pytest.mark.parametrize(
    ("said", "shown"),
    [
        (f"you said {SECRET} there", f"you said {STAND_IN} there"),
        (f"anna:{SECRET}", f"anna:{STAND_IN}"),
        (f"AUTH PLAIN {SENT.decode()}", f"AUTH PLAIN {STAND_IN}"),
        (f"auth plain {SENT.decode().upper()}", f"auth plain {STAND_IN}"),
        (f"AUTH PLAIN {SENT.decode()[:12]}", f"AUTH PLAIN {STAND_IN}"),
        (f"x{SENT.decode().rstrip('=')}x", STAND_IN),
        (base64.b64encode(f"user=anna\1auth=Bearer {SECRET}\1\1".encode()).decode(), STAND_IN),
        ("ab" + base64.b64encode(f"x{SECRET}".encode()).decode(), STAND_IN),
        ("id 4f7Kq0 on mx1234567890abcdef", "id 4f7Kq0 on mx1234567890abcdef"),
        ("5.7.8 Username and Password not accepted", "5.7.8 Username and Password not accepted"),
        ("", ""),
    ],
)
def test_known_credentials_are_taken_out_and_nothing_else(redactor: Redactor, said: str, shown: str) -> None:
    assert redactor.clean(said) == shown


@given(st.text(min_size=4), st.text(), st.text())
def test_no_secret_survives(secret: str, before: str, after: str) -> None:
    assume(secret.isascii() or secret == secret.casefold())
    redactor = Redactor()
    redactor.learn(secret=secret)
    assert secret not in redactor.clean(before + secret + after).replace(STAND_IN, "")


@given(st.text(st.characters(codec="utf-8"), min_size=6))
def test_no_base64_of_a_secret_survives(secret: str) -> None:
    redactor = Redactor()
    redactor.learn(secret=secret)
    encoded = base64.b64encode(secret.encode()).decode()
    assert encoded.rstrip("=") not in redactor.clean(f"AUTH LOGIN {encoded} x")


def test_a_redactor_that_knows_nothing_changes_nothing() -> None:
    text = "535 " + base64.b64encode(b"anything at all").decode()
    assert Redactor().clean(text) == text


def test_an_empty_secret_changes_nothing() -> None:
    redactor = Redactor()
    redactor.learn(secret="")
    assert redactor.clean("abc defghijklmn") == "abc defghijklmn"


def test_a_redactor_does_not_print_what_it_knows(redactor: Redactor) -> None:
    assert SECRET not in repr(redactor) + str(redactor)
    assert not hasattr(redactor, "__dict__")


@pytest.mark.parametrize(
    ("said", "shown"),
    [
        ("plain words", "plain words"),
        ("two\nlines", "two\nlines"),
        ("bell\x07 escape\x1b[0m", r"bell\x07 escape\x1b[0m"),
        ("tab\tand\rreturn", r"tab\tand\rreturn"),
        ("\u202ereversed\u2066", r"\u202ereversed\u2066"),
        ("zero\u200bwidth", r"zero\u200bwidth"),
        ("byte \udcff", r"byte \xff"),
        ("lone \ud800", r"lone \ud800"),
        ("jürgen 東京", "jürgen 東京"),
        ("\U000e0041", r"\U000e0041"),
    ],
)
def test_what_would_not_show_is_written_out(said: str, shown: str) -> None:
    assert visible(said) == shown


@given(st.text(st.characters(exclude_categories=())))
def test_nothing_invisible_is_left(text: str) -> None:
    left = {unicodedata.category(character) for character in visible(text) if character != "\n"}
    assert not left & INVISIBLE
