"""An administrator allows an application for everybody, or does not."""

import pytest
from tests.unit.practice.microsoft.visiting import GRAPH, REDIRECT, Person, World

from sendwright.practice.microsoft.contoso import ANNA, BEN, CLIENT_ID, TENANT_ID
from sendwright.practice.microsoft.tenant import Role


async def opened(world: World, path: str = "v2.0/adminconsent", segment: str = "organizations", **more: str) -> Person:
    query = {"client_id": CLIENT_ID, "redirect_uri": REDIRECT, "scope": f"{GRAPH}/.default", "state": "s"} | more
    query = {name: value for name, value in query.items() if value}
    return await world.browser().open(world.address(path, segment, **query))


async def test_a_global_administrator_allows_it_for_people_and_for_itself(world: World) -> None:
    person = await (await opened(world)).sign_in(ANNA)
    assert "for everybody in Contoso" in person.page.words
    assert "Send mail as anybody in the organisation (Mail.Send), without anybody signed in" in person.page.words
    await person.press("accept")
    granted = {f"{GRAPH}/Mail.Send", f"{GRAPH}/Mail.Send.Shared", f"{GRAPH}/User.Read"}
    assert set(person.answer.pop("scope").split()) == granted
    assert person.answer["admin_consent"] == "True"
    assert person.answer["tenant"] == TENANT_ID
    assert person.answer["state"] == "s"
    assert "error" not in person.answer
    assert world.tenant.app_roles == {CLIENT_ID: {"Mail.Send"}}
    assert world.tenant.consents == {CLIENT_ID: {"Mail.Send", "Mail.Send.Shared", "User.Read"}}


async def test_delegated_scopes_alone_grant_no_role(world: World) -> None:
    person = await (await opened(world, scope=f"{GRAPH}/Mail.Send offline_access")).sign_in(ANNA)
    await person.press("accept")
    assert person.answer["scope"] == f"{GRAPH}/Mail.Send"
    assert world.tenant.consents == {CLIENT_ID: {"Mail.Send"}}
    assert world.tenant.app_roles == {}


async def test_a_refusal_says_admin_consent_true_all_the_same(world: World) -> None:
    person = await (await opened(world)).sign_in(ANNA)
    await person.press("cancel")
    assert person.answer["admin_consent"] == "True"
    assert person.answer["error"] == "consent_required"
    assert person.answer["error_description"].startswith("AADSTS65004: ")
    assert person.answer["state"] == "s"
    assert "tenant" not in person.answer
    assert not world.tenant.consents


async def test_the_older_address_without_a_scope_answers_in_its_own_way(world: World) -> None:
    refusing = await (await opened(world, "adminconsent", scope="")).sign_in(ANNA)
    await refusing.press("cancel")
    assert refusing.answer["error"] == "permission_denied"
    assert refusing.answer["error_description"] == "The admin canceled the request"
    person = await (await opened(world, "adminconsent", scope="")).sign_in(ANNA)
    await person.press("accept")
    assert person.answer == {"admin_consent": "True", "tenant": TENANT_ID, "state": "s"}
    assert world.tenant.app_roles == {CLIENT_ID: {"Mail.Send"}}


@pytest.mark.parametrize(
    ("roles", "scope", "allowed"),
    [
        (set(), f"{GRAPH}/Mail.Send", False),
        (set(), f"{GRAPH}/.default", False),
        ({Role.CLOUD_APPLICATION_ADMINISTRATOR}, f"{GRAPH}/Mail.Send", True),
        ({Role.CLOUD_APPLICATION_ADMINISTRATOR}, f"{GRAPH}/.default", False),
        ({Role.PRIVILEGED_ROLE_ADMINISTRATOR}, f"{GRAPH}/.default", True),
        ({Role.GLOBAL_ADMINISTRATOR}, f"{GRAPH}/.default", True),
    ],
)
async def test_the_role_decides(world: World, roles: set[Role], scope: str, allowed: bool) -> None:
    world.tenant.people[BEN].roles = roles
    person = await (await opened(world, scope=scope)).sign_in(BEN)
    assert ("accept" in person.page.ids) is allowed
    assert ("as-admin" in person.page.ids) is not allowed
    if not allowed:
        assert "AADSTS90094" in person.page.ids["said"]
        await person.press("cancel")
        assert (person.answer["admin_consent"], person.answer["error"]) == ("True", "consent_required")


@pytest.mark.parametrize(
    ("changed", "number"),
    [
        ({"client_id": "nobody"}, 700016),
        ({"client_id": ""}, 90014),
        ({"redirect_uri": "https://attacker.example"}, 50011),
        ({"scope": ""}, 90014),
        ({"scope": f"{GRAPH}/Mail.Fly"}, 650053),
        ({"segment": "nowhere.example"}, 90002),
    ],
)
async def test_a_wrong_request_is_shown_and_never_redirected(
    world: World, changed: dict[str, str], number: int
) -> None:
    person = await opened(world, **changed)
    assert f"AADSTS{number}" in person.page.ids["said"]
    assert person.left_to == ""


async def test_a_tenant_can_be_named_and_the_consent_repeated(world: World) -> None:
    for _ in range(2):
        person = await (await opened(world, segment=TENANT_ID)).sign_in(ANNA)
        await person.press("accept")
        assert person.answer["tenant"] == TENANT_ID
    assert world.tenant.knows(CLIENT_ID)
