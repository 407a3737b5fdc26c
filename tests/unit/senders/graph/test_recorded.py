"""What is recorded of a send shows who was asked for what and how it ended, and neither token nor message."""

from dataclasses import replace

import msgspec
import pytest
from tests.unit.senders.doubles import Keeper
from tests.unit.senders.graph.doubles import outgoing
from tests.unit.senders.graph.simulated import simulated

from sendwright.practice.faults import Fault
from sendwright.practice.microsoft.contoso import BEN, NOREPLY
from sendwright.practice.microsoft.tenant import Right
from sendwright.recording.wire_recorder import WireRecorder
from sendwright.senders.catalogue import open_sender
from sendwright.senders.graph.settings import Route, Way
from sendwright.senders.sender import SendFailed

SAID = "canary of the message"


@pytest.mark.parametrize("route", Route)
async def test_a_recorded_send_holds_no_secret_and_no_message(route: Route) -> None:
    recorder = WireRecorder()
    async with simulated() as world:
        world.tenant.grant(BEN, NOREPLY, Right.SEND_AS, Right.FULL_ACCESS)
        keeper = Keeper(world.refresh_token(), {})
        network = replace(world.network, recorder=recorder)
        sender = open_sender(world.profile(Way.ACCOUNT, route), {}, network, grant=keeper)
        await sender.submit(outgoing(sender_address=NOREPLY, text=SAID))
        if route is not Route.SMTP:
            world.microsoft.faults.tell(Fault(path="sendMail", status=429, retry_after="5"))
            with pytest.raises(SendFailed):
                await sender.submit(outgoing(sender_address=NOREPLY, text=SAID))
        await sender.close()
        (access,) = keeper.made.values()
    told = msgspec.json.encode(recorder.events).decode()
    for secret in (access.secret.reveal(), keeper.refresh_token.reveal()):
        assert secret not in told
        assert secret[-30:] not in told
    assert SAID not in told
    if route is Route.SMTP:
        assert "AUTH XOAUTH2" in told
        return
    assert "/sendMail" in told
    assert '"client_request_id"' in told
    assert '"retry_after":"5"' in told
