"""What any authorisation server answers gets a name, also where no number stands beside it."""

import json

import pytest

from sendwright.problems.classify import classify
from sendwright.problems.dictionary import UNRECOGNISED, load
from sendwright.problems.evidence import Evidence, System
from sendwright.problems.explanation import explain
from sendwright.problems.problem import Confidence, Finality, Owner
from sendwright.problems.rule import Rule

BY_ERROR = {
    "access_denied": ("consent-declined", "consent-declined"),
    "account_selection_required": ("sign-in-needs-person", "sign-in-needs-person"),
    "authorization_declined": ("consent-declined", "consent-declined"),
    "authorization_pending": ("device-code-pending", "device-code-pending"),
    "bad_verification_code": ("device-code-wrong", UNRECOGNISED),
    "code_expired": ("device-code-expired", UNRECOGNISED),
    "consent_required": ("consent-missing", "consent-missing"),
    "expired_token": ("device-code-expired", "device-code-expired"),
    "insufficient_scope": (UNRECOGNISED, "oauth-permission-missing"),
    "insufficient_user_authentication": (UNRECOGNISED, "stronger-sign-in-required"),
    "interaction_required": ("sign-in-needs-person", "sign-in-needs-person"),
    "invalid_authorization_details": (UNRECOGNISED, "scope-invalid"),
    "invalid_client": ("application-credentials-refused", "application-credentials-refused"),
    "invalid_dpop_proof": (UNRECOGNISED, "sign-in-request-malformed"),
    "invalid_grant": ("sign-in-no-longer-valid", "sign-in-no-longer-valid"),
    "invalid_redirect_uri": (UNRECOGNISED, "redirect-uri-mismatch"),
    "invalid_request": ("sign-in-request-malformed", "sign-in-request-malformed"),
    "invalid_request_object": (UNRECOGNISED, "sign-in-request-malformed"),
    "invalid_request_uri": (UNRECOGNISED, "sign-in-request-malformed"),
    "invalid_resource": ("service-missing-in-tenant", UNRECOGNISED),
    "invalid_scope": ("scope-invalid", "scope-invalid"),
    "invalid_target": (UNRECOGNISED, "scope-invalid"),
    "invalid_tenant": ("tenant-not-found", UNRECOGNISED),
    "invalid_token": (UNRECOGNISED, "oauth-token-refused"),
    "login_required": ("sign-in-needs-person", "sign-in-needs-person"),
    "permission_denied": ("consent-declined", UNRECOGNISED),
    "redirect_uri_mismatch": (UNRECOGNISED, "redirect-uri-mismatch"),
    "registration_not_supported": (UNRECOGNISED, "sign-in-request-malformed"),
    "request_not_supported": (UNRECOGNISED, "sign-in-request-malformed"),
    "request_uri_not_supported": (UNRECOGNISED, "sign-in-request-malformed"),
    "server_error": ("sign-in-service-unavailable", "sign-in-service-unavailable"),
    "slow_down": ("device-code-pending", "device-code-pending"),
    "temporarily_unavailable": ("sign-in-service-unavailable", "sign-in-service-unavailable"),
    "unauthorized_client": ("application-not-in-tenant", "oauth-client-not-allowed"),
    "unmet_authentication_requirements": (UNRECOGNISED, "stronger-sign-in-required"),
    "unsupported_grant_type": ("sign-in-request-malformed", "sign-in-request-malformed"),
    "unsupported_response_type": ("sign-in-request-malformed", "sign-in-request-malformed"),
    "use_dpop_nonce": (UNRECOGNISED, "sign-in-request-malformed"),
}
"""OAuth error -> what it means from Microsoft without a number, and from an authorisation server nobody knows."""

OWNERS = {
    "application-credentials-refused": "platform-vendor",
    "application-not-in-tenant": "microsoft-365-admin",
    "consent-declined": "you",
    "consent-missing": "you",
    "device-code-expired": "you",
    "device-code-pending": "you",
    "device-code-wrong": "you",
    "oauth-client-not-allowed": "platform-vendor",
    "oauth-permission-missing": "you",
    "oauth-token-refused": "you",
    "redirect-uri-mismatch": "platform-vendor",
    "scope-invalid": "platform-vendor",
    "service-missing-in-tenant": "microsoft-365-admin",
    "sign-in-needs-person": "you",
    "sign-in-no-longer-valid": "you",
    "sign-in-request-malformed": "platform-vendor",
    "sign-in-service-unavailable": "nobody",
    "stronger-sign-in-required": "you",
    "tenant-not-found": "you",
    UNRECOGNISED: "mail-server-admin",
}
PASSES = {"device-code-pending", "sign-in-service-unavailable"}
SEVERAL_CAUSES = ("invalid_grant", "invalid_client", "invalid_request", "unauthorized_client", "access_denied")


def seen(system: System, *, error: str | None = None, http: int | None = None) -> Evidence:
    return Evidence(stage="sign-in", system=system, error=error, http=http)


@pytest.mark.parametrize(("system", "place"), [(System.ENTRA, 0), (System.OAUTH, 1)])
@pytest.mark.parametrize("error", BY_ERROR)
def test_an_error_alone_tells_at_least_the_kind(error: str, system: System, place: int) -> None:
    problem = classify(seen(system, error=error))
    assert problem.code == BY_ERROR[error][place]
    unknown = problem.code == UNRECOGNISED and system is System.ENTRA  # whom to ask is known all the same
    assert str(problem.owner) == ("microsoft-365-admin" if unknown else OWNERS[problem.code])
    assert (problem.finality is Finality.DEFERRED) == (problem.code in PASSES)


@pytest.mark.parametrize(("system", "place"), [(System.ENTRA, 0), (System.OAUTH, 1)])
def test_no_error_is_known_that_is_not_tested_and_each_stands_in_one_rule(system: System, place: int) -> None:
    known = sorted(error for rule in load().rules[system] for error in rule.errors if not rule.words)
    assert known == sorted(error for error, meanings in BY_ERROR.items() if meanings[place] != UNRECOGNISED)


@pytest.mark.parametrize("system", [System.ENTRA, System.OAUTH])
@pytest.mark.parametrize("error", SEVERAL_CAUSES)
def test_an_error_with_several_causes_is_not_called_certain(error: str, system: System) -> None:
    assert classify(seen(system, error=error)).confidence is Confidence.LIKELY


@pytest.mark.parametrize("system", [System.ENTRA, System.OAUTH])
@pytest.mark.parametrize(
    ("http", "code"),
    [(429, "sign-in-service-throttled"), *((http, "sign-in-service-unavailable") for http in (500, 502, 503, 504))],
)
def test_a_status_without_a_body_means_that_the_service_is_busy_or_down(system: System, http: int, code: str) -> None:
    problem = classify(seen(system, http=http))
    assert (problem.code, problem.owner, problem.retry) == (code, Owner.NOBODY, "later")
    assert int(problem.values["wait_s"]) > 0


@pytest.mark.parametrize("http", [400, 401, 403, 429, 500, 503])
@pytest.mark.parametrize("system", [System.ENTRA, System.OAUTH])
def test_an_error_says_more_than_the_status_it_came_with(system: System, http: int) -> None:
    assert classify(seen(system, http=http, error="invalid_client")).code == "application-credentials-refused"


@pytest.mark.parametrize("http", [200, 302, 400, 401, 403, 404])
def test_a_status_that_has_many_causes_is_never_guessed(http: int) -> None:
    assert classify(seen(System.OAUTH, http=http)).code == UNRECOGNISED


@pytest.mark.parametrize("rule", load().rules[System.OAUTH], ids=lambda rule: f"{rule.problem} {rule.errors}")
def test_no_advice_about_microsoft_is_given_for_another_server(rule: Rule) -> None:
    error, http = next(iter(rule.errors), None), next(iter(rule.http), None)
    problem = classify(seen(System.OAUTH, error=error, http=http))
    shown = explain(problem)
    advice = json.dumps([shown.learn_more, shown.verify.command, [remedy.value for remedy in shown.remedies]])
    assert problem.code == rule.problem
    assert "microsoft" not in advice.casefold()
    assert "Get-Mg" not in advice
    assert "Microsoft" not in shown.title + shown.what + "".join(shown.why)
