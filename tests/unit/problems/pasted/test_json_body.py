"""The bodies of errors are read whole, inside a log, and cut off."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sendwright.problems.evidence import Evidence, System
from sendwright.problems.pasted.json_body import Body, clues_of, inside, tells_of_success, whole, words_in

GUID = "11111111-2222-3333-4444-555555555555"
ENTRA = {
    "error": "invalid_grant",
    "error_description": "AADSTS50076: Due to a configuration change\r\nTrace ID: x",
    "error_codes": [50076],
    "suberror": "basic_action",
}


def _seen(value: object) -> list[Evidence]:
    return [clue.evidence for clue in clues_of(Body(value=value, place=0))]


def test_an_answer_of_entra() -> None:
    seen = _seen(ENTRA)[0]
    assert (seen.system, seen.error, seen.number, seen.reason) == (System.ENTRA, "invalid_grant", 50076, "basic_action")
    assert seen.text.startswith("AADSTS50076: Due to")
    assert "\r" not in seen.text


@pytest.mark.parametrize(
    ("codes", "number"), [(None, 1002016), ([], 1002016), (["x"], 1002016), ([50076], 50076), ("50076", 1002016)]
)
def test_the_number_stands_in_the_description_too(codes: object, number: int) -> None:
    body = {"error": "invalid_request", "error_description": "AADSTS1002016: You are using TLS version 1.0"}
    assert [seen.number for seen in _seen(body if codes is None else {**body, "error_codes": codes})] == [number]


def test_a_number_in_the_message_of_another_interface_is_told_beside_its_code() -> None:
    seen = _seen({"error": {"code": "InvalidAuthenticationToken", "message": "AADSTS50076: more is needed"}})
    assert [(one.system, one.number, one.reason) for one in seen] == [
        (System.ENTRA, 50076, None),
        (System.GRAPH, None, "InvalidAuthenticationToken"),
    ]


def test_json_inside_a_string_of_json_is_opened() -> None:
    inner = json.dumps({"code": "ErrorAccessDenied", "message": "No"})
    assert [(seen.system, seen.reason, seen.text) for seen in _seen({"error": inner})] == [
        (System.GRAPH, "ErrorAccessDenied", "No")
    ]
    assert [seen.number for seen in _seen({"status": 400, "body": json.dumps(ENTRA)})] == [50076]
    assert [seen.number for seen in _seen({"error": json.dumps(ENTRA)})] == [50076]


def test_json_in_json_in_json_ends_somewhere() -> None:
    packed: object = ENTRA
    for _ in range(6):
        packed = {"body": json.dumps(packed)}
    assert [seen.number for seen in _seen(packed)] == [50076]
    assert _seen({"error": "{" * 60_000}) != []


@pytest.mark.parametrize(
    ("error", "system"),
    [
        ({"code": "ErrorOfTomorrow"}, System.GRAPH),
        ({"code": "somethingNew", "innerError": {"request-id": GUID}}, System.GRAPH),
        ({"code": "MailboxNotEnabledForRESTAPI"}, System.GRAPH),
        ({"code": "card_declined", "message": "Your card was declined."}, System.HTTP),
    ],
)
def test_a_code_of_some_other_interface_is_not_taken_for_microsoft_s(error: object, system: System) -> None:
    assert [seen.system for seen in _seen({"error": error})] == [system]


def test_an_answer_of_google_s_token_endpoint() -> None:
    seen = _seen(
        {"error": "invalid_grant", "error_description": "reauth related error", "error_subtype": "invalid_rapt"}
    )
    assert (seen[0].system, seen[0].reason) == (System.GOOGLE, "invalid_rapt")


def test_an_answer_of_graph_and_what_it_holds_inside() -> None:
    error = {"code": "ErrorAccessDenied", "message": "No", "innerError": {"code": "Inner", "request-id": GUID}}
    assert [(seen.system, seen.reason, seen.text) for seen in _seen({"error": error})] == [
        (System.GRAPH, "ErrorAccessDenied", "No"),
        (System.GRAPH, "Inner", "No"),
    ]


def test_the_older_form_of_microsoft() -> None:
    seen = _seen({"odata.error": {"code": "Request_ResourceNotFound", "message": {"lang": "en", "value": "Not there"}}})
    assert [(one.reason, one.text) for one in seen] == [("Request_ResourceNotFound", "Not there")]


def test_an_answer_of_gmail_names_its_reasons_the_sharpest_first() -> None:
    error = {
        "code": 403,
        "message": "Insufficient scopes",
        "errors": [{"reason": "insufficientPermissions"}],
        "status": "PERMISSION_DENIED",
        "details": [{"@type": "x", "reason": "ACCESS_TOKEN_SCOPE_INSUFFICIENT"}],
    }
    seen = _seen({"error": error})
    assert [one.reason for one in seen] == [
        "insufficientPermissions", "ACCESS_TOKEN_SCOPE_INSUFFICIENT",
    ]  # fmt: skip
    assert {(one.system, one.http) for one in seen} == {(System.GMAIL, 403)}


@pytest.mark.parametrize(
    ("reasons", "told"),
    [
        ((), ["PERMISSION_DENIED"]),
        (("reasonOfTomorrow",), ["reasonOfTomorrow", "PERMISSION_DENIED"]),
        (("reasonOfTomorrow", "SERVICE_DISABLED"), ["SERVICE_DISABLED", "reasonOfTomorrow"]),
    ],
)
def test_the_status_of_google_is_told_where_no_reason_is_known(reasons: tuple[str, ...], told: list[str]) -> None:
    details = [{"reason": reason} for reason in reasons]
    seen = _seen({"error": {"code": 403, "status": "PERMISSION_DENIED", "details": details}})
    assert [one.reason for one in seen] == told


def test_an_outer_code_says_nothing_beside_an_inner_one_that_is_known() -> None:
    error = {"code": "generalException", "innerError": {"code": "ErrorSendAsDenied", "innerError": {"code": "New"}}}
    assert [seen.reason for seen in _seen({"error": error})] == ["ErrorSendAsDenied", "New"]


@pytest.mark.parametrize(
    ("error", "system"),
    [
        ({"code": -32600, "message": "Invalid Request"}, System.HTTP),
        ({"code": 404, "message": "Not found"}, System.HTTP),
        ({"code": 404, "message": "Not found", "status": "NOT_FOUND"}, System.GMAIL),
        ({"code": 401, "message": "Invalid Credentials"}, System.GMAIL),
    ],
)
def test_a_numbered_error_is_google_s_where_it_is_named_too_or_telling(error: object, system: System) -> None:
    assert [seen.system for seen in _seen({"error": error})] == [system]


@pytest.mark.parametrize(
    "value",
    [
        {"type": "about:blank", "status": 507, "code": "backend-storage-full", "title": "Full"},
        {"schema": "sendwright.diagnosis/1", "verdict": "failed", "problem": "backend-storage-full"},
        {"schema": "sendwright.diagnosis/1", "problems": [{"code": "backend-storage-full"}]},
        {
            "schema": "sendwright.explanation/1",
            "matches": [{"problem": {"code": "backend-storage-full"}, "matched": "x"}],
        },
    ],
)
def test_our_own_documents(value: object) -> None:
    assert {(seen.system, seen.reason) for seen in _seen(value)} == {(System.BACKEND, "backend-storage-full")}


@pytest.mark.parametrize(
    "value",
    [
        None,
        1,
        "x",
        [],
        {},
        {"error": None},
        {"error": {}},
        {"error": {"code": None}},
        {"error": {"code": True, "errors": [1, {"reason": 5}], "details": "x"}},
        {"error_codes": ["x"]},
        {"code": "not-one-of-ours"},
        {"error": {"code": "x", "innerError": {"innerError": []}}},
    ],
)
def test_what_is_of_another_shape_breaks_nothing(value: object) -> None:
    assert all(seen.reason is None or isinstance(seen.reason, str) for seen in _seen(value))


@pytest.mark.parametrize(
    ("value", "success"),
    [
        ({"access_token": "x", "token_type": "Bearer"}, True),
        ({"id": "x", "threadId": "x"}, True),
        ({"user_code": "x", "verification_uri": "x", "interval": 5}, True),
        ({"user_code": "x", "verification_url": "x", "interval": 5}, True),
        ({"user_code": "x"}, False),
        ({"error": "x", "user_code": "x", "verification_uri": "x"}, False),
        ({"@odata.context": "x", "value": []}, True),
        ({"schema": "sendwright.diagnosis/1", "verdict": "passed"}, True),
        ({"schema": "sendwright.diagnosis/1", "verdict": "failed"}, False),
        ({"schema": "sendwright.explanation/1", "healthy": True}, True),
        ({"error": "x", "access_token": "x"}, False),
        ({"colour": "blue"}, False),
        ([], False),
    ],
)
def test_success_is_told(value: object, success: bool) -> None:
    assert tells_of_success(Body(value=value, place=0)) is success


def test_a_body_inside_a_line_is_found_with_its_place() -> None:
    line = f'2026-11-20 ERROR answered 400 {json.dumps(ENTRA)} and {{"x": 1}}'
    found = list(inside(line))
    assert [body.place for body in found] == [line.index("{"), line.rindex("{")]
    assert found[0].value == ENTRA


@pytest.mark.parametrize("text", ["", "no braces", "{", "{'error': 'python'}", '{"error": "cut o', "{" * 1000])
def test_what_is_no_json_is_passed_over(text: str) -> None:
    assert list(inside(text)) == []
    assert whole(text) is None


def test_words_of_a_log_in_json_are_lines() -> None:
    body = Body(value=[{"level": "error", "msg": "550 5.1.1 Unknown"}, {"inner": {"msg": "\x1b[31mred"}}], place=0)
    assert words_in(body) == "error\n550 5.1.1 Unknown\nred"


NAMES = st.sampled_from(["error", "code", "errors", "details", "innerError", "reason", "message", "problem", "x"])
LEAVES = st.none() | st.booleans() | st.integers() | st.text()


@given(st.recursive(LEAVES, lambda inner: st.lists(inner) | st.dictionaries(NAMES, inner)))
def test_any_value_is_read(value: object) -> None:
    body = Body(value=value, place=0)
    assert all(clue.place == 0 for clue in clues_of(body))
    assert isinstance(words_in(body), str)
    assert tells_of_success(body) in {True, False}
