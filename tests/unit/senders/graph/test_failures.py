"""Each no of Microsoft Graph gets its name, its stage, and the truth about what may have been sent."""

from dataclasses import dataclass

import httpx
import pytest
from tests.unit.senders.doubles import Drops
from tests.unit.senders.graph.doubles import ACCOUNT, CLIENT, MAILBOX, Graph, error, outgoing, sender_of, settings

from sendwright.problems.classify import classify
from sendwright.problems.evidence import Evidence, System
from sendwright.problems.explanation import explain
from sendwright.problems.problem import Owner, Retry
from sendwright.senders.graph.settings import Route, Way
from sendwright.senders.sender import SendFailed


@dataclass(frozen=True)
class Row:
    """One answer and what it means."""

    status: int
    code: str
    problem: str
    stage: str = "submit"
    message: str = ""
    perhaps_sent: bool = False


ROWS = (
    Row(400, "ErrorMimeContentInvalidBase64String", "graph-request-refused", message="Invalid base64 string."),
    Row(400, "ErrorInvalidRecipients", "recipient-address-invalid", message="At least one recipient is not valid."),
    Row(400, "BadRequest", "graph-request-refused"),
    Row(400, "RequestBodyRead", "graph-request-refused"),
    Row(401, "InvalidAuthenticationToken", "oauth-token-refused", "sign-in", "Access token is empty."),
    Row(401, "InvalidAuthenticationToken", "oauth-token-refused", "sign-in", "CompactToken parsing failed: 80049217"),
    Row(
        403, "ErrorAccessDenied", "graph-access-denied", "sender", "Access is denied. Check credentials and try again."
    ),
    Row(
        403,
        "ErrorAccessDenied",
        "graph-app-kept-out-of-mailbox",
        "sender",
        "Access to OData is disabled: [RAOP] : Blocked by tenant configured AppOnly AccessPolicy settings.",
    ),
    Row(403, "ErrorSendAsDenied", "sender-not-allowed", "sender", "The user account which was used ..."),
    Row(403, "Authorization_RequestDenied", "graph-permission-missing", "permissions", "Insufficient privileges."),
    Row(404, "ErrorInvalidUser", "graph-mailbox-not-found", "mailbox", "The requested user 'x' is invalid."),
    Row(404, "MailboxNotEnabledForRESTAPI", "graph-mailbox-not-in-exchange-online", "mailbox"),
    Row(404, "MailboxNotSupportedForRESTAPI", "graph-mailbox-not-in-exchange-online", "mailbox"),
    Row(
        404, "ResourceNotFound", "graph-mailbox-not-in-exchange-online", "mailbox", "Resource could not be discovered."
    ),
    Row(404, "Request_ResourceNotFound", "graph-mailbox-not-found", "mailbox"),
    Row(413, "", "message-too-large"),
    Row(429, "ApplicationThrottled", "graph-throttled", message="Application is over its MailboxConcurrency limit."),
    Row(429, "TooManyRequests", "graph-throttled"),
    Row(429, "activityLimitReached", "graph-throttled"),
    Row(429, "ErrorSubmissionQuotaExceeded", "sending-limit-reached"),
    Row(403, "ErrorSubmissionQuotaExceeded", "sending-limit-reached"),
    Row(403, "ErrorQuotaExceeded", "sender-mailbox-full"),
    Row(507, "ErrorQuotaExceeded", "sender-mailbox-full"),
    Row(403, "ErrorMessageSubmissionBlocked", "sender-blocked-for-abuse"),
    Row(429, "ErrorExceededMessageLimit", "sending-limit-reached"),
    Row(403, "ErrorExceededMessageLimit", "sending-limit-reached"),
    Row(403, "ErrorExceededMaxRecipientLimit", "sending-limit-reached"),
    Row(403, "ErrorExceededMaxRecipientLimitBlock", "sender-blocked-for-abuse"),
    Row(403, "ErrorAccountSuspend", "sender-blocked-for-abuse"),
    Row(403, "ErrorMessageBlocked", "sender-blocked-for-abuse"),
    Row(503, "ErrorMailboxStoreUnavailable", "graph-unavailable"),
    Row(503, "ErrorServerBusy", "graph-unavailable"),
    Row(503, "ServiceUnavailable", "graph-unavailable"),
    Row(504, "UnknownError", "message-perhaps-sent", perhaps_sent=True),
    Row(504, "", "message-perhaps-sent", perhaps_sent=True),
    Row(500, "ErrorTimeoutExpired", "message-perhaps-sent", perhaps_sent=True),
    Row(401, "", "oauth-token-refused", "sign-in"),
    Row(401, "OrganizationFromTenantGuidNotFound", "graph-organisation-without-exchange", "mailbox"),
    Row(401, "NoPermissionsInAccessToken", "graph-permission-missing", "permissions"),
    Row(403, "", "unrecognised"),
    Row(418, "SomethingNew", "unrecognised"),
)


async def refusal(response: httpx.Response, *, route: Route = Route.ME, way: Way = Way.ACCOUNT) -> Evidence:
    sender = sender_of(Graph([response]), chosen=settings(route, way))
    with pytest.raises(SendFailed) as caught:
        await sender.submit(outgoing())
    await sender.close()
    return caught.value.evidence


@pytest.mark.parametrize("row", ROWS, ids=lambda row: f"{row.status}-{row.code or 'no-code'}-{row.problem}")
async def test_every_refusal_has_its_name(row: Row) -> None:
    evidence = await refusal(error(row.status, row.code, row.message))
    problem = classify(evidence)
    assert (problem.code, evidence.stage, evidence.perhaps_sent) == (row.problem, row.stage, row.perhaps_sent)
    assert (evidence.system, evidence.http, evidence.reason) == (System.GRAPH, row.status, row.code or None)
    assert evidence.text == row.message


@pytest.mark.parametrize("row", [row for row in ROWS if row.perhaps_sent], ids=lambda row: f"{row.status}-{row.code}")
async def test_what_may_have_been_sent_is_never_repeated_by_itself(row: Row) -> None:
    problem = classify(await refusal(error(row.status, row.code)))
    assert problem.retry is Retry.AFTER_FIX


async def test_what_a_code_means_does_not_hang_on_its_words() -> None:
    """Graph says that its messages change: only codes decide."""
    said, unsaid = (
        await refusal(error(403, "ErrorSendAsDenied", "x" * 9_000)),
        await refusal(error(403, "ErrorSendAsDenied")),
    )
    assert classify(said).code == classify(unsaid).code == "sender-not-allowed"
    assert len(said.text) == 2_000


async def test_evidence_names_account_mailbox_application_and_both_ids() -> None:
    evidence = await refusal(error(403, "ErrorSendAsDenied", **{"request-id": "theirs"}))
    values = evidence.values
    assert (values["username"], values["sender"], values["mailbox"]) == (ACCOUNT, MAILBOX, MAILBOX)
    assert (values["request_id"], values["host"], values["route"]) == ("theirs", "graph.microsoft.com", "me")
    assert len(values["client_request_id"]) == 36


@pytest.mark.parametrize(("route", "way"), [(Route.MAILBOX, Way.ACCOUNT), (Route.MAILBOX, Way.APPLICATION)])
async def test_a_mailbox_that_is_not_there_is_the_one_that_was_asked_for(route: Route, way: Way) -> None:
    evidence = await refusal(error(404, "ErrorInvalidUser"), route=route, way=way)
    assert (evidence.values["username"], evidence.values["sender"]) == (MAILBOX, MAILBOX)


@pytest.mark.parametrize(
    ("message", "code"),
    [
        ("Access is denied. Check credentials and try again.", "graph-access-denied"),
        ("Access to OData is disabled: [RAOP] : Blocked by tenant configured.", "graph-app-kept-out-of-mailbox"),
    ],
)
async def test_an_application_is_advised_as_one(message: str, code: str) -> None:
    response = error(403, "ErrorAccessDenied", message)
    evidence = await refusal(response, route=Route.MAILBOX, way=Way.APPLICATION)
    problem = classify(evidence)
    assert (problem.code, problem.owner, evidence.stage) == (code, Owner.EXCHANGE_ADMIN, "sender")
    explained = explain(problem)
    commands = [remedy.value for remedy in explained.remedies] + [explained.verify.command]
    assert f"Test-ServicePrincipalAuthorization -Identity '{CLIENT}' -Resource '{MAILBOX}'" in commands
    assert not any("Add-MailboxPermission" in command or ACCOUNT in command for command in commands)
    assert classify(await refusal(response, route=Route.MAILBOX)).code == code


async def test_the_mailbox_of_the_account_is_named_where_its_own_lacks() -> None:
    assert (await refusal(error(404, "MailboxNotEnabledForRESTAPI"))).values["username"] == ACCOUNT


async def test_a_token_that_comes_back_in_the_words_is_not_shown() -> None:
    evidence = await refusal(error(403, "ErrorAccessDenied", "Bearer canary-token-one is not enough"))
    assert "canary" not in evidence.text
    assert "canary" not in str(evidence)


async def test_words_that_would_turn_the_text_are_made_visible() -> None:
    assert "\u202e" not in (await refusal(error(403, "ErrorAccessDenied", "\u202eevil"))).text


@pytest.mark.parametrize(
    ("response", "condition", "perhaps"),
    [
        (httpx.Response(302, headers={"Location": "https://portal.example.com"}), "portal-or-filter-page", False),
        (httpx.Response(200, html="<h1>Blocked by policy</h1>"), "portal-or-filter-page", False),
        (httpx.Response(200, json={}), "answer-not-understood", True),
        (httpx.Response(204), "answer-not-understood", True),
    ],
)
async def test_only_202_is_accepted(response: httpx.Response, condition: str, perhaps: bool) -> None:
    evidence = await refusal(response)
    assert (evidence.condition, evidence.perhaps_sent) == (condition, perhaps)


async def test_an_acceptance_counts_although_the_rest_of_the_answer_was_lost() -> None:
    sender = sender_of(Graph([httpx.Response(202, stream=Drops(), headers={"request-id": "theirs"})]))
    assert (await sender.submit(outgoing())).provider_id == "theirs"
