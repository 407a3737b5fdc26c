"""What Microsoft Graph answers when a message is handed over: each code leads to the right person and advice."""

import tomllib
from pathlib import Path

import pytest

from sendwright.problems.classify import classify
from sendwright.problems.dictionary import load
from sendwright.problems.evidence import Evidence, System
from sendwright.problems.explanation import explain
from sendwright.problems.problem import Finality, Problem, Side
from sendwright.texts import LANGUAGES, speaking, text

YOU, EXCHANGE, MICROSOFT = "you", "exchange-admin", "microsoft-365-admin"
OWNER, MAKER, NOBODY = "mailbox-owner", "platform-vendor", "nobody"
FIX, LATER = "after-fix", "later"

NOT_ALLOWED = ("sender-not-allowed", EXCHANGE, FIX)
DENIED = ("graph-access-denied", EXCHANGE, FIX)
NO_PERMISSION = ("graph-permission-missing", MICROSOFT, FIX)
TOKEN = ("oauth-token-refused", YOU, FIX)
NO_MAILBOX = ("graph-mailbox-not-in-exchange-online", MICROSOFT, FIX)
NO_EXCHANGE = ("graph-organisation-without-exchange", MICROSOFT, FIX)
NOT_FOUND = ("graph-mailbox-not-found", YOU, FIX)
PAUSE = ("graph-throttled", NOBODY, LATER)
LIMIT = ("sending-limit-reached", NOBODY, LATER)
FULL = ("sender-mailbox-full", OWNER, FIX)
BLOCKED = ("sender-blocked-for-abuse", MICROSOFT, FIX)
RECIPIENT = ("recipient-address-invalid", YOU, FIX)
LARGE = ("message-too-large", YOU, FIX)
REFUSED = ("graph-request-refused", MAKER, FIX)
BUSY = ("graph-unavailable", NOBODY, LATER)

CODES = {
    "ErrorSendAsDenied": NOT_ALLOWED,
    "ErrorAccessDenied": DENIED,
    "AccessDenied": DENIED,
    "accessDenied": DENIED,
    "Forbidden": DENIED,
    "Authorization_RequestDenied": NO_PERMISSION,
    "NoPermissionsInAccessToken": NO_PERMISSION,
    "ErrorInsufficientPermissionsInAccessToken": NO_PERMISSION,
    "InvalidAuthenticationToken": TOKEN,
    "InvalidAuthenticationTokenSignature": TOKEN,
    "AuthenticationError": TOKEN,
    "Authentication_ExpiredToken": TOKEN,
    "Authentication_MissingOrMalformed": TOKEN,
    "unauthenticated": TOKEN,
    "Unauthorized": TOKEN,
    "TokenExpired": TOKEN,
    "MailboxNotEnabledForRESTAPI": NO_MAILBOX,
    "MailboxNotSupportedForRESTAPI": NO_MAILBOX,
    "ErrorInvalidLicense": NO_MAILBOX,
    "ErrorMissingEmailAddress": NO_MAILBOX,
    "ResourceNotFound": NO_MAILBOX,
    "OrganizationFromTenantGuidNotFound": NO_EXCHANGE,
    "ErrorInvalidUser": NOT_FOUND,
    "Request_ResourceNotFound": NOT_FOUND,
    "ErrorNonExistentMailbox": NOT_FOUND,
    "ApplicationThrottled": PAUSE,
    "TooManyRequests": PAUSE,
    "tooManyRequests": PAUSE,
    "activityLimitReached": PAUSE,
    "Request_ThrottledTemporarily": PAUSE,
    "RequestThrottled": PAUSE,
    "ErrorExceededConnectionCount": PAUSE,
    "ErrorTooManyObjectsOpened": PAUSE,
    "ErrorMessageThrottled": PAUSE,
    "ErrorSubmissionQuotaExceeded": LIMIT,
    "ErrorExceededMessageLimit": LIMIT,
    "ErrorExceededMaxRecipientLimit": LIMIT,
    "ErrorQuotaExceeded": FULL,
    "quotaLimitReached": FULL,
    "ErrorMessageSubmissionBlocked": BLOCKED,
    "ErrorAccountSuspend": BLOCKED,
    "ErrorExceededMaxRecipientLimitBlock": BLOCKED,
    "ErrorMessageBlocked": BLOCKED,
    "ErrorInvalidRecipients": RECIPIENT,
    "ErrorMessageSizeExceeded": LARGE,
    "RequestEntityTooLarge": LARGE,
    "BadRequest": REFUSED,
    "RequestBodyRead": REFUSED,
    "invalidRequest": REFUSED,
    "ErrorInvalidRequest": REFUSED,
    "ErrorMimeContentInvalidBase64String": REFUSED,
    "ErrorMimeContentInvalid": REFUSED,
    "ErrorSchemaValidation": REFUSED,
    "ErrorInvalidPropertySet": REFUSED,
    "ErrorInvalidIdMalformed": REFUSED,
    "UnableToDeserializePostBody": REFUSED,
    "Request_BadRequest": REFUSED,
    "ErrorIncorrectRoutingHint": REFUSED,
    "ErrorMailboxStoreUnavailable": BUSY,
    "ErrorServerBusy": BUSY,
    "ErrorInternalServerTransientError": BUSY,
    "ErrorInternalServerError": BUSY,
    "InternalServerError": BUSY,
    "ErrorMailboxMoveInProgress": BUSY,
    "ErrorMailboxFailover": BUSY,
    "ErrorConnectionFailed": BUSY,
    "ServiceUnavailable": BUSY,
    "serviceNotAvailable": BUSY,
    "ServiceNotAvailable": BUSY,
    "ErrorMessageTransientError": BUSY,
    "MailboxInfoStale": BUSY,
    "generalException": BUSY,
    "ErrorTimeoutExpired": BUSY,
    "GatewayTimeout": BUSY,
}
TIMEOUTS = ["ErrorTimeoutExpired", "GatewayTimeout"]
STATUS = {
    **dict.fromkeys([400, 405, 406, 411, 415, 422], REFUSED),
    401: TOKEN,
    413: LARGE,
    429: PAUSE,
    509: PAUSE,
    507: FULL,
    **dict.fromkeys([408, 500, 502, 503, 504], BUSY),
}

VALUES = {"sender": "notices@contoso.com", "username": "alice@contoso.com", "client_id": "00000000-0000-4000-8000-01"}
FOLDER = Path(__file__).parents[2] / "explanations"
ANSWERS = tomllib.loads((FOLDER / "graph.toml").read_text(encoding="utf-8"))["answer"]


def told(problem: Problem) -> tuple[str, str, str]:
    return problem.code, str(problem.owner), str(problem.retry)


def graph(*, reason: str | None = None, text: str = "", http: int | None = None, stage: str = "mailbox") -> Problem:
    return classify(Evidence(stage=stage, system=System.GRAPH, reason=reason, text=text, http=http, values=VALUES))


def copied(problem: Problem) -> list[str]:
    return [remedy.value for remedy in explain(problem).remedies if remedy.kind == "copy"]


@pytest.mark.parametrize(("code", "expected"), CODES.items())
def test_every_code_has_a_name_an_owner_and_advice(code: str, expected: tuple[str, str, str]) -> None:
    assert told(graph(reason=code)) == expected
    assert told(graph(reason=code, http=403, text="words of tomorrow")) == expected


@pytest.mark.parametrize(("http", "expected"), STATUS.items())
def test_a_status_alone_names_what_it_can(http: int, expected: tuple[str, str, str]) -> None:
    assert told(graph(http=http)) == expected
    assert told(graph(http=http, reason="CodeOfTomorrow")) == expected


@pytest.mark.parametrize("http", [402, 403, 404, 409, 423])
def test_a_status_that_may_mean_anything_is_not_guessed(http: int) -> None:
    assert graph(http=http).code == "unrecognised"
    assert graph(http=http, reason="UnknownError").code == "unrecognised"


def test_the_right_to_send_as_is_exchanges_with_both_commands_and_the_one_that_shows_it() -> None:
    problem = graph(reason="ErrorSendAsDenied", stage="sender")
    grant, behalf = copied(problem)
    assert grant.startswith("Add-RecipientPermission -Identity 'notices@contoso.com' -Trustee 'alice@contoso.com'")
    assert behalf.startswith(
        "Set-Mailbox -Identity 'notices@contoso.com' -GrantSendOnBehalfTo @{Add='alice@contoso.com'"
    )
    assert explain(problem).verify.command.startswith("Get-RecipientPermission -Identity 'notices@contoso.com'")


@pytest.mark.parametrize(
    "text",
    [
        "Access to OData is disabled: [RAOP] : Blocked by tenant configured AppOnly AccessPolicy settings.",
        "Access to OData is disabled.",
    ],
)
def test_a_rule_about_apps_is_told_from_a_missing_right(text: str) -> None:
    problem = graph(reason="ErrorAccessDenied", http=403, text=text)
    assert told(problem) == ("graph-app-kept-out-of-mailbox", EXCHANGE, FIX)
    assert explain(problem).verify.command.startswith("Test-ApplicationAccessPolicy -Identity 'notices@contoso.com'")
    assert any(command.startswith("Test-ServicePrincipalAuthorization") for command in copied(problem))
    assert graph(reason="ErrorAccessDenied", text="Access is denied.").confidence == "likely"


def test_words_without_a_code_decide_nothing() -> None:
    assert graph(text="Access to OData is disabled.").code == "unrecognised"
    assert graph(text="Continuous access evaluation resulted in challenge").code == "unrecognised"


@pytest.mark.parametrize(
    "evidence",
    [
        Evidence(stage="sign-in", system=System.GRAPH, error="insufficient_claims", http=401),
        Evidence(
            stage="sign-in",
            system=System.GRAPH,
            reason="InvalidAuthenticationToken",
            http=401,
            text="Continuous access evaluation resulted in challenge with result: InteractionRequired",
        ),
    ],
    ids=["claims", "words"],
)
def test_a_challenge_asks_for_a_new_sign_in(evidence: Evidence) -> None:
    problem = classify(evidence)
    assert told(problem) == ("graph-sign-in-challenged", YOU, FIX)
    assert [remedy.label for remedy in problem.remedies] == ["remedies.sign-in-again"]


@pytest.mark.parametrize("seen", [{"reason": code} for code, name in CODES.items() if name == PAUSE] + [{"http": 429}])
def test_a_throttle_is_no_fault_and_passes_by_itself(seen: dict[str, str | int]) -> None:
    problem = classify(Evidence(stage="submit", system=System.GRAPH, retry_after_s=17, **seen))  # type: ignore[arg-type]  # one field each
    assert (problem.side, problem.finality) == (Side.OURS, Finality.DEFERRED)
    assert problem.values["wait_s"] == "17"
    assert "no fault" in explain(problem).what


def test_a_missing_mailbox_names_licence_age_server_and_guest() -> None:
    explanation = explain(graph(reason="MailboxNotEnabledForRESTAPI"))
    assert [word in line for word, line in zip(
        ("licence", "short time ago", "on premises", "guest", "deleted"), explanation.why, strict=True
    )] == [True] * 5  # fmt: skip
    assert explanation.verify.command.startswith("Get-CASMailbox -Identity 'alice@contoso.com'")


@pytest.mark.parametrize(
    "seen", [(504, None), *((504, code) for code in TIMEOUTS), *((None, code) for code in TIMEOUTS)]
)
def test_a_message_that_a_gateway_gave_up_may_have_left(seen: tuple[int | None, str | None]) -> None:
    http, reason = seen
    assert graph(http=http, reason=reason, stage="submit").code == "message-perhaps-sent"
    assert told(graph(http=http, reason=reason)) == BUSY


def test_a_lost_answer_goes_before_every_code() -> None:
    for code in CODES:
        seen = Evidence(stage="submit", system=System.GRAPH, reason=code, http=500, perhaps_sent=True)
        assert classify(seen).code == "message-perhaps-sent"


def test_a_hostile_address_stays_out_of_every_command() -> None:
    values = {"sender": "x'; Remove-Mailbox 'y", "username": "$(z)", "client_id": "`q`"}
    for code in CODES:
        explanation = explain(classify(Evidence(stage="mailbox", system=System.GRAPH, reason=code, values=values)))
        passed_on = text("remedies.pass-on")
        copied = [remedy for remedy in explanation.remedies if remedy.kind == "copy" and remedy.label != passed_on]
        commands = [remedy.value for remedy in copied]
        for command in (*commands, explanation.verify.command):
            assert not any(part in command for part in ("Remove-Mailbox", "$(z)", "`q`"))


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_card_of_theirs_shows_an_empty_place(language: str) -> None:
    with speaking(language):
        for code in CODES:
            explanation = explain(graph(reason=code))
            assert "…" not in explanation.what.replace("{wait_minutes}", "")
            assert all("…" not in line for line in (explanation.title, *explanation.why))


def test_these_tables_miss_no_name_that_the_dictionary_knows() -> None:
    rules = load().rules[System.GRAPH]
    assert {reason for rule in rules for reason in rule.reasons} == set(CODES)
    assert {http for rule in rules if not rule.words for http in rule.http} == set(STATUS)
    met = {code for code, *_ in (*CODES.values(), *STATUS.values())}
    ours = {code for code in load().definitions if code.startswith("graph-")}
    assert ours == {code for code in met if code.startswith("graph-")} | {
        "graph-another-account",
        "graph-app-kept-out-of-mailbox",
        "graph-sign-in-challenged",
    }


@pytest.mark.parametrize("answer", ANSWERS, ids=lambda answer: f"{answer['code']}: {answer['text'][:30]!r}")
def test_an_answer_of_the_sample_set_expects_what_the_tables_say(answer: dict[str, str]) -> None:
    expected = {*CODES.values(), *STATUS.values()}
    expected |= {("graph-app-kept-out-of-mailbox", EXCHANGE, FIX), ("graph-sign-in-challenged", YOU, FIX)}
    assert (answer["code"], answer["owner"], answer["retry"]) in expected
    assert answer["source"].strip()
    assert [other["text"] for other in ANSWERS].count(answer["text"]) == 1
