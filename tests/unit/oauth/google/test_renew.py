"""A refresh token becomes an access token, by one request, or by a refusal that is told as it is."""

import asyncio
import threading
import time
from datetime import timedelta

import httpx
import pytest
from tests.unit.oauth.google.fake_google import CLIENT_ID, CLIENT_SECRET, FakeGoogle, client, refusal
from tests.unit.oauth.standing_in import NOW, Notes

from sendwright.oauth.google.renew import renewing
from sendwright.oauth.google.scopes import EMAIL, OPENID, SEND, USUAL
from sendwright.oauth.grant import OAuthFailed, Renewed
from sendwright.problems.classify import classify
from sendwright.problems.evidence import Evidence
from sendwright.secret import Secret

REFRESH = Secret("1//refresh-of-the-test-xxxxxxxxxxxxxxxxxxxx")


def google(**more: object) -> FakeGoogle:
    return FakeGoogle(refresh={REFRESH.reveal()}, **more)


async def renewed(fake: FakeGoogle, scope: str = SEND, recorder: Notes | None = None, **changes: object) -> Renewed:
    renew = renewing(client(**changes), web=fake.web, recorder=recorder or Notes(), clock=lambda: NOW)
    return await renew(REFRESH, scope)


async def refused(fake: FakeGoogle, **changes: object) -> Evidence:
    with pytest.raises(OAuthFailed) as failure:
        await renewed(fake, **changes)
    assert failure.value.__cause__ is None
    told = f"{failure.value!r} {failure.value.evidence!r}"
    assert not [secret for secret in (REFRESH.reveal(), CLIENT_SECRET) if secret in told]
    return failure.value.evidence


async def test_one_request_yields_an_access_token_and_lets_the_refresh_token_stand() -> None:
    fake, recorder = google(), Notes()
    found = await renewed(fake, recorder=recorder)
    assert found.refresh_token is None
    assert (found.access.scope, found.access.expires_at) == (SEND, NOW + timedelta(seconds=3599))
    assert fake.asked == [
        (
            "POST",
            "/token",
            {
                "grant_type": "refresh_token",
                "client_id": CLIENT_ID,
                "client_secret": CLIENT_SECRET,
                "refresh_token": REFRESH.reveal(),
                "scope": SEND,
            },
        )
    ]
    assert {found.access.secret.reveal(), REFRESH.reveal(), CLIENT_SECRET} <= recorder.learned


async def test_without_a_scope_all_that_was_granted_is_asked_for() -> None:
    fake = google()
    await renewed(fake, "")
    assert "scope" not in fake.forms()[0]


async def test_scopes_are_asked_for_as_they_stand_each_once() -> None:
    fake = google()
    await renewed(fake, f" {OPENID}  {EMAIL} {SEND} {SEND} ")
    assert fake.forms()[0]["scope"] == " ".join(USUAL)


async def test_a_client_without_a_secret_sends_none() -> None:
    fake = google(secret=None)
    assert (await renewed(fake, secret=None)).access.secret.reveal()
    assert "client_secret" not in fake.forms()[0]


@pytest.mark.parametrize(
    ("given", "following"), [(REFRESH.reveal(), None), ("1//another", Secret("1//another")), ("", None), (7, None)]
)
async def test_another_refresh_token_is_handed_on_where_there_is_one(given: object, following: Secret | None) -> None:
    fake, recorder = google(answer={"refresh_token": given}), Notes()
    assert (await renewed(fake, recorder=recorder)).refresh_token == following
    if following is not None:
        assert following.reveal() in recorder.learned


REFUSED = [
    (refusal("invalid_grant", "Token has been expired or revoked."), "google-connection-ended"),
    (refusal("invalid_grant"), "google-connection-ended"),
    (httpx.Response(400, json={"error": "invalid_grant"}), "google-connection-ended"),
    (refusal("invalid_grant", "reauth", error_subtype="invalid_rapt"), "google-reauthentication-required"),
    (refusal("invalid_grant", "reauth", error_subtype="rapt_required"), "google-reauthentication-required"),
    (refusal("invalid_grant", "Account has been deleted"), "google-account-unusable"),
    (refusal("invalid_client", "Unauthorized", status=401), "google-client-unknown"),
    (refusal("deleted_client", status=401), "google-client-removed"),
    (refusal("invalid_scope"), "google-scope-refused"),
    (refusal("admin_policy_enforced"), "google-app-blocked-by-admin"),
    (refusal("internal_failure", status=500), "google-unavailable"),
    (refusal("temporarily_unavailable", status=503), "google-unavailable"),
    (refusal("server_error", status=200), "google-unavailable"),
    (httpx.Response(500), "google-unavailable"),
    (httpx.Response(429), "google-unavailable"),
    (httpx.Response(504, html="<h1>"), "google-unavailable"),
]


@pytest.mark.parametrize(("answer", "code"), REFUSED)
async def test_a_refusal_is_told_at_once_and_not_tried_again(answer: httpx.Response, code: str) -> None:
    fake = google(answers=[answer])
    seen = await refused(fake)
    assert classify(seen).code == code
    assert seen.http == (None if answer.is_success else answer.status_code)
    assert len(fake.forms()) == 1, "google-auth itself would ask three times, and sleep in between"


async def test_a_time_to_wait_is_handed_on() -> None:
    seen = await refused(google(answers=[httpx.Response(503, headers={"Retry-After": "17"})]))
    assert seen.retry_after_s == 17.0


async def test_the_library_never_sleeps(monkeypatch: pytest.MonkeyPatch) -> None:
    def sleep(seconds: float) -> None:
        raise AssertionError(f"slept {seconds} s")

    monkeypatch.setattr(time, "sleep", sleep)
    await refused(google(answers=[refusal("internal_failure", status=500)]))


async def test_a_second_try_is_asked_and_not_answered_by_the_first_one_s_error() -> None:
    fake = google(answers=[refusal("temporarily_unavailable", status=503)])
    renew = renewing(client(), web=fake.web, recorder=Notes())
    with pytest.raises(OAuthFailed):
        await renew(REFRESH, SEND)
    assert (await renew(REFRESH, SEND)).access.secret.reveal()
    assert len(fake.forms()) == 2


async def test_what_is_wrong_with_a_client_of_one_s_own_is_for_its_administrator() -> None:
    seen = await refused(google(answers=[refusal("invalid_client", status=401)]), own=True)
    assert classify(seen).owner == "google-workspace-admin"


async def test_nothing_hangs_when_whoever_asked_is_cancelled() -> None:
    fake, reached, forever = google(), asyncio.Event(), asyncio.Event()
    ended = []

    async def hold() -> None:
        reached.set()
        try:
            await forever.wait()
        except asyncio.CancelledError:
            ended.append("request")
            raise

    fake.hold = hold
    running = asyncio.create_task(renewed(fake))
    await reached.wait()
    running.cancel()
    with pytest.raises(asyncio.CancelledError):
        await running
    assert ended == ["request"]
    assert not [thread for thread in threading.enumerate() if thread.name.startswith("google")]
    assert len(fake.asked) == 1, "nothing was asked afterwards"


async def test_many_renewals_at_once_do_not_wait_for_one_another() -> None:
    fake, together = google(), asyncio.Barrier(20)
    fake.hold = together.wait
    found = await asyncio.gather(*(renewed(fake) for _ in range(20)))
    assert len({one.access.secret.reveal() for one in found}) == 20


async def test_the_environment_leads_nowhere_else(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("HTTPS_PROXY", "REQUESTS_CA_BUNDLE", "GOOGLE_API_USE_CLIENT_CERTIFICATE", "GOOGLE_CLOUD_UNIVERSE"):
        monkeypatch.setenv(name, "true")
    fake = google()
    assert (await renewed(fake)).access.secret.reveal()
    assert all("Mozilla" not in headers["user-agent"] for headers in fake.headers)
