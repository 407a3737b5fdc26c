"""What was granted is taken back, and what is gone already is no failure."""

import httpx
import pytest
from tests.unit.oauth.google.fake_google import LOGIN, FakeGoogle, client, refusal

from sendwright.oauth.google.place import GooglePlace, place_of
from sendwright.oauth.google.revoke import revoke
from sendwright.oauth.grant import OAuthFailed
from sendwright.problems.classify import classify
from sendwright.problems.evidence import Evidence
from sendwright.secret import Secret

REFRESH = Secret("1//refresh-of-the-test-xxxxxxxxxxxxxxxxxxxx")


async def refused(fake: FakeGoogle, place: GooglePlace | None = None) -> Evidence:
    with pytest.raises(OAuthFailed) as failure:
        await revoke(REFRESH, place or client().place, web=fake.web)
    assert REFRESH.reveal() not in f"{failure.value!r} {failure.value.evidence!r}"
    return failure.value.evidence


async def test_the_token_is_handed_in_as_a_form_and_is_dead_then() -> None:
    fake = FakeGoogle(refresh={REFRESH.reveal()})
    await revoke(REFRESH, client().place, web=fake.web)
    assert fake.asked == [("POST", "/revoke", {"token": REFRESH.reveal()})]
    assert fake.refresh == set()


@pytest.mark.parametrize("answer", [httpx.Response(200), httpx.Response(200, json={}), httpx.Response(204)])
async def test_whatever_success_says_it_is_one(answer: httpx.Response) -> None:
    fake = FakeGoogle(answers=[answer])
    await revoke(REFRESH, client().place, web=fake.web)
    assert fake.paths() == ["/revoke"]


async def test_a_token_that_is_dead_already_is_no_failure() -> None:
    fake = FakeGoogle()
    await revoke(REFRESH, client().place, web=fake.web)
    assert fake.paths() == ["/revoke"]


@pytest.mark.parametrize(
    ("answer", "code"),
    [
        (httpx.Response(503), "google-unavailable"),
        (httpx.Response(429), "google-unavailable"),
        (refusal("internal_failure", status=500), "google-unavailable"),
        (refusal("invalid_request", f"token={REFRESH.reveal()} is none"), "google-request-refused"),
        (httpx.Response(302, headers={"Location": "https://portal.example/"}), "google-answer-not-understood"),
        (httpx.Response(403, html="<h1>blocked</h1>"), "google-answer-not-understood"),
        (httpx.Response(400, text="nonsense"), "google-answer-not-understood"),
    ],
)
async def test_what_did_not_end_is_told_as_what_went_wrong(answer: httpx.Response, code: str) -> None:
    assert classify(await refused(FakeGoogle(answers=[answer]))).code == code


async def test_a_connection_that_breaks_is_told_as_such() -> None:
    seen = await refused(FakeGoogle(answers=[httpx.ReadTimeout("x")]))
    assert (seen.stage, seen.condition, seen.values["host"]) == (
        "reach",
        "connection-timed-out",
        "login.practice.example",
    )


@pytest.mark.parametrize("login", ["http://login.practice.example", "ftp://x.example"])
async def test_nothing_is_handed_in_without_tls(login: str) -> None:
    fake = FakeGoogle()
    assert (await refused(fake, place_of(login=login))).condition == "sign-in-service-not-recognised"
    assert fake.asked == []


def test_a_practice_revokes_at_the_practice() -> None:
    assert client().place.revoke == f"{LOGIN}/revoke"
    assert place_of().revoke == "https://oauth2.googleapis.com/revoke"
