"""Who is offered, who is asked, and who is asked nothing: prompt, login_hint and hd of a request."""

import pytest
from tests.unit.practice.google.visiting import Person, World

from sendwright.oauth.google.scopes import EMAIL, OPENID, SETTINGS, USUAL
from sendwright.practice.google.example import ANNA, BEN, CLARA, CLIENT_ID, DOMAIN
from sendwright.texts import text


async def signed_in(world: World, *who: str) -> Person:
    """Return a browser in which everybody of `who` has signed in and agreed."""
    person = world.browser(who[0])
    for email in who:
        person.left_to, person.email = "", email
        await person.agree(world.address())
        assert person.left_to
    person.left_to = ""
    return person


async def test_nobody_signed_in_is_told_at_once_where_nothing_may_be_asked(world: World) -> None:
    person = await world.browser().open(world.address(prompt="none"))
    assert person.answer == {"state": "a-state", "error": "login_required"}


async def test_who_agreed_before_comes_through_without_a_page_and_without_a_refresh_token(world: World) -> None:
    person = await signed_in(world, ANNA)
    await person.open(world.address(prompt="none"))
    assert person.answer["prompt"] == "none"
    tokens = (await world.redeem(person)).json()
    assert ("refresh_token" in tokens, set(tokens["scope"].split())) == (False, set(USUAL))


@pytest.mark.parametrize("blocked", [True, False])
async def test_who_would_have_to_be_asked_is_not_where_nothing_may_be_asked(world: World, blocked: bool) -> None:
    person = await signed_in(world, ANNA)
    if blocked:
        world.workspace.policies.blocked.add(CLIENT_ID)
    scopes = USUAL if blocked else (*USUAL, SETTINGS)
    await person.open(world.address(scopes, prompt="none"))
    assert person.answer == {"state": "a-state", "error": "interaction_required"}


async def test_of_two_accounts_the_hinted_one_is_taken_in_silence(world: World) -> None:
    person = await signed_in(world, ANNA, BEN)
    await person.open(world.address(prompt="none"))
    assert person.answer["error"] == "login_required"
    person.left_to = ""
    await person.open(world.address(prompt="none", login_hint=BEN.upper()))
    assert "code" in person.answer


@pytest.mark.parametrize(
    ("query", "offered"),
    [
        ({}, {ANNA, BEN, CLARA}),
        ({"login_hint": CLARA}, {ANNA, BEN, CLARA}),
        ({"hd": DOMAIN}, {ANNA, BEN}),
        ({"hd": "example.com"}, set()),
    ],
)
async def test_the_accounts_of_the_browser_are_offered(world: World, query: dict[str, str], offered: set[str]) -> None:
    person = await signed_in(world, ANNA, BEN, CLARA)
    await person.open(world.address(**query))
    offers = person.page.words if "account-0" in person.page.ids else ""
    assert {one for one in (ANNA, BEN, CLARA) if one in offers} == offered
    assert ("username" in person.page.ids) is (not offered)


async def test_the_hinted_account_stands_first(world: World) -> None:
    person = await signed_in(world, ANNA, BEN)
    await person.open(world.address(login_hint=BEN))
    assert BEN in person.shown("account-0") or "Ben" in person.shown("account-0")


async def test_another_account_than_the_offered_ones_may_sign_in(world: World) -> None:
    person = await signed_in(world, ANNA)
    await person.agree(world.address())
    person.left_to = ""
    await person.open(world.address())
    await person.press("account-other")
    await person.press("next", username=BEN)
    assert person.shown("who") == BEN
    assert "password" in person.page.ids


async def test_one_who_was_suspended_meanwhile_is_not_offered(world: World) -> None:
    person = await signed_in(world, ANNA, BEN)
    world.workspace.people[BEN].suspended = True
    await person.open(world.address())
    assert (ANNA in person.page.words, BEN in person.page.words) == (True, False)


@pytest.mark.parametrize(("hint", "shown"), [(ANNA, "password"), (ANNA.upper(), "password"), ("", "username")])
async def test_a_hint_saves_typing_in_a_new_browser(world: World, hint: str, shown: str) -> None:
    person = await world.browser().open(world.address(login_hint=hint))
    assert shown in person.page.ids


async def test_a_hint_that_is_nobody_stands_in_the_field_to_be_corrected(world: World) -> None:
    person = await world.browser().open(world.address(login_hint="anan@example.org"))
    assert person.page.tags["username"]["value"] == "anan@example.org"


async def test_what_was_agreed_before_is_not_asked_again_without_consent(world: World) -> None:
    person = await signed_in(world, BEN)
    await person.open(world.address((OPENID, EMAIL), prompt=""))
    assert person.left_to.startswith("http://127.0.0.1:5000/")


@pytest.mark.parametrize(
    ("typed", "wrong"),
    [
        ({"username": "anan@example.org"}, "account"),
        ({"username": ""}, "account"),
        ({"username": "x" * 400}, "account"),
    ],
)
async def test_a_name_that_is_nobody_is_said_on_the_page(world: World, typed: dict[str, str], wrong: str) -> None:
    person = await world.browser().open(world.address())
    await person.press("next", **typed)
    assert person.shown("error") == text(f"practice.google.wrong-{wrong}")
    assert len(person.page.tags["username"]["value"]) <= 320


async def test_a_wrong_password_a_refused_second_step_and_a_suspension_are_said(world: World) -> None:
    person = await world.browser().open(world.address())
    await person.press("next", username=ANNA)
    await person.press("next", password="wrong")
    assert person.page.tags["error"]["data-wrong"] == "password"
    await person.press("next", password=person.password)
    await person.press("deny")
    assert person.page.tags["error"]["data-wrong"] == "second-step"
    world.workspace.people[ANNA].suspended = True
    await person.press("next", password=person.password)
    assert person.page.tags["error"]["data-wrong"] == "suspended"


@pytest.mark.parametrize("action", ["accept", "go-on", "approve", "account-0", "account-99", "account-x", "nonsense"])
async def test_no_button_leads_past_the_password(world: World, action: str) -> None:
    person = await world.browser().open(world.address(login_hint=ANNA))
    flow = person.page.forms[0].action
    pressed = {"action": action, "scope-gmail-send": "yes"}
    response = await person.client.post(f"{world.google.login}{flow}", data=pressed)
    assert response.status_code == 200
    assert "accept" not in response.text.partition("<form")[2] or "password" in response.text
    assert world.workspace.consents == {}


async def test_a_sign_in_that_is_over_stays_so(world: World) -> None:
    person = world.browser()
    await person.open(world.address())
    flow = person.page.forms[0].action
    await person.sign_in()
    await person.press("accept")
    assert person.left_to
    again = await person.client.post(f"{world.google.login}{flow}", data={"action": "accept"})
    assert "Error 400: invalid_request" in again.text
    unknown = await person.client.post(f"{world.google.login}/sign-in/unknown", data={"action": "accept"})
    assert "This sign-in is over." in unknown.text


async def test_a_warning_is_not_passed_by_accepting(world: World) -> None:
    world.workspace.clients[CLIENT_ID].verified = False
    person = await world.browser(BEN).open(world.address())
    await person.sign_in()
    flow = person.page.forms[0].action
    response = await person.client.post(f"{world.google.login}{flow}", data={"action": "accept"})
    assert "advanced" in response.text
    assert world.workspace.consents == {}
