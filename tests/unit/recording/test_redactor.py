"""Known secrets taken out of what servers say, and nothing else."""

import base64

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from sendwright.recording.grammar import STAND_IN
from sendwright.recording.redactor import Redactor

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
    ("secret", "said", "shown"),
    [
        ("correct horse", "you said correct horse.", "you said […]."),
        ("correct horse", "you said correcthorse.", "you said […]."),
        ("correct horse", "a horse is correct", "a horse is correct"),
        ("Passwort-ist-lang-2026", "Username and Password not accepted", "Username and Password not accepted"),
        ("ab", "about ab", "about […]"),
        ("ya29.0123456789abcdefghijklmnopqrstuvwxyz", "cut: 0123456789abcdefg", "cut: […]"),
        ("wJalrXUtnFEMI/K7MDENG/bPx", "k=wJalrXUtnFEMI%2FK7MDENG%2FbPx&x=1", "k=[…]&x=1"),
        ("pass=word", "pass=3Dword", "[…]"),
        ("a+b/c+d/e", "YStiL2MrZC9l", "[…]"),
        ("with space 1", "with+space+1&x", "[…]&x"),
        ("Straße-7-x", "STRASSE-7-X", "[…]"),
    ],
)
def test_spellings_are_found_and_what_stands_around_them_stays(secret: str, said: str, shown: str) -> None:
    redactor = Redactor()
    redactor.learn(secret=secret)
    assert redactor.clean_of_known(said) == shown


@given(st.text(st.characters(codec="ascii", categories=["L", "N", "P"]), min_size=8), st.binary(max_size=6), st.data())
def test_no_alignment_folding_or_case_of_base64_hides_a_secret(secret: str, before: bytes, data: st.DataObject) -> None:
    redactor = Redactor()
    redactor.learn(secret=secret)
    encoded = base64.b64encode(before + secret.encode()).decode()
    at = data.draw(st.integers(0, len(encoded)))
    folded = f"{encoded[:at]}\r\n{encoded[at:]}"
    inner = base64.b64encode(bytes(len(before) % 3) + secret.encode()).decode()[4:-4]
    shown = redactor.clean(f"535 {folded} and {encoded.upper()}").replace("\r\n", "")
    assert inner not in shown
    assert inner.upper() not in shown


@given(st.text(max_size=200), st.lists(st.text(min_size=4, max_size=12), max_size=4))
def test_to_clean_never_fails_and_never_adds_words(text: str, secrets: list[str]) -> None:
    redactor = Redactor()
    for secret in secrets:
        redactor.learn(secret=secret)
    shown = redactor.clean_of_known(text)
    assert len(shown.replace(STAND_IN, "")) <= len(text)
