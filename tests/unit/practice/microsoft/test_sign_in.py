"""The pages between a request and a code: who signs in, how, and who is stopped."""

import pytest
from tests.unit.practice.microsoft.test_login import authorize
from tests.unit.practice.microsoft.visiting import EMBEDDED, OWN_BROWSER, Person, Start, World

from sendwright.practice.microsoft.contoso import ANNA, BEN, CLIENT_ID, INFO, NOREPLY, TENANT_ID, contoso
from sendwright.practice.microsoft.tenant import Person as Member


async def signing_in(world: World, agent: str = OWN_BROWSER, **more: str) -> Person:
    return await world.browser(agent).open(authorize(world, **more))


async def test_a_name_that_nobody_has_is_asked_for_again(world: World) -> None:
    person = await signing_in(world)
    await person.press("next", username="nobody@contoso.com")
    assert person.page.tags["error"]["data-aadsts"] == "50034"
    assert person.page.tags["username"]["value"] == "nobody@contoso.com"
    assert "AADSTS" not in person.page.words  # Microsoft's page has no number there, either
    await person.sign_in()
    assert "accept" in person.page.ids


@pytest.mark.parametrize(
    ("attribute", "number"), [("locked", "50053"), ("password_expired", "50055")], ids=["locked", "expired"]
)
async def test_an_account_that_is_kept_out_stays_at_its_password(world: World, attribute: str, number: str) -> None:
    setattr(world.tenant.people[BEN], attribute, True)
    person = await (await signing_in(world)).sign_in()
    assert person.page.tags["error"]["data-aadsts"] == number
    assert "password" in person.page.ids


async def test_a_wrong_password_is_said_and_can_be_corrected(world: World) -> None:
    person = await (await signing_in(world)).sign_in(password="guess")
    assert person.page.tags["error"]["data-aadsts"] == "50126"
    assert person.page.tags["error"]["role"] == "alert"
    await person.sign_in()
    assert "accept" in person.page.ids


async def test_a_disabled_account_is_shown_its_number_after_the_password(world: World) -> None:
    world.tenant.people[BEN].disabled = True
    person = await (await signing_in(world)).sign_in()
    assert "AADSTS50057" in person.page.ids["said"]


@pytest.mark.parametrize("address", [NOREPLY, INFO])
async def test_a_shared_mailbox_does_not_sign_in(world: World, address: str) -> None:
    person = await signing_in(world)
    await person.press("next", username=address)
    assert "AADSTS50057" in person.page.ids["said"]
    assert "password" not in person.page.ids


async def test_the_second_step_is_approved_or_denied(world: World) -> None:
    person = await signing_in(world)
    await person.press("next", username=ANNA)
    await person.press("next", password="let-me-practise")
    assert "approve" in person.page.ids
    assert "accept" not in person.page.ids
    await person.press("deny")
    assert person.page.tags["error"]["data-aadsts"] == "50074"
    await person.sign_in(ANNA)
    assert "accept" in person.page.ids


async def test_the_second_step_cannot_be_left_out(world: World) -> None:
    person = await signing_in(world)
    await person.press("next", username=ANNA)
    await person.press("next", password="let-me-practise")
    form = person.page.forms[0]
    response = await person.client.post(world.microsoft.login + form.action, data={"action": "accept"})
    assert response.status_code == 200
    assert 'id="approve"' in response.text


async def test_consent_cannot_be_given_before_the_password(world: World) -> None:
    person = await signing_in(world)
    await person.press("next", username=BEN)
    action = person.page.forms[0].action
    response = await person.client.post(world.microsoft.login + action, data={"action": "accept"})
    assert 'id="password"' in response.text
    assert not world.tenant.own_consents


@pytest.mark.parametrize("number", [53003, 50105, 530032])
async def test_a_policy_blocks_on_the_page_and_never_redirects(world: World, number: int) -> None:
    world.tenant.policies.blocked = number
    person = await (await signing_in(world)).sign_in()
    assert f"AADSTS{number}" in person.page.ids["said"]
    assert person.left_to == ""
    assert not person.page.forms


@pytest.mark.parametrize("number", [53000, 53001, 50097])
async def test_a_device_demand_stops_the_embedded_browser_only(world: World, number: int) -> None:
    world.tenant.policies.device = number
    stopped = await (await signing_in(world, EMBEDDED)).sign_in()
    assert f"AADSTS{number}" in stopped.page.ids["said"]
    assert "This device does not meet the requirements" in stopped.page.words
    passed = await (await signing_in(world)).sign_in()
    assert "accept" in passed.page.ids


async def test_only_who_is_assigned_may_use_an_application_that_demands_it(world: World) -> None:
    world.tenant.registrations[CLIENT_ID].assigned = {ANNA}
    assert "AADSTS50105" in (await (await signing_in(world)).sign_in(BEN)).page.ids["said"]
    assert "accept" in (await (await signing_in(world)).sign_in(ANNA)).page.ids


async def test_who_has_signed_in_once_goes_on_without_a_password(world: World) -> None:
    person = await (await signing_in(world)).sign_in()
    await person.press("accept")
    person.left_to = ""
    await person.open(authorize(world))
    assert person.answer["code"]
    stranger = await signing_in(world)
    assert "username" in stranger.page.ids


async def test_the_account_picker_offers_who_has_signed_in_with_this_browser(world: World) -> None:
    person = await (await signing_in(world)).sign_in()
    await person.open(authorize(world, prompt="select_account"))
    assert "account-0" in person.page.ids
    assert "account-1" not in person.page.ids
    await person.press("account-other")
    await person.sign_in(ANNA)
    await person.open(authorize(world))
    assert {"account-0", "account-1", "account-other"} <= person.page.ids.keys()
    await person.press("account-1")
    assert ANNA in person.page.ids["who"]
    assert "accept" in person.page.ids


async def test_prompt_login_asks_for_the_password_again(world: World) -> None:
    person = await (await signing_in(world)).sign_in()
    await person.open(authorize(world, prompt="login"))
    await person.press("account-0")
    assert "password" in person.page.ids


async def test_prompt_none_succeeds_only_with_a_session_and_a_consent(world: World) -> None:
    person = await (await signing_in(world)).sign_in()
    await person.open(authorize(world, prompt="none"))
    assert person.answer["error"] == "interaction_required"
    assert "AADSTS65001" in person.answer["error_description"]
    world.tenant.consents[CLIENT_ID] = {"Mail.Send"}
    await person.open(authorize(world, prompt="none"))
    assert person.answer["code"]


async def test_a_login_hint_goes_straight_to_the_password(world: World) -> None:
    person = await signing_in(world, login_hint=BEN)
    assert person.page.ids["who"] == BEN
    assert "password" in person.page.ids
    await person.press("account-other")
    assert "username" in person.page.ids


async def test_going_back_is_told_to_the_application(world: World) -> None:
    person = await signing_in(world)
    await person.press("cancel")
    assert person.answer["error"] == "access_denied"
    assert "AADSTS65004" in person.answer["error_description"]


async def test_an_answered_sign_in_answers_no_more(world: World) -> None:
    person = await (await signing_in(world)).sign_in()
    form = person.page.forms[0]
    await person.press("accept")
    response = await person.client.post(world.microsoft.login + form.action, data={"action": "accept"})
    assert response.status_code == 400
    assert "AADSTS9002313" in response.text


async def test_a_guest_is_named_as_one(start: Start) -> None:
    tenant = contoso()
    home = "22222222-3333-4444-8555-666666666666"
    guest = Member(username="gil@fabrikam.example", password="let-me-practise", name="Gil", oid="3" * 8, home=home)
    tenant.people[guest.username] = guest
    world = await start(tenant)
    found = await world.tokens(guest.username)
    assert found["id_token_claims"]["idp"] == f"https://sts.windows.net/{home}/"
    assert found["id_token_claims"]["tid"] == TENANT_ID
    assert tenant.mailbox(guest.username) is None


async def test_somebody_of_another_organisation_is_refused_at_this_ones_address(start: Start) -> None:
    other = contoso()
    other.id, other.domain, other.name = "44444444-5555-4666-8777-888888888888", "fabrikam.example", "Fabrikam"
    other.people = {"zoe@fabrikam.example": other.people[BEN]}
    other.people["zoe@fabrikam.example"].username = "zoe@fabrikam.example"
    world = await start(contoso(), other)
    person = await signing_in(world, segment=TENANT_ID)
    await person.press("next", username="zoe@fabrikam.example")
    assert "AADSTS50020" in person.page.ids["said"]
    found = await world.tokens("zoe@fabrikam.example")
    assert found["id_token_claims"]["tid"] == other.id


async def test_hostile_names_are_words_on_a_page(world: World) -> None:
    world.tenant.name = "<script>alert(1)</script>"
    world.tenant.people[BEN].name = '"><img src=x>'
    person = await (await signing_in(world)).sign_in()
    assert "<script>" not in person.html
    await person.open(authorize(world, prompt="select_account"))
    assert "<img" not in person.html
    await person.press("account-other")
    await person.press("next", username='"><b id="injected">')
    assert "injected" not in person.page.ids
