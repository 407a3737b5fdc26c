"""Signing in by the authorisation-code flow, as it goes and as it is refused."""

from datetime import timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from tests.unit.oauth.entra.fake_entra import (
    CLIENT,
    CORRELATION,
    GRAPH,
    LOGIN,
    MAIL,
    TENANT,
    TRACE,
    FakeEntra,
    refusal,
    registration,
)
from tests.unit.oauth.entra.signing_in import ALICE, PERMISSIONS, ended, refused, started
from tests.unit.oauth.standing_in import NOW, Notes

from sendwright.problems.classify import classify


async def test_a_person_signs_in_and_the_tokens_are_theirs() -> None:
    fake, recorder = FakeEntra(), Notes()
    request = await started(fake, recorder)
    signed_in = await ended(fake, request, fake.sign_in(request.url), recorder=recorder)
    assert signed_in.account == ALICE
    assert signed_in.permissions == PERMISSIONS
    assert signed_in.access.expires_at == NOW + timedelta(seconds=3599)
    assert signed_in.refresh_token.reveal() in fake.refresh
    assert fake.forms("authorization_code")[0]["scope"].count(GRAPH) == 3


async def test_the_page_is_asked_with_proof_key_state_and_nonce_and_answers_into_the_address() -> None:
    request = await started(FakeEntra(), login_hint="alice@contoso.com")
    asked = {name: values[0] for name, values in parse_qs(urlsplit(request.url).query).items()}
    assert request.url.startswith(f"{LOGIN}/{TENANT}/oauth2/v2.0/authorize?")
    assert asked["client_id"] == CLIENT
    assert asked["response_mode"] == "query"
    assert asked["code_challenge_method"] == "S256"
    assert len(asked["nonce"]) == 64
    assert asked["state"] == request.state
    assert len(request.state) >= 22
    assert asked["prompt"] == "select_account"
    assert asked["login_hint"] == "alice@contoso.com"
    assert set(asked["scope"].split()) == {f"{GRAPH}/{name}" for name in PERMISSIONS} | {
        "openid",
        "profile",
        "offline_access",
    }


async def test_a_state_that_something_waits_for_already_is_the_one_that_comes_back() -> None:
    fake = FakeEntra()
    request = await started(fake, state="chosen-before-the-port-was-known")
    assert request.state == "chosen-before-the-port-was-known"
    assert parse_qs(urlsplit(request.url).query)["state"] == [request.state]
    signed = await ended(fake, request, fake.sign_in(request.url))
    assert signed.account == ALICE


async def test_a_state_that_something_waits_for_already_is_used() -> None:
    fake = FakeEntra()
    request = await started(fake, state="given-state-of-the-listener")
    assert request.state == "given-state-of-the-listener"
    parameters = fake.sign_in(request.url)
    assert parameters["state"] == request.state
    assert (await ended(fake, request, parameters)).account == ALICE


async def test_without_a_prompt_the_session_of_the_browser_decides() -> None:
    assert "prompt=" not in (await started(FakeEntra(), prompt="")).url


async def test_whatever_is_secret_is_learned_and_never_shown() -> None:
    fake, recorder = FakeEntra(), Notes()
    request = await started(fake, recorder)
    parameters = fake.sign_in(request.url)
    signed_in = await ended(fake, request, parameters, recorder=recorder)
    secrets = {
        str(request.flow["code_verifier"]),
        str(request.flow["nonce"]),
        request.state,
        parameters["code"],
        signed_in.access.secret.reveal(),
        signed_in.refresh_token.reveal(),
    }
    assert secrets <= recorder.learned
    assert len([word for word in recorder.learned if word.count(".") == 2]) >= 2, "the id_token too"
    shown = f"{request!r} {signed_in!r}"
    assert not [secret for secret in secrets if secret in shown]


@pytest.mark.parametrize("state", ["", "wrong", None])
async def test_an_answer_to_another_question_is_forged_and_nothing_of_it_is_used(state: str | None) -> None:
    fake = FakeEntra()
    request = await started(fake)
    parameters = fake.sign_in(request.url) | {"state": state or ""}
    if state is None:
        del parameters["state"]
    asked = len(fake.asked)
    for forged in (parameters, parameters | {"error": "access_denied"}):
        seen = await refused(fake, request, forged)
        assert seen.condition == "state-forged"
        assert seen.error is None
        assert classify(seen).code == "state-forged"
    assert len(fake.asked) == asked, "the code was not sent anywhere"


async def test_an_answer_that_names_another_server_is_forged() -> None:
    fake = FakeEntra()
    request = await started(fake)
    seen = await refused(fake, request, fake.sign_in(request.url, iss="https://evil.example/v2.0"))
    assert seen.condition == "state-forged"
    ours = fake.sign_in(request.url, iss=f"{LOGIN}/{TENANT}/v2.0")
    assert (await ended(fake, request, ours)).account == ALICE


async def test_parameters_that_nobody_asked_for_change_nothing() -> None:
    fake = FakeEntra()
    request = await started(fake)
    more = {"access_token": "evil", "id_token": "evil", "client_info": "not base64 !", "redirect_uri": "https://evil"}
    assert (await ended(fake, request, fake.sign_in(request.url, **more))).account == ALICE


async def test_a_code_counts_once() -> None:
    fake = FakeEntra()
    request = await started(fake)
    parameters = fake.sign_in(request.url)
    await ended(fake, request, parameters)
    seen = await refused(fake, request, parameters)
    assert (seen.error, seen.number, seen.http) == ("invalid_grant", 54005, 400)
    assert parameters["code"] not in seen.text
    assert classify(seen).code == "authorization-code-refused"


async def test_the_code_of_another_sign_in_does_not_fit_the_proof_key() -> None:
    fake = FakeEntra()
    mine, other = await started(fake), await started(fake)
    stolen = fake.sign_in(other.url) | {"state": mine.state}
    seen = await refused(fake, mine, stolen)
    assert seen.number == 501481
    assert classify(seen).code == "authorization-code-refused"


REDIRECT_ERRORS = [
    ("access_denied", "AADSTS65004: User declined to consent to access the app.", 65004, "consent-declined"),
    ("access_denied", "the user canceled the authentication", None, "consent-declined"),
    ("access_denied", "AADSTS90094: Admin consent is required.", 90094, "consent-needs-admin"),
    ("interaction_required", "AADSTS53003: Access has been blocked.", 53003, "conditional-access-blocked"),
    ("interaction_required", "", None, "sign-in-needs-person"),
    ("login_required", "AADSTS50058: A silent sign-in request was sent.", 50058, "sign-in-needs-person"),
    ("invalid_request", "", None, "sign-in-request-malformed"),
    ("unauthorized_client", "AADSTS700016: not found in the directory", 700016, "application-not-in-tenant"),
    ("unsupported_response_type", "", None, "sign-in-request-malformed"),
    ("server_error", "AADSTS90033: A transient error has occurred.", 90033, "sign-in-service-unavailable"),
    ("temporarily_unavailable", "", None, "sign-in-service-unavailable"),
    ("invalid_resource", "AADSTS500011: not found in the tenant", 500011, "service-missing-in-tenant"),
    ("invalid_scope", "AADSTS70011: The provided value for scope is not valid.", 70011, "scope-invalid"),
    ("consent_required", "", None, "consent-missing"),
]


@pytest.mark.parametrize(("error", "said", "number", "code"), REDIRECT_ERRORS)
async def test_every_error_of_the_page_gets_its_name(error: str, said: str, number: int | None, code: str) -> None:
    fake = FakeEntra()
    request = await started(fake)
    words = f"{said}\nTrace ID: {TRACE}\nCorrelation ID: {CORRELATION}\nTimestamp: 2026-11-20 12:00:00Z"
    parameters = {
        "error": error,
        "error_description": words,
        "error_subcode": "cancel",
        "state": request.state,
        "claims": '{"access_token":{}}',
    }
    asked = len(fake.asked)
    seen = await refused(fake, request, parameters)
    assert (seen.error, seen.number, seen.text) == (error, number, said)
    assert seen.values["trace_id"] == TRACE
    assert seen.values["correlation_id"] == CORRELATION
    assert seen.values["error_subcode"] == "cancel"
    assert seen.values["claims"] == '{"access_token":{}}'
    assert (seen.values["client_id"], seen.values["tenant"]) == (CLIENT, TENANT)
    assert classify(seen).code == code
    assert len(fake.asked) == asked


async def test_an_error_beats_a_code() -> None:
    fake = FakeEntra()
    request = await started(fake)
    seen = await refused(fake, request, fake.sign_in(request.url, error="access_denied"))
    assert seen.error == "access_denied"


async def test_an_answer_without_code_and_error_is_not_understood() -> None:
    fake = FakeEntra()
    request = await started(fake)
    seen = await refused(fake, request, {"state": request.state})
    assert seen.condition == "sign-in-answer-not-understood"
    assert classify(seen).code == "sign-in-answer-not-understood"


async def test_fewer_permissions_than_asked_for_are_no_error() -> None:
    fake = FakeEntra(granted={"Mail.Send"})
    request = await started(fake)
    assert (await ended(fake, request, fake.sign_in(request.url))).permissions == ("Mail.Send",)


async def test_what_is_not_named_was_granted_as_asked() -> None:
    fake = FakeEntra(answer={"scope": None})
    request = await started(fake)
    assert (await ended(fake, request, fake.sign_in(request.url))).permissions == PERMISSIONS


async def test_a_permission_of_exchange_is_proven_by_a_token_of_its_own() -> None:
    fake = FakeEntra()
    request = await started(fake, permissions=("Mail.Send", "SMTP.Send"))
    signed_in = await ended(fake, request, fake.sign_in(request.url))
    assert signed_in.permissions == ("Mail.Send", "SMTP.Send")
    assert signed_in.access.scope.split()[0].startswith(GRAPH) or MAIL in signed_in.access.scope
    assert "https://outlook.office.com/SMTP.Send" in fake.forms("refresh_token")[0]["scope"]
    assert signed_in.refresh_token.reveal() not in fake.forms("refresh_token")[0]["refresh_token"]


async def test_a_permission_of_exchange_that_was_not_granted_is_left_out() -> None:
    fake = FakeEntra(granted={"Mail.Send"})
    request = await started(fake, permissions=("Mail.Send", "SMTP.Send"))
    assert (await ended(fake, request, fake.sign_in(request.url))).permissions == ("Mail.Send",)


async def test_without_a_refresh_token_nothing_could_be_sent_tomorrow() -> None:
    fake = FakeEntra(answer={"refresh_token": None})
    request = await started(fake)
    seen = await refused(fake, request, fake.sign_in(request.url))
    assert seen.condition == "no-refresh-token"
    assert classify(seen).code == "no-refresh-token"


@pytest.mark.parametrize(
    "answer",
    [{"access_token": None}, {"access_token": 7}, {"token_type": "mac"}, {"token_type": None}, {"id_token": "x.y"}],
)
async def test_an_answer_without_a_usable_token_is_not_understood(answer: dict[str, Any]) -> None:
    fake = FakeEntra(answer=answer)
    request = await started(fake)
    seen = await refused(fake, request, fake.sign_in(request.url))
    assert seen.condition in {"sign-in-answer-not-understood", "id-token-not-ours"}


@pytest.mark.parametrize(
    ("life", "seconds"),
    [("3599", 3599), (None, 3600), ("soon", 3600), (True, 3600), (-5, 0), (10**12, 2 * 24 * 60 * 60)],
)
async def test_the_end_of_a_token_is_within_reason(life: object, seconds: int) -> None:
    fake = FakeEntra(answer={"expires_in": life})
    request = await started(fake)
    signed_in = await ended(fake, request, fake.sign_in(request.url))
    assert signed_in.access.expires_at == NOW + timedelta(seconds=seconds)


async def test_the_refusal_of_the_token_endpoint_tells_everything_support_asks_for() -> None:
    fake = FakeEntra()
    request = await started(fake, registration=registration(own=True))
    challenge = '{"access_token":{"capolids":{"essential":true,"values":["abc"]}}}'
    fake.refusals.append(refusal("interaction_required", 50076, "MFA", suberror="basic_action", claims=challenge))
    seen = await refused(fake, request, fake.sign_in(request.url), at=registration(own=True))
    assert (seen.error, seen.number, seen.http, seen.text) == ("interaction_required", 50076, 400, "AADSTS50076: MFA")
    assert seen.values["suberror"] == "basic_action"
    assert seen.values["claims"] == challenge
    assert seen.values["trace_id"] == TRACE
    assert seen.values["registration"] == "own"
    assert seen.values["client_request_id"]
    assert classify(seen).code == "mfa-required"
