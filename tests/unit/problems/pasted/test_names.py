"""What is called by a name of its own is found by it: our codes, OAuth's, Entra's numbers, interfaces', errnos."""

import pytest

from sendwright.problems.dictionary import UNRECOGNISED
from sendwright.problems.evidence import Evidence, System
from sendwright.problems.pasted.names import find_names, vocabulary


def _seen(text: str) -> list[Evidence]:
    return [clue.evidence for clue in find_names(text)]


@pytest.mark.parametrize(
    ("text", "system", "field", "value"),
    [
        ("connection-refused", System.BACKEND, "reason", "connection-refused"),
        ("Problem: starttls-not-offered (No encryption)", System.BACKEND, "reason", "starttls-not-offered"),
        ("greylisted", System.BACKEND, "reason", "greylisted"),
        ("connect ECONNREFUSED 192.0.2.7:587", System.SOCKET, "errno", "ECONNREFUSED"),
        ("AADSTS50076: x", System.ENTRA, "number", 50076),
        ("AADSTS 50076", System.ENTRA, "number", 50076),
        ("the code was AADSTS700082.", System.ENTRA, "number", 700082),
        ("invalid_grant", System.OAUTH, "error", "invalid_grant"),
        ("msal: invalid_grant", System.ENTRA, "error", "invalid_grant"),
        ("oauth2.googleapis.com said invalid_grant", System.GOOGLE, "error", "invalid_grant"),
        ("Code: ErrorSendAsDenied", System.GRAPH, "reason", "ErrorSendAsDenied"),
        ("ErrorSendAsDenied", System.GRAPH, "reason", "ErrorSendAsDenied"),
        ("{'reason': 'forbidden'}", System.GMAIL, "reason", "forbidden"),
    ],
)
def test_a_name_is_found(text: str, system: System, field: str, value: object) -> None:
    seen = _seen(text)[0]
    assert (seen.system, getattr(seen, field)) == (system, value)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "access is forbidden here",
        "my-connection-refused",
        "connection-refused-again",
        "connection-refused@example.org",
        "Greylisted for a while",
        "AADSTS",
        "AADSTS123",
        "AADSTS1234567890",
        "EVERYTHING is fine",
        UNRECOGNISED,
    ],
)
def test_what_only_looks_like_a_name_is_none(text: str) -> None:
    assert _seen(text) == []


def test_a_name_is_found_once() -> None:
    assert len(_seen("AADSTS50076 " * 50 + "connection-refused " * 50)) == 2


def test_a_number_says_more_than_the_error_beside_it() -> None:
    seen = _seen('{"error":"invalid_grant","error_description":"AADSTS50076: Due to a change"')
    assert [(evidence.number, evidence.error) for evidence in seen] == [(50076, "invalid_grant")]
    assert seen[0].text.startswith("Due to a change")


def test_a_page_of_google_tells_its_status_and_its_name() -> None:
    seen = _seen("Access blocked: Notices is being tested\nError 403: access_denied")
    assert {(evidence.system, evidence.http) for evidence in seen} == {(System.GOOGLE, 403)}
    assert {evidence.error or evidence.reason for evidence in seen} == {"access_denied"}
    assert "is being tested" in seen[0].text


def test_the_status_of_an_interface_is_read_beside_its_reason() -> None:
    seen = _seen("<HttpError 403 when requesting x returned \"Delegation denied\". Details: [{'reason': 'forbidden'}]>")
    assert (seen[0].http, seen[0].reason) == (403, "forbidden")
    assert "Delegation denied" in seen[0].text


def test_the_vocabulary_is_that_of_the_dictionary() -> None:
    known = vocabulary()
    assert UNRECOGNISED not in known.codes
    assert {"connection-refused", "relay-denied"} <= known.codes
    assert "ECONNREFUSED" in known.errnos
    assert "invalid_grant" in known.errors
    assert known.reasons["ErrorSendAsDenied"] == (System.GRAPH,)


@pytest.mark.parametrize("piece", ["AADSTS1000{} ", "a-{} ", "Error 403: access_denied {}"])
def test_many_names_are_no_burden(piece: str) -> None:
    assert len(_seen("".join(piece.format(number) for number in range(5000)))) <= 200
