"""The page on which the administrator of the Workspace is played."""

import pytest
from tests.unit.practice.google.visiting import Person, World

from sendwright.oauth.google.scopes import SEND, SETTINGS
from sendwright.practice.google.example import ANNA, BEN, CLIENT_ID, PENDING, SERVICE_ACCOUNT_ID


async def desk(world: World) -> Person:
    return await world.browser().open(f"{world.google.login}/practice/admin")


@pytest.mark.parametrize(("state", "trusted", "blocked"), [("trusted", 1, 0), ("blocked", 0, 1), ("neither", 0, 0)])
async def test_an_application_is_trusted_blocked_or_neither(
    world: World, state: str, trusted: int, blocked: int
) -> None:
    person = await desk(world)
    await person.press("apply", **{f"access-{CLIENT_ID}": f"access-{CLIENT_ID}-{state}"})
    assert "done" in person.page.ids
    policies = world.workspace.policies
    assert (len(policies.trusted), len(policies.blocked)) == (trusted, blocked)


async def test_a_delegation_is_listed_changed_and_deleted(world: World) -> None:
    person = await desk(world)
    scopes = {"delegate-id": SERVICE_ACCOUNT_ID, "delegate-scopes": f"{SEND}, {SETTINGS}, nonsense"}
    await person.press("apply", **scopes)
    assert world.workspace.delegations == {SERVICE_ACCOUNT_ID: {SEND, SETTINGS}}
    await person.press("apply", **{f"scopes-{SERVICE_ACCOUNT_ID}": SEND})
    assert world.workspace.delegations == {SERVICE_ACCOUNT_ID: {SEND}}
    await person.press("apply", **{f"scopes-{SERVICE_ACCOUNT_ID}": ""})
    assert world.workspace.delegations == {}


async def test_an_address_is_confirmed_another_added_and_a_person_suspended(world: World) -> None:
    person = await desk(world)
    ticks = {f"alias-{ANNA}-{PENDING}": "yes", f"suspended-{BEN}": "yes"}
    await person.press("apply", **ticks, **{"alias-person": BEN, "alias-address": "new@example.org"})
    people = world.workspace.people
    assert not people[ANNA].send_as[PENDING].pending
    assert people[BEN].suspended
    assert not people[BEN].send_as["new@example.org"].pending
    await person.press("apply", **{"alias-person": BEN, "alias-address": "no address"})
    assert set(people[BEN].send_as) == {"new@example.org"}
    assert not people[BEN].suspended


@pytest.mark.parametrize("on", [True, False])
async def test_the_relay_is_switched(world: World, on: bool) -> None:
    await (await desk(world)).press("apply", **({"relay": "yes"} if on else {}))
    assert world.workspace.policies.relay is on


async def test_the_page_leads_back_to_the_sign_in_it_was_opened_from(world: World) -> None:
    person = await world.browser().open(world.address())
    assert person.page.tags["it"]["href"].startswith("/practice/admin?back=")
    await person.open(f"{world.google.login}{person.page.tags['it']['href']}")
    assert person.page.tags["back"]["href"].startswith("/sign-in/")
