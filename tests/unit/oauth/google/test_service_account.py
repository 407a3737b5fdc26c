"""A service account acts for a user of its Workspace, by its key, and keeps its token as long as it lasts."""

import asyncio
import logging
from datetime import timedelta

import httpx
import pytest
from tests.unit.oauth.google.fake_services import JWT_BEARER, PLACE, FakeServices, interface_refusal, refusal
from tests.unit.oauth.google.key_files import EMAIL, KEY_ID, UNIQUE_ID, pem, usable_key
from tests.unit.oauth.standing_in import NOW, Clock, Notes

from sendwright.oauth.google.place import GooglePlace, place_of
from sendwright.oauth.google.scopes import MAIL, SEND, SETTINGS
from sendwright.oauth.google.service_account import ServiceAccountTokens
from sendwright.oauth.grant import AccessToken, OAuthFailed
from sendwright.problems.classify import classify
from sendwright.problems.evidence import Evidence, System
from sendwright.problems.problem import Owner, Retry
from sendwright.secret import Secret

SUBJECT = "anna@example.org"
PRACTICE = "https://localhost:8443"
WORDS_OF_DELEGATION = (
    "Client is unauthorized to retrieve access tokens using this method, or client not authorized for any of the "
    "scopes requested."
)
WORDS_OF_CLOCK = (
    "Invalid JWT: Token must be a short-lived token (60 minutes) and in a reasonable timeframe. Check your iat and exp "
    "values in the JWT claim."
)


def tokens(
    fake: FakeServices,
    *,
    scope: str = SEND,
    place: GooglePlace = PLACE,
    clock: Clock | None = None,
    recorder: Notes | None = None,
) -> ServiceAccountTokens:
    return ServiceAccountTokens(
        email=EMAIL,
        subject=SUBJECT,
        scope=scope,
        place=place,
        web=fake.web,
        recorder=recorder or Notes(),
        clock=clock or Clock(),
        key=usable_key(),
    )


async def refused(source: ServiceAccountTokens) -> Evidence:
    with pytest.raises(OAuthFailed) as failure:
        await source.token()
    seen: BaseException | None = failure.value
    while seen is not None:
        assert "ey" not in str(seen), "no part of what was signed"
        seen = seen.__cause__ or (None if seen.__suppress_context__ else seen.__context__)
    return failure.value.evidence


async def test_what_the_key_signs_names_the_user_the_scope_and_its_time() -> None:
    fake, recorder = FakeServices(), Notes()
    access = await tokens(fake, recorder=recorder).token()
    assert fake.asked == [("POST", PLACE.token)]
    assert fake.forms[0]["grant_type"] == JWT_BEARER
    assert fake.headers == [{"typ": "JWT", "alg": "RS256", "kid": KEY_ID}]
    begun = int(NOW.timestamp())
    assert fake.assertions == [
        {"iss": EMAIL, "sub": SUBJECT, "scope": SEND, "aud": PLACE.token, "iat": begun, "exp": begun + 3600}
    ]
    assert access == AccessToken(
        secret=Secret("ya29.delegated-1"), expires_at=NOW + timedelta(seconds=3599), scope=SEND
    )
    assert {access.secret.reveal(), fake.forms[0]["assertion"], pem()} <= recorder.learned


async def test_several_scopes_are_asked_for_at_once() -> None:
    fake = FakeServices()
    access = await tokens(fake, scope=f"{SEND} {SETTINGS}  {SEND}").token()
    assert fake.assertions[0]["scope"] == f"{SEND} {SETTINGS}"
    assert access.scope == f"{SEND} {SETTINGS}  {SEND}"


async def test_what_is_signed_for_a_practice_is_of_no_use_at_google() -> None:
    fake = FakeServices()
    await tokens(fake, place=place_of(login=PRACTICE)).token()
    assert fake.asked == [("POST", f"{PRACTICE}/token")]
    assert fake.assertions[0]["aud"] == f"{PRACTICE}/token"


async def test_a_token_is_kept_until_it_does_not_last() -> None:
    fake, clock = FakeServices(), Clock()
    source = tokens(fake, clock=clock)
    first = await source.token()
    clock.pass_(minutes=54)
    assert await source.token() == first
    clock.pass_(minutes=1)
    second = await source.token()
    assert second != first
    assert second.expires_at == clock.now + timedelta(seconds=3599)
    assert fake.assertions[1]["iat"] == int(clock.now.timestamp())


async def test_a_refusal_is_not_kept_and_not_asked_again_by_itself() -> None:
    fake = FakeServices().refuse(PLACE.token, refusal("internal_failure", "Backend Error", status=500))
    source = tokens(fake)
    assert classify(await refused(source)).code == "google-unavailable"
    assert len(fake.asked) == 1
    assert (await source.token()).secret.reveal()


@pytest.mark.parametrize(
    ("answer", "code", "owner"),
    [
        (refusal("unauthorized_client", WORDS_OF_DELEGATION, status=401), "google-delegation-missing", None),
        (refusal("unauthorized_client", "Unauthorized", status=401), "google-delegation-missing", None),
        (refusal("access_denied", "Requested client not authorized.", status=403), "google-delegation-missing", None),
        (refusal("invalid_grant", "Invalid email or User ID"), "google-delegated-user-unknown", Owner.YOU),
        (refusal("invalid_grant", "Not a valid email."), "google-delegated-user-unknown", Owner.YOU),
        (refusal("invalid_request", 'Invalid impersonation "sub" field.'), "google-delegated-user-unknown", Owner.YOU),
        (refusal("invalid_grant", "Invalid JWT Signature."), "google-service-account-key-refused", None),
        (refusal("invalid_grant", "Invalid grant: account not found"), "google-service-account-key-refused", None),
        (refusal("invalid_grant", WORDS_OF_CLOCK), "google-request-time-wrong", Owner.YOU),
        (refusal("invalid_grant", "The account has been deleted."), "google-account-unusable", None),
        (refusal("invalid_grant", "Robot is disabled."), "google-service-account-unusable", None),
        (
            refusal("deleted_client", "The OAuth client was deleted.", status=401),
            "google-service-account-unusable",
            None,
        ),
        (
            refusal("disabled_client", "The OAuth client was disabled.", status=401),
            "google-service-account-unusable",
            None,
        ),
        (
            refusal("invalid_client", "The OAuth client was not found.", status=401),
            "google-service-account-unusable",
            None,
        ),
        (refusal("invalid_grant", "Bad Request"), "google-service-account-refused", None),
        (refusal("invalid_grant"), "google-service-account-refused", None),
        (refusal("access_denied", status=403), "google-service-account-refused", None),
        (refusal("admin_policy_enforced"), "google-app-blocked-by-admin", None),
    ],
)
async def test_each_refusal_has_the_name_that_says_who_acts(
    answer: httpx.Response, code: str, owner: Owner | None
) -> None:
    evidence = await refused(tokens(FakeServices().refuse(PLACE.token, answer)))
    assert (evidence.system, evidence.stage, evidence.http) == (System.GOOGLE, "sign-in", answer.status_code)
    problem = classify(evidence)
    assert problem.code == code
    assert problem.owner == (owner or Owner.GOOGLE_WORKSPACE_ADMIN)
    assert problem.retry is Retry.AFTER_FIX
    said = {"username": SUBJECT, "service_account": EMAIL, "scope": SEND, "client_id": UNIQUE_ID}
    assert said.items() <= evidence.values.items()


async def test_nobody_is_sent_to_a_sign_in_page() -> None:
    for error in ("invalid_grant", "access_denied", "invalid_client", "deleted_client", "disabled_client"):
        problem = classify(await refused(tokens(FakeServices().refuse(PLACE.token, refusal(error)))))
        assert not any("sign-in" in remedy.label for remedy in problem.remedies), error


@pytest.mark.parametrize(
    ("answer", "code"),
    [
        (httpx.Response(503), "google-unavailable"),
        (httpx.Response(429, headers={"retry-after": "30"}), "google-unavailable"),
        (httpx.Response(200, content=b"<html>a portal</html>"), "google-answer-not-understood"),
        (httpx.Response(302, headers={"location": "https://portal.example.net/"}), "google-answer-not-understood"),
        (httpx.Response(200, json={}), "google-answer-not-understood"),
        (httpx.Response(200, json={"id_token": "eyJ"}), "google-answer-not-understood"),
        (httpx.Response(200, json={"access_token": ""}), "google-answer-not-understood"),
        (httpx.Response(200, json={"access_token": ["ya29"], "token_type": "Bearer"}), "google-answer-not-understood"),
        (httpx.Response(200, json={"access_token": "ya29", "token_type": "mac"}), "google-answer-not-understood"),
        (httpx.Response(200, json={"access_token": "ya29", "expires_in": "soon"}), "google-answer-not-understood"),
        (httpx.Response(200, json={"access_token": "ya29", "expires_in": [1]}), "google-answer-not-understood"),
        (httpx.Response(200, json=["ya29"]), "google-answer-not-understood"),
        (httpx.ConnectError("x"), "connection-dropped"),
        (httpx.ConnectTimeout("x"), "connection-timed-out"),
        (interface_refusal(403, "PERMISSION_DENIED", "no"), "unrecognised"),
    ],
)
async def test_an_answer_that_is_none_is_named_and_nothing_of_it_is_kept(
    answer: httpx.Response | Exception, code: str
) -> None:
    fake = FakeServices().refuse(PLACE.token, answer)
    source = tokens(fake)
    assert classify(await refused(source)).code == code
    assert len(fake.asked) == 1
    assert (await source.token()).secret.reveal() == "ya29.delegated-1", "the next one is asked afresh"


async def test_a_repeated_assertion_is_cut_out_of_the_answer_s_words() -> None:
    class Repeating(FakeServices):
        def answer(self, request: httpx.Request) -> httpx.Response:
            assertion = request.content.decode().partition("assertion=")[2].partition("&")[0]
            return refusal("invalid_grant", f"not this: {assertion}")

    evidence = await refused(tokens(Repeating()))
    assert evidence.text.startswith("not this: ")
    assert "ey" not in evidence.text


async def test_a_place_without_tls_is_never_asked() -> None:
    fake = FakeServices()
    evidence = await refused(tokens(fake, place=place_of(login="http://localhost:8080")))
    assert classify(evidence).code == "google-service-not-recognised"
    assert fake.asked == []


async def test_who_gives_up_leaves_nothing_behind() -> None:
    held = asyncio.Event()

    class Slow(FakeServices):
        def web(self) -> httpx.AsyncClient:
            async def wait(_: httpx.Request) -> httpx.Response:
                held.set()
                await asyncio.Event().wait()
                raise AssertionError

            return httpx.AsyncClient(transport=httpx.MockTransport(wait), trust_env=False)

    source = tokens(Slow())
    asking = asyncio.ensure_future(source.token())
    await held.wait()
    asking.cancel()
    with pytest.raises(asyncio.CancelledError):
        await asking
    assert not source._lock.locked()


async def test_nothing_secret_is_logged(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    fake, recorder = FakeServices(), Notes()
    access = await tokens(fake, scope=MAIL, recorder=recorder).token()
    for secret in (access.secret.reveal(), fake.forms[0]["assertion"], "PRIVATE KEY"):
        assert secret not in caplog.text
        assert not any(secret in noted for noted in recorder.noted)


async def test_it_proves_itself_in_one_way() -> None:
    with pytest.raises(ValueError, match="key or by what signs"):
        ServiceAccountTokens(
            email=EMAIL,
            subject=SUBJECT,
            scope=SEND,
            place=PLACE,
            web=FakeServices().web,
            recorder=Notes(),
            clock=Clock(),
        )
