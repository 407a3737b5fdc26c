"""Google's sign-in is reached by its refusal, and says whose a token is."""

import httpx
import pytest
from tests.unit.senders.doubles import Interface, token
from tests.unit.senders.gmail.doubles import ACCOUNT, ACCOUNT_ID, settings

from sendwright.diagnosis.gmail_google import Person, ask_person, reach_sign_in
from sendwright.problems.classify import classify
from sendwright.senders.sender import SendFailed

VALUES = {"username": ACCOUNT}
REFUSED = httpx.Response(400, json={"error": "invalid_request", "error_description": "Missing required parameter"})


@pytest.mark.parametrize("error", ["invalid_request", "unsupported_grant_type", "invalid_client", "invalid_grant"])
async def test_any_refusal_that_is_googles_is_an_answer(error: str) -> None:
    google = Interface([httpx.Response(400, json={"error": error})])
    await reach_sign_in(settings(), web=google.client, values=VALUES)
    (request,) = google.seen
    assert (request.method, str(request.url)) == ("POST", "https://oauth2.googleapis.com/token")
    assert b"secret" not in google.bodies[0]
    assert b"refresh" not in google.bodies[0]


@pytest.mark.parametrize(
    ("answer", "code"),
    [
        (httpx.Response(200, html="<h1>guest network</h1>"), "google-answer-not-understood"),
        (httpx.Response(403, html="<h1>blocked</h1>"), "google-answer-not-understood"),
        (httpx.Response(503, json={"error": "internal_failure"}), "google-unavailable"),
        (httpx.Response(502, text="Bad Gateway"), "google-unavailable"),
        (httpx.ConnectTimeout("x"), "connection-timed-out"),
        (httpx.ProxyError("407 Proxy Authentication Required"), "proxy-authentication-required"),
    ],
)
async def test_whoever_answers_otherwise_is_not_google(answer: httpx.Response | Exception, code: str) -> None:
    with pytest.raises(SendFailed) as caught:
        await reach_sign_in(settings(), web=Interface([answer]).client, values=VALUES)
    evidence = caught.value.evidence
    assert (classify(evidence).code, evidence.stage, evidence.values["username"]) == (code, "reach", ACCOUNT)


async def ask(google: Interface, *, sure: bool = True) -> Person | None:
    return await ask_person(settings(), token(), web=google.client, values=VALUES, sure=sure)


async def test_whose_a_token_is_stands_in_the_answer_and_the_token_in_its_header() -> None:
    content = {"sub": ACCOUNT_ID, "email": ACCOUNT, "email_verified": True, "hd": "example.org", "name": "Anna"}
    google = Interface([httpx.Response(200, json=content)])
    assert await ask(google) == Person(id=ACCOUNT_ID, address=ACCOUNT, domain="example.org")
    (request,) = google.seen
    assert str(request.url) == "https://openidconnect.googleapis.com/v1/userinfo"
    assert request.headers["Authorization"] == "Bearer canary-token-one"
    assert "canary" not in str(request.url)


@pytest.mark.parametrize(
    ("content", "found"),
    [
        ({"sub": ACCOUNT_ID}, Person(id=ACCOUNT_ID)),
        ({"sub": 7, "email": ["x"], "hd": None}, Person(id="")),
        ({}, Person(id="")),
        ({"sub": "a\u202eb"}, Person(id="a\\u202eb")),
    ],
)
async def test_what_is_missing_is_empty(content: dict[str, object], found: Person) -> None:
    assert await ask(Interface([httpx.Response(200, json=content)])) == found


@pytest.mark.parametrize("status", [401, 403])
async def test_who_may_not_ask_is_told_only_where_it_was_granted(status: int) -> None:
    google = Interface([httpx.Response(status, json={"error": "invalid_request"})])
    assert await ask(google, sure=False) is None
    with pytest.raises(SendFailed) as caught:
        await ask(google)
    assert classify(caught.value.evidence).code == "oauth-token-refused"
    assert caught.value.evidence.stage == "sign-in"


@pytest.mark.parametrize("sure", [True, False])
@pytest.mark.parametrize(
    ("answer", "code"),
    [
        (httpx.Response(503, json={"error": "internal_failure"}), "google-unavailable"),
        (httpx.ReadTimeout("x"), "connection-timed-out"),
        (httpx.Response(200, html="<h1>guest network</h1>"), "google-answer-not-understood"),
    ],
)
async def test_what_stands_in_the_way_has_its_name(answer: httpx.Response | Exception, code: str, sure: bool) -> None:
    with pytest.raises(SendFailed) as caught:
        await ask(Interface([answer]), sure=sure)
    assert classify(caught.value.evidence).code == code
    assert "canary" not in str(caught.value.evidence)
