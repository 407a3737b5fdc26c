"""Errors of Google's interfaces are read whatever is missing of them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sendwright.oauth.google.interface_error import LONGEST_TEXT, LONGEST_VALUE, InterfaceError, read_interface_error

INFO = "type.googleapis.com/google.rpc.ErrorInfo"
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)


def test_reasons_and_facts_are_found_where_google_puts_them() -> None:
    error = {
        "code": 403,
        "message": "Gmail API has not been used in project 123456789012 before or it is disabled.",
        "status": "PERMISSION_DENIED",
        "errors": [{"reason": "accessNotConfigured", "domain": "usageLimits"}, {"reason": "accessNotConfigured"}],
        "details": [
            {"@type": "type.googleapis.com/google.rpc.Help", "links": []},
            {"@type": INFO, "reason": "SERVICE_DISABLED", "metadata": {"consumer": "projects/123456789012", "n": 5}},
            {"@type": INFO, "reason": "SERVICE_DISABLED", "metadata": {"consumer": "projects/2", "service": "gmail"}},
        ],
    }
    assert read_interface_error({"error": error}) == InterfaceError(
        status="PERMISSION_DENIED",
        message=str(error["message"]),
        reasons=("SERVICE_DISABLED", "accessNotConfigured"),
        facts={"consumer": "projects/123456789012", "service": "gmail"},
    )


@pytest.mark.parametrize(
    "answer", [{}, {"error": "invalid_grant"}, {"error": None}, {"error": ["x"]}, {"message": "x"}]
)
def test_what_is_no_such_error_is_none(answer: dict[str, object]) -> None:
    assert read_interface_error(answer) is None


def test_its_parts_are_bounded_and_visible() -> None:
    error = read_interface_error(
        {"error": {"message": "x" * 9_000, "status": "S" * 900, "errors": [{"reason": "a\x1b"}]}}
    )
    assert error is not None
    assert (len(error.message), len(error.status)) == (LONGEST_TEXT, LONGEST_VALUE)
    assert "\x1b" not in error.reasons[0]


@given(JSON, JSON, JSON, JSON)
def test_any_part_may_be_anything(message: object, status: object, errors: object, details: object) -> None:
    answer = {"error": {"message": message, "status": status, "errors": errors, "details": details}}
    error = read_interface_error(answer)
    assert error is not None
    assert all(isinstance(reason, str) and reason for reason in error.reasons)
    assert len(set(error.reasons)) == len(error.reasons)
    assert all(isinstance(value, str) for value in error.facts.values())
