"""Base64 and hex of a secret: the part that stays the same whatever stands around it."""

import base64

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sendwright.recording.folding import fold
from sendwright.recording.spellings import coded, encodings, octets, plain

SECRET = "canary-Falke-42%&"


@given(st.text(min_size=6), st.binary(max_size=5), st.binary(max_size=5))
def test_one_spelling_is_in_the_base64_of_whatever_holds_the_secret(secret: str, before: bytes, after: bytes) -> None:
    for data in encodings(secret):
        whole = fold(base64.b64encode(before + data + after).decode())
        assert any(spelling in whole for spelling in coded(secret))


@given(st.text(min_size=4))
def test_hex_is_among_them(secret: str) -> None:
    assert octets(secret).hex() in coded(secret)
    assert secret.encode("utf-16-le", "surrogatepass").hex() in coded(secret)


@pytest.mark.parametrize("secret", ["", "a", "abc"])
def test_what_is_too_short_has_no_spellings(secret: str) -> None:
    assert coded(secret) == frozenset()
    assert plain(secret) == ""


def test_the_plain_spelling_has_no_gaps_and_no_case() -> None:
    assert plain("Two Words") == "twowords"
    assert plain("a \n b") == ""
