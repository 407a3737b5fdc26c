"""What Google answers becomes evidence that a problem is known by, bounded and free of secrets."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.unit.oauth.google.fake_google import CLIENT_ID, client

from sendwright.oauth.google.failures import LONGEST_CODE, LONGEST_TEXT, LONGEST_VALUE, about, evidence_of, failed
from sendwright.problems.evidence import System
from sendwright.recording.redactor import Redactor


def test_a_refusal_is_told_by_its_code_its_subtype_and_its_words() -> None:
    answer = {"error": "invalid_grant", "error_subtype": "invalid_rapt", "error_description": "reauth related error"}
    seen = evidence_of(answer, client(), http=400, retry_after_s=3.0, values={"more": "x"})
    assert (seen.stage, seen.system, seen.http, seen.retry_after_s) == ("sign-in", System.GOOGLE, 400, 3.0)
    assert (seen.error, seen.reason, seen.text) == ("invalid_grant", "invalid_rapt", "reauth related error")
    assert seen.values == {"client_id": CLIENT_ID, "more": "x"}
    assert seen.code == "invalid_grant invalid_rapt"


def test_the_error_of_another_interface_is_told_by_its_reason() -> None:
    details = [{"@type": "type.googleapis.com/google.rpc.ErrorInfo", "reason": "SERVICE_DISABLED"}]
    answer = {"error": {"code": 403, "message": "is disabled", "status": "PERMISSION_DENIED", "details": details}}
    seen = evidence_of(answer, client(), http=403)
    assert (seen.error, seen.reason, seen.text) == (None, "SERVICE_DISABLED", "is disabled")
    bare = evidence_of({"error": {"code": 403, "status": "PERMISSION_DENIED"}}, client(), http=403)
    assert (bare.error, bare.reason) == (None, "PERMISSION_DENIED")


@pytest.mark.parametrize("own", [True, False])
def test_it_says_whose_the_client_is(*, own: bool) -> None:
    told = {"client_id": CLIENT_ID} | ({"registration": "own"} if own else {})
    assert about(client(own=own)) == told
    assert failed("x", client(own=own)).evidence.values == told


def test_a_failure_of_nobody_s_client_names_none() -> None:
    assert about(client(client_id="")) == {}


@pytest.mark.parametrize("answer", [{}, {"error": None}, {"error": 7}, {"error": []}, {"error": ""}])
def test_an_answer_without_a_code_has_none(answer: dict[str, object]) -> None:
    seen = evidence_of(answer, client(), http=400)
    assert (seen.error, seen.reason, seen.text) == (None, None, "")


def test_words_are_bounded_and_turn_nothing_around() -> None:
    long = "\u202e" + "a" * 10_000
    seen = evidence_of({"error": long, "error_subtype": long, "error_description": long}, client(client_id="c" * 9_000))
    assert len(seen.error or "") <= LONGEST_CODE + 20
    assert len(seen.reason or "") <= LONGEST_CODE + 20
    assert len(seen.text) <= LONGEST_TEXT
    assert len(seen.values["client_id"]) <= LONGEST_VALUE
    assert "\u202e" not in f"{seen.error}{seen.reason}{seen.text}"


def test_what_was_sent_is_cut_out_wherever_it_comes_back() -> None:
    redactor, secret = Redactor(), "1//canary-of-the-refresh-token"
    redactor.learn(secret=secret)
    answer = {"error": secret, "error_subtype": secret, "error_description": f"no {secret} here"}
    seen = evidence_of(answer, client(), redactor=redactor)
    assert "canary" not in repr(seen)


def test_what_looks_like_a_token_is_cut_out_even_where_nobody_knows_it() -> None:
    said = "the header Authorization: Bearer ya29.a0AfB_byDcanary0123456789012345678901234567890123456789"
    assert "canary" not in repr(evidence_of({"error": "x", "error_description": said}, client()))


def test_an_observation_of_ours_is_called_by_its_name() -> None:
    seen = failed("state-forged", client(), stage="reach", http=200, values={"host": "h"}).evidence
    assert (seen.stage, seen.condition, seen.http, seen.values["host"]) == ("reach", "state-forged", 200, "h")


json_like = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)


@given(st.dictionaries(st.sampled_from(["error", "error_description", "error_subtype", "x"]), json_like))
def test_no_answer_makes_it_stumble(answer: dict[str, object]) -> None:
    seen = evidence_of(answer, client(), http=400)
    assert seen.system is System.GOOGLE
    assert len(seen.text) <= LONGEST_TEXT
