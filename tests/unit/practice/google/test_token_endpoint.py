"""Codes, renewals and their ends at the simulated Google."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from tests.unit.practice.google.visiting import World

from sendwright.practice.google.example import ANNA, CLIENT_ID, CLIENT_SECRET
from sendwright.practice.google.workspace import Workspace


@pytest.mark.parametrize(
    ("form", "refused"),
    [
        ({"client_secret": "wrong"}, (401, "invalid_client")),
        ({"client_secret": ""}, (400, "invalid_request")),
        ({"client_id": "unknown"}, (401, "invalid_client")),
        ({"code_verifier": "x" * 43}, (400, "invalid_grant")),
        ({"code_verifier": ""}, (400, "invalid_grant")),
        ({"redirect_uri": "http://127.0.0.1:5001/"}, (400, "invalid_grant")),
        ({"code": "4/0Aforged"}, (400, "invalid_grant")),
        ({"grant_type": "password"}, (400, "unsupported_grant_type")),
    ],
)
async def test_a_code_is_redeemed_by_whom_it_was_given_to(
    world: World, form: dict[str, str], refused: tuple[int, str]
) -> None:
    person = world.browser()
    await person.agree(world.address())
    response = await world.redeem(person, **form)
    assert (response.status_code, response.json()["error"]) == refused


async def test_a_code_counts_once_and_not_for_long(world: World) -> None:
    person = world.browser()
    await person.agree(world.address())
    assert (await world.redeem(person)).status_code == 200
    assert (await world.redeem(person)).json()["error"] == "invalid_grant"
    late = world.browser()
    await late.agree(world.address())
    world.workspace.ahead = timedelta(minutes=11)
    assert (await world.redeem(late)).json()["error"] == "invalid_grant"


async def test_the_client_may_also_say_its_secret_by_basic(world: World) -> None:
    form = {"grant_type": "refresh_token", "refresh_token": (await world.tokens())["refresh_token"]}
    response = await world.http().post(f"{world.google.login}/token", data=form, auth=(CLIENT_ID, CLIENT_SECRET))
    assert response.status_code == 200


def unused(workspace: Workspace) -> None:
    workspace.ahead = timedelta(days=181)


def password(workspace: Workspace) -> None:
    workspace.people[ANNA].password = "another"


def suspended(workspace: Workspace) -> None:
    workspace.people[ANNA].suspended = True


@pytest.mark.parametrize("arrange", [unused, password, suspended])
async def test_a_refresh_token_dies(world: World, arrange: Callable[[Workspace], None]) -> None:
    token = (await world.tokens())["refresh_token"]
    assert (await world.refresh(token)).status_code == 200
    arrange(world.workspace)
    assert (await world.refresh(token)).json()["error"] == "invalid_grant"


async def test_beyond_the_limit_the_oldest_goes(world: World) -> None:
    world.workspace.policies.tokens_per_client = 2
    tokens = [(await world.tokens())["refresh_token"] for _ in range(3)]
    assert [(await world.refresh(one)).status_code for one in tokens] == [400, 200, 200]


async def test_revoking_ends_everything_of_the_project(world: World) -> None:
    first, second = await world.tokens(), await world.tokens()
    assert (await world.post("revoke", token=first["access_token"])).status_code == 200
    assert (await world.refresh(second["refresh_token"])).json()["error"] == "invalid_grant"
    assert world.google.revoked == [(ANNA, world.workspace.clients[CLIENT_ID].project)]
    again = await world.post("revoke", token=first["access_token"])
    assert (again.status_code, again.json()["error"]) == (400, "invalid_token")


async def test_a_client_that_was_deleted_is_told_so(world: World) -> None:
    token = (await world.tokens())["refresh_token"]
    world.workspace.clients[CLIENT_ID].deleted = True
    response = await world.refresh(token)
    assert (response.status_code, response.json()["error"]) == (401, "deleted_client")
