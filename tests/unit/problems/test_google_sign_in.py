"""What the program itself finds wrong with a sign-in at Google is told in Google's terms, in every language."""

import pytest

from sendwright.problems.classify import classify
from sendwright.problems.evidence import Evidence, System
from sendwright.texts import LANGUAGES, speaking, text

FOUND = [
    ("other-account", "other-account", "you"),
    ("no-refresh-token", "google-no-refresh-token", "you"),
    ("sign-in-answer-not-understood", "google-answer-not-understood", "network-admin"),
    ("sign-in-service-not-recognised", "google-service-not-recognised", "platform-vendor"),
    ("state-forged", "state-forged", "you"),
    ("id-token-not-ours", "id-token-not-ours", "you"),
    ("id-token-clock", "id-token-clock", "you"),
    ("access-token-ended", "access-token-ended", "you"),
]
VALUES = {"username": "anna@example.org", "expected": "ben@example.org", "client_id": "x", "minutes": "7"}


def seen(condition: str, system: System = System.GOOGLE, **more: object) -> Evidence:
    return Evidence(stage="sign-in", system=system, condition=condition, values=VALUES, **more)


@pytest.mark.parametrize(("condition", "code", "owner"), FOUND)
def test_each_observation_has_its_problem_and_its_owner(condition: str, code: str, owner: str) -> None:
    problem = classify(seen(condition))
    assert (problem.code, problem.owner) == (code, owner)


@pytest.mark.parametrize(("condition", "code", "_"), FOUND)
@pytest.mark.parametrize("language", LANGUAGES)
def test_nobody_who_signs_in_at_google_reads_of_microsoft(condition: str, code: str, _: str, language: str) -> None:
    problem = classify(seen(condition))
    with speaking(language):
        words = " ".join(text(f"problems.{code}.{part}", **problem.values) for part in ("title", "what"))
    assert words
    assert "Microsoft" not in words
    assert "microsoft" not in problem.learn_more
    assert not [remedy for remedy in problem.remedies if "microsoft" in remedy.value]


@pytest.mark.parametrize("condition", [condition for condition, code, _ in FOUND if code.startswith("google-")])
def test_a_sign_in_at_microsoft_keeps_its_own_words(condition: str) -> None:
    assert classify(seen(condition, System.ENTRA)).code == condition


@pytest.mark.parametrize("words", ["", "Bad Request", "Malformed auth code.", "Token has been expired or revoked."])
def test_a_code_that_was_refused_is_no_connection_that_ended(words: str) -> None:
    code = seen("sign-in-code-refused", error="invalid_grant", http=400, text=words)
    assert classify(code).code == "google-sign-in-not-completed"
    token = Evidence(stage="sign-in", system=System.GOOGLE, error="invalid_grant", http=400)
    assert classify(token).code == "google-connection-ended"


def test_whoever_cancels_is_told_from_whoever_was_not_let_on() -> None:
    assert classify(Evidence(stage="sign-in", system=System.GOOGLE, error="access_denied")).code == (
        "google-sign-in-cancelled"
    )
    assert classify(seen("shown-on-page", error="access_denied", http=403)).code == "google-not-a-test-user"
    assert classify(seen("shown-on-page", error="org_internal", http=403)).code == "google-other-organisation"
