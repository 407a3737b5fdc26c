"""What each scenario of the simulated Google changes."""

from datetime import timedelta

import pytest
from tests.servers.google import access_token
from tests.unit.practice.google.test_gmail import send
from tests.unit.practice.google.test_submission import ALL_MAIL, connected, signed_in
from tests.unit.practice.google.visiting import World

from sendwright.oauth.google.scopes import SEND
from sendwright.practice.google.courses import BY_RELAY, COURSES, SIGN_IN_LASTS_S
from sendwright.practice.google.example import ANNA, NOTICES, SERVICE_ACCOUNT_ID, example


@pytest.mark.parametrize(
    ("name", "seen"),
    [
        ("google-usual", "accept"),
        ("google-partial-consent", "scope-gmail-send"),
        ("google-admin-blocked", "line"),
        ("google-unverified", "advanced"),
        ("google-testing", "go-on"),
        ("google-rate-limited", "accept"),
    ],
)
async def test_the_sign_in_of_a_course_ends_at_its_page(world: World, name: str, seen: str) -> None:
    COURSES[name](world.google)
    person = await (await world.browser().open(world.address())).sign_in()
    assert seen in person.page.ids
    assert person.left_to == ""


async def test_an_empty_box_grants_no_sending(world: World) -> None:
    COURSES["google-partial-consent"](world.google)
    person = world.browser()
    await person.agree(world.address(), boxes=())
    assert SEND not in (await world.redeem(person)).json()["scope"].split()


async def test_whom_the_administrator_trusts_again_gets_in(world: World) -> None:
    COURSES["google-admin-blocked"](world.google)
    person = await (await world.browser().open(world.address())).sign_in()
    assert "Error 400: admin_policy_enforced" in person.page.words
    world.workspace.policies.blocked.clear()
    assert "refresh_token" in await world.tokens()


async def test_in_testing_seven_days_are_told(world: World) -> None:
    COURSES["google-testing"](world.google)
    tokens = await world.tokens()
    assert 0 < tokens["refresh_token_expires_in"] <= 7 * 24 * 3600
    renewed = (await world.refresh(tokens["refresh_token"])).json()
    assert 0 < renewed["refresh_token_expires_in"] <= tokens["refresh_token_expires_in"]


async def test_another_address_is_replaced_without_a_word(world: World) -> None:
    COURSES["google-alias-replaced"](world.google)
    assert (await send(world, NOTICES)).status_code == 200
    assert world.inbox[0].sender == f"Anna Example <{ANNA}>"


async def test_two_messages_have_to_wait_and_the_third_leaves(world: World) -> None:
    COURSES["google-rate-limited"](world.google)
    for _ in range(2):
        refused = await send(world)
        error = refused.json()["error"]
        assert (refused.status_code, error["errors"][0]["reason"]) == (403, "rateLimitExceeded")
        assert "  Retry after 20" in error["message"]
    assert (await send(world)).status_code == 200
    assert (world.google.traffic(ANNA).throttled, len(world.inbox)) == (2, 1)


async def test_a_sign_in_ends_after_minutes(world: World) -> None:
    COURSES["google-token-dies"](world.google)
    tokens = await world.tokens()
    assert tokens["expires_in"] == SIGN_IN_LASTS_S
    world.workspace.ahead = timedelta(seconds=SIGN_IN_LASTS_S + 1)
    assert (await world.refresh(tokens["refresh_token"])).json()["error"] == "invalid_grant"


def test_a_delegation_is_there_or_lacks(world: World) -> None:
    COURSES["google-usual"](world.google)
    assert world.workspace.delegations == {SERVICE_ACCOUNT_ID: {SEND}}
    COURSES["google-delegation-missing"](world.google)
    assert world.workspace.delegations == {}


async def test_the_relay_takes_nothing_while_it_is_off(world: World) -> None:
    COURSES[BY_RELAY](world.google)
    client = await connected(world, relay=True)
    await signed_in(client, ANNA, access_token(world.google, scopes=ALL_MAIL).reveal())
    assert (await client.execute_command(b"MAIL", b"FROM:<anna@example.org>")).code == 550
    client.close()
    assert not world.inbox


def test_no_course_leaves_anything_to_the_next_practice() -> None:
    first, second = example(), example()
    first.policies.blocked.add("x")
    first.people[ANNA].send_as.clear()
    assert not second.policies.blocked
    assert set(second.people[ANNA].send_as) >= {NOTICES}
