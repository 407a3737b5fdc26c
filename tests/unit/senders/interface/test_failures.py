"""What goes wrong with every interface alike."""

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sendwright.problems.classify import classify
from sendwright.problems.evidence import System
from sendwright.recording.redactor import Redactor
from sendwright.senders.interface.failures import lost, observed, shown, strange, words

BOTH = (System.GMAIL, System.GRAPH)


@pytest.mark.parametrize(
    ("status", "page", "condition"),
    [
        (200, True, "portal-or-filter-page"),
        (200, False, "answer-not-understood"),
        (204, False, "answer-not-understood"),
        (302, False, "portal-or-filter-page"),
        (307, True, "portal-or-filter-page"),
        (400, False, None),
        (403, True, None),
        (503, True, None),
    ],
)
def test_a_success_that_is_not_the_wished_one_is_anothers_or_not_understood(
    status: int, page: bool, condition: str | None
) -> None:
    assert strange(status, page=page) == condition


@pytest.mark.parametrize("system", BOTH)
@pytest.mark.parametrize(
    "error", [httpx.ReadTimeout("x"), httpx.ReadError("x"), httpx.RemoteProtocolError("x"), httpx.WriteError("x")]
)
@pytest.mark.parametrize("left", [True, False])
def test_only_what_had_left_as_a_whole_may_have_been_taken(system: System, error: httpx.HTTPError, left: bool) -> None:
    evidence = lost(error, system=system, stage="submit", left=left, values={"host": "mail.example.org", "empty": ""})
    assert evidence.perhaps_sent is left
    assert evidence.stage == ("submit" if left else "reach")
    assert evidence.values == {"host": "mail.example.org"}
    assert (classify(evidence).code == "message-perhaps-sent") is left
    if left:
        assert evidence.system is system


@pytest.mark.parametrize("system", BOTH)
def test_what_we_observe_ourselves_was_not_sent(system: System) -> None:
    evidence = observed("message-too-large", system=system, stage="submit", values={"size": "9", "limit": "8"})
    assert (classify(evidence).code, evidence.perhaps_sent) == ("message-too-large", False)


@given(st.text(max_size=6_000))
def test_words_are_bounded_and_hold_no_secret(text: str) -> None:
    redactor = Redactor()
    redactor.learn(secret="canary-token-0123456789")
    found = words(f"{text} canary-token-0123456789", redactor)
    assert len(found) <= 2_000
    assert "canary-token-0123456789" not in found


def test_values_that_are_empty_are_left_out_and_secrets_hidden() -> None:
    redactor = Redactor()
    redactor.learn(secret="canary-token-0123456789")
    found = shown({"host": "mail.example.org", "empty": "", "said": "canary-token-0123456789 \u202e"}, redactor)
    assert set(found) == {"host", "said"}
    assert "canary" not in found["said"]
    assert "\u202e" not in found["said"]
