"""The forms in which the simulated Gmail takes a message, and what it takes in none."""

import base64
from collections.abc import Callable

import httpx
import pytest
from tests.servers.google import access_token
from tests.unit.practice.google.test_server import message, raw
from tests.unit.practice.google.visiting import World

from sendwright.oauth.google.scopes import EMAIL, MAIL, SEND
from sendwright.practice.faults import Fault
from sendwright.practice.google.example import ANNA, NOTICES
from sendwright.practice.google.workspace import Workspace

MESSAGE = message().as_bytes()
RELATED = (
    b"--b\r\nContent-Type: application/json\r\n\r\n{}\r\n--b\r\nContent-Type: message/rfc822\r\n\r\n"
    + MESSAGE.replace(b"\n", b"\r\n")
    + b"\r\n--b--\r\n"
)


async def upload(world: World, body: bytes, kind: str, form: str = "media") -> httpx.Response:
    headers = bearer(world) | {"content-type": kind}
    url = f"{world.google.gmail}/upload/gmail/v1/users/me/messages/send?uploadType={form}"
    return await world.http().post(url, content=body, headers=headers)


async def post(world: World, body: object) -> httpx.Response:
    url = f"{world.google.gmail}/gmail/v1/users/me/messages/send"
    return await world.http().post(url, json=body, headers=bearer(world))


def bearer(world: World, *scopes: str) -> dict[str, str]:
    token = access_token(world.google, scopes=scopes or (SEND,))
    return {"authorization": f"Bearer {token.reveal()}"}


@pytest.mark.parametrize(
    ("kind", "form", "body"),
    [
        ("message/rfc822", "media", MESSAGE),
        ("Message/RFC822; charset=utf-8", "media", MESSAGE),
        ("multipart/related; boundary=b", "multipart", RELATED),
    ],
)
async def test_a_message_is_uploaded_as_it_is(world: World, kind: str, form: str, body: bytes) -> None:
    response = await upload(world, body, kind, form)
    assert (response.status_code, response.json()["labelIds"]) == (200, ["SENT"])
    (received,) = world.inbox
    assert (received.sender, received.recipient, received.text.strip()) == (ANNA, "x@example.com", "A text.")


@pytest.mark.parametrize(
    ("kind", "form", "body"),
    [
        ("application/json", "media", MESSAGE),
        ("message/rfc822", "resumable", MESSAGE),
        ("message/rfc822", "", MESSAGE),
        ("message/rfc822", "media", b""),
        ("message/rfc822", "multipart", MESSAGE),
        ("multipart/related; boundary=b", "multipart", b"--b\r\nContent-Type: text/plain\r\n\r\nx\r\n--b--\r\n"),
        ("multipart/related", "multipart", RELATED),
    ],
)
async def test_another_form_is_refused(world: World, kind: str, form: str, body: bytes) -> None:
    response = await upload(world, body, kind, form)
    assert (response.status_code, response.json()["error"]["errors"][0]["reason"]) == (400, "badRequest")
    assert "message/rfc822" in response.json()["error"]["message"]
    assert not world.inbox


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        ({}, "invalidArgument"),
        ({"raw": ""}, "invalidArgument"),
        ({"raw": "no base64 at all"}, "badRequest"),
        ({"raw": "x"}, "badRequest"),
        ({"raw": 1}, "badRequest"),
        ([], "badRequest"),
        ({"raw": base64.urlsafe_b64encode(b"Subject: x\r\n\r\nWords\r\n").decode("ascii")}, "invalidArgument"),
    ],
)
async def test_what_holds_no_message_is_refused(world: World, body: object, reason: str) -> None:
    response = await post(world, body)
    assert (response.status_code, response.json()["error"]["errors"][0]["reason"]) == (400, reason)
    assert not world.inbox
    assert world.google.traffic(ANNA).accepted == 0


@pytest.mark.parametrize("padded", [True, False])
async def test_base64url_counts_with_and_without_its_padding(world: World, padded: bool) -> None:
    body = raw(message())
    assert (await post(world, body if padded else {"raw": body["raw"].rstrip("=")})).status_code == 200


@pytest.mark.parametrize(("size", "status"), [(200_000, 413), (1_000, 200)])
async def test_a_message_may_be_so_large_and_no_larger(world: World, size: int, status: int) -> None:
    world.workspace.policies.largest = 100_000
    made = message()
    made.set_content("x\n" * (size // 2))
    assert (await upload(world, made.as_bytes(), "message/rfc822")).status_code == status
    assert (await post(world, raw(made))).status_code == status


async def test_a_from_is_refused_aloud_where_a_test_wants_it(world: World) -> None:
    world.workspace.policies.rewrite = "refuse"
    response = await post(world, raw(message("boss@example.com")))
    assert (response.status_code, "boss@example.com" in response.json()["error"]["message"]) == (400, True)
    assert (await post(world, raw(message(NOTICES)))).status_code == 200


async def test_nobody_sees_who_else_got_a_copy(world: World) -> None:
    assert (await post(world, raw(message(Bcc="secret@example.com")))).status_code == 200
    (received,) = world.inbox
    assert received.recipient == "x@example.com, secret@example.com"
    assert b"secret@example.com" not in received.source


@pytest.mark.parametrize("header", ["", "Bearer", "Bearer forged", "Basic YTpi"])
async def test_who_says_no_token_is_told_that_it_lies_in_the_header(world: World, header: str) -> None:
    url = f"{world.google.gmail}/gmail/v1/users/me/messages/send"
    response = await world.http().post(url, json=raw(message()), headers={"authorization": header})
    assert (response.status_code, response.json()["error"]["status"]) == (401, "UNAUTHENTICATED")
    assert response.headers["www-authenticate"].startswith("Bearer ")


async def test_the_profile_shows_only_to_a_scope_that_reads(world: World) -> None:
    url = f"{world.google.gmail}/gmail/v1/users/me/profile"
    found = await world.http().get(url, headers=bearer(world, MAIL))
    assert found.json()["emailAddress"] == ANNA
    for scopes in ((SEND,), (EMAIL,)):
        refused = await world.http().get(url, headers=bearer(world, *scopes))
        detail = refused.json()["error"]["details"][0]
        assert (detail["reason"], detail["metadata"]["method"]) == (
            "ACCESS_TOKEN_SCOPE_INSUFFICIENT",
            "caribou.api.proto.MailService.GetProfile",
        )


@pytest.mark.parametrize("path", ["/", "/gmail/v1/users/me/messages", "/gmail/v1/users/me/labels/x"])
async def test_what_is_not_simulated_is_not_found(world: World, path: str) -> None:
    response = await world.http().get(f"{world.google.gmail}{path}", headers=bearer(world))
    assert (response.status_code, response.json()["error"]["status"]) == (404, "NOT_FOUND")


def by_day(workspace: Workspace) -> None:
    workspace.policies.per_day = 2


def by_minute(workspace: Workspace) -> None:
    workspace.policies.per_minute = 2


@pytest.mark.parametrize(("limit", "status"), [(by_day, 429), (by_minute, 403)])
async def test_a_limit_ends_when_it_says(world: World, limit: Callable[[Workspace], None], status: int) -> None:
    limit(world.workspace)
    answers = [(await post(world, raw(message()))).status_code for _ in range(3)]
    assert answers == [200, 200, status]
    assert len(world.inbox) == len(world.google.sent) == 2


async def test_an_answer_may_be_lost_after_the_message_left(world: World) -> None:
    world.google.faults.tell(Fault(path="messages/send", after=True))
    with pytest.raises(httpx.TransportError):
        await post(world, raw(message()))
    assert len(world.inbox) == 1
    world.google.faults.tell(Fault(path="messages/send"))
    with pytest.raises(httpx.TransportError):
        await post(world, raw(message()))
    assert len(world.inbox) == 1


async def test_a_page_may_stand_where_gmail_should_answer(world: World) -> None:
    world.google.faults.tell(Fault(path="messages/send", status=502, body=b"<html>Gateway</html>"))
    response = await post(world, raw(message()))
    assert (response.status_code, response.text) == (502, "<html>Gateway</html>")
    assert response.headers["content-type"].startswith("text/html")
