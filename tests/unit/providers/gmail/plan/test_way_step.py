"""The choice of the way: three ways in words, what is closed and why, and what a change lets go of."""

import pytest
from msgspec.structs import replace
from tests.unit.providers.doubles import ignore
from tests.unit.providers.gmail.flows import (
    ALL,
    ANNA,
    ASKED,
    CLIENT,
    NOW,
    OWN,
    OWN_CLIENT,
    SERVICE,
    SIGNED_IN,
    flow_world,
)

from sendwright.deployment import Features
from sendwright.deployment.model import Google
from sendwright.oauth.google.scopes import MAIL
from sendwright.providers.gmail.answers import GmailAnswers, Shown
from sendwright.providers.gmail.plan.way_step import WayStep
from sendwright.screens import Choice, Rejected
from sendwright.senders.gmail.settings import Route, Way
from sendwright.texts import text
from sendwright.world import World

STEP = WayStep()
ANSWER = {"address": "notices@example.org", "route": "api"}
NO_CLIENT = Google()


def shown(state: GmailAnswers, world: World) -> Choice:
    screen = STEP.show(state, world)
    assert isinstance(screen, Choice)
    return screen


async def accept(state: GmailAnswers, world: World | None = None, **answer: str) -> GmailAnswers:
    return await STEP.accept(state, ANSWER | answer, world or flow_world(), ignore)


async def refused(state: GmailAnswers, world: World | None = None, **answer: str) -> dict[str, str]:
    with pytest.raises(Rejected) as rejected:
        await accept(state, world, **answer)
    for key in rejected.value.fields.values():
        assert text(key)
    return rejected.value.fields


def test_three_ways_are_told_apart_and_one_is_recommended() -> None:
    screen = shown(GmailAnswers(), flow_world())
    assert [option.value for option in screen.options] == ["account", "own", "service-account"]
    assert [bool(option.note) for option in screen.options] == [True, False, False]
    assert screen.options[0].note == text("gmail.way.recommended")
    assert screen.chosen == "account"
    assert screen.notices == ()
    advanced = {field.name: field.advanced for field in screen.fields}
    assert advanced == {"address": False, "route": True}


@pytest.mark.parametrize(
    ("google", "own", "chosen", "closed", "notice"),
    [
        (None, True, "account", [], None),
        (None, False, "account", ["own"], None),
        (NO_CLIENT, True, "own", ["account"], "gmail.way.own-needed"),
        (NO_CLIENT, False, "service-account", ["account", "own"], "gmail.way.no-client"),
    ],
)
def test_a_closed_way_stands_there_with_the_reason(
    google: Google | None, chosen: str, closed: list[str], notice: str | None, *, own: bool
) -> None:
    screen = shown(GmailAnswers(), flow_world(google=google, features=Features(own_registration=own)))
    assert screen.chosen == chosen
    told = [one.value for one in screen.options if one.note and one.note == text(f"gmail.way.{one.value}-closed")]
    assert told == closed
    assert [one.key for one in screen.notices] == ([notice] if notice else [])


@pytest.mark.parametrize(
    ("state", "chosen"), [(ASKED, "account"), (OWN, "own"), (SERVICE, "service-account"), (SIGNED_IN, "account")]
)
def test_what_was_chosen_stays_chosen(state: GmailAnswers, chosen: str) -> None:
    assert shown(state, flow_world()).chosen == chosen


@pytest.mark.parametrize(
    ("choice", "way", "own", "client_id"),
    [
        ("account", Way.ACCOUNT, False, CLIENT),
        ("own", Way.ACCOUNT, True, ""),
        ("service-account", Way.SERVICE_ACCOUNT, False, CLIENT),
    ],
)
async def test_each_choice_says_who_acts(choice: str, way: Way, client_id: str, *, own: bool) -> None:
    state = await accept(GmailAnswers(), choice=choice)
    assert (state.way, state.own, state.client_id) == (way, own, client_id)
    assert (state.address, state.route) == ("notices@example.org", Route.API)


@pytest.mark.parametrize(
    ("answer", "wrong"),
    [
        ({"choice": "carrier-pigeon"}, {"choice": "wizard.choose-one"}),
        ({}, {"choice": "wizard.choose-one"}),
        ({"choice": "account", "address": ""}, {"address": "address.empty"}),
        ({"choice": "account", "route": "telex"}, {"route": "wizard.choose-one"}),
        (
            {"choice": "service-account", "address": "clara@gmail.com"},
            {"choice": "gmail.way.service-account-personal"},
        ),
        (
            {"choice": "account", "address": "clara@googlemail.com", "route": "relay"},
            {"route": "gmail.way.relay-personal"},
        ),
    ],
)
async def test_what_cannot_be_is_said_at_its_field(answer: dict[str, str], wrong: dict[str, str]) -> None:
    assert await refused(GmailAnswers(), **answer) == wrong


@pytest.mark.parametrize("choice", ["account", "own"])
async def test_a_closed_way_is_not_taken(choice: str) -> None:
    world = flow_world(google=NO_CLIENT, features=Features(own_registration=False))
    assert await refused(GmailAnswers(), world, choice=choice) == {"choice": f"gmail.way.{choice}-closed"}


async def test_the_same_choice_keeps_the_sign_in() -> None:
    state = await accept(SIGNED_IN, choice="account")
    assert (state.account, state.scopes) == (ANNA, ALL)


async def test_another_address_keeps_the_sign_in() -> None:
    assert (await accept(SIGNED_IN, choice="account", address="info@example.org")).account == ANNA


@pytest.mark.parametrize(
    "answer", [{"choice": "own"}, {"choice": "service-account"}, {"choice": "account", "route": "smtp"}]
)
async def test_another_way_lets_go_of_the_sign_in(answer: dict[str, str]) -> None:
    state = await accept(SIGNED_IN, **answer)
    assert (state.account, state.scopes, state.granted_at) == (None, (), None)


@pytest.mark.parametrize(("route", "kept"), [("api", True), ("smtp", False)])
async def test_what_a_delegation_has_shown_holds_for_its_route(route: str, *, kept: bool) -> None:
    tried = replace(SERVICE, checks={"sender": Shown(at=NOW, granted=True)})
    state = await accept(tried, choice="service-account", route=route)
    assert bool(state.checks) is kept


async def test_a_sign_in_for_the_whole_mailbox_will_do_for_less() -> None:
    whole = replace(SIGNED_IN, scopes=(MAIL,), route=Route.SMTP)
    assert (await accept(whole, choice="account", route="api")).account == ANNA


async def test_coming_back_to_an_own_client_finds_it_again() -> None:
    state = await accept(replace(OWN, client_checked=True), choice="own")
    assert (state.client_id, state.client_checked) == (OWN_CLIENT, True)


async def test_the_places_of_a_practice_are_taken_over() -> None:
    google = Google(client_id=CLIENT, login="https://localhost:1", gmail="https://localhost:2", smtp="localhost:3")
    state = await accept(GmailAnswers(), flow_world(google=google), choice="account")
    assert (state.login, state.gmail) == ("https://localhost:1", "https://localhost:2")
    assert (state.smtp_host, state.smtp_port) == ("localhost", 3)


def test_a_reconnection_keeps_its_way() -> None:
    assert not STEP.applies(replace(SIGNED_IN, reconnecting=True))
    assert STEP.applies(SIGNED_IN)
