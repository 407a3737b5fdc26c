"""The tables of fixed words lead to problems that the dictionary has."""

from collections.abc import Mapping

import pytest

from sendwright.problems.classify import classify
from sendwright.problems.dictionary import UNRECOGNISED, load
from sendwright.problems.evidence import Evidence, System
from sendwright.problems.pasted.phrases import (
    DNS_WORDS,
    ERRNO_WORDS,
    PROXY_WORDS,
    REFUSED_WORDS,
    SIGN_IN_WORDS,
    STAGE_WORDS,
    TLS_WORDS,
    VERIFY_WORDS,
    present,
)
from sendwright.problems.problem import Confidence

STAGES = {"greet", "secure", "sign-in", "sender", "recipient", "submit"}


@pytest.mark.parametrize("table", [
        DNS_WORDS, ERRNO_WORDS, PROXY_WORDS, REFUSED_WORDS, SIGN_IN_WORDS, STAGE_WORDS, TLS_WORDS, VERIFY_WORDS,
    ],
)  # fmt: skip
def test_they_are_compared_in_lower_case(table: Mapping[str, object]) -> None:
    assert [words for words in table if words != words.casefold()] == []


@pytest.mark.parametrize("condition", sorted({
        *DNS_WORDS.values(), *PROXY_WORDS.values(), *SIGN_IN_WORDS.values(), *TLS_WORDS.values(),
    }),
)  # fmt: skip
def test_every_condition_is_a_problem(condition: str) -> None:
    assert condition in load().definitions


@pytest.mark.parametrize("errno", sorted(set(ERRNO_WORDS.values())))
def test_every_errno_means_something(errno: str) -> None:
    seen = Evidence(stage="connect", system=System.SOCKET, errno=errno)
    assert classify(seen).code != UNRECOGNISED


@pytest.mark.parametrize("verify", sorted(set(VERIFY_WORDS.values())))
def test_every_number_of_a_certificate_means_something(verify: int) -> None:
    assert classify(Evidence(stage="secure", system=System.TLS, verify=verify)).code != UNRECOGNISED


@pytest.mark.parametrize("condition", sorted(set(REFUSED_WORDS.values())))
def test_a_refusal_without_its_words_is_likely_and_no_more(condition: str) -> None:
    problem = classify(Evidence(stage="sign-in", system=System.SMTP, condition=condition))
    assert (problem.code, problem.confidence) == ("auth-wrong-credentials", Confidence.LIKELY)


def test_every_stage_is_one_of_the_diagnosis() -> None:
    assert set(STAGE_WORDS.values()) <= STAGES


def test_only_what_stands_in_the_text_is_looked_for_the_longest_first() -> None:
    low = "error: self-signed certificate in certificate chain"
    assert present(VERIFY_WORDS, low) == ("self-signed certificate in certificate chain", "self-signed certificate")
    assert present(VERIFY_WORDS, "nothing") == ()
