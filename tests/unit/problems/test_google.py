"""What Google's sign-in and Gmail answer: every name of theirs leads to the right person and advice."""

import tomllib
from pathlib import Path

import pytest

from sendwright.problems.classify import classify
from sendwright.problems.dictionary import load
from sendwright.problems.evidence import Evidence, System
from sendwright.problems.explanation import explain
from sendwright.problems.problem import Finality, Problem, Retry, Side

YOU, ADMIN, MAKER = "you", "google-workspace-admin", "platform-vendor"
OWNER, NOBODY = "mailbox-owner", "nobody"
FIX, LATER = "after-fix", "later"

ERRORS = {
    "invalid_grant": ("google-connection-ended", YOU, FIX),
    "admin_policy_enforced": ("google-app-blocked-by-admin", ADMIN, FIX),
    "access_not_configured": ("google-app-blocked-by-admin", ADMIN, FIX),
    "access_denied": ("google-sign-in-cancelled", YOU, FIX),
    "org_internal": ("google-other-organisation", YOU, FIX),
    "disallowed_useragent": ("google-embedded-browser", MAKER, FIX),
    "redirect_uri_mismatch": ("google-redirect-not-registered", MAKER, FIX),
    "invalid_client": ("google-client-unknown", MAKER, FIX),
    "deleted_client": ("google-client-removed", MAKER, FIX),
    "disabled_client": ("google-client-removed", MAKER, FIX),
    "unauthorized_client": ("google-delegation-missing", ADMIN, FIX),
    "invalid_scope": ("google-scope-refused", MAKER, FIX),
    "restricted_client": ("google-scope-refused", MAKER, FIX),
    "invalid_request": ("google-request-refused", MAKER, FIX),
    "unsupported_grant_type": ("google-request-refused", MAKER, FIX),
    "unsupported_response_type": ("google-request-refused", MAKER, FIX),
    "policy_enforced": ("google-advanced-protection", OWNER, FIX),
    "rate_limit_exceeded": ("google-sign-in-limit", MAKER, LATER),
    "server_error": ("google-unavailable", NOBODY, LATER),
    "temporarily_unavailable": ("google-unavailable", NOBODY, LATER),
    "internal_failure": ("google-unavailable", NOBODY, LATER),
}

DESCRIBED = [
    ("invalid_grant", "Token has been expired or revoked.", "google-connection-ended", YOU),
    ("invalid_grant", "Bad Request", "google-connection-ended", YOU),
    ("invalid_grant", "Malformed auth code.", "google-sign-in-not-completed", YOU),
    ("invalid_grant", "Missing code verifier.", "google-sign-in-not-completed", YOU),
    ("invalid_grant", "reauth related error (rapt_required)", "google-reauthentication-required", ADMIN),
    ("invalid_grant", "Invalid email or User ID", "google-delegated-user-unknown", YOU),
    ("invalid_grant", "Not a valid email.", "google-delegated-user-unknown", YOU),
    ("invalid_grant", "Invalid JWT Signature.", "google-service-account-key-refused", ADMIN),
    ("invalid_grant", "Invalid JWT: No valid verifier found for issuer.", "google-service-account-key-refused", ADMIN),
    ("invalid_grant", "Invalid JWT: Token must be a short-lived token (60 minutes)", "google-request-time-wrong", YOU),
    ("invalid_grant", "The account has been deleted.", "google-account-unusable", ADMIN),
    ("invalid_grant", "Robot is disabled.", "google-service-account-unusable", ADMIN),
    ("access_denied", "Account restricted", "google-account-unusable", ADMIN),
    ("access_denied", "Requested client not authorized.", "google-delegation-missing", ADMIN),
    ("access_denied", "can only be accessed by developer-approved testers", "google-not-a-test-user", MAKER),
    ("access_denied", "It's currently being tested", "google-not-a-test-user", MAKER),
    ("invalid_request", "Invalid impersonation prn email address.", "google-delegated-user-unknown", YOU),
    ("unauthorized_client", "Client is unauthorized to retrieve access tokens", "google-delegation-missing", ADMIN),
]

GMAIL = {
    "ACCESS_TOKEN_SCOPE_INSUFFICIENT": ("consent-incomplete", YOU, FIX),
    "insufficientPermissions": ("consent-incomplete", YOU, FIX),
    "authError": ("oauth-token-refused", YOU, FIX),
    "required": ("oauth-token-refused", YOU, FIX),
    "UNAUTHENTICATED": ("oauth-token-refused", YOU, FIX),
    "ACCESS_TOKEN_EXPIRED": ("oauth-token-refused", YOU, FIX),
    "ACCESS_TOKEN_TYPE_UNSUPPORTED": ("oauth-token-refused", YOU, FIX),
    "CREDENTIALS_MISSING": ("oauth-token-refused", YOU, FIX),
    "IAM_PERMISSION_DENIED": ("google-signing-not-allowed", ADMIN, FIX),
    "failedPrecondition": ("gmail-precondition-failed", ADMIN, FIX),
    "FAILED_PRECONDITION": ("gmail-precondition-failed", ADMIN, FIX),
    "badRequest": ("gmail-request-refused", MAKER, FIX),
    "invalidArgument": ("gmail-request-refused", MAKER, FIX),
    "invalid": ("gmail-request-refused", MAKER, FIX),
    "parseError": ("gmail-request-refused", MAKER, FIX),
    "INVALID_ARGUMENT": ("gmail-request-refused", MAKER, FIX),
    "uploadTooLarge": ("message-too-large", YOU, FIX),
    "accessNotConfigured": ("gmail-interface-off", MAKER, FIX),
    "SERVICE_DISABLED": ("gmail-interface-off", MAKER, FIX),
    "CONSUMER_SUSPENDED": ("gmail-project-unusable", MAKER, FIX),
    "CONSUMER_INVALID": ("gmail-project-unusable", MAKER, FIX),
    "BILLING_DISABLED": ("gmail-project-unusable", MAKER, FIX),
    "USER_PROJECT_DENIED": ("gmail-project-unusable", MAKER, FIX),
    "RESOURCE_PROJECT_INVALID": ("gmail-project-unusable", MAKER, FIX),
    "forbidden": ("gmail-delegation-denied", ADMIN, FIX),
    "PERMISSION_DENIED": ("gmail-delegation-denied", ADMIN, FIX),
    "domainCannotUseApis": ("gmail-blocked-by-organisation", ADMIN, FIX),
    "domainPolicy": ("gmail-blocked-by-organisation", ADMIN, FIX),
    "USER_BLOCKED_BY_ADMIN": ("gmail-blocked-by-organisation", ADMIN, FIX),
    "SECURITY_POLICY_VIOLATED": ("gmail-blocked-by-organisation", ADMIN, FIX),
    "userRateLimitExceeded": ("gmail-rate-limited", NOBODY, LATER),
    "rateLimitExceeded": ("gmail-rate-limited", NOBODY, LATER),
    "quotaExceeded": ("gmail-rate-limited", NOBODY, LATER),
    "RATE_LIMIT_EXCEEDED": ("gmail-rate-limited", NOBODY, LATER),
    "RESOURCE_EXHAUSTED": ("gmail-rate-limited", NOBODY, LATER),
    "dailyLimitExceeded": ("gmail-project-quota", MAKER, LATER),
    "RESOURCE_QUOTA_EXCEEDED": ("gmail-project-quota", MAKER, LATER),
    "backendError": ("gmail-unavailable", NOBODY, LATER),
    "internalError": ("gmail-unavailable", NOBODY, LATER),
    "serviceUnavailable": ("gmail-unavailable", NOBODY, LATER),
    "UNAVAILABLE": ("gmail-unavailable", NOBODY, LATER),
    "INTERNAL": ("gmail-unavailable", NOBODY, LATER),
    "ABORTED": ("gmail-unavailable", NOBODY, LATER),
    "DEADLINE_EXCEEDED": ("gmail-unavailable", NOBODY, LATER),
    "deadlineExceeded": ("gmail-unavailable", NOBODY, LATER),
}
AT_THE_SENDER = {"notFound", "NOT_FOUND"}
PAUSED = {"sending-limit-reached", "gmail-project-quota"}

SIGN_IN_STATUS = dict.fromkeys([408, 429, 500, 502, 503, 504], "google-unavailable")
STATUS = {
    400: "gmail-request-refused",
    401: "oauth-token-refused",
    405: "gmail-request-refused",
    408: "gmail-unavailable",
    411: "gmail-request-refused",
    413: "message-too-large",
    415: "gmail-request-refused",
    429: "gmail-rate-limited",
    500: "gmail-unavailable",
    502: "gmail-unavailable",
    503: "gmail-unavailable",
    504: "gmail-unavailable",
}

FOLDER = Path(__file__).parents[2] / "explanations"
ANSWERS = tomllib.loads((FOLDER / "google.toml").read_text(encoding="utf-8"))["answer"]


def told(problem: Problem) -> tuple[str, str, str]:
    return problem.code, str(problem.owner), str(problem.retry)


def google(*, error: str | None = None, text: str = "", reason: str | None = None, http: int | None = None) -> Problem:
    seen = Evidence(stage="sign-in", system=System.GOOGLE, error=error, text=text, reason=reason, http=http)
    return classify(seen)


def gmail(*, reason: str | None = None, text: str = "", http: int | None = None, stage: str = "mailbox") -> Problem:
    return classify(Evidence(stage=stage, system=System.GMAIL, reason=reason, text=text, http=http))


@pytest.mark.parametrize(("error", "expected"), ERRORS.items())
def test_every_error_of_the_sign_in_has_a_name_an_owner_and_advice(error: str, expected: tuple[str, str, str]) -> None:
    assert told(google(error=error)) == expected
    assert told(google(error=error, text="words of tomorrow")) == expected


@pytest.mark.parametrize(("error", "text", "code", "owner"), DESCRIBED)
def test_a_description_refines_an_error_and_changes_no_advice(error: str, text: str, code: str, owner: str) -> None:
    problem = google(error=error, text=text)
    assert (problem.code, problem.owner) == (code, owner)
    assert problem.retry == google(error=error).retry


def test_a_description_alone_decides_nothing() -> None:
    for _, text, code, _ in DESCRIBED:
        assert google(text=text).code != code
        assert google(error="an_error_of_tomorrow", text=text).code == "unrecognised"


@pytest.mark.parametrize("subtype", ["invalid_rapt", "rapt_required"])
def test_a_session_rule_is_the_administrators_and_no_ended_connection(subtype: str) -> None:
    problem = google(error="invalid_grant", reason=subtype, text="Bad Request")
    assert told(problem) == ("google-reauthentication-required", ADMIN, FIX)
    assert any("session control" in remedy.path for remedy in problem.remedies)


@pytest.mark.parametrize(("http", "code"), SIGN_IN_STATUS.items())
def test_a_status_alone_says_that_google_cannot_answer(http: int, code: str) -> None:
    problem = google(http=http)
    assert (problem.code, problem.side, problem.finality) == (code, Side.OURS, Finality.DEFERRED)
    assert google(error="invalid_grant", http=http).code == "google-connection-ended"


def test_the_reasons_of_an_ended_connection_stand_in_order() -> None:
    why = explain(google(error="invalid_grant", http=400)).why
    assert [any(word in line for word in words) for line, words in zip(why, [
        ("password",), ("withdrew",), ("tested", "7 days"), ("six months",), ("100",), ("limited time",),
    ], strict=True)] == [True] * 6  # fmt: skip


def test_the_administrator_is_led_to_the_list_of_apps() -> None:
    remedies = explain(google(error="admin_policy_enforced")).remedies
    request, page, *_ = remedies
    assert "mark the app as trusted" in request.value
    assert page.path.startswith("Admin console > Security > Access and data control > API controls")
    assert page.value.startswith("https://admin.google.com/")


def test_delegation_is_the_super_administrators_entry() -> None:
    for problem in (google(error="unauthorized_client"), gmail(reason="forbidden", text="Delegation denied for x")):
        assert any(remedy.path.endswith("Manage Domain Wide Delegation") for remedy in problem.remedies)
        assert problem.owner == ADMIN


@pytest.mark.parametrize(("reason", "expected"), GMAIL.items())
def test_every_reason_of_gmail_has_a_name_an_owner_and_advice(reason: str, expected: tuple[str, str, str]) -> None:
    assert told(gmail(reason=reason)) == expected
    assert told(gmail(reason=reason, http=403, text="words of tomorrow")) == expected


@pytest.mark.parametrize(("http", "code"), STATUS.items())
def test_a_status_alone_names_what_it_can(http: int, code: str) -> None:
    assert gmail(http=http).code == code
    assert gmail(http=http, reason="aReasonOfTomorrow").code == code


@pytest.mark.parametrize("http", [402, 403, 409, 418])
def test_a_status_that_may_mean_anything_is_not_guessed(http: int) -> None:
    assert gmail(http=http).code == "unrecognised"


@pytest.mark.parametrize("reason", ["failedPrecondition", "FAILED_PRECONDITION"])
def test_words_tell_an_account_without_gmail_from_any_other_condition(reason: str) -> None:
    assert told(gmail(reason=reason, text="Mail service not enabled")) == ("gmail-mailbox-missing", ADMIN, FIX)
    assert gmail(reason=reason, text="Precondition check failed.").confidence == "likely"


@pytest.mark.parametrize("text", ["Invalid To header", "Invalid Cc header", "Recipient address required"])
def test_a_bad_recipient_is_yours_and_a_bad_request_the_makers(text: str) -> None:
    assert told(gmail(reason="invalidArgument", text=text)) == ("recipient-address-invalid", YOU, FIX)
    assert gmail(reason="invalidArgument", text="'raw' RFC822 payload required").owner == MAKER


@pytest.mark.parametrize("reason", [reason for reason, (code, *_) in GMAIL.items() if code == "gmail-rate-limited"])
def test_a_pause_is_no_fault_and_the_limit_of_a_day_is_told_apart(reason: str) -> None:
    pause = gmail(reason=reason, text="User-rate limit exceeded.  Retry after 2026-11-20T20:00:00.000Z")
    assert (pause.code, pause.side, pause.finality) == ("gmail-rate-limited", Side.OURS, Finality.DEFERRED)
    day = gmail(reason=reason, text="User-rate limit exceeded.  Retry after 2026-11-21 (Mail sending)")
    assert told(day) == ("sending-limit-reached", NOBODY, LATER)


@pytest.mark.parametrize(("http", "reason"), [(504, None), (504, "DEADLINE_EXCEEDED"), (None, "deadlineExceeded")])
def test_a_message_that_a_gateway_gave_up_may_have_left(http: int | None, reason: str | None) -> None:
    assert gmail(http=http, reason=reason, stage="submit").code == "message-perhaps-sent"
    assert gmail(http=http, reason=reason, stage="mailbox").code == "gmail-unavailable"


def test_a_lost_answer_goes_before_every_reason() -> None:
    for reason in GMAIL:
        seen = Evidence(stage="submit", system=System.GMAIL, reason=reason, http=500, perhaps_sent=True)
        assert classify(seen).code == "message-perhaps-sent"


@pytest.mark.parametrize("reason", [*sorted(AT_THE_SENDER), None])
def test_an_address_that_is_not_found_is_no_sending_address(reason: str | None) -> None:
    assert told(gmail(stage="sender", http=404, reason=reason)) == ("gmail-alias-missing", OWNER, FIX)
    assert gmail(stage="submit", http=404, reason=reason).code == "unrecognised"


@pytest.mark.parametrize(
    ("condition", "owner"),
    [
        ("consent-incomplete", YOU),
        ("gmail-alias-unconfirmed", OWNER),
        ("gmail-alias-elsewhere", OWNER),
        ("gmail-sender-replaced", OWNER),
        ("gmail-sender-unproven", YOU),
        ("gmail-delegation-broad", ADMIN),
        ("gmail-another-account", YOU),
    ],
)
@pytest.mark.parametrize("system", [System.GOOGLE, System.GMAIL])
def test_what_we_observe_ourselves_has_a_name(system: System, condition: str, owner: str) -> None:
    problem = classify(Evidence(stage="permissions", system=system, condition=condition))
    assert told(problem) == (condition, owner, FIX)


@pytest.mark.parametrize("why", ["", *sorted(PAUSED)])
def test_a_mailbox_that_is_left_alone_says_why(why: str) -> None:
    seen = Evidence(stage="submit", system=System.GMAIL, condition="mailbox-paused", reason=why or None)
    assert classify(seen).code == (why or "gmail-rate-limited")
    assert classify(seen).retry is Retry.LATER


def test_these_tables_miss_no_name_that_the_dictionary_knows() -> None:
    rules = load().rules
    assert {error for rule in rules[System.GOOGLE] for error in rule.errors} == set(ERRORS)
    assert {http for rule in rules[System.GOOGLE] for http in rule.http} == set(SIGN_IN_STATUS)
    reasons = {reason for rule in rules[System.GMAIL] for reason in rule.reasons}
    assert reasons == set(GMAIL) | AT_THE_SENDER | set(PAUSED)
    assert {http for rule in rules[System.GMAIL] for http in rule.http} == set(STATUS) | {403, 404}


def test_every_problem_of_theirs_is_met_here() -> None:
    ours = {code for code in load().definitions if code.startswith(("google-", "gmail-"))}
    met = {code for code, *_ in (*ERRORS.values(), *GMAIL.values())} | {code for *_, code, _ in DESCRIBED}
    assert ours <= met | {
        "gmail-mailbox-missing",
        "gmail-alias-missing",
        "gmail-alias-unconfirmed",
        "gmail-alias-elsewhere",
        "gmail-sender-replaced",
        "gmail-sender-unproven",
        "gmail-delegation-broad",
        "gmail-another-account",
        "google-answer-not-understood",
        "google-app-not-let-in",
        "google-app-unverified",
        "google-key-creation-blocked",
        "google-no-refresh-token",
        "google-service-not-recognised",
        "google-service-account-refused",  # these are observed, and met by the tests of oauth.google
        "google-signing-identity-missing",
        "google-signing-identity-refused",
        "google-signing-identity-unusable",
        "google-signing-interface-off",
        "google-signing-not-allowed",
    }


@pytest.mark.parametrize("answer", ANSWERS, ids=lambda answer: f"{answer['code']}: {answer['text'][:30]!r}")
def test_an_answer_of_the_sample_set_expects_what_the_dictionary_can_say(answer: dict[str, str]) -> None:
    definition = load().definitions[answer["code"]]
    rules = [rule for rules in load().rules.values() for rule in rules if rule.problem == answer["code"]]
    said = {(str(rule.owner or definition.owner), str(rule.retry or definition.retry)) for rule in rules}
    assert (answer["owner"], answer["retry"]) in said | {(str(definition.owner), str(definition.retry))}
    assert answer["source"].strip()
    assert [other["text"] for other in ANSWERS].count(answer["text"]) == 1
