"""Proof keys as a server checks them: whose they are, and what cannot be one."""

import base64
import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sendwright.practice.pkce import fits, is_challenge, is_verifier

VERIFIER = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"
CHALLENGE = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"
"""The example of RFC 7636, appendix B."""

UNRESERVED = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~"


def test_the_example_of_the_standard_fits() -> None:
    assert is_verifier(VERIFIER)
    assert is_challenge(CHALLENGE)
    assert fits(VERIFIER, CHALLENGE)


@given(st.text(UNRESERVED, min_size=43, max_size=128), st.text(UNRESERVED, min_size=43, max_size=128))
def test_a_verifier_fits_its_own_challenge_only(verifier: str, other: str) -> None:
    digest = hashlib.sha256(verifier.encode("ascii")).digest()
    challenge = base64.urlsafe_b64encode(digest).rstrip(b"=").decode("ascii")
    assert is_verifier(verifier)
    assert is_challenge(challenge)
    assert fits(verifier, challenge)
    assert fits(other, challenge) is (other == verifier)


@pytest.mark.parametrize(
    "words", ["", "x" * 42, "x" * 129, "x" * 42 + " ", "x" * 42 + "+", "x" * 43 + "\n", "é" * 43, "x" * 42 + "="]
)
def test_what_is_too_short_too_long_or_of_other_letters_is_no_verifier(words: str) -> None:
    assert not is_verifier(words)


@pytest.mark.parametrize("words", ["", "x" * 42, "x" * 44, CHALLENGE + "=", CHALLENGE[:-1] + ".", CHALLENGE + "\n"])
def test_what_is_no_digest_is_no_challenge(words: str) -> None:
    assert not is_challenge(words)
