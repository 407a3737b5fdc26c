"""A refusal becomes evidence: bounded, cleaned, with everything support asks for."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.unit.oauth.entra.fake_entra import CLIENT, CORRELATION, TENANT, TRACE, registration

from sendwright.oauth.entra.failures import LONGEST_CLAIMS, LONGEST_TEXT, evidence_of, failed
from sendwright.oauth.entra.registration import ANY_ORGANISATION
from sendwright.problems.classify import classify
from sendwright.problems.evidence import System

SAID = (
    f"AADSTS65001: No consent.\r\nTrace ID: {TRACE}\r\nCorrelation ID: {CORRELATION}\r\nTimestamp: 2026-11-20 12:00:00Z"
)

NUMBERS: list[tuple[dict[str, Any], int | None]] = [
    ({"error_codes": [50076, 50079]}, 50076),
    ({"error_codes": [50076], "error_description": "AADSTS65001: other"}, 50076),
    ({"error_description": "AADSTS65001: words"}, 65001),
    ({"error_description": "before AADSTS7000218: words"}, 7000218),
    ({"error_uri": "https://login.microsoftonline.com/error?code=70011"}, 70011),
    ({"error_codes": []}, None),
    ({"error_codes": ["50076"]}, None),
    ({"error_codes": [True]}, None),
    ({"error_codes": [-1]}, None),
    ({"error_codes": "50076"}, None),
    ({"error_description": "AADSTS123456789: too long"}, None),
    ({"error_description": None}, None),
    ({}, None),
]


@pytest.mark.parametrize(("answer", "number"), NUMBERS)
def test_the_number_is_found_wherever_it_stands(answer: dict[str, Any], number: int | None) -> None:
    assert evidence_of(answer, registration()).number == number


@pytest.mark.parametrize("end", ["\r\n", "\n", " ", ". "])
def test_the_identifiers_are_read_from_the_words_and_leave_them(end: str) -> None:
    seen = evidence_of({"error": "invalid_grant", "error_description": SAID.replace("\r\n", end)}, registration())
    assert seen.text.rstrip(".") == "AADSTS65001: No consent"
    assert (seen.values["trace_id"], seen.values["correlation_id"]) == (TRACE, CORRELATION)


def test_what_is_told_apart_from_the_words_counts_more() -> None:
    seen = evidence_of({"error_description": SAID, "trace_id": "other-trace"}, registration())
    assert (seen.values["trace_id"], seen.values["correlation_id"]) == ("other-trace", CORRELATION)


def test_what_nobody_told_is_left_out() -> None:
    seen = evidence_of({"error": "access_denied"}, registration())
    assert seen.values == {"client_id": CLIENT, "tenant": TENANT}


def test_all_organisations_are_no_tenant_to_name() -> None:
    assert "tenant" not in evidence_of({}, registration(tenant=ANY_ORGANISATION)).values


def test_whose_registration_it_is_is_told() -> None:
    assert evidence_of({}, registration(own=True)).values["registration"] == "own"
    assert failed("state-forged", registration(own=True)).evidence.values["registration"] == "own"
    assert "registration" not in failed("state-forged", registration()).evidence.values


def test_words_are_bounded_and_visible() -> None:
    seen = evidence_of({"error": "x" * 999, "error_description": "\u202eevil\x07" + "y" * 99_999}, registration())
    assert len(seen.error or "") <= 100
    assert len(seen.text) <= LONGEST_TEXT
    assert "\u202e" not in seen.text
    assert "\x07" not in seen.text


def test_a_claims_challenge_is_kept_as_it_is() -> None:
    challenge = '{"access_token":{"capolids":{"essential":true,"values":["0f3a"]}}}'
    assert evidence_of({"claims": challenge}, registration()).values["claims"] == challenge
    assert len(evidence_of({"claims": "x" * 99_999}, registration()).values["claims"]) == LONGEST_CLAIMS


def test_words_that_hold_a_token_lose_it() -> None:
    parts = ("eyJ0eXAiOiJKV1QiLCJhbGciOiJSUzI1NiJ9", "eyJhdWQiOiJncmFwaCIsInNjcCI6Ik1haWwuU2VuZCJ9", "c2lnbmF0dXJlLW9m")
    token = ".".join(parts)
    seen = evidence_of({"error": "invalid_grant", "error_description": f"AADSTS70000: {token}"}, registration())
    assert token not in seen.text
    assert seen.number == 70000


ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=50),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=5,
)
FIELDS = st.sampled_from(
    ["error", "error_description", "error_codes", "trace_id", "correlation_id", "suberror", "claims", "error_uri", "x"]
)


@given(st.dictionaries(FIELDS, ANYTHING))
def test_no_answer_breaks_it_and_each_gets_a_name(answer: dict[str, Any]) -> None:
    seen = evidence_of(answer, registration())
    assert seen.system is System.ENTRA
    assert all(isinstance(value, str) and value for value in seen.values.values())
    assert classify(seen).code
