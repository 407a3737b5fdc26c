"""Graph: who am I, sending in both forms, and each refusal in the shape of the real one."""

import asyncio
import base64
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from email.utils import format_datetime
from typing import Any
from uuid import UUID, uuid4

import httpx
import pytest
from tests.unit.practice.microsoft.visiting import GRAPH, World

from sendwright.practice.faults import Fault
from sendwright.practice.microsoft.contoso import ANNA, BEN, CLIENT_ID, INFO, NOREPLY, TENANT_ID
from sendwright.practice.microsoft.tenant import Person


def mime(sender: str = "", to: str = "jane@example.org", **headers: str) -> bytes:
    message = EmailMessage()
    for name, value in {"From": sender, "To": to, "Subject": "Grüße", **headers}.items():
        if value:
            message[name] = value
    message.set_content("Words.")
    message.add_alternative("<p>Words.</p>", subtype="html")
    return message.as_bytes()


async def send(
    world: World, token: str, content: bytes | None = None, *, path: str = "me", **headers: str
) -> httpx.Response:
    return await world.http().post(
        f"{world.microsoft.graph}/v1.0/{path}/sendMail",
        content=base64.b64encode(mime() if content is None else content),
        headers={"authorization": f"Bearer {token}", "content-type": "text/plain"} | headers,
    )


def failed(response: httpx.Response, status: int, code: str) -> dict[str, Any]:
    error: dict[str, Any] = response.json()["error"]
    assert (response.status_code, error["code"]) == (status, code)
    assert set(error) == {"code", "message", "innerError"}
    assert set(error["innerError"]) == {"date", "request-id", "client-request-id"}
    assert error["innerError"]["request-id"] == response.headers["request-id"]
    return error


async def application_token(world: World, **roles: set[str]) -> str:
    """A token of the application itself."""
    registration = world.tenant.registrations[CLIENT_ID]
    registration.secrets["s"] = world.tenant.now() + timedelta(days=1)
    world.tenant.app_roles[CLIENT_ID] = roles.get("roles", set())
    form = {"grant_type": "client_credentials", "scope": f"{GRAPH}/.default", "client_secret": "s"}
    return str((await world.ask(form, segment=TENANT_ID)).json()["access_token"])


async def test_me_is_who_signed_in(world: World) -> None:
    token = (await world.tokens())["access_token"]
    response = await world.http().get(
        f"{world.microsoft.graph}/v1.0/me?$select=id,mail", headers={"authorization": f"Bearer {token}"}
    )
    found = response.json()
    assert (found["userPrincipalName"], found["mail"]) == (BEN, BEN)
    assert found["id"] == world.tenant.people[BEN].oid
    assert found["displayName"] == "Ben Example"


async def test_me_is_nobody_without_a_permission_or_a_person(world: World) -> None:
    address = f"{world.microsoft.graph}/v1.0/me"
    token = (await world.tokens(scopes=("Mail.Send",)))["access_token"]
    response = await world.http().get(address, headers={"authorization": f"Bearer {token}"})
    failed(response, 403, "Authorization_RequestDenied")
    token = await application_token(world, roles={"Mail.Send"})
    failed(await world.http().get(address, headers={"authorization": f"Bearer {token}"}), 400, "BadRequest")


async def test_ids_come_back_and_a_message_is_accepted_without_a_word(world: World) -> None:
    token = (await world.tokens())["access_token"]
    asked = str(uuid4())
    response = await send(world, token, **{"client-request-id": asked, "return-client-request-id": "true"})
    assert (response.status_code, response.content) == (202, b"")
    assert response.headers["client-request-id"] == asked
    assert UUID(response.headers["request-id"])
    (received,) = world.inbox
    assert received.sender == f"Ben Example <{BEN}>"
    assert (received.recipient, received.mailbox) == ("jane@example.org", BEN)
    assert (received.text.strip(), received.html.strip()) == ("Words.", "<p>Words.</p>")


@pytest.mark.parametrize(
    ("header", "words"),
    [
        ("", "Access token is empty."),
        ("Basic YTpi", "Access token is empty."),
        ("Bearer", "Access token is empty."),
        ("Bearer nonsense", "CompactToken parsing failed with error code: 80049217"),
        ("Bearer a.b.c", "CompactToken parsing failed with error code: 80049217"),
    ],
)
async def test_without_a_good_token_nothing_is_done(world: World, header: str, words: str) -> None:
    headers = {"content-type": "text/plain"} | ({"authorization": header} if header else {})
    response = await world.http().post(f"{world.microsoft.graph}/v1.0/me/sendMail", content=b"", headers=headers)
    assert failed(response, 401, "InvalidAuthenticationToken")["message"] == words
    assert response.headers["www-authenticate"].startswith("Bearer ")
    assert not world.inbox


async def test_tokens_of_another_kind_audience_or_time_are_refused(world: World) -> None:
    found = await world.tokens()
    failed(await send(world, found["id_token"]), 401, "InvalidAuthenticationToken")
    outlook = (await world.tokens(scopes=("https://outlook.office.com/SMTP.Send",)))["access_token"]
    failed(await send(world, outlook), 401, "InvalidAuthenticationToken")
    world.tenant.ahead = timedelta(seconds=world.tenant.policies.access_token_s + 1)
    said = failed(await send(world, found["access_token"]), 401, "InvalidAuthenticationToken")["message"]
    assert said == "Lifetime validation failed, the token is expired."


@pytest.mark.parametrize(
    ("body", "kind", "status", "code"),
    [
        (b"not base64!", "text/plain", 400, "ErrorMimeContentInvalidBase64String"),
        (b"{", "application/json", 400, "BadRequest"),
        (b'{"message": 1}', "application/json; charset=utf-8", 400, "BadRequest"),
        (b"x", "application/xml", 415, "BadRequest"),
        (base64.b64encode(b"Subject: nobody\r\n\r\n"), "text/plain", 400, "ErrorInvalidRecipients"),
        (base64.b64encode(b"To: @@@\r\n\r\n"), "text/plain", 400, "ErrorInvalidRecipients"),
        (b'{"message": {"subject": "nobody"}}', "application/json", 400, "ErrorInvalidRecipients"),
    ],
)
async def test_a_bad_body_is_refused(world: World, body: bytes, kind: str, status: int, code: str) -> None:
    token = (await world.tokens())["access_token"]
    response = await world.http().post(
        f"{world.microsoft.graph}/v1.0/me/sendMail",
        content=body,
        headers={"authorization": f"Bearer {token}", "content-type": kind},
    )
    failed(response, status, code)
    assert not world.inbox


async def test_a_request_may_be_so_large_and_no_larger(world: World) -> None:
    token = (await world.tokens())["access_token"]
    world.tenant.policies.largest_request = len(base64.b64encode(mime()))
    assert (await send(world, token)).status_code == 202
    failed(await send(world, token, mime() + b"more"), 413, "RequestEntityTooLarge")


@pytest.mark.parametrize(
    ("user", "status", "code"),
    [
        ("nobody@contoso.com", 404, "ErrorInvalidUser"),
        ("jane@example.org", 404, "ErrorInvalidUser"),
        ("unlicensed@contoso.com", 404, "MailboxNotEnabledForRESTAPI"),
        ("guest@fabrikam.example", 404, "MailboxNotEnabledForRESTAPI"),
    ],
)
async def test_a_mailbox_that_is_none_is_not_found(world: World, user: str, status: int, code: str) -> None:
    people = world.tenant.people
    people["u"] = Person(username="unlicensed@contoso.com", password="", name="U", oid="u1", mailbox=False)
    people["g"] = Person(username="guest@fabrikam.example", password="", name="G", oid="g1", home="elsewhere")
    token = await application_token(world, roles={"Mail.Send"})
    failed(await send(world, token, path=f"users/{user}"), status, code)


async def test_a_mailbox_is_found_by_address_alias_and_object_id(world: World) -> None:
    world.tenant.aliases["benjamin@contoso.com"] = BEN
    token = await application_token(world, roles={"Mail.Send"})
    for name in (BEN, BEN.upper(), "benjamin@contoso.com", world.tenant.people[BEN].oid, NOREPLY):
        assert (await send(world, token, path=f"users/{name}")).status_code == 202
    assert [received.mailbox for received in world.inbox] == [BEN, BEN, BEN, BEN, NOREPLY]


@pytest.mark.parametrize(
    ("roles", "scoped", "mailbox", "control"),
    [
        ({"Mail.Send"}, set(), 202, 202),
        (set(), {NOREPLY}, 202, 403),
        (set(), set(), 403, 403),
        ({"Mail.Send"}, {NOREPLY}, 202, 202),  # rights add up: scoping alone takes nothing away
    ],
)
async def test_an_application_reaches_what_entra_or_exchange_granted(
    world: World, roles: set[str], scoped: set[str], mailbox: int, control: int
) -> None:
    for one in scoped:
        world.tenant.scope(CLIENT_ID, one)
    token = await application_token(world, roles=roles)
    assert (await send(world, token, path=f"users/{NOREPLY}")).status_code == mailbox
    response = await send(world, token, path=f"users/{BEN}")
    assert response.status_code == control
    if control == 403:
        failed(response, 403, "ErrorAccessDenied")
    failed(await send(world, token), 400, "BadRequest")  # it has no /me


async def test_a_scope_acts_after_its_delay(world: World) -> None:
    world.tenant.policies.grant_delay_s = 1800
    world.tenant.scope(CLIENT_ID, NOREPLY)
    token = await application_token(world)
    failed(await send(world, token, path=f"users/{NOREPLY}"), 403, "ErrorAccessDenied")
    world.tenant.ahead = timedelta(seconds=1801)
    assert (await send(world, token, path=f"users/{NOREPLY}")).status_code == 202


async def test_an_application_is_that_mailbox_and_no_other(world: World) -> None:
    token = await application_token(world, roles={"Mail.Send"})
    assert (await send(world, token, mime(NOREPLY), path=f"users/{NOREPLY}")).status_code == 202
    failed(await send(world, token, mime(INFO), path=f"users/{NOREPLY}"), 403, "ErrorSendAsDenied")


async def test_the_json_form_is_taken_and_may_leave_no_copy(world: World) -> None:
    token = (await world.tokens())["access_token"]
    request = {
        "message": {
            "subject": "Hello",
            "body": {"contentType": "HTML", "content": "<p>Words</p>"},
            "toRecipients": [{"emailAddress": {"address": "jane@example.org", "name": "Jane"}}],
            "bccRecipients": [{"emailAddress": {"address": "joe@example.org"}}],
            "from": {"emailAddress": {"address": NOREPLY, "name": "Contoso"}},
        },
        "saveToSentItems": False,
    }
    headers = {"authorization": f"Bearer {token}"}
    response = await world.http().post(f"{world.microsoft.graph}/v1.0/me/sendMail", json=request, headers=headers)
    assert response.status_code == 202
    (received,) = world.inbox
    assert received.sender == f"Contoso <{NOREPLY}>"
    assert received.recipient == "jane@example.org, joe@example.org"
    assert received.html.strip() == "<p>Words</p>"
    assert world.microsoft.sent_items == []


async def test_what_is_not_simulated_says_so_in_graph_s_own_shape(world: World) -> None:
    for method, path in (("GET", "/v1.0/users"), ("POST", "/v1.0/$batch"), ("GET", "/v1.0/me/sendMail"), ("GET", "/")):
        response = await world.http().request(method, world.microsoft.graph + path)
        assert response.status_code in {400, 404, 405}
        assert response.json()["error"]["code"] == "BadRequest"
        assert response.headers["request-id"]


async def test_more_than_four_at_once_are_throttled_for_each_mailbox(world: World) -> None:
    token = (await world.tokens())["access_token"]
    world.microsoft.latency_s = 0.3
    answers = await asyncio.gather(*(send(world, token) for _ in range(6)))
    throttled = [answer for answer in answers if answer.status_code == 429]
    assert len(throttled) >= 1
    for answer in throttled:
        said = failed(answer, 429, "ApplicationThrottled")["message"]
        assert "MailboxConcurrency" in said
        assert int(answer.headers["retry-after"]) >= 1
    measured = world.microsoft.traffic(BEN)
    assert measured.most_in_flight > world.tenant.policies.mailbox_at_once
    assert measured.accepted == len(world.inbox) == 6 - len(throttled)


async def test_more_than_thirty_a_minute_are_throttled_until_the_minute_is_over(world: World) -> None:
    world.tenant.policies.mailbox_per_minute = 3
    token = (await world.tokens())["access_token"]
    assert [(await send(world, token)).status_code for _ in range(4)] == [202, 202, 202, 429]
    assert (await send(world, token)).status_code == 429
    assert world.microsoft.traffic(BEN).too_early == 1
    world.tenant.ahead = timedelta(seconds=62)
    assert (await send(world, token)).status_code == 202


@pytest.mark.parametrize("dated", [False, True])
async def test_ordered_throttling_is_measured(world: World, dated: bool) -> None:
    token = (await world.tokens())["access_token"]
    until = format_datetime((datetime.now(UTC) + timedelta(minutes=2)).replace(microsecond=0), usegmt=True)
    wait = until if dated else "120"
    world.microsoft.faults.tell(Fault(path="sendMail", mailbox=BEN, status=429, retry_after=wait))
    response = await send(world, token)
    failed(response, 429, "ApplicationThrottled")
    assert response.headers["retry-after"] == wait
    assert (await send(world, token)).status_code == 202  # an order is met once
    measured = world.microsoft.traffic(BEN)
    assert (measured.throttled, measured.too_early, measured.requests) == (1, 1, 2)
    world.tenant.ahead = timedelta(minutes=3)
    assert (await send(world, token)).status_code == 202
    assert world.microsoft.traffic(BEN).too_early == 1


@pytest.mark.parametrize(
    ("fault", "code", "arrived"),
    [
        (Fault(path="sendMail", status=503), "ErrorMailboxStoreUnavailable", 0),
        (Fault(path="sendMail", status=504, after=True), "UnknownError", 1),
        (Fault(path="sendMail", status=403, code="ErrorMessageSubmissionBlocked"), "ErrorMessageSubmissionBlocked", 0),
    ],
)
async def test_ordered_failures_come_before_or_after_the_message(
    world: World, fault: Fault, code: str, arrived: int
) -> None:
    token = (await world.tokens())["access_token"]
    world.microsoft.faults.tell(fault)
    failed(await send(world, token), fault.status, code)
    assert len(world.inbox) == arrived


@pytest.mark.parametrize(("after", "arrived"), [(False, 0), (True, 1)])
async def test_a_connection_is_cut_before_or_after_the_message(world: World, after: bool, arrived: int) -> None:
    token = (await world.tokens())["access_token"]
    world.microsoft.faults.tell(Fault(path="sendMail", after=after))
    with pytest.raises(httpx.TransportError):
        await send(world, token)
    assert len(world.inbox) == arrived
    assert (await send(world, token)).status_code == 202


async def test_nonsense_is_answered_where_ordered(world: World) -> None:
    token = (await world.tokens())["access_token"]
    world.microsoft.faults.tell(Fault(path="/me", status=200, body=b"<html>proxy</html>"))
    response = await send(world, token)
    assert (response.status_code, response.text) == (200, "<html>proxy</html>")
    assert not world.inbox


async def test_a_fault_of_one_mailbox_is_not_met_by_another(world: World) -> None:
    world.microsoft.faults.tell(Fault(path="sendMail", mailbox=ANNA, status=503))
    assert (await send(world, (await world.tokens())["access_token"])).status_code == 202
    assert world.microsoft.faults.left == 1
    failed(await send(world, (await world.tokens(ANNA))["access_token"]), 503, "ErrorMailboxStoreUnavailable")
