"""Each no of Gmail gets its name, its stage, and the truth about what may have been sent."""

from collections.abc import Mapping
from dataclasses import dataclass

import httpx
import pytest
from tests.unit.senders.gmail.doubles import Gmail, error, info, outgoing, sender_of, settings

from sendwright.problems.classify import classify
from sendwright.problems.dictionary import load
from sendwright.problems.evidence import Evidence, System
from sendwright.problems.problem import Owner, Retry
from sendwright.senders.gmail.failures import BUSY, STAGES
from sendwright.senders.gmail.settings import Way
from sendwright.senders.sender import SendFailed

SCOPE = (info("ACCESS_TOKEN_SCOPE_INSUFFICIENT"),)
DISABLED = (info("SERVICE_DISABLED", consumer="projects/123456789012"),)


@dataclass(frozen=True)
class Row:
    """One answer and what it means."""

    status: int
    reason: str
    problem: str
    stage: str = "submit"
    message: str = ""
    details: tuple[Mapping[str, object], ...] = ()
    state: str = ""
    perhaps_sent: bool = False


ROWS = (
    Row(400, "failedPrecondition", "gmail-mailbox-missing", "mailbox", "Mail service not enabled"),
    Row(400, "failedPrecondition", "gmail-precondition-failed", "mailbox", "Precondition check failed."),
    Row(400, "invalidArgument", "recipient-address-invalid", message="Invalid To header"),
    Row(400, "invalidArgument", "recipient-address-invalid", message="Recipient address required"),
    Row(400, "invalidArgument", "gmail-alias-missing", message="Invalid From header"),
    Row(400, "badRequest", "gmail-request-refused", message="Bad Request"),
    Row(401, "authError", "oauth-token-refused", "sign-in", "Invalid Credentials", state="UNAUTHENTICATED"),
    Row(401, "", "oauth-token-refused", "sign-in"),
    Row(403, "insufficientPermissions", "consent-incomplete", "permissions", details=SCOPE, state="PERMISSION_DENIED"),
    Row(403, "insufficientPermissions", "consent-incomplete", "permissions", "Insufficient Permission"),
    Row(403, "forbidden", "consent-incomplete", "permissions", details=SCOPE),
    Row(403, "accessNotConfigured", "gmail-interface-off", "permissions", details=DISABLED),
    Row(403, "forbidden", "gmail-interface-off", "permissions", details=DISABLED),
    Row(403, "forbidden", "gmail-delegation-denied", "mailbox", "Delegation denied for ben@example.org"),
    Row(403, "domainPolicy", "gmail-blocked-by-organisation", "permissions"),
    Row(403, "rateLimitExceeded", "gmail-rate-limited", state="PERMISSION_DENIED"),
    Row(403, "userRateLimitExceeded", "gmail-rate-limited"),
    Row(429, "userRateLimitExceeded", "sending-limit-reached", message="User-rate limit exceeded (Mail sending)"),
    Row(429, "", "gmail-rate-limited", message="Too many concurrent requests for user", state="RESOURCE_EXHAUSTED"),
    Row(403, "quotaExceeded", "gmail-rate-limited"),
    Row(403, "dailyLimitExceeded", "gmail-project-quota"),
    Row(413, "uploadTooLarge", "message-too-large"),
    Row(500, "backendError", "message-perhaps-sent", perhaps_sent=True),
    Row(502, "", "message-perhaps-sent", perhaps_sent=True),
    Row(503, "backendError", "gmail-unavailable", state="UNAVAILABLE"),
    Row(503, "", "gmail-unavailable"),
    Row(504, "", "message-perhaps-sent", perhaps_sent=True),
    Row(408, "", "message-perhaps-sent", perhaps_sent=True),
    Row(418, "somethingNew", "unrecognised"),
)


async def refusal(response: httpx.Response, *, way: Way = Way.ACCOUNT) -> Evidence:
    sender = sender_of(Gmail([response]), chosen=settings(way))
    with pytest.raises(SendFailed) as caught:
        await sender.submit(outgoing())
    await sender.close()
    return caught.value.evidence


def answer(row: Row) -> httpx.Response:
    reasons = (row.reason,) if row.reason else ()
    return error(row.status, *reasons, message=row.message, details=row.details, state=row.state)


@pytest.mark.parametrize("row", ROWS, ids=lambda row: f"{row.status}-{row.reason or 'no-reason'}-{row.problem}")
async def test_every_refusal_has_its_name(row: Row) -> None:
    evidence = await refusal(answer(row))
    problem = classify(evidence)
    assert (problem.code, evidence.stage, evidence.perhaps_sent) == (row.problem, row.stage, row.perhaps_sent)
    assert (evidence.system, evidence.http, evidence.text) == (System.GMAIL, row.status, row.message)


@pytest.mark.parametrize("row", [row for row in ROWS if row.perhaps_sent], ids=lambda row: str(row.status))
async def test_what_may_have_been_sent_is_never_repeated_by_itself(row: Row) -> None:
    assert classify(await refusal(answer(row))).retry is Retry.AFTER_FIX


@pytest.mark.parametrize("row", [row for row in ROWS if row.status in {403, 429, 503}], ids=lambda row: row.problem)
async def test_a_request_that_was_turned_away_was_not_sent(row: Row) -> None:
    assert not (await refusal(answer(row))).perhaps_sent


async def test_the_detail_decides_where_the_older_reason_is_vague() -> None:
    evidence = await refusal(error(403, "forbidden", details=SCOPE, state="PERMISSION_DENIED"))
    assert evidence.reason == "ACCESS_TOKEN_SCOPE_INSUFFICIENT"
    assert evidence.values["reasons"] == "ACCESS_TOKEN_SCOPE_INSUFFICIENT, forbidden, PERMISSION_DENIED"


async def test_a_detail_that_nobody_knows_does_not_hide_a_reason_that_is_known() -> None:
    evidence = await refusal(error(403, "domainPolicy", details=(info("SOMETHING_NEW"),)))
    assert (evidence.reason, classify(evidence).code) == ("domainPolicy", "gmail-blocked-by-organisation")


async def test_the_project_that_has_to_be_opened_is_named() -> None:
    evidence = await refusal(error(403, "accessNotConfigured", details=DISABLED))
    assert evidence.values["project"] == "123456789012"


@pytest.mark.parametrize(("way", "owner"), [(Way.ACCOUNT, Owner.PLATFORM_VENDOR), (Way.SERVICE_ACCOUNT, None)])
async def test_a_project_of_the_organisation_is_for_its_administrator(way: Way, owner: Owner | None) -> None:
    problem = classify(await refusal(error(403, "accessNotConfigured", details=DISABLED), way=way))
    assert problem.owner is (owner or Owner.GOOGLE_WORKSPACE_ADMIN)


def test_what_waits_and_what_a_reason_judges_are_reasons_that_the_dictionary_knows() -> None:
    rules = load().rules[System.GMAIL]
    known = {reason for rule in rules for reason in rule.reasons}
    ours = BUSY.union(*(reasons for _, reasons in STAGES))
    assert ours <= known


@pytest.mark.parametrize("reason", sorted(BUSY))
async def test_who_asks_for_a_pause_is_tried_again_later(reason: str) -> None:
    problem = classify(await refusal(error(403, reason)))
    assert problem.retry is Retry.LATER
    assert load().definitions[problem.code].stops_all


async def test_a_token_that_comes_back_in_the_words_is_not_shown() -> None:
    evidence = await refusal(error(403, "forbidden", message="Bearer canary-token-one is not enough"))
    assert "canary" not in str(evidence)


async def test_words_that_would_turn_the_text_are_made_visible_and_long_ones_cut() -> None:
    assert "\u202e" not in (await refusal(error(403, "forbidden", message="\u202eevil"))).text
    assert len((await refusal(error(403, "forbidden", message="x" * 9_000))).text) == 2_000


@pytest.mark.parametrize(
    ("response", "condition", "system", "perhaps"),
    [
        (httpx.Response(302, headers={"Location": "https://portal.example.com"}), True, System.HTTP, False),
        (httpx.Response(200, html="<h1>Sign in to the guest network</h1>"), True, System.HTTP, False),
        (httpx.Response(200, text="OK"), False, System.GMAIL, True),
        (httpx.Response(204), False, System.GMAIL, True),
        (httpx.Response(202, json={"id": "x"}), False, System.GMAIL, True),
    ],
)
async def test_only_gmails_own_200_is_accepted(
    response: httpx.Response, condition: bool, system: System, perhaps: bool
) -> None:
    evidence = await refusal(response)
    expected = "portal-or-filter-page" if condition else "answer-not-understood"
    assert (evidence.condition, evidence.system, evidence.perhaps_sent) == (expected, system, perhaps)


@pytest.mark.parametrize(
    ("raised", "code"),
    [
        (httpx.ReadTimeout("x"), "message-perhaps-sent"),
        (httpx.ReadError("x"), "message-perhaps-sent"),
        (httpx.RemoteProtocolError("x"), "message-perhaps-sent"),
    ],
)
async def test_a_message_that_had_left_may_have_been_sent_and_is_not_repeated(raised: Exception, code: str) -> None:
    gmail = Gmail([raised])
    with pytest.raises(SendFailed) as caught:
        await sender_of(gmail).submit(outgoing())
    evidence = caught.value.evidence
    assert (evidence.perhaps_sent, evidence.stage, evidence.system) == (True, "submit", System.GMAIL)
    assert (classify(evidence).code, len(gmail.seen)) == (code, 1)
    seen: BaseException | None = caught.value
    while seen is not None:
        assert not isinstance(seen, httpx.HTTPError)  # its request holds the token
        seen = seen.__cause__ or seen.__context__


class _Unread(httpx.AsyncBaseTransport):
    """A way that ends before the body is asked for."""

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        raise httpx.ConnectTimeout("x")


async def test_a_message_that_never_left_was_certainly_not_sent() -> None:
    sender = sender_of(Gmail())
    sender._asking._client = httpx.AsyncClient(transport=_Unread())
    with pytest.raises(SendFailed) as caught:
        await sender.submit(outgoing())
    await sender.close()
    evidence = caught.value.evidence
    assert (evidence.stage, evidence.perhaps_sent) == ("reach", False)
    assert classify(evidence).code == "connection-timed-out"
