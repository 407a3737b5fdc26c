"""Messages are handed to Gmail as it wants them, once, at the mailbox's own pace."""

import asyncio

import httpx
import pytest
from tests.unit.senders.doubles import NOW, Drops, Learning, Tokens
from tests.unit.senders.gmail.doubles import (
    ACCOUNT,
    GMAIL,
    NOTICES,
    RECIPIENT,
    SEND,
    SERVICE_ACCOUNT,
    Gmail,
    accepted,
    asking_of,
    error,
    outgoing,
    sender_of,
    settings,
)

from sendwright.oauth.grant import OAuthFailed
from sendwright.problems.classify import classify
from sendwright.problems.evidence import Evidence, System
from sendwright.senders.gmail.opening import API_LIMITS
from sendwright.senders.gmail.sender import LARGEST, NARROW_S, UPLOAD_FROM
from sendwright.senders.gmail.settings import Way
from sendwright.senders.interface.asking import Request
from sendwright.senders.pace import MailboxPace
from sendwright.senders.sender import SendFailed


def lines(size: int) -> str:
    return ("b" * 70 + "\n") * (size // 71)


@pytest.mark.parametrize("way", Way)
async def test_a_small_message_goes_within_json_to_whoever_the_token_is_of(way: Way) -> None:
    gmail = Gmail([accepted()])
    await sender_of(gmail, chosen=settings(way)).submit(outgoing())
    (request,), (message,) = gmail.seen, gmail.posted
    assert (request.method, str(request.url)) == ("POST", SEND)
    assert request.headers["Content-Type"] == "application/json"
    assert request.headers["Content-Length"] == str(len(gmail.bodies[0]))
    assert request.headers["Authorization"] == "Bearer canary-token-one"
    assert (message["From"], message["To"]) == (f"Notices <{ACCOUNT}>", RECIPIENT)
    assert (message["Message-ID"], message["Bcc"]) == ("<test.1@example.org>", None)


async def test_the_octets_of_the_message_stay_as_they_are_and_need_no_escape() -> None:
    gmail = Gmail([accepted()])
    await sender_of(gmail).submit(outgoing(subject="Größe ✓", text="~~~???>>>\n" * 500, alias='Q"uote\\d'))
    assert set(gmail.bodies[0][8:-2]) <= set(b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_=")
    assert gmail.posted[0].get_content().replace("\r\n", "\n").startswith("~~~???>>>\n" * 500)  # type: ignore[attr-defined]  # of the new API


async def test_a_large_message_goes_as_it_is_through_the_upload_form() -> None:
    gmail = Gmail([accepted()])
    await sender_of(gmail).submit(outgoing(text=lines(UPLOAD_FROM)))
    (request,), (message,) = gmail.seen, gmail.posted
    assert str(request.url) == f"{GMAIL}/upload/gmail/v1/users/me/messages/send?uploadType=media"
    assert request.headers["Content-Type"] == "message/rfc822"
    assert len(gmail.bodies[0]) >= UPLOAD_FROM
    assert b"\r\n\r\n" in gmail.bodies[0][:2_000]
    assert message["To"] == RECIPIENT


async def test_a_message_that_is_too_large_is_refused_before_anything_is_asked() -> None:
    gmail, tokens = Gmail([accepted()]), Tokens()
    with pytest.raises(SendFailed) as caught:
        await sender_of(gmail, tokens=tokens).submit(outgoing(text=lines(LARGEST)))
    evidence = caught.value.evidence
    assert (gmail.seen, tokens.given) == ([], [])
    assert (classify(evidence).code, evidence.perhaps_sent) == ("message-too-large", False)
    assert evidence.values["limit"] == str(25 * 1024 * 1024)
    assert int(evidence.values["size"]) > LARGEST


async def test_a_receipt_has_gmails_id_and_that_of_the_conversation() -> None:
    receipt = await sender_of(Gmail([accepted("18aa", "18bb")])).submit(outgoing())
    assert (receipt.provider_id, receipt.thread_id) == ("18aa", "18bb")
    assert (receipt.message_id, receipt.reply) == ("<test.1@example.org>", "200 OK")


@pytest.mark.parametrize(
    "response",
    [
        httpx.Response(200, stream=Drops(), headers={"Content-Type": "application/json; charset=UTF-8"}),
        httpx.Response(200, json={}),
        httpx.Response(200, json={"id": 17, "threadId": ["x"]}),
        httpx.Response(200, json={"id": "x" * 500}),
    ],
)
async def test_an_acceptance_counts_although_its_ids_were_lost(response: httpx.Response) -> None:
    receipt = await sender_of(Gmail([response])).submit(outgoing())
    assert (receipt.provider_id, receipt.thread_id, receipt.reply) == ("", "", "200 OK")


async def test_a_refused_token_is_replaced_once_and_the_message_sent_once() -> None:
    gmail, tokens = Gmail([error(401, "authError"), accepted()]), Tokens(["one-canary", "two-canary"])
    await sender_of(gmail, tokens=tokens).submit(outgoing())
    assert [request.headers["Authorization"] for request in gmail.seen] == ["Bearer one-canary", "Bearer two-canary"]
    assert tokens.taken_back == ["one-canary"]
    assert gmail.bodies[0] == gmail.bodies[1]


async def test_a_second_refusal_is_the_last() -> None:
    gmail = Gmail([error(401, "authError", message="Invalid Credentials")])
    tokens = Tokens(["one-canary", "two-canary", "three-canary"])
    with pytest.raises(SendFailed) as caught:
        await sender_of(gmail, tokens=tokens).submit(outgoing())
    assert len(gmail.seen) == 2
    assert tokens.taken_back == ["one-canary", "two-canary"]
    evidence = caught.value.evidence
    assert (evidence.stage, evidence.perhaps_sent, classify(evidence).code) == ("sign-in", False, "oauth-token-refused")


async def test_a_grant_that_is_dead_is_said_as_the_sign_in_said_it() -> None:
    evidence = Evidence(stage="sign-in", system=System.GOOGLE, error="invalid_grant", http=400)
    gmail, tokens = Gmail([accepted()]), Tokens(broken=OAuthFailed(evidence))
    with pytest.raises(SendFailed) as caught:
        await sender_of(gmail, tokens=tokens).submit(outgoing())
    found = caught.value.evidence
    assert gmail.seen == []
    assert (found.error, found.values["username"], found.perhaps_sent) == ("invalid_grant", ACCOUNT, False)
    assert classify(found).code == "google-connection-ended"


@pytest.mark.parametrize("status", [400, 403, 404, 413, 429, 500, 502, 503, 504])
async def test_nothing_but_a_refused_token_is_tried_again(status: int) -> None:
    gmail = Gmail([error(status, "whatever")])
    with pytest.raises(SendFailed):
        await sender_of(gmail).submit(outgoing())
    assert len(gmail.seen) == 1


RATE = "User-rate limit exceeded.  Retry after 2026-11-20T10:00:45.000Z"
DAY = "User-rate limit exceeded.  Retry after 2026-11-20T20:00:00.000Z (Mail sending)"
PAUSES = [
    (403, "rateLimitExceeded", RATE, 46.0, 46.0, "gmail-rate-limited"),
    (429, "userRateLimitExceeded", RATE, 46.0, 46.0, "gmail-rate-limited"),
    (429, "rateLimitExceeded", "Too many concurrent requests for user", None, 60.0, "gmail-rate-limited"),
    (403, "quotaExceeded", "", None, 60.0, "gmail-rate-limited"),
    (429, "", "", None, 60.0, "gmail-rate-limited"),
    (429, "userRateLimitExceeded", DAY, 36_001.0, 36_001.0, "sending-limit-reached"),
    (403, "userRateLimitExceeded", "(Mail sending)", None, 3_600.0, "sending-limit-reached"),
    (403, "dailyLimitExceeded", "Daily Limit Exceeded", None, 3_600.0, "gmail-project-quota"),
    (403, "rateLimitExceeded", "Retry after 2026-11-20T09:00:00Z", 0.0, 60.0, "gmail-rate-limited"),
]


@pytest.mark.parametrize("row", PAUSES, ids=lambda row: f"{row[0]}-{row[1]}-{row[3]}")
async def test_what_gmail_asks_for_is_told_and_kept_by_everybody(
    row: tuple[int, str, str, float | None, float, str],
) -> None:
    status, reason, message, told, paused, code = row
    pace = MailboxPace(clock=lambda: 1_000.0)
    reasons = (reason,) if reason else ()
    busy, calm = Gmail([error(status, *reasons, message=message)]), Gmail([accepted()])
    with pytest.raises(SendFailed) as caught:
        await sender_of(busy, pace=pace).submit(outgoing())
    assert (classify(caught.value.evidence).code, caught.value.evidence.retry_after_s) == (code, told)
    assert pace.paused_s == paused
    with pytest.raises(SendFailed) as caught:
        await sender_of(calm, pace=pace).submit(outgoing())
    evidence = caught.value.evidence
    assert (evidence.condition, evidence.retry_after_s, evidence.system) == ("mailbox-paused", paused, System.GMAIL)
    assert classify(evidence).code == code
    assert calm.seen == []


@pytest.mark.parametrize(
    ("response", "paused"),
    [
        (error(503, "backendError"), 0.0),
        (error(503, "backendError", headers={"Retry-After": "20"}), 20.0),
        (error(403, "forbidden", message=RATE), 0.0),
        (error(500, "backendError", message=RATE), 0.0),
        (error(400, "invalidArgument"), 0.0),
    ],
)
async def test_only_who_asks_for_a_pause_gets_one(response: httpx.Response, paused: float) -> None:
    pace = MailboxPace(clock=lambda: 1_000.0)
    with pytest.raises(SendFailed):
        await sender_of(Gmail([response]), pace=pace).submit(outgoing())
    assert pace.paused_s == paused


async def test_without_a_pace_a_pause_is_told_to_nobody_else() -> None:
    gmail = Gmail([error(429, "rateLimitExceeded", message=RATE), accepted()])
    sender = sender_of(gmail)
    with pytest.raises(SendFailed):
        await sender.submit(outgoing())
    assert (await sender.submit(outgoing())).reply == "200 OK"


async def most_at_once(pace: MailboxPace) -> int:
    running, most = 0, 0

    async def slow(request: httpx.Request) -> httpx.Response:
        nonlocal running, most
        running += 1
        most = max(most, running)
        for _ in range(10):
            await asyncio.sleep(0)
        running -= 1
        return accepted()

    senders = [sender_of(Gmail(), pace=pace) for _ in range(9)]
    for sender in senders:
        sender._asking._web = lambda: httpx.AsyncClient(transport=httpx.MockTransport(slow))
    await asyncio.gather(*(sender.submit(outgoing()) for sender in senders))
    return most


async def test_senders_of_one_mailbox_have_few_requests_under_way_and_one_after_it_was_too_much() -> None:
    time = [1_000.0]
    pace = MailboxPace(API_LIMITS, clock=lambda: time[0])
    assert await most_at_once(pace) == 3
    too_many = error(429, "rateLimitExceeded", message="Too many concurrent requests for user")
    with pytest.raises(SendFailed):
        await sender_of(Gmail([too_many]), pace=pace).submit(outgoing())
    time[0] += 60.0
    assert await most_at_once(pace) == 1
    time[0] += NARROW_S
    assert await most_at_once(pace) == 3


EVIL = [
    "a@example.org\r\nBcc: eve@example.com",
    "a@example.org\nSender: eve@example.com",
    "a@example.org, eve@example.com",
    ", ".join(f"a{number}@example.com" for number in range(101)),
    "<a@example.org>",
    "a b@example.org",
    "",
    "@",
]


@pytest.mark.parametrize("evil", EVIL, ids=[repr(evil[:20]) for evil in EVIL])
@pytest.mark.parametrize("field", ["sender_address", "recipient"])
async def test_an_address_brings_neither_a_header_nor_a_second_recipient_along(field: str, evil: str) -> None:
    gmail = Gmail([accepted()])
    with pytest.raises(SendFailed) as caught:
        await sender_of(gmail).submit(outgoing(**{field: evil}))
    assert gmail.seen == []
    evidence = caught.value.evidence
    expected = "recipient-address-invalid" if field == "recipient" else "sender-address-invalid"
    assert (evidence.condition, evidence.system) == ("address-not-sendable", System.GMAIL)
    assert classify(evidence).code == expected


async def test_an_address_beyond_ascii_goes_as_it_is() -> None:
    gmail = Gmail([accepted()])
    await sender_of(gmail).submit(outgoing(recipient="jürgen@example.com"))
    assert gmail.posted[0]["To"] == "jürgen@example.com"


async def test_another_sender_stands_in_from_as_it_was_chosen() -> None:
    gmail = Gmail([accepted()])
    await sender_of(gmail).submit(outgoing(sender_address=NOTICES))
    assert gmail.posted[0]["From"] == f"Notices <{NOTICES}>"
    assert gmail.posted[0]["Sender"] is None


@pytest.mark.parametrize(
    ("way", "changes", "known", "registration"),
    [
        (Way.ACCOUNT, {}, None, None),
        (Way.ACCOUNT, {"own": True}, None, "own"),
        (Way.SERVICE_ACCOUNT, {}, SERVICE_ACCOUNT, "own"),
    ],
)
async def test_evidence_says_who_acts_for_which_mailbox(
    way: Way, changes: dict[str, object], known: str | None, registration: str | None
) -> None:
    with pytest.raises(SendFailed) as caught:
        await sender_of(Gmail([error(403, "domainPolicy")]), chosen=settings(way, **changes)).submit(outgoing())
    values = caught.value.evidence.values
    assert (values["username"], values["mailbox"], values["recipient"]) == (ACCOUNT, ACCOUNT, RECIPIENT)
    assert (values.get("service_account"), values.get("registration")) == (known, registration)
    assert values["host"] == "gmail.googleapis.com"


async def test_no_token_is_used_that_the_recorder_was_not_told_to_hide() -> None:
    gmail, learning = Gmail([error(401, "authError"), httpx.Response(200, json={})]), Learning()
    asking = asking_of(gmail, tokens=Tokens(["one-canary", "two-canary"]), recorder=learning)
    await asking.ask(Request(method="GET", path="/gmail/v1/users/me/profile", stage="mailbox"))
    await asking.close()
    assert learning.secrets == ["one-canary", "two-canary"]


async def test_closing_twice_does_no_harm() -> None:
    sender = sender_of(Gmail([accepted()]))
    await sender.submit(outgoing())
    await sender.close()
    await sender.close()
    await sender.submit(outgoing(written_at=NOW))
    await sender.close()
