"""Signing in for another device."""

import asyncio
from datetime import timedelta

import pytest
from tests.unit.practice.microsoft.test_token_endpoint import refused
from tests.unit.practice.microsoft.visiting import GRAPH, Person, World

from sendwright.practice.microsoft.contoso import BEN, CLIENT_ID
from sendwright.practice.microsoft.token_endpoint import DEVICE_GRANT

SCOPE = f"{GRAPH}/Mail.Send openid profile offline_access"


async def begun(world: World) -> dict[str, str]:
    response = await world.ask({"scope": SCOPE}, path="devicecode")
    assert response.status_code == 200
    return dict(response.json())


async def typed(world: World, code: str) -> Person:
    person = await world.browser().open(f"{world.microsoft.login}/common/oauth2/deviceauth")
    assert "code" in person.page.ids
    return await person.press("next", otc=code)


def asking(device: dict[str, str]) -> dict[str, str]:
    return {"grant_type": DEVICE_GRANT, "device_code": device["device_code"]}


async def test_the_answer_tells_where_to_type_what(world: World) -> None:
    device = await begun(world)
    assert device["verification_uri"] == f"{world.microsoft.login}/common/oauth2/deviceauth"
    assert device["user_code"] in device["message"]
    assert (device["expires_in"], device["interval"]) == (900, 5)
    assert "verification_uri_complete" not in device


async def test_msal_signs_in_by_device_code(world: World) -> None:
    world.microsoft.device_interval_s = 0
    application = await asyncio.to_thread(world.msal)
    flow = await asyncio.to_thread(application.initiate_device_flow, [f"{GRAPH}/Mail.Send"])
    person = await (await typed(world, flow["user_code"])).sign_in()
    await person.press("accept")
    assert "You have signed in" in person.page.ids["ended"]
    found = await asyncio.to_thread(application.acquire_token_by_device_flow, flow)
    assert found["id_token_claims"]["preferred_username"] == BEN
    assert found["refresh_token"]


async def test_it_waits_and_wants_to_be_asked_slowly(world: World) -> None:
    device = await begun(world)
    refused(await world.ask(asking(device)), 70016, "authorization_pending")
    refused(await world.ask(asking(device)), 70016, "slow_down")
    world.tenant.ahead = timedelta(seconds=5)
    refused(await world.ask(asking(device)), 70016, "authorization_pending")


async def test_a_device_has_its_tokens_once(world: World) -> None:
    device = await begun(world)
    person = await (await typed(world, device["user_code"])).sign_in()
    await person.press("accept")
    assert "access_token" in (await world.ask(asking(device))).json()
    refused(await world.ask(asking(device)), 70019, "expired_token")


async def test_declining_reaches_the_device(world: World) -> None:
    device = await begun(world)
    person = await (await typed(world, device["user_code"])).sign_in()
    await person.press("cancel")
    assert "You have not signed in" in person.page.ids["ended"]
    refused(await world.ask(asking(device)), 65004, "authorization_declined")


async def test_a_code_ends_after_a_quarter_of_an_hour(world: World) -> None:
    device = await begun(world)
    world.tenant.ahead = timedelta(minutes=16)
    refused(await world.ask(asking(device)), 70019, "expired_token")
    assert (await typed(world, device["user_code"])).page.tags["error"]["data-aadsts"] == "70018"


@pytest.mark.parametrize("writing", [str.lower, lambda code: f" {code[:4]}-{code[4:]} "])
async def test_the_code_may_be_typed_as_people_do(world: World, writing: object) -> None:
    assert callable(writing)
    device = await begun(world)
    assert "username" in (await typed(world, writing(device["user_code"]))).page.ids


async def test_a_code_that_is_not_known_can_be_typed_again(world: World) -> None:
    device = await begun(world)
    person = await typed(world, "WRONGCODE")
    assert person.page.tags["code"]["value"] == "WRONGCODE"
    await person.press("next", otc=device["user_code"])
    assert "username" in person.page.ids
    refused(await world.ask({"grant_type": DEVICE_GRANT, "device_code": "x"}), 70018, "bad_verification_code")


@pytest.mark.parametrize("demand", ["device", "off"])
async def test_policies_stop_device_codes_in_any_browser(world: World, demand: str) -> None:
    if demand == "device":
        world.tenant.policies.device = 53000
    else:
        world.tenant.policies.device_code = False
    device = await begun(world)
    person = await (await typed(world, device["user_code"])).sign_in()
    assert ("AADSTS53000" if demand == "device" else "AADSTS53003") in person.page.ids["said"]
    refused(await world.ask(asking(device)), 70016, "authorization_pending")


@pytest.mark.parametrize(
    ("changed", "number", "error", "status"),
    [
        ({"client_id": ""}, 90014, "invalid_request", 400),
        ({"client_id": "nobody"}, 700016, "unauthorized_client", 401),
        ({"scope": ""}, 90014, "invalid_request", 400),
        ({"scope": f"{GRAPH}/Mail.Fly"}, 650053, "invalid_client", 401),
    ],
)
async def test_a_wrong_request_is_refused(
    world: World, changed: dict[str, str], number: int, error: str, status: int
) -> None:
    refused(await world.ask({"scope": SCOPE} | changed, path="devicecode"), number, error, status)


async def test_only_public_clients_have_device_codes(world: World) -> None:
    world.tenant.registrations[CLIENT_ID].public = False
    refused(await world.ask({"scope": SCOPE}, path="devicecode"), 7000218, "invalid_client", 401)
