"""A person signs in at Google: what is asked for, what comes back, and what is believed of it."""

import os
from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
from tests.unit.oauth.google.fake_google import CLIENT_ID, LOGIN, REDIRECT, FakeGoogle, client, refusal
from tests.unit.oauth.google.signing_in import ALICE, ended, refused, signed_in, started
from tests.unit.oauth.standing_in import NOW, Notes

from sendwright.oauth.google.scopes import EMAIL, MAIL, OPENID, SEND, SETTINGS, USUAL
from sendwright.oauth.grant import OAuthFailed
from sendwright.problems.classify import classify


def asked_of_page(url: str) -> dict[str, str]:
    return {name: values[0] for name, values in parse_qs(urlsplit(url).query, strict_parsing=True).items()}


async def test_the_page_is_asked_for_as_google_wants_it() -> None:
    fake = FakeGoogle()
    request = await started(fake, login_hint="alice@example.org", domain="example.org")
    assert request.url.startswith(f"{LOGIN}/o/oauth2/v2/auth?")
    asked = asked_of_page(request.url)
    challenge = asked.pop("code_challenge")
    assert len(challenge) == 43
    assert asked == {
        "response_type": "code",
        "client_id": CLIENT_ID,
        "redirect_uri": REDIRECT,
        "scope": " ".join(USUAL),
        "state": request.state,
        "nonce": request.nonce.reveal(),
        "code_challenge_method": "S256",
        "access_type": "offline",
        "prompt": "select_account consent",
        "login_hint": "alice@example.org",
        "hd": "example.org",
    }
    assert fake.asked == [], "a page is opened; nothing was asked yet"


@pytest.mark.parametrize(
    ("login", "page", "begins"),
    [
        (LOGIN, "http://localhost:8080/page", "http://localhost:8080/page?"),
        (LOGIN, "http://127.0.0.1:8080/page", "http://127.0.0.1:8080/page?"),
        (LOGIN, "http://practice.example/page", f"{LOGIN}/o/oauth2/v2/auth?"),
        (LOGIN, "http://localhost@practice.example/page", f"{LOGIN}/o/oauth2/v2/auth?"),
        (LOGIN, "https://localhost:8080/page", f"{LOGIN}/o/oauth2/v2/auth?"),
        ("", "http://localhost:8080/page", "https://accounts.google.com/o/oauth2/v2/auth?"),
        ("", "", "https://accounts.google.com/o/oauth2/v2/auth?"),
    ],
)
async def test_only_a_practice_has_its_page_on_this_computer(login: str, page: str, begins: str) -> None:
    request = await started(FakeGoogle(), client=client(login=login, page=page))
    assert request.url.startswith(begins)
    assert asked_of_page(request.url)["state"] == request.state


async def test_nothing_restricted_is_asked_for_unless_somebody_adds_it() -> None:
    assert set(asked_of_page((await started(FakeGoogle())).url)["scope"].split()) == {OPENID, EMAIL, SEND}


@pytest.mark.parametrize(
    ("scopes", "included"),
    [(USUAL, False), ((*USUAL, SETTINGS), True), ((OPENID, EMAIL, MAIL), False), ((OPENID, EMAIL), False)],
)
async def test_what_was_granted_before_is_included_only_where_more_is_added(
    scopes: tuple[str, ...], *, included: bool
) -> None:
    asked = asked_of_page((await started(FakeGoogle(), scopes=scopes)).url)
    assert asked.get("include_granted_scopes") == ("true" if included else None)
    assert asked["scope"] == " ".join(scopes)


async def test_two_sign_ins_share_nothing_and_say_nothing_of_their_secrets() -> None:
    fake, recorder = FakeGoogle(), Notes()
    one, two = [await started(fake, recorder) for _ in range(2)]
    for name in ("state", "url"):
        assert getattr(one, name) != getattr(two, name)
    for secret in (one.verifier, one.nonce):
        assert secret not in {two.verifier, two.nonce}
        assert secret.reveal() in recorder.learned
        assert secret.reveal() not in repr(one)
    assert 43 <= len(one.verifier.reveal()) <= 128
    assert one.state in recorder.learned
    assert one.state not in repr(one)


async def test_a_state_that_is_waited_for_is_used() -> None:
    request = await started(FakeGoogle(), state="state-of-the-listener")
    assert request.state == asked_of_page(request.url)["state"] == "state-of-the-listener"


@pytest.mark.parametrize("login", ["http://login.practice.example", "ftp://x.example", "https://user@x.example"])
async def test_a_page_without_tls_is_never_opened(login: str) -> None:
    with pytest.raises(OAuthFailed) as failure:
        await started(FakeGoogle(), client=client(login=login))
    assert failure.value.evidence.condition == "sign-in-service-not-recognised"


async def test_the_answer_is_exchanged_for_tokens_of_the_person() -> None:
    fake, recorder = FakeGoogle(), Notes()
    request = await started(fake, recorder)
    parameters = fake.sign_in(request.url)
    found = await ended(fake, request, parameters, recorder=recorder)
    assert found.account == ALICE
    assert found.scopes == USUAL
    assert found.access.scope == " ".join(USUAL)
    assert found.access.expires_at == NOW + timedelta(seconds=3599)
    assert {found.refresh_token.reveal()} == fake.refresh
    assert found.ends_at is None
    assert fake.paths() == ["/oauth2/v3/certs", "/token"]
    (form,) = fake.forms()
    assert form == {
        "grant_type": "authorization_code",
        "client_id": CLIENT_ID,
        "client_secret": fake.secret,
        "code": parameters["code"],
        "code_verifier": request.verifier.reveal(),
        "redirect_uri": REDIRECT,
    }
    secrets = {parameters["code"], found.access.secret.reveal(), found.refresh_token.reveal()}
    assert secrets <= recorder.learned
    assert not [secret for secret in secrets if secret in repr(found)]


async def test_a_client_without_a_secret_sends_none() -> None:
    fake = FakeGoogle(secret=None)
    request = await started(fake, client=client(secret=None))
    found = await ended(fake, request, fake.sign_in(request.url), at=client(secret=None))
    assert found.account == ALICE
    assert "client_secret" not in fake.forms()[0]
    assert "authorization" not in fake.headers[-1]


async def test_it_never_claims_to_be_a_browser() -> None:
    fake = FakeGoogle()
    await signed_in(fake)
    assert all("Mozilla" not in headers["user-agent"] for headers in fake.headers)
    assert fake.headers[-1]["content-type"] == "application/x-www-form-urlencoded"


@pytest.mark.parametrize(
    ("granted", "scopes"), [((), (OPENID, EMAIL)), ((SEND,), USUAL), ((SETTINGS,), (OPENID, EMAIL, SETTINGS))]
)
async def test_boxes_that_were_left_unticked_are_told_and_are_no_failure(
    granted: tuple[str, ...], scopes: tuple[str, ...]
) -> None:
    fake = FakeGoogle(granted=granted)
    request = await started(fake, scopes=(*USUAL, SETTINGS))
    found = await ended(fake, request, fake.sign_in(request.url))
    assert found.scopes == scopes
    assert found.refresh_token.reveal() in fake.refresh


async def test_scopes_that_were_granted_before_may_come_too() -> None:
    fake = FakeGoogle(answer={"scope": f"{SEND} {OPENID} {SETTINGS} {EMAIL} {SEND}"})
    assert (await signed_in(fake)).scopes == (SEND, OPENID, SETTINGS, EMAIL)


async def test_an_answer_without_scopes_has_granted_what_was_asked_for() -> None:
    assert (await signed_in(FakeGoogle(answer={"scope": None}))).scopes == USUAL


@pytest.mark.parametrize(
    ("life", "ends"),
    [
        (604799, timedelta(seconds=604799)),
        ("604799", timedelta(seconds=604799)),
        (None, None),
        (0, None),
        ("soon", None),
        (-1, None),
    ],
)
async def test_a_connection_that_will_end_says_when(life: object, ends: timedelta | None) -> None:
    found = await signed_in(FakeGoogle(answer={"refresh_token_expires_in": life}))
    assert found.ends_at == (None if ends is None else NOW + ends)


async def test_without_a_refresh_token_nothing_lasts() -> None:
    fake = FakeGoogle(answer={"refresh_token": None})
    request = await started(fake)
    seen = await refused(fake, request, fake.sign_in(request.url))
    assert (seen.condition, seen.values["username"]) == ("no-refresh-token", "alice@example.org")
    assert classify(seen).code == "google-no-refresh-token"


@pytest.mark.parametrize("state", ["", "another", "STATE"])
async def test_an_answer_to_another_question_is_not_even_looked_at(state: str) -> None:
    fake = FakeGoogle()
    request = await started(fake)
    parameters = fake.sign_in(request.url) | {"state": state, "error": "access_denied"}
    seen = await refused(fake, request, parameters)
    assert (seen.condition, seen.error) == ("state-forged", None)
    assert fake.asked == []


@pytest.mark.parametrize(
    ("issuer", "ours"),
    [
        ("https://accounts.google.com", True),
        ("accounts.google.com", True),
        ("https://accounts.google.com.example", False),
        ("https://login.microsoftonline.com/x/v2.0", False),
        ("https://accounts.google.com/", False),
    ],
)
async def test_an_answer_of_another_server_is_not_redeemed(issuer: str, *, ours: bool) -> None:
    fake = FakeGoogle()
    request = await started(fake)
    parameters = fake.sign_in(request.url, iss=issuer)
    if ours:
        assert (await ended(fake, request, parameters)).account == ALICE
        return
    assert (await refused(fake, request, parameters)).condition == "state-forged"
    assert fake.asked == []


@pytest.mark.parametrize(
    ("error", "code"),
    [
        ("access_denied", "google-sign-in-cancelled"),
        ("admin_policy_enforced", "google-app-blocked-by-admin"),
        ("org_internal", "google-other-organisation"),
        ("invalid_scope", "google-scope-refused"),
        ("server_error", "google-unavailable"),
        ("temporarily_unavailable", "google-unavailable"),
        ("unauthorized_client", "google-delegation-missing"),
        ("something_new", "unrecognised"),
    ],
)
async def test_what_the_page_refused_is_told_by_its_code(error: str, code: str) -> None:
    fake = FakeGoogle()
    request = await started(fake)
    seen = await refused(fake, request, {"state": request.state, "error": error})
    assert (seen.error, seen.stage, seen.http) == (error, "sign-in", None)
    assert classify(seen).code == code
    assert fake.asked == []


async def test_an_answer_without_a_code_is_not_understood() -> None:
    fake = FakeGoogle()
    request = await started(fake)
    assert (await refused(fake, request, {"state": request.state})).condition == "sign-in-answer-not-understood"


@pytest.mark.parametrize(
    ("answer", "code"),
    [
        (refusal("invalid_grant", "Malformed auth code."), "google-sign-in-not-completed"),
        (refusal("invalid_grant"), "google-sign-in-not-completed"),
        (refusal("invalid_grant", error_subtype="invalid_rapt"), "google-reauthentication-required"),
        (refusal("invalid_client", "Unauthorized", status=401), "google-client-unknown"),
        (refusal("deleted_client", status=401), "google-client-removed"),
        (refusal("admin_policy_enforced"), "google-app-blocked-by-admin"),
        (refusal("org_internal", status=403), "google-other-organisation"),
        (refusal("redirect_uri_mismatch"), "google-redirect-not-registered"),
        (refusal("internal_failure", status=500), "google-unavailable"),
        (httpx.Response(503, text="<html>"), "google-unavailable"),
        (httpx.Response(429), "google-unavailable"),
    ],
)
async def test_what_the_token_endpoint_refused_is_told_once_and_nothing_is_tried_again(
    answer: httpx.Response, code: str
) -> None:
    fake = FakeGoogle(answers=[answer])
    request = await started(fake)
    seen = await refused(fake, request, fake.sign_in(request.url))
    assert seen.http == answer.status_code
    assert classify(seen).code == code
    assert len(fake.forms()) == 1


async def test_a_code_counts_once() -> None:
    fake = FakeGoogle()
    request = await started(fake)
    parameters = fake.sign_in(request.url)
    await ended(fake, request, parameters)
    assert classify(await refused(fake, request, parameters)).code == "google-sign-in-not-completed"


async def test_the_code_of_another_sign_in_is_worth_nothing() -> None:
    fake = FakeGoogle()
    mine, hers = await started(fake), await started(fake)
    stolen = fake.sign_in(hers.url) | {"state": mine.state}
    seen = await refused(fake, mine, stolen)
    assert (seen.error, seen.text) == ("invalid_grant", "Invalid code verifier.")


async def test_the_organisation_s_own_client_is_for_its_administrator_to_mend() -> None:
    fake = FakeGoogle(answers=[refusal("invalid_client", status=401)])
    request = await started(fake)
    seen = await refused(fake, request, fake.sign_in(request.url), at=client(own=True))
    assert (seen.values["registration"], seen.values["client_id"]) == ("own", CLIENT_ID)


async def test_the_environment_stays_as_it_is_and_leads_nowhere_else(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("HTTPS_PROXY", "REQUESTS_CA_BUNDLE", "SSL_CERT_FILE", "GOOGLE_APPLICATION_CREDENTIALS", "NETRC"):
        monkeypatch.setenv(name, "/nowhere")
    before = dict(os.environ)
    fake = FakeGoogle()
    assert (await signed_in(fake)).account == ALICE
    assert dict(os.environ) == before
    assert not [name for name in os.environ if name.startswith("OAUTHLIB")]
