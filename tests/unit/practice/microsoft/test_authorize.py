"""What an authorisation request must be, and where its refusals are told."""

import pytest
from tests.unit.practice.microsoft.test_login import authorize
from tests.unit.practice.microsoft.visiting import REDIRECT, Start, World

from sendwright.practice.answers import extended
from sendwright.practice.microsoft.answers import registered
from sendwright.practice.microsoft.contoso import CLIENT_ID, TENANT_ID, contoso
from sendwright.practice.microsoft.tenant import AppRegistration


@pytest.mark.parametrize(
    ("changed", "number"),
    [
        ({"client_id": "9d2b7f6e-0000-4000-8000-000000000000"}, 700016),
        ({"client_id": ""}, 90014),
        ({"redirect_uri": "http://localhost:5000/other"}, 50011),
        ({"redirect_uri": "https://attacker.example/"}, 50011),
        ({"redirect_uri": "http://localhost:5000/?extra=1"}, 50011),
        ({"redirect_uri": ""}, 50011),
        ({"segment": "nowhere.example"}, 90002),
    ],
)
async def test_what_concerns_the_redirect_itself_is_shown_and_never_redirected(
    world: World, changed: dict[str, str], number: int
) -> None:
    person = await world.browser().open(authorize(world, **changed))
    assert person.left_to == ""
    assert person.status == 400
    assert f"AADSTS{number}" in person.page.ids["said"]
    assert len(person.page.ids["correlation"]) == 36
    assert person.page.ids["timestamp"].endswith("Z")


@pytest.mark.parametrize(
    ("changed", "error", "number"),
    [
        ({"response_type": "token"}, "unsupported_response_type", 700054),
        ({"response_type": ""}, "invalid_request", 90014),
        ({"code_challenge": ""}, "invalid_request", 50147),
        ({"code_challenge": "short"}, "invalid_request", 501491),
        ({"code_challenge_method": "plain"}, "invalid_request", 501491),
        ({"scope": "openid https://graph.microsoft.com/Mail.Sned"}, "invalid_client", 650053),
        ({"scope": "https://elsewhere.example/Mail.Send"}, "invalid_scope", 70011),
        ({"scope": ""}, "invalid_request", 90014),
        ({"prompt": "create"}, "invalid_request", 9002313),
        ({"response_mode": "smoke"}, "invalid_request", 9002313),
        ({"prompt": "none"}, "login_required", 50058),
    ],
)
async def test_other_refusals_reach_the_application_with_the_state(
    world: World, changed: dict[str, str], error: str, number: int
) -> None:
    person = await world.browser().open(authorize(world, **changed))
    assert person.left_to.startswith(f"{REDIRECT}?")
    assert person.answer["error"] == error
    assert person.answer["error_description"].startswith(f"AADSTS{number}: ")
    assert person.answer["state"] == "s"
    assert "code" not in person.answer


@pytest.mark.parametrize("mode", ["query", "fragment", "form_post"])
async def test_a_code_arrives_in_the_mode_that_was_asked_for(world: World, mode: str) -> None:
    person = await world.browser().open(authorize(world, response_mode=mode))
    await person.sign_in()
    await person.press("accept")
    if mode == "form_post":
        assert person.left_to == ""
        assert person.page.forms[0].action == REDIRECT
        assert "nonce" in person.html
        await person.press("continue")
    assert person.left_to.startswith(REDIRECT + ("#" if mode == "fragment" else "?"))
    assert person.answer["state"] == "s"
    assert person.answer["code"].startswith("0.A")
    assert person.answer["session_state"]


async def test_the_script_that_posts_an_answer_is_the_only_one_that_may_run(world: World) -> None:
    browser = world.browser()
    person = await browser.open(authorize(world, response_mode="form_post"))
    await person.sign_in()
    form = person.page.forms[0]
    response = await browser.client.post(world.microsoft.login + form.action, data={"action": "accept"})
    policy = response.headers["content-security-policy"]
    nonce = policy.split("script-src 'nonce-")[1].split("'")[0]
    assert f'<script nonce="{nonce}">' in response.text
    assert response.text.count("<script") == 1


async def test_without_a_state_none_is_made_up(world: World) -> None:
    person = await world.browser().open(authorize(world, state="", prompt="none"))
    assert "state" not in person.answer


async def test_a_registration_for_one_organisation_is_not_found_elsewhere(start: Start) -> None:
    tenant = contoso()
    tenant.registrations[CLIENT_ID].multi_tenant = False
    other = contoso()
    other.id, other.domain = "11111111-2222-4333-8444-555555555555", "fabrikam.example"
    other.registrations.clear()
    world = await start(tenant, other)
    for segment, number in (("organizations", 50194), ("fabrikam.example", 700016)):
        person = await world.browser().open(authorize(world, segment=segment))
        assert f"AADSTS{number}" in person.page.ids["said"]
    person = await world.browser().open(authorize(world, segment=TENANT_ID))
    assert "username" in person.page.ids


async def test_a_disabled_application_and_one_without_addresses_are_refused(world: World) -> None:
    registration = world.tenant.registrations[CLIENT_ID]
    registration.disabled = True
    assert "AADSTS7000112" in (await world.browser().open(authorize(world))).page.ids["said"]
    registration.disabled = False
    registration.redirect_uris.clear()
    assert "AADSTS500113" in (await world.browser().open(authorize(world))).page.ids["said"]


@pytest.mark.parametrize(
    ("uri", "known"),
    [
        ("http://localhost", True),
        ("http://localhost/", True),
        ("http://localhost:1", True),
        ("http://localhost:65535/", True),
        ("http://localhost:5000/x", False),
        ("http://localhost:5000/?a=1", False),
        ("https://localhost:5000", False),
        ("http://127.0.0.1:80/", False),
        ("http://localhost.attacker.example/", False),
        ("http://me@localhost:5000/", False),
        ("https://practice.example/blank", True),
        ("https://practice.example:8443/blank", False),
        ("https://practice.example/Blank", False),
    ],
)
def test_only_the_port_of_this_computer_may_differ_from_what_is_registered(uri: str, known: bool) -> None:
    client = AppRegistration(
        client_id="1", name="One", redirect_uris={"http://localhost", "https://practice.example/blank"}
    )
    assert registered(uri, client) is known


@pytest.mark.parametrize(
    ("uri", "fragment", "expected"),
    [
        ("http://localhost:1", False, "http://localhost:1/?a=b+c"),
        ("http://localhost:1/x", False, "http://localhost:1/x?a=b+c"),
        ("http://localhost:1/x?y=z", False, "http://localhost:1/x?y=z&a=b+c"),
        ("http://localhost:1", True, "http://localhost:1/#a=b+c"),
    ],
)
def test_an_address_without_a_path_comes_back_with_a_slash(uri: str, fragment: bool, expected: str) -> None:
    assert extended(uri, {"a": "b c"}, fragment=fragment) == expected
