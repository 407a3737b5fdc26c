"""Messages go over Google's SMTP servers, signed in by a token for the whole mailbox."""

from collections.abc import AsyncIterator
from datetime import timedelta

import msgspec
import pytest
from tests.unit.diagnosis.walking import verdicts
from tests.unit.senders.doubles import Keeper
from tests.unit.senders.gmail.doubles import outgoing
from tests.unit.senders.gmail.simulated import Simulated, simulated

from sendwright.diagnosis.catalogue import diagnose
from sendwright.diagnosis.stage import SMTP_STAGES, Verdict
from sendwright.oauth.google.scopes import MAIL, USUAL
from sendwright.practice.google.example import ANNA, NOTICES
from sendwright.problems.classify import classify
from sendwright.profile import SenderProfile
from sendwright.secret import Secret
from sendwright.senders.catalogue import open_sender
from sendwright.senders.gmail.settings import Route, SenderProof, Way
from sendwright.senders.pace import Paces
from sendwright.senders.sender import Receipt, SendFailed

SMTP_ROUTES = (Route.SMTP, Route.RELAY)


@pytest.fixture
async def world() -> AsyncIterator[Simulated]:
    async with simulated() as made:
        yield made


def profile(
    world: Simulated, route: Route, *, way: Way = Way.ACCOUNT, address: str = ANNA, proof: SenderProof = SenderProof.OWN
) -> SenderProfile:
    port = world.google.relay_port if route is Route.RELAY else world.google.smtp_port
    settings = world.settings(way, route, proof=proof)
    settings = msgspec.structs.replace(settings, smtp_host="localhost", smtp_port=port)
    found = msgspec.to_builtins(settings)
    return SenderProfile(provider="gmail", sender="gmail", address=address, alias="Notices", settings=found)


async def send(
    world: Simulated, chosen: SenderProfile, credentials: dict[str, Secret] | None = None, *, grant: Keeper | None
) -> Receipt:
    sender = open_sender(chosen, credentials or world.client, world.network, grant=grant)
    try:
        return await sender.submit(outgoing(sender_address=chosen.address))
    finally:
        await sender.close()


@pytest.mark.parametrize("route", SMTP_ROUTES)
async def test_an_account_submits_with_a_token_that_is_renewed(world: Simulated, route: Route) -> None:
    keeper = world.keeper(*USUAL, MAIL)
    receipt = await send(world, profile(world, route), grant=keeper)
    assert receipt.reply.startswith("250 ")
    world.workspace.ahead = timedelta(hours=2)
    await send(world, profile(world, route), grant=keeper)
    assert (keeper.renewals, len(world.inbox)) == (2, 2)
    assert [access.scope for access in keeper.made.values()] == [MAIL]


@pytest.mark.parametrize("route", SMTP_ROUTES)
async def test_a_service_account_submits_as_whom_it_acts_for(world: Simulated, route: Route) -> None:
    given = world.delegate(MAIL)
    await send(world, profile(world, route, way=Way.SERVICE_ACCOUNT), given, grant=None)
    assert ANNA in world.inbox[0].sender


@pytest.mark.parametrize(("route", "arrives"), [(Route.SMTP, ANNA), (Route.RELAY, "hello@example.org")])
async def test_the_relay_replaces_nothing_and_the_other_server_does(
    world: Simulated, route: Route, arrives: str
) -> None:
    chosen = profile(world, route, address="hello@example.org")
    await send(world, chosen, grant=world.keeper(*USUAL, MAIL))
    assert arrives in world.inbox[0].sender


async def test_without_the_whole_mailbox_there_is_no_token_for_smtp(world: Simulated) -> None:
    with pytest.raises(SendFailed) as caught:
        await send(world, profile(world, Route.SMTP), grant=world.keeper())
    evidence = caught.value.evidence
    assert (classify(evidence).code, evidence.values["permission"]) == ("consent-incomplete", MAIL)
    assert world.inbox == []


async def test_a_relay_that_is_off_is_named(world: Simulated) -> None:
    world.workspace.policies.relay = False
    with pytest.raises(SendFailed) as caught:
        await send(world, profile(world, Route.RELAY), grant=world.keeper(*USUAL, MAIL))
    assert classify(caught.value.evidence).code == "workspace-relay-denied"


async def test_a_day_that_is_used_up_leaves_the_mailbox_alone_over_the_interface_as_well(world: Simulated) -> None:
    world.workspace.people[ANNA].sent_today = 2_000
    paces, keeper = Paces(), world.keeper(*USUAL, MAIL)
    smtp = open_sender(profile(world, Route.SMTP), world.client, world.network, grant=keeper, paces=paces)
    api = open_sender(world.profile(), world.client, world.network, grant=keeper, paces=paces)
    for sender in (smtp, api):
        with pytest.raises(SendFailed) as caught:
            await sender.submit(outgoing())
        assert classify(caught.value.evidence).code == "sending-limit-reached"
        await sender.close()
    assert not any("messages/send" in line for line in world.google.log)


@pytest.mark.parametrize(
    ("route", "address", "proof", "remark"),
    [
        (Route.SMTP, ANNA, SenderProof.OWN, None),
        (Route.SMTP, NOTICES, SenderProof.LISTED, None),
        (Route.SMTP, NOTICES, SenderProof.UNPROVEN, "gmail-sender-unproven"),
        (Route.RELAY, NOTICES, SenderProof.UNPROVEN, None),
    ],
)
async def test_every_stage_of_smtp_is_walked_with_the_remark_on_the_sender(
    world: Simulated, route: Route, address: str, proof: SenderProof, remark: str | None
) -> None:
    chosen = profile(world, route, address=address, proof=proof)
    message = outgoing(sender_address=address)
    walked = diagnose(chosen, world.client, world.network, message=message, grant=world.keeper(*USUAL, MAIL))
    results = [result async for result in walked]
    assert [result.id for result in results] == list(SMTP_STAGES)
    assert set(verdicts(results).values()) <= {Verdict.PASSED, Verdict.WARNING}
    (sender,) = (result for result in results if result.id == "sender")
    assert (sender.problem.code if sender.problem else None) == remark
    assert len(world.inbox) == 1
