"""What a person meets on the pages of the simulated Google, and where each way ends."""

from collections.abc import Callable

import pytest
from tests.unit.practice.google.visiting import World
from tests.unit.practice.visiting import EMBEDDED

from sendwright.oauth.google.scopes import EMAIL, OPENID, SEND, SETTINGS, USUAL
from sendwright.practice.google.courses import COURSES
from sendwright.practice.google.example import ANNA, BEN, CLARA, CLIENT_ID, OWN_CLIENT_ID
from sendwright.practice.google.workspace import Workspace
from sendwright.practice.scenarios import SCENARIOS
from sendwright.texts import LANGUAGES, has, speaking

FURTHER = (*USUAL, SETTINGS)


def test_every_course_is_a_scenario_with_words_in_every_language() -> None:
    assert set(COURSES) == {known.name for known in SCENARIOS if known.name.startswith("google-")}
    for language in LANGUAGES:
        with speaking(language):
            assert all(has(f"practice.{name}") for name in COURSES)


@pytest.mark.parametrize(
    ("query", "line"),
    [
        ({"client_id": "unknown"}, "Error 401: invalid_client"),
        ({"client_id": ""}, "Error 400: invalid_request"),
        ({"redirect_uri": "https://app.example.com/"}, "Error 400: redirect_uri_mismatch"),
        ({"redirect_uri": "http://127.0.0.1.example.com/"}, "Error 400: redirect_uri_mismatch"),
        ({"redirect_uri": "urn:ietf:wg:oauth:2.0:oob"}, "Error 400: invalid_request"),
        ({"scope": f"{SEND} https://www.googleapis.com/auth/gmail.sned"}, "Error 400: invalid_scope"),
        ({"response_type": "token"}, "Error 400: unsupported_response_type"),
        ({"code_challenge_method": "plain"}, "Error 400: invalid_request"),
        ({"prompt": "none consent"}, "Error 400: invalid_request"),
    ],
)
async def test_a_wrong_request_is_shown_and_the_application_hears_nothing(
    world: World, query: dict[str, str], line: str
) -> None:
    person = await world.browser().open(world.address(**query))
    assert line in person.page.words
    assert person.left_to == ""


@pytest.mark.parametrize("uri", ["http://127.0.0.1:1234", "http://[::1]:9/a/b", "http://localhost:65535/"])
async def test_a_desktop_client_is_answered_at_any_port_of_this_computer(world: World, uri: str) -> None:
    assert (await world.browser().agree(world.address(redirect_uri=uri))).startswith(uri)


@pytest.mark.parametrize("headers", [{"user-agent": EMBEDDED}, {"sec-ch-ua": '"Microsoft Edge WebView2";v="130"'}])
async def test_a_browser_inside_another_program_is_refused(world: World, headers: dict[str, str]) -> None:
    response = await world.http().get(world.address(), headers=headers)
    assert response.status_code == 403
    assert "disallowed_useragent" in response.text


def blocked(workspace: Workspace) -> None:
    workspace.policies.blocked.add(CLIENT_ID)


def in_testing(workspace: Workspace) -> None:
    workspace.clients[CLIENT_ID].testing = True


def foreign(workspace: Workspace) -> None:
    workspace.clients[CLIENT_ID].internal = "example.com"


def protected(workspace: Workspace) -> None:
    workspace.policies.advanced_protection.add(ANNA)


@pytest.mark.parametrize(
    ("arrange", "error"),
    [
        (blocked, "admin_policy_enforced"),
        (in_testing, "access_denied"),
        (foreign, "org_internal"),
        (protected, "policy_enforced"),
    ],
)
@pytest.mark.parametrize("told", [False, True])
async def test_who_may_not_is_refused_on_the_page_or_at_the_application(
    world: World, arrange: Callable[[Workspace], None], error: str, told: bool
) -> None:
    arrange(world.workspace)
    world.workspace.policies.told = {error} if told else set()
    person = world.browser()
    await person.agree(world.address())
    assert person.answer.get("error", "") == (error if told else "")
    assert told or error in person.page.words


async def test_a_test_user_and_a_trusted_application_come_through(world: World) -> None:
    client = world.workspace.clients[CLIENT_ID]
    client.testing, client.test_users = True, {ANNA}
    assert 0 < (await world.tokens())["refresh_token_expires_in"] <= 7 * 24 * 3600
    world.workspace.policies.trusted.add(CLIENT_ID)
    assert "refresh_token_expires_in" not in await world.tokens(BEN)


@pytest.mark.parametrize(("button", "error"), [("go-on", ""), ("back-to-safety", "access_denied")])
async def test_an_unverified_application_is_warned_of(world: World, button: str, error: str) -> None:
    world.workspace.clients[CLIENT_ID].verified = False
    person = await (await world.browser().open(world.address())).sign_in()
    assert "advanced" in person.page.ids
    await person.press(button)
    assert person.answer.get("error", "") == error
    assert ("accept" in person.page.ids) is (not error)


@pytest.mark.parametrize(
    ("scopes", "rule", "boxes", "granted"),
    [
        (USUAL, "several", (), set(USUAL)),
        (USUAL, "always", (), {OPENID, EMAIL}),
        (USUAL, "always", ("scope-gmail-send",), set(USUAL)),
        (FURTHER, "several", ("scope-gmail-send",), set(USUAL)),
        (FURTHER, "several", ("scope-gmail-send", "scope-gmail-settings-basic"), set(FURTHER)),
    ],
)
async def test_what_is_ticked_is_granted(
    world: World, scopes: tuple[str, ...], rule: str, boxes: tuple[str, ...], granted: set[str]
) -> None:
    world.workspace.policies.boxes = rule
    person = world.browser()
    await person.agree(world.address(scopes), boxes=boxes)
    answer = (await world.redeem(person)).json()
    assert set(answer["scope"].split()) == set(person.answer["scope"].split()) == granted


async def test_a_further_permission_joins_those_of_before(world: World) -> None:
    await world.tokens()
    tokens = await world.tokens(scopes=(OPENID, EMAIL, SETTINGS), include_granted_scopes="true")
    assert set(tokens["scope"].split()) == set(FURTHER)


async def test_whoever_cancels_is_told_to_the_application(world: World) -> None:
    person = world.browser()
    await person.agree(world.address(), "cancel")
    assert person.answer == {"state": "a-state", "error": "access_denied"}


async def test_a_refresh_token_comes_with_consent_and_offline_access_only(world: World) -> None:
    assert "refresh_token" not in await world.tokens(access_type="")
    assert "refresh_token" not in await world.tokens(prompt="select_account")
    assert "refresh_token" in await world.tokens(prompt="consent")


async def test_a_personal_account_has_no_domain_and_an_internal_client_refuses_it(world: World) -> None:
    person = world.browser(CLARA)
    await person.agree(world.address())
    assert "hd" not in person.answer
    again = world.browser(CLARA)
    await again.agree(world.address(client_id=OWN_CLIENT_ID))
    assert "Error 403: org_internal" in again.page.words
