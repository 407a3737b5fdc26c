"""Whether Google knows a client is found out by a code that was made up."""

import httpx
import pytest
from tests.unit.oauth.google.fake_google import CLIENT_ID, CLIENT_SECRET, FakeGoogle, client, refusal
from tests.unit.oauth.standing_in import Notes

from sendwright.oauth.google.probe import check_client
from sendwright.oauth.grant import OAuthFailed
from sendwright.problems.classify import classify
from sendwright.problems.evidence import Evidence
from sendwright.secret import Secret


async def refused(fake: FakeGoogle, **changes: object) -> Evidence:
    with pytest.raises(OAuthFailed) as failure:
        await check_client(client(**changes), web=fake.web, recorder=Notes())
    assert CLIENT_SECRET not in f"{failure.value!r} {failure.value.evidence!r}"
    return failure.value.evidence


async def test_a_client_that_google_knows_is_told_by_what_it_says_of_the_code() -> None:
    fake, recorder = FakeGoogle(), Notes()
    assert await check_client(client(), web=fake.web, recorder=recorder)
    (form,) = fake.forms()
    assert (form["grant_type"], form["client_id"]) == ("authorization_code", CLIENT_ID)
    assert (form["client_secret"], form["redirect_uri"]) == (CLIENT_SECRET, "http://127.0.0.1")
    assert 43 <= len(form["code_verifier"]) <= 128
    assert CLIENT_SECRET in recorder.learned


async def test_two_questions_make_up_two_codes() -> None:
    fake = FakeGoogle()
    for _ in range(2):
        assert await check_client(client(), web=fake.web, recorder=Notes())
    assert len({form["code"] for form in fake.forms()}) == 2


async def test_a_client_without_a_secret_is_asked_about_without_one() -> None:
    fake = FakeGoogle(secret=None)
    assert await check_client(client(secret=None), web=fake.web, recorder=Notes())
    assert "client_secret" not in fake.forms()[0]


@pytest.mark.parametrize(
    "changes",
    [
        {"client_id": "typo.apps.googleusercontent.com"},
        {"secret": Secret("GOCSPX-of-another-client")},
        {"secret": None},
    ],
)
async def test_a_client_that_google_does_not_know_is_refused(changes: dict[str, object]) -> None:
    seen = await refused(FakeGoogle(), own=True, **changes)
    assert (seen.error, seen.http) == ("invalid_client", 401)
    problem = classify(seen)
    assert (problem.code, problem.owner) == ("google-client-unknown", "google-workspace-admin")


@pytest.mark.parametrize("error", ["deleted_client", "disabled_client"])
async def test_a_client_that_is_gone_is_refused(error: str) -> None:
    assert classify(await refused(FakeGoogle(answers=[refusal(error, status=401)]))).code == "google-client-removed"


@pytest.mark.parametrize(
    "answer",
    [
        refusal("redirect_uri_mismatch"),
        refusal("invalid_request", "Missing required parameter: code"),
        refusal("unauthorized_client", status=401),
        refusal("something_new"),
        refusal("internal_failure", status=500),
        httpx.Response(503),
        httpx.Response(429),
        httpx.Response(200, json={"access_token": "nobody signed in"}),
    ],
)
async def test_whatever_else_google_says_means_nothing(answer: httpx.Response) -> None:
    assert not await check_client(client(), web=FakeGoogle(answers=[answer]).web, recorder=Notes())


@pytest.mark.parametrize(
    ("answer", "code"),
    [
        (httpx.ReadTimeout("x"), "connection-timed-out"),
        (httpx.Response(200, html="<h1>Welcome to the hotel</h1>"), "google-answer-not-understood"),
        (httpx.Response(302, headers={"Location": "https://portal.example/"}), "google-answer-not-understood"),
    ],
)
async def test_where_google_is_not_reached_that_is_told(answer: httpx.Response | Exception, code: str) -> None:
    assert classify(await refused(FakeGoogle(answers=[answer]))).code == code


async def test_a_place_without_tls_is_never_asked() -> None:
    fake = FakeGoogle()
    seen = await refused(fake, login="http://login.practice.example")
    assert seen.condition == "sign-in-service-not-recognised"
    assert fake.asked == []
