"""The simulated Gmail API: what it takes, what it replaces in silence, what it refuses."""

from collections.abc import Callable

import httpx
import pytest
from tests.servers.google import access_token
from tests.unit.practice.google.test_server import message, raw
from tests.unit.practice.google.visiting import World

from sendwright.oauth.google.scopes import OPENID, SETTINGS, USUAL
from sendwright.practice.faults import Fault
from sendwright.practice.google.example import ANNA, BEN, CLIENT_ID, NOTICES, PENDING
from sendwright.practice.google.workspace import Workspace


async def send(
    world: World, sender: str = ANNA, *, user: str = "me", scopes: tuple[str, ...] = USUAL, to: str = "x@example.com"
) -> httpx.Response:
    bearer = {"authorization": f"Bearer {access_token(world.google, scopes=scopes).reveal()}"}
    url = f"{world.google.gmail}/gmail/v1/users/{user}/messages/send"
    return await world.http().post(url, json=raw(message(sender, to=to)), headers=bearer)


@pytest.mark.parametrize(
    ("stated", "seen"), [(ANNA, ANNA), (NOTICES, NOTICES), (PENDING, ANNA), ("team@example.org", ANNA)]
)
async def test_a_from_that_is_no_sending_address_is_replaced_without_a_word(
    world: World, stated: str, seen: str
) -> None:
    assert (await send(world, stated)).json()["labelIds"] == ["SENT"]
    assert seen in world.inbox[0].sender


def off(workspace: Workspace) -> None:
    workspace.clients[CLIENT_ID].interface = False


def no_mail(workspace: Workspace) -> None:
    workspace.people[ANNA].mailbox = False


def full(workspace: Workspace) -> None:
    workspace.people[ANNA].sent_today = workspace.policies.per_day


def strict(workspace: Workspace) -> None:
    workspace.policies.at_once = 0


@pytest.mark.parametrize(
    ("arrange", "status", "reason"),
    [
        (off, 403, "accessNotConfigured"),
        (no_mail, 400, "failedPrecondition"),
        (full, 429, "userRateLimitExceeded"),
        (strict, 429, "rateLimitExceeded"),
    ],
)
async def test_what_stands_in_the_way_is_said_in_google_s_shape(
    world: World, arrange: Callable[[Workspace], None], status: int, reason: str
) -> None:
    arrange(world.workspace)
    error = (await send(world)).json()["error"]
    assert (error["code"], error["errors"][0]["reason"]) == (status, reason)
    assert not world.inbox


async def test_scope_mailbox_and_recipients_are_checked(world: World) -> None:
    lacking = (await send(world, scopes=(OPENID, SETTINGS))).json()["error"]
    assert lacking["details"][0]["reason"] == "ACCESS_TOKEN_SCOPE_INSUFFICIENT"
    assert (await send(world, user=BEN)).json()["error"]["message"] == f"Delegation denied for {BEN}"
    many = ", ".join(f"x{place}@example.com" for place in range(101))
    assert (await send(world, to=many)).status_code == 400


async def test_a_rate_names_the_time_in_its_message_only(world: World) -> None:
    world.workspace.policies.per_minute = 1
    assert (await send(world)).status_code == 200
    response = await send(world)
    error = response.json()["error"]
    assert (error["code"], error["status"]) == (403, "PERMISSION_DENIED")
    assert error["message"].startswith("User-rate limit exceeded.  Retry after 20")
    assert "retry-after" not in response.headers
    world.google.faults.tell(Fault(path="messages/send", status=503))
    assert (await send(world)).status_code == 403
    assert world.google.traffic(ANNA).accepted == 1


async def test_the_sending_addresses_are_listed(world: World) -> None:
    bearer = {"authorization": f"Bearer {access_token(world.google, scopes=(SETTINGS,)).reveal()}"}
    url = f"{world.google.gmail}/gmail/v1/users/me/settings/sendAs"
    found = (await world.http().get(url, headers=bearer)).json()["sendAs"]
    states = {one["sendAsEmail"]: one.get("verificationStatus") for one in found}
    assert states == {ANNA: None, NOTICES: "accepted", PENDING: "pending"}
    assert (await world.http().get(f"{url}/{BEN}", headers=bearer)).status_code == 404
