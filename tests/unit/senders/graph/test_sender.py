"""Messages are handed to Microsoft Graph as it wants them, once, at the mailbox's own pace."""

import asyncio
import re

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.unit.senders.doubles import NOW, Learning, Tokens
from tests.unit.senders.graph.doubles import (
    ACCOUNT,
    GRAPH,
    MAILBOX,
    RECIPIENT,
    Graph,
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
from sendwright.senders.graph.sender import LARGEST_REQUEST, path_of
from sendwright.senders.graph.settings import Route, Way
from sendwright.senders.interface.asking import Request
from sendwright.senders.pace import MailboxPace
from sendwright.senders.sender import SendFailed

UUID4 = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}")


@pytest.mark.parametrize(
    ("route", "way", "path"),
    [
        (Route.ME, Way.ACCOUNT, "/v1.0/me/sendMail"),
        (Route.MAILBOX, Way.ACCOUNT, "/v1.0/users/notices@contoso.com/sendMail"),
        (Route.MAILBOX, Way.APPLICATION, "/v1.0/users/notices@contoso.com/sendMail"),
    ],
)
async def test_each_route_posts_the_message_in_its_mime_form(route: Route, way: Way, path: str) -> None:
    graph = Graph([accepted()])
    await sender_of(graph, chosen=settings(route, way)).submit(outgoing())
    (request,), (message,) = graph.seen, graph.posted
    assert (request.method, str(request.url)) == ("POST", f"{GRAPH}{path}")
    assert request.headers["Content-Type"] == "text/plain"
    assert request.headers["Content-Length"] == str(len(graph.bodies[0]))
    assert request.headers["Authorization"] == "Bearer canary-token-one"
    assert (message["From"], message["To"]) == (f"Notices <{MAILBOX}>", RECIPIENT)
    assert message["Sender"] is None
    assert message["Message-ID"] == "<test.1@contoso.com>"


async def test_every_call_has_an_id_of_its_own_that_is_asked_for_and_kept() -> None:
    graph = Graph([accepted("theirs")])
    sender = sender_of(graph)
    receipts = [await sender.submit(outgoing()) for _ in range(3)]
    sent = [request.headers["client-request-id"] for request in graph.seen]
    assert all(UUID4.fullmatch(one) for one in sent)
    assert len(set(sent)) == 3
    assert [receipt.client_request_id for receipt in receipts] == sent
    assert {receipt.provider_id for receipt in receipts} == {receipt.request_id for receipt in receipts} == {"theirs"}
    assert {request.headers["return-client-request-id"] for request in graph.seen} == {"true"}


async def test_our_own_id_is_kept_where_graph_gives_none() -> None:
    receipt = await sender_of(Graph([httpx.Response(202)])).submit(outgoing())
    assert (receipt.request_id, receipt.provider_id) == ("", receipt.client_request_id)
    assert receipt.reply == f"202 Accepted; client-request-id {receipt.client_request_id}"


async def test_no_token_is_used_that_the_recorder_was_not_told_to_hide() -> None:
    graph, learning = Graph([error(401, "InvalidAuthenticationToken"), httpx.Response(200, json={})]), Learning()
    asking = asking_of(graph, tokens=Tokens(["one-canary", "two-canary"]), recorder=learning)
    await asking.ask(Request(method="GET", path="/me", stage="mailbox"))
    await asking.close()
    assert learning.secrets == ["one-canary", "two-canary"]


async def test_a_question_without_a_token_signs_in_nobody() -> None:
    graph, tokens = Graph([error(401, "InvalidAuthenticationToken", "Access token is empty.")]), Tokens()
    answer = await asking_of(graph, tokens=tokens).greet()
    assert answer.code == "InvalidAuthenticationToken"
    assert "Authorization" not in graph.seen[0].headers
    assert (tokens.given, tokens.taken_back) == ([], [])


@pytest.mark.parametrize(
    ("response", "code"),
    [
        (httpx.Response(200, html="<h1>Sign in to the guest network</h1>"), "portal-or-filter-page"),
        (httpx.Response(302, headers={"Location": "https://portal.example.com"}), "portal-or-filter-page"),
        (error(503, "ServiceUnavailable"), "graph-unavailable"),
    ],
)
async def test_whoever_answers_otherwise_to_nobody_is_not_graph(response: httpx.Response, code: str) -> None:
    with pytest.raises(SendFailed) as caught:
        await asking_of(Graph([response])).greet()
    assert classify(caught.value.evidence).code == code
    assert caught.value.evidence.stage == "reach"


async def test_a_refused_token_is_replaced_once_and_the_message_sent_once() -> None:
    graph, tokens = Graph([error(401, "InvalidAuthenticationToken"), accepted()]), Tokens(["one-canary", "two-canary"])
    await sender_of(graph, tokens=tokens).submit(outgoing())
    assert [request.headers["Authorization"] for request in graph.seen] == ["Bearer one-canary", "Bearer two-canary"]
    assert tokens.taken_back == ["one-canary"]
    assert graph.bodies[0] == graph.bodies[1]
    ids = [request.headers["client-request-id"] for request in graph.seen]
    assert len(set(ids)) == 2


async def test_a_second_refusal_is_the_last() -> None:
    graph = Graph([error(401, "InvalidAuthenticationToken")])
    tokens = Tokens(["one-canary", "two-canary", "three-canary"])
    with pytest.raises(SendFailed) as caught:
        await sender_of(graph, tokens=tokens).submit(outgoing())
    assert len(graph.seen) == 2
    assert tokens.taken_back == ["one-canary", "two-canary"]
    assert (caught.value.evidence.stage, caught.value.evidence.perhaps_sent) == ("sign-in", False)


async def test_where_no_other_token_can_be_had_graphs_refusal_and_its_challenge_stand() -> None:
    challenge = 'Bearer error="insufficient_claims", claims="eyJhIjoxfQ=="'
    graph = Graph([error(401, "InvalidAuthenticationToken", headers={"WWW-Authenticate": challenge})])
    with pytest.raises(SendFailed) as caught:
        await sender_of(graph).submit(outgoing())
    evidence = caught.value.evidence
    assert len(graph.seen) == 1
    assert (evidence.error, evidence.values["claims"]) == ("insufficient_claims", "eyJhIjoxfQ==")
    assert classify(evidence).code == "graph-sign-in-challenged"


async def test_a_grant_that_is_dead_is_said_as_the_sign_in_said_it() -> None:
    evidence = Evidence(stage="sign-in", system=System.ENTRA, error="invalid_grant", number=700082)
    graph, tokens = Graph([accepted()]), Tokens(broken=OAuthFailed(evidence))
    with pytest.raises(SendFailed) as caught:
        await sender_of(graph, tokens=tokens).submit(outgoing())
    found = caught.value.evidence
    assert graph.seen == []
    assert (found.number, found.values["username"], found.perhaps_sent) == (700082, ACCOUNT, False)
    assert classify(found).code == "refresh-token-expired"


@pytest.mark.parametrize("status", [400, 403, 404, 429, 500, 503, 504])
async def test_nothing_but_a_refused_token_is_tried_again(status: int) -> None:
    graph = Graph([error(status, "Whatever")])
    with pytest.raises(SendFailed):
        await sender_of(graph).submit(outgoing())
    assert len(graph.seen) == 1


@pytest.mark.parametrize(
    ("status", "headers", "seconds"),
    [
        (429, {"Retry-After": "17"}, 17.0),
        (429, {"Retry-After": "Fri, 20 Nov 2026 10:00:45 GMT"}, 45.0),
        (503, {"Retry-After": "120"}, 120.0),
        (429, {}, None),
        (503, {}, None),
    ],
)
async def test_what_graph_asks_for_is_told_and_kept_by_everybody(
    status: int, headers: dict[str, str], seconds: float | None
) -> None:
    pace = MailboxPace(clock=lambda: 1_000.0)
    busy, calm = Graph([error(status, "ServiceUnavailable", headers=headers)]), Graph([accepted()])
    with pytest.raises(SendFailed) as caught:
        await sender_of(busy, pace=pace).submit(outgoing())
    assert caught.value.evidence.retry_after_s == seconds
    usual = 60.0 if status == 429 else 0.0
    expected = usual if seconds is None else seconds
    assert pace.paused_s == expected
    other = sender_of(calm, pace=pace)
    if expected:
        with pytest.raises(SendFailed) as caught:
            await other.submit(outgoing())
        assert (caught.value.evidence.condition, caught.value.evidence.retry_after_s) == ("mailbox-paused", expected)
        assert calm.seen == []
    else:
        await other.submit(outgoing())


async def test_senders_of_one_mailbox_have_four_requests_under_way_together() -> None:
    running, most = 0, 0

    async def slow(request: httpx.Request) -> httpx.Response:
        nonlocal running, most
        running += 1
        most = max(most, running)
        for _ in range(10):
            await asyncio.sleep(0)
        running -= 1
        return accepted()

    pace = MailboxPace()
    senders = [sender_of(Graph(), pace=pace) for _ in range(12)]
    for sender in senders:
        sender._asking._web = lambda: httpx.AsyncClient(transport=httpx.MockTransport(slow))
    await asyncio.gather(*(sender.submit(outgoing()) for sender in senders))
    assert most == 4


@pytest.mark.parametrize(
    "evil",
    [
        "a@contoso.com\r\nBcc: eve@example.com",
        "a@contoso.com\nSender: eve@example.com",
        "a@contoso.com, eve@example.com",
        "<a@contoso.com>",
        "a b@contoso.com",
        "",
        "@",
    ],
)
@pytest.mark.parametrize("field", ["sender_address", "recipient", "reply_to"])
async def test_an_address_cannot_bring_a_header_along(field: str, evil: str) -> None:
    if field == "reply_to" and not evil:
        return
    graph = Graph([accepted()])
    with pytest.raises(SendFailed) as caught:
        await sender_of(graph).submit(outgoing(**{field: evil}))
    assert graph.seen == []
    evidence = caught.value.evidence
    expected = "recipient-address-invalid" if field == "recipient" else "sender-address-invalid"
    assert (evidence.condition, classify(evidence).code) == ("address-not-sendable", expected)


@pytest.mark.parametrize("alias", ["Ünïcode ✓", 'Quoted "name", Ltd.', "Evil\r\nBcc: eve@example.com", "=?utf-8?q?x?="])
async def test_an_alias_stays_an_alias(alias: str) -> None:
    graph = Graph([accepted()])
    await sender_of(graph).submit(outgoing(alias=alias))
    (message,) = graph.posted
    (mailbox,) = message["From"].addresses
    assert mailbox.addr_spec == MAILBOX
    assert mailbox.display_name.split() == alias.split()
    assert message["Bcc"] is None


@given(local=st.text(alphabet=st.characters(min_codepoint=33, max_codepoint=126), min_size=1, max_size=30))
def test_a_mailbox_is_one_segment_of_the_address_whatever_it_is_called(local: str) -> None:
    path = path_of(settings(Route.MAILBOX, mailbox=f"{local}@contoso.com"))
    url = httpx.URL(f"{GRAPH}/v1.0{path}")
    assert path.count("/") == 3
    assert (url.host, url.query, url.fragment) == ("graph.microsoft.com", b"", "")
    assert url.path == f"/v1.0/users/{local}@contoso.com/sendMail"


@pytest.mark.parametrize(("size", "fits"), [(2_000_000, True), (3_300_000, False)])
async def test_a_message_that_does_not_fit_is_refused_with_limit_and_permission(size: int, fits: bool) -> None:
    graph = Graph([accepted()])
    sender = sender_of(graph)
    message = outgoing(text="a" * 70 + "\n" + ("b" * 70 + "\n") * (size // 71))
    if fits:
        await sender.submit(message)
        assert len(graph.bodies[0]) <= LARGEST_REQUEST
        return
    with pytest.raises(SendFailed) as caught:
        await sender.submit(message)
    evidence = caught.value.evidence
    assert graph.seen == []
    assert classify(evidence).code == "message-too-large"
    assert (evidence.values["limit"], evidence.values["permission"]) == ("3145728", "Mail.ReadWrite")
    assert int(evidence.values["size"]) > 3_145_728


async def test_an_address_beyond_ascii_goes_as_it_is() -> None:
    graph = Graph([accepted()])
    await sender_of(graph).submit(outgoing(recipient="jürgen@example.com"))
    assert graph.posted[0]["To"] == "jürgen@example.com"


async def test_closing_twice_does_no_harm() -> None:
    sender = sender_of(Graph([accepted()]))
    await sender.submit(outgoing())
    await sender.close()
    await sender.close()
    await sender.submit(outgoing(written_at=NOW))
    await sender.close()
