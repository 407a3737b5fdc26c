"""The choice of who acts, and the question to the backend before it."""

import pytest
from msgspec.structs import replace
from tests.unit.providers.doubles import Reported
from tests.unit.providers.microsoft365.flows import (
    APPLICATION,
    ASKED,
    CLIENT,
    OWN_CLIENT,
    SHARED,
    SIGNED_IN,
    TENANT,
    Answering,
    flow_world,
    ignore,
)

from sendwright import texts
from sendwright.deployment import Features
from sendwright.deployment.model import Microsoft
from sendwright.diagnosis.stage import Verdict
from sendwright.handoff.wire import MicrosoftApplication
from sendwright.problems.classify import classify
from sendwright.problems.evidence import Evidence, System
from sendwright.providers.microsoft365.answers import MicrosoftAnswers
from sendwright.providers.microsoft365.plan.look_step import LookStep
from sendwright.providers.microsoft365.plan.way_step import WayStep
from sendwright.screens import Choice, Halted, Rejected, Working
from sendwright.senders.graph.settings import Route, Way
from sendwright.world import World

OPEN = MicrosoftApplication(client_id=CLIENT, credential="certificate")
CLOSED = MicrosoftApplication()
BUSY = Halted(classify(Evidence(stage="backend", system=System.BACKEND, http=503, reason="backend-busy")))


def shown(state: MicrosoftAnswers, world: World) -> Choice:
    screen = WayStep().show(state, world)
    assert isinstance(screen, Choice)
    return screen


def notes(state: MicrosoftAnswers, world: World) -> dict[str, bool]:
    return {option.value: bool(option.note) for option in shown(state, world).options}


@pytest.mark.parametrize(
    ("client_id", "application", "own", "noted", "fields"),
    [
        (CLIENT, OPEN, True, {"account": False, "application": False}, ["address", "own"]),
        (CLIENT, CLOSED, True, {"account": False, "application": True}, ["address", "own"]),
        (CLIENT, None, True, {"account": False, "application": True}, ["address", "own"]),
        ("", OPEN, True, {"account": True, "application": False}, ["address", "own"]),
        ("", CLOSED, True, {"account": True, "application": True}, ["address"]),
        (CLIENT, OPEN, False, {"account": False, "application": False}, ["address"]),
        (CLIENT, CLOSED, False, {"account": False, "application": True}, ["address"]),
        ("", CLOSED, False, {"account": True, "application": True}, ["address"]),
    ],
)
def test_each_way_says_whether_it_is_open(
    client_id: str, application: MicrosoftApplication | None, own: bool, noted: dict[str, bool], fields: list[str]
) -> None:
    world = flow_world(microsoft=Microsoft(client_id=client_id), features=Features(own_registration=own))
    state = replace(ASKED, application=application)
    assert notes(state, world) == noted
    assert [field.name for field in shown(state, world).fields] == fields


@pytest.mark.parametrize(("own", "key"), [(True, "own-needed"), (False, "nothing-open")])
def test_a_platform_without_any_registration_says_so(key: str, *, own: bool) -> None:
    world = flow_world(microsoft=Microsoft(), features=Features(own_registration=own))
    (notice,) = shown(replace(ASKED, application=CLOSED), world).notices
    assert notice.key == f"microsoft365.way.{key}"
    assert notice.warning
    assert texts.text(notice.key, **notice.values)


def test_a_backend_that_did_not_say_is_remarked_on() -> None:
    world = flow_world(platform=Answering().access())
    keys = {notice.key for notice in shown(ASKED, world).notices}
    assert keys == {"microsoft365.way.not-answered"}
    assert not shown(replace(ASKED, application=OPEN), world).notices


@pytest.mark.parametrize(
    ("answer", "fields"),
    [
        ({}, {"choice", "address"}),
        ({"choice": "account"}, {"address"}),
        ({"choice": "account", "address": "anna"}, {"address"}),
        ({"choice": "pigeon", "address": SHARED}, {"choice"}),
        ({"choice": "", "address": "a b@contoso.com"}, {"choice", "address"}),
    ],
)
async def test_what_is_missing_is_said_at_once(answer: dict[str, str], fields: set[str]) -> None:
    with pytest.raises(Rejected) as rejected:
        await WayStep().accept(replace(ASKED, application=OPEN), answer, flow_world(), ignore)
    assert set(rejected.value.fields) == fields
    assert all(texts.text(key) for key in rejected.value.fields.values())


async def taken(state: MicrosoftAnswers, world: World | None = None, **answer: str) -> MicrosoftAnswers:
    given = {"choice": "account", "address": SHARED} | answer
    return await WayStep().accept(state, given, world or flow_world(), ignore)


async def test_the_organisation_is_found_by_the_part_behind_the_at() -> None:
    state = await taken(MicrosoftAnswers(application=OPEN), address=" Noreply@Bücher.Example ")
    assert (state.tenant, state.tenant_id, state.client_id) == ("xn--bcher-kva.example", "", CLIENT)
    assert not state.own


@pytest.mark.parametrize("way", list(Way))
async def test_the_route_fits_the_way(way: Way) -> None:
    before = replace(ASKED, application=OPEN, way=Way.APPLICATION if way is Way.ACCOUNT else Way.ACCOUNT)
    state = await taken(before, choice=way)
    assert state.way is way
    assert state.route is (Route.MAILBOX if way is Way.APPLICATION else Route.ME)


async def test_what_the_deployment_says_of_microsofts_places_is_taken_over() -> None:
    world = flow_world(
        microsoft=Microsoft(
            client_id=CLIENT,
            cloud="us-government-high",
            authority="https://localhost:1",
            graph="https://localhost:2",
            smtp="localhost:2525",
        )
    )
    state = await taken(MicrosoftAnswers(application=OPEN), world)
    assert (state.cloud, state.login, state.graph) == (
        "us-government-high",
        "https://localhost:1",
        "https://localhost:2",
    )
    assert (state.smtp_host, state.smtp_port) == ("localhost", 2525)
    usual = await taken(state)
    assert (usual.cloud, usual.login, usual.smtp_host, usual.smtp_port) == ("global", "", "", 587)


async def test_the_backends_own_application_is_the_one_that_acts() -> None:
    application = MicrosoftApplication(client_id=OWN_CLIENT, credential="secret")
    state = await taken(MicrosoftAnswers(application=application), choice="application")
    assert state.client_id == OWN_CLIENT


async def test_the_same_answers_keep_the_sign_in() -> None:
    before = await taken(replace(SIGNED_IN, application=OPEN))
    assert before.account == SIGNED_IN.account
    assert before.tenant_id == TENANT
    assert await taken(before) == before


@pytest.mark.parametrize("answer", [{"choice": "application"}, {"address": "anna@fabrikam.com"}, {"own": "true"}])
async def test_other_answers_let_it_go(answer: dict[str, str]) -> None:
    state = await taken(replace(SIGNED_IN, application=OPEN), **answer)
    assert (state.account, state.scopes, state.tenant_id) == (None, (), "")


async def test_leaving_the_own_registration_leaves_nothing_of_it() -> None:
    own = replace(ASKED, own=True, client_id=OWN_CLIENT, tenant=TENANT, certificate="c1", application=OPEN)
    kept = await taken(own, own="true")
    assert (kept.client_id, kept.tenant, kept.certificate) == (OWN_CLIENT, TENANT, "c1")
    left = await taken(own, own="false")
    assert (left.client_id, left.tenant, left.certificate, left.own) == (CLIENT, "contoso.com", "", False)
    assert (await taken(left, own="true")).client_id == ""


async def test_a_sign_in_without_the_organisation_stays_so_for_the_same_address() -> None:
    anybody = replace(ASKED, tenant="organizations", tenant_id="", application=OPEN)
    assert (await taken(anybody)).tenant == "organizations"
    assert (await taken(anybody, address="anna@fabrikam.com")).tenant == "fabrikam.com"


def test_a_reconnection_is_not_asked() -> None:
    assert not WayStep().applies(replace(ASKED, reconnecting=True))
    assert WayStep().applies(ASKED)
    assert not LookStep().applies(replace(ASKED, reconnecting=True))
    assert LookStep().applies(replace(APPLICATION, reconnecting=True))


@pytest.mark.parametrize(
    ("answer", "found", "verdict"),
    [(OPEN, OPEN, Verdict.PASSED), (CLOSED, CLOSED, Verdict.PASSED), (BUSY, None, Verdict.WARNING)],
)
async def test_the_backend_is_asked_and_may_keep_silent(
    answer: MicrosoftApplication | Halted, found: MicrosoftApplication | None, verdict: Verdict
) -> None:
    reported = Reported()
    world = flow_world(platform=Answering(application=answer).access())
    screen = LookStep().show(ASKED, world)
    assert isinstance(screen, Working)
    state = await LookStep().accept(replace(ASKED, application=OPEN), {}, world, reported)
    assert state.application == found
    assert [(one.id, one.verdict) for one in reported.results] == [(screen.stages[0], verdict)]


async def test_without_a_platform_nobody_is_asked() -> None:
    assert (await LookStep().accept(ASKED, {}, flow_world(), ignore)).application is None


@pytest.mark.parametrize(
    ("client", "certificate", "own", "secret"),
    [(CLIENT, "", False, False), (OWN_CLIENT, "", True, True), (OWN_CLIENT, "c1", True, False)],
)
async def test_a_reconnection_learns_whose_the_application_is(
    client: str, certificate: str, *, own: bool, secret: bool
) -> None:
    state = replace(APPLICATION, reconnecting=True, client_id=client, certificate=certificate)
    after = await LookStep().accept(state, {}, flow_world(platform=Answering().access()), ignore)
    assert (after.own, after.secret) == (own, secret)
