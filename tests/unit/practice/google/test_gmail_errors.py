"""The shapes in which the simulated Gmail refuses."""

from datetime import UTC, datetime

import pytest

from sendwright.practice.google import gmail_errors as errors
from sendwright.practice.google.gmail_errors import Denied

AT = datetime(2026, 11, 20, 12, 0, 1, 234_567, tzinfo=UTC)
DENIED = "PERMISSION_DENIED"
BY_USER = "userRateLimitExceeded"


@pytest.mark.parametrize(
    ("denied", "status", "reason", "state", "detail"),
    [
        (errors.invalid_credentials(), 401, "authError", "UNAUTHENTICATED", ""),
        (errors.scope_insufficient("m"), 403, "insufficientPermissions", DENIED, "ACCESS_TOKEN_SCOPE_INSUFFICIENT"),
        (errors.not_configured("42"), 403, "accessNotConfigured", DENIED, "SERVICE_DISABLED"),
        (errors.no_mailbox(), 400, "failedPrecondition", "FAILED_PRECONDITION", ""),
        (errors.no_subject(), 400, "failedPrecondition", "FAILED_PRECONDITION", ""),
        (errors.delegation_denied("x@example.org"), 403, "forbidden", DENIED, ""),
        (errors.invalid("Bad"), 400, "invalidArgument", "INVALID_ARGUMENT", ""),
        (errors.not_found(), 404, "notFound", "NOT_FOUND", ""),
        (errors.too_large(), 413, "uploadTooLarge", "", ""),
        (errors.too_many_at_once(), 429, "rateLimitExceeded", "RESOURCE_EXHAUSTED", ""),
        (errors.rate(AT), 403, "rateLimitExceeded", DENIED, ""),
        (errors.rate(AT, status=429, reason=BY_USER), 429, BY_USER, "RESOURCE_EXHAUSTED", ""),
        (errors.ordered(503, "", None, None), 503, "backendError", "UNAVAILABLE", ""),
        (errors.ordered(500, "", None, None), 500, "backendError", "INTERNAL", ""),
        (errors.ordered(401, "", None, None), 401, "authError", "UNAUTHENTICATED", ""),
        (errors.ordered(502, "", None, None), 502, "badGateway", "", ""),
        (errors.ordered(418, "", None, None), 418, "failed", "", ""),
        (errors.ordered(403, "dailyLimitExceeded", None, None), 403, "dailyLimitExceeded", "", ""),
        (errors.ordered(429, "", AT, None), 429, "rateLimitExceeded", "RESOURCE_EXHAUSTED", ""),
        (errors.ordered(403, BY_USER, AT, None), 403, BY_USER, DENIED, ""),
    ],
)  # fmt: skip
def test_every_refusal_has_google_s_shape(denied: Denied, status: int, reason: str, state: str, detail: str) -> None:
    shape = denied.shape()
    error = shape["error"]
    assert set(shape) == {"error"}
    assert isinstance(error, dict)
    assert (error["code"], error.get("status", "")) == (status, state)
    assert [one["reason"] for one in error["errors"]] == [reason]
    assert error["errors"][0]["message"] == error["message"]
    assert [one["reason"] for one in error.get("details", [])] == [one for one in (detail,) if one]


def test_a_token_that_does_not_count_is_said_to_lie_in_the_header() -> None:
    error = errors.invalid_credentials().shape()["error"]
    assert isinstance(error, dict)
    assert (error["errors"][0]["location"], error["errors"][0]["locationType"]) == ("Authorization", "header")


def test_an_interface_that_is_off_names_its_project_and_where_it_is_switched_on() -> None:
    error = errors.not_configured("42").shape()["error"]
    assert isinstance(error, dict)
    metadata = error["details"][0]["metadata"]
    assert metadata["consumer"] == "projects/42"
    assert metadata["activationUrl"].endswith("?project=42")
    assert metadata["activationUrl"] in error["message"]


@pytest.mark.parametrize(
    ("until", "mail", "message"),
    [
        (None, False, "User-rate limit exceeded."),
        (AT, False, "User-rate limit exceeded.  Retry after 2026-11-20T12:00:01.234Z"),
        (AT, True, "User-rate limit exceeded.  Retry after 2026-11-20T12:00:01.234Z (Mail sending)"),
    ],
)
def test_the_time_stands_in_the_message(until: datetime | None, mail: bool, message: str) -> None:
    assert errors.rate(until, mail=mail).message == message


def test_what_is_ordered_may_be_no_answer_of_gmail_s_at_all() -> None:
    assert errors.ordered(403, "", None, b"<html>").body == b"<html>"
    assert errors.ordered(502, "", None, b"<html>").body == b"<html>"
