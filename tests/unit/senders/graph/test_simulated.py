"""Real messages over TLS to the simulated Microsoft: what it refuses, cuts off, and asks to wait for."""

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest
from tests.unit.senders.doubles import Keeper, network
from tests.unit.senders.graph.doubles import outgoing
from tests.unit.senders.graph.simulated import Simulated, simulated

from sendwright.practice.faults import Fault
from sendwright.practice.microsoft.contoso import BEN, CLIENT_ID, NOREPLY
from sendwright.practice.microsoft.tenant import Right
from sendwright.problems.classify import classify
from sendwright.problems.evidence import Evidence
from sendwright.secret import Secret
from sendwright.senders.catalogue import open_sender
from sendwright.senders.credentials import CLIENT_SECRET, TOKEN
from sendwright.senders.graph.settings import Route, Way
from sendwright.senders.pace import Limits, Paces
from sendwright.senders.sender import Sender, SendFailed


@pytest.fixture
async def contoso() -> AsyncIterator[Simulated]:
    async with simulated() as world:
        world.tenant.grant(BEN, NOREPLY, Right.SEND_AS, Right.FULL_ACCESS)
        yield world


def opened(world: Simulated, *, paces: Paces | None = None) -> Sender:
    return open_sender(world.profile(), {TOKEN: world.access()}, world.network, paces=paces)


async def failing(world: Simulated, *faults: Fault) -> Evidence:
    """Meet `faults` with one message; return what was seen."""
    world.microsoft.faults.tell_all(faults)
    sender = opened(world)
    with pytest.raises(SendFailed) as caught:
        await sender.submit(outgoing(sender_address=NOREPLY))
    await sender.close()
    assert world.microsoft.faults.left == 0
    return caught.value.evidence


async def test_a_message_arrives_as_it_was_written(contoso: Simulated) -> None:
    sender = opened(contoso)
    message = outgoing(sender_address=NOREPLY, alias="Ünïcode ✓", subject="Grüße", html="<p>Hello.</p>")
    receipt = await sender.submit(message)
    await sender.close()
    (arrived,) = contoso.inbox
    assert (arrived.recipient, arrived.subject, arrived.message_id) == (message.recipient, "Grüße", message.message_id)
    assert "Ünïcode ✓" in arrived.sender
    assert NOREPLY in arrived.sender
    assert len(receipt.provider_id) == 36


async def test_a_connection_that_was_cut_before_the_message_was_taken_is_not_told_from_one_cut_after(
    contoso: Simulated,
) -> None:
    before = await failing(contoso, Fault(path="sendMail", status=0))
    assert contoso.inbox == []
    after = await failing(contoso, Fault(path="sendMail", status=0, after=True))
    assert len(contoso.inbox) == 1
    for evidence in (before, after):
        assert (evidence.stage, evidence.perhaps_sent) == ("submit", True)
        assert classify(evidence).code == "message-perhaps-sent"
        assert len(evidence.values["client_request_id"]) == 36


@pytest.mark.parametrize("after", [False, True])
async def test_a_gateway_that_gave_up_may_have_sent_it_and_nothing_is_repeated(contoso: Simulated, after: bool) -> None:
    evidence = await failing(contoso, Fault(path="sendMail", status=504, after=after))
    assert (evidence.http, evidence.perhaps_sent) == (504, True)
    assert len(contoso.inbox) == int(after)
    assert len([line for line in contoso.microsoft.log if "sendMail as" in line]) == 1


@pytest.mark.parametrize("status", [429, 503])
async def test_a_pause_in_seconds_is_waited_for_by_all_senders_of_the_mailbox(contoso: Simulated, status: int) -> None:
    paces = Paces(clock=lambda: 0.0)
    contoso.microsoft.faults.tell(Fault(path="sendMail", status=status, retry_after="30"))
    one, other = opened(contoso, paces=paces), opened(contoso, paces=paces)
    seen = []
    for sender in (one, other):
        with pytest.raises(SendFailed) as caught:
            await sender.submit(outgoing(sender_address=NOREPLY))
        seen.append(caught.value.evidence)
        await sender.close()
    assert [evidence.retry_after_s for evidence in seen] == [30.0, 30.0]
    assert [evidence.condition for evidence in seen] == [None, "mailbox-paused"]
    measured = contoso.microsoft.traffic(BEN)
    assert (measured.requests, measured.too_early) == (1, 0)


async def test_a_pause_until_a_date_is_read_too(contoso: Simulated) -> None:
    until = format_datetime(datetime.now(UTC) + timedelta(minutes=10), usegmt=True)
    evidence = await failing(contoso, Fault(path="sendMail", status=429, retry_after=until))
    assert evidence.retry_after_s is not None
    assert 500 < evidence.retry_after_s <= 600


async def test_a_page_in_place_of_an_answer_shows_nothing_of_itself(contoso: Simulated) -> None:
    page = b"<html>" + b"gateway " * 100_000 + b"</html>"
    evidence = await failing(contoso, Fault(path="sendMail", status=503, body=page))
    assert (classify(evidence).code, evidence.text) == ("graph-unavailable", "")


async def test_a_request_that_is_too_large_for_microsoft_is_named(contoso: Simulated) -> None:
    contoso.tenant.policies.largest_request = 1_000
    sender = opened(contoso)
    with pytest.raises(SendFailed) as caught:
        await sender.submit(outgoing(sender_address=NOREPLY, text="line\n" * 1_000))
    await sender.close()
    assert classify(caught.value.evidence).code == "message-too-large"


async def test_many_senders_of_one_mailbox_keep_to_its_limits_together(contoso: Simulated) -> None:
    contoso.microsoft.latency_s = 0.02
    paces = Paces()
    senders = [opened(contoso, paces=paces) for _ in range(10)]
    messages = [outgoing(sender_address=NOREPLY, message_id=f"<{number}@contoso.com>") for number in range(25)]
    waiting = list(messages)

    async def work(sender: Sender) -> None:
        while waiting:
            await sender.submit(waiting.pop())

    await asyncio.gather(*map(work, senders))
    for sender in senders:
        await sender.close()
    measured = contoso.microsoft.traffic(BEN)
    assert measured.most_in_flight <= 4
    assert (measured.accepted, measured.throttled) == (25, 0)
    assert sorted(arrived.message_id for arrived in contoso.inbox) == sorted(one.message_id for one in messages)


async def test_the_thirty_first_message_of_a_minute_is_kept_back_here_and_not_refused_there(contoso: Simulated) -> None:
    clock = [0.0]
    sender = opened(contoso, paces=Paces(clock=lambda: clock[0]))
    for _ in range(Limits().starts):
        await sender.submit(outgoing(sender_address=NOREPLY))
    with pytest.raises(SendFailed) as caught:
        await sender.submit(outgoing(sender_address=NOREPLY))
    assert caught.value.evidence.retry_after_s == 60.0
    assert contoso.microsoft.traffic(BEN).throttled == 0
    contoso.tenant.ahead = timedelta(seconds=61)
    clock[0] = 61.0
    await sender.submit(outgoing(sender_address=NOREPLY))
    await sender.close()
    assert contoso.microsoft.traffic(BEN).accepted == 31


async def test_a_grant_renews_what_ended_and_sends_once(contoso: Simulated) -> None:
    keeper = Keeper(contoso.refresh_token(), {})
    sender = open_sender(contoso.profile(), {}, contoso.network, grant=keeper)
    await sender.submit(outgoing(sender_address=NOREPLY))
    contoso.tenant.ahead = timedelta(hours=2)
    await sender.submit(outgoing(sender_address=NOREPLY))
    await sender.close()
    assert (keeper.renewals, len(contoso.inbox)) == (2, 2)
    assert contoso.microsoft.reuse_detections == 0


async def test_a_grant_that_was_revoked_stops_before_graph_is_asked(contoso: Simulated) -> None:
    contoso.tenant.revoked.add(BEN)
    sender = open_sender(contoso.profile(), {}, contoso.network, grant=Keeper(contoso.refresh_token(), {}))
    with pytest.raises(SendFailed) as caught:
        await sender.submit(outgoing(sender_address=NOREPLY))
    await sender.close()
    evidence = caught.value.evidence
    assert (evidence.stage, evidence.error, evidence.perhaps_sent) == ("sign-in", "invalid_grant", False)
    assert evidence.values["mailbox"] == NOREPLY
    assert not any("sendMail" in line for line in contoso.microsoft.log)


async def test_an_application_signs_in_by_its_secret_and_sends_as_the_mailbox(contoso: Simulated) -> None:
    contoso.tenant.app_roles[CLIENT_ID] = {"Mail.Send"}
    registered = contoso.tenant.registrations[CLIENT_ID]
    registered.public = False
    registered.secrets["canary-client-secret"] = datetime.now(UTC) + timedelta(days=30)
    secret = {CLIENT_SECRET: Secret("canary-client-secret")}
    profile = contoso.profile(Way.APPLICATION, Route.MAILBOX)
    sender = open_sender(profile, secret, contoso.network)
    await sender.submit(outgoing(sender_address=NOREPLY))
    contoso.tenant.ahead = timedelta(hours=2)
    await sender.submit(outgoing(sender_address=NOREPLY))
    await sender.close()
    assert [arrived.on_behalf_of for arrived in contoso.inbox] == ["", ""]


async def test_nobody_listens_there(contoso: Simulated) -> None:
    sender = opened(contoso)
    await contoso.microsoft.stop()
    with pytest.raises(SendFailed) as caught:
        await sender.submit(outgoing(sender_address=NOREPLY))
    await sender.close()
    evidence = caught.value.evidence
    assert (evidence.condition, evidence.stage, evidence.perhaps_sent) == ("connection-refused", "reach", False)


async def test_a_certificate_that_nobody_vouches_for_gets_no_token(contoso: Simulated) -> None:
    sender = open_sender(contoso.profile(), {TOKEN: contoso.access()}, network())  # which trusts the system only
    with pytest.raises(SendFailed) as caught:
        await sender.submit(outgoing(sender_address=NOREPLY))
    await sender.close()
    assert (caught.value.evidence.condition, caught.value.evidence.perhaps_sent) == ("tls-certificate-refused", False)
    assert contoso.microsoft.log == []
