"""The answers of interfaces are recognised in the words of the clients that asked."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sendwright.problems.evidence import Evidence, System
from sendwright.problems.pasted.interfaces import answered, asks_public_service

GRAPH = "https://graph.microsoft.com/v1.0/users/a@contoso.com/sendMail"
GMAIL = "https://gmail.googleapis.com/gmail/v1/users/me/messages/send?alt=json"


def _answered(line: str) -> Evidence | None:
    return answered(line, line.casefold())


@pytest.mark.parametrize(
    ("line", "system", "status", "said"),
    [
        (
            f"403 Client Error: Forbidden for url: {GRAPH} | Error Message: Access is denied.",
            System.GRAPH, 403, "Access is denied",
        ),
        (f"HTTPError: 503 Server Error: Service Unavailable for url: {GRAPH}", System.GRAPH, 503, ""),
        (f'<HttpError 403 when requesting {GMAIL} returned "Insufficient Permission">', System.GMAIL, 403,
         "Insufficient Permission"),
        (
            '<HttpError 400 when requesting https://www.googleapis.com/gmail/v1/users/me/messages/send returned "No">',
            System.GMAIL, 400, "No",
        ),
        (f"Client error: `POST {GRAPH}` resulted in a `401 Unauthorized` response:", System.GRAPH, 401,
         "Unauthorized` response:"),
        (f"aiohttp: 403, message='Forbidden', url='{GRAPH}'", System.GRAPH, 403, "Forbidden"),
        (f"403, message='Forbidden', url=URL('{GMAIL}')", System.GMAIL, 403, "Forbidden"),
        (
            "401 Client Error: Unauthorized for url: https://login.microsoftonline.com/x/oauth2/v2.0/token",
            System.ENTRA, 401, "",
        ),
        ("400 Client Error: Bad Request for url: https://oauth2.googleapis.com/token", System.GOOGLE, 400, ""),
    ],
)  # fmt: skip
def test_an_answer_is_whose_address_was_asked(line: str, system: System, status: int, said: str) -> None:
    seen = _answered(line)
    assert seen is not None
    assert (seen.system, seen.http, seen.text) == (system, status, said)


@pytest.mark.parametrize(
    ("line", "status", "reason"),
    [
        ("googleapi: Error 403: Delegation denied for a@example.org, forbidden", 403, "forbidden"),
        ("x: googleapi: Error 400: Precondition check failed., failedPrecondition", 400, "failedPrecondition"),
        ("googleapi: Error 401: Invalid Credentials, authError", 401, "authError"),
        ("googleapi: Error 403: Request had insufficient authentication scopes.", 403, None),
    ],
)
def test_go_puts_the_reason_last(line: str, status: int, reason: str | None) -> None:
    seen = _answered(line)
    assert seen is not None
    assert (seen.system, seen.http, seen.reason) == (System.GMAIL, status, reason)


@pytest.mark.parametrize(
    "line",
    [
        "",
        "403 Client Error: Forbidden for url: https://api.example.org/",
        "403 Client Error: Forbidden for url: https://[graph.microsoft.com/",
        "403 Client Error: Forbidden for url: https://graph.microsoft.com.example.org/",
        '<HttpError 403 when requesting https://www.googleapis.com/drive/v3/files returned "No">',
        f"200 Client Error: none for url: {GRAPH}",
        f"Client error: `POST {GRAPH}` resulted in a success",
    ],
)
def test_what_is_of_nobody_we_know_is_left_alone(line: str) -> None:
    assert _answered(line) is None


@pytest.mark.parametrize(
    "line",
    [
        f"403 Client Error: Forbidden for url: {GRAPH} | Error Message: No | Error Code: ErrorAccessDenied",
        f"<HttpError 400 when requesting {GMAIL} returned \"No\". Details: \"[{{'reason': 'failedPrecondition'}}]\">",
        f'Client error: `POST {GRAPH}` resulted in a `403 Forbidden`: {{"error":{{"code":"ErrorAccessDenied"}}}}',
    ],
)
def test_where_a_code_is_named_the_code_decides(line: str) -> None:
    assert _answered(line) is None


@pytest.mark.parametrize(
    ("text", "public"),
    [
        ("https://login.microsoftonline.com/", True),
        ("host='graph.microsoft.com'", True),
        ("https://www.googleapis.com/gmail", True),
        ("https://accounts.google.com/", True),
        ("smtp.office365.com", False),
        ("mail.example.org", False),
    ],
)
def test_services_whose_certificate_everybody_trusts(text: str, public: bool) -> None:
    assert asks_public_service(text) is public


@given(st.text())
def test_any_address_is_read(text: str) -> None:
    seen = _answered(f"403 Client Error: Forbidden for url: https://{text}")
    assert seen is None or (seen.http == 403 and seen.text in text)
