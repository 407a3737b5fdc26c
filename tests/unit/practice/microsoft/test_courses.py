"""What each scenario changes, and what a practice is told about it."""

from datetime import timedelta

import pytest
from tests.unit.practice.microsoft.test_graph import failed, send
from tests.unit.practice.microsoft.test_sign_in import signing_in
from tests.unit.practice.microsoft.test_token_endpoint import code, refresh, refused
from tests.unit.practice.microsoft.visiting import EMBEDDED, World

from sendwright.practice.microsoft.contoso import BEN, INFO, NOREPLY
from sendwright.practice.microsoft.courses import COURSES, DELAY_S, SIGN_IN_LASTS_S
from sendwright.practice.microsoft.tenant import Right
from sendwright.practice.scenarios import SCENARIOS
from sendwright.texts import LANGUAGES, has, speaking


def test_every_course_is_a_scenario_with_words_in_every_language() -> None:
    names = {known.name for known in SCENARIOS}
    assert set(COURSES) == {name for name in names if name.startswith("microsoft-")}
    for language in LANGUAGES:
        with speaking(language):
            assert all(has(f"practice.{name}") for name in COURSES)


@pytest.mark.parametrize(
    ("name", "seen"),
    [
        ("microsoft-usual", "accept"),
        ("microsoft-consent-refused", "cancel"),
        ("microsoft-admin-approval", "as-admin"),
        ("microsoft-approval-request", "request"),
        ("microsoft-device-required", "said"),
        ("microsoft-blocked", "said"),
    ],
)
async def test_the_sign_in_of_a_course_ends_at_its_page(world: World, name: str, seen: str) -> None:
    COURSES[name](world.microsoft)
    person = await (await signing_in(world, EMBEDDED)).sign_in()
    assert seen in person.page.ids
    assert person.left_to == ""


async def test_a_demand_for_a_device_is_met_by_one_s_own_browser(world: World) -> None:
    COURSES["microsoft-device-required"](world.microsoft)
    assert "accept" in (await (await signing_in(world)).sign_in()).page.ids


def test_no_right_is_left_until_it_is_granted(world: World) -> None:
    COURSES["microsoft-no-send-as"](world.microsoft)
    assert not world.tenant.rights
    world.tenant.grant(BEN, INFO, Right.SEND_AS)
    assert world.tenant.holds(BEN, INFO, Right.SEND_AS)


def test_a_right_takes_its_time(world: World) -> None:
    COURSES["microsoft-right-takes-time"](world.microsoft)
    world.tenant.grant(BEN, NOREPLY, Right.SEND_AS)
    assert not world.tenant.holds(BEN, NOREPLY, Right.SEND_AS)
    world.tenant.ahead = timedelta(seconds=DELAY_S)
    assert world.tenant.holds(BEN, NOREPLY, Right.SEND_AS)


async def test_the_first_messages_have_to_wait(world: World) -> None:
    COURSES["microsoft-throttled"](world.microsoft)
    token = (await world.tokens())["access_token"]
    for status, said in ((429, "ApplicationThrottled"), (429, "ApplicationThrottled"),
                         (503, "ErrorMailboxStoreUnavailable")):  # fmt: skip
        response = await send(world, token)
        failed(response, status, said)
        assert response.headers["retry-after"] == "5"
    assert (await send(world, token)).status_code == 202


async def test_a_token_dies(world: World) -> None:
    COURSES["microsoft-token-dies"](world.microsoft)
    token = (await world.ask(await code(world))).json()["refresh_token"]
    token = (await refresh(world, token)).json()["refresh_token"]
    world.tenant.ahead = timedelta(seconds=SIGN_IN_LASTS_S + 1)
    refused(await refresh(world, token), 70043, "invalid_grant")


def test_client_submission_is_off(world: World) -> None:
    COURSES["microsoft-smtp-off"](world.microsoft)
    assert not world.tenant.policies.smtp_auth
