"""Five hundred notifications over five mailboxes that ask for pauses all the time: each leaves once, none too early."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import timedelta
from email.utils import format_datetime
from pathlib import Path

import pytest
from tests.end2end.backend_process import every_state
from tests.end2end.many_mailboxes import all_sent, backends_of, notify
from tests.end2end.microsoft_backend import places_of, sign_in_of
from tests.end2end.watched_traffic import WatchedTraffic
from tests.servers.microsoft import listening

from sendwright.handoff.client import HttpBackend
from sendwright.practice.faults import Fault
from sendwright.practice.mail_server import PASSWORD, Received
from sendwright.practice.microsoft.contoso import CLIENT_ID, contoso
from sendwright.practice.microsoft.server import SimulatedMicrosoft
from sendwright.practice.microsoft.tenant import Person

MAILBOXES = tuple(f"box{number}@contoso.com" for number in range(5))
EACH = 100
PAUSES = ((429, "2"), (503, "date"), (429, "date"), (503, "1"), (503, ""))
"""Statuses, and how long to wait: in seconds, as a date, not said."""
TIMES = 2
UNTIMED = TIMES * sum(not wait for _, wait in PAUSES)

PATIENCE_S = 240.0
AT_ONCE = 4
"""So many are on their way at most: all but the first that is answered may arrive in a pause, however slow it is."""


@dataclass
class Scene:
    microsoft: SimulatedMicrosoft
    inbox: list[Received]
    traffic: WatchedTraffic


@pytest.fixture
async def scene() -> AsyncIterator[Scene]:
    tenant = contoso()
    tenant.policies.mailbox_per_minute = 10 * EACH  # what is tried here are its pauses, and how much at once
    tenant.consents[CLIENT_ID] = {"Mail.Send", "Mail.Send.Shared", "User.Read"}
    for number, address in enumerate(MAILBOXES):
        oid = f"00000000-0000-4000-8000-00000000000{number}"
        tenant.people[address] = Person(username=address, password=PASSWORD, name=f"Box {number}", oid=oid)
    async with listening(tenant) as server:
        assert server.microsoft._graph is not None
        traffic = server.microsoft._graph.traffic = WatchedTraffic()
        server.microsoft.latency_s = 0.05
        yield Scene(server.microsoft, server.inbox, traffic)


async def notify_all(client: HttpBackend, mailbox: int, microsoft: SimulatedMicrosoft) -> None:
    """Hand over the mailbox's share, in parts; in each of them it asks for a pause in another way."""
    share = EACH // len(PAUSES)
    for part, (status, wait) in enumerate(PAUSES):
        moment = microsoft.tenant.now() + timedelta(seconds=3)
        said = format_datetime(moment, usegmt=True) if wait == "date" else wait
        fault = Fault(path="sendMail", mailbox=MAILBOXES[mailbox], status=status, retry_after=said)
        microsoft.faults.tell(fault, times=TIMES)
        await notify(client, mailbox, range(part * share, (part + 1) * share))
        await all_sent(client, (part + 1) * share, within_s=PATIENCE_S)


@pytest.mark.timeout(400)
async def test_everything_leaves_once_and_nobody_is_asked_too_early(tmp_path: Path, scene: Scene) -> None:

    async def sign_in(client: HttpBackend, address: str) -> None:
        await sign_in_of(client, scene.microsoft, address)

    authority, places = scene.microsoft.authority_pem, places_of(scene.microsoft)
    async with backends_of(tmp_path, MAILBOXES, authority, sign_in, microsoft_toml=places) as clients:
        await asyncio.gather(*(notify_all(client, number, scene.microsoft) for number, client in enumerate(clients)))
        states = [state for client in clients for state in await every_state(client)]
    _judge(scene, [state.to for state in states], sum(state.attempts for state in states))
    assert not any(state.perhaps_twice for state in states)


def _judge(scene: Scene, recipients: list[str], attempts: int) -> None:
    arrived = Counter(message.recipient for message in scene.inbox)
    assert arrived == dict.fromkeys(recipients, 1)
    assert len(arrived) == EACH * len(MAILBOXES)
    assert attempts > len(arrived)
    for mailbox in MAILBOXES:
        measured, watch = scene.microsoft.traffic(mailbox), scene.traffic.watches[mailbox]
        assert measured.accepted == EACH
        assert len(watch.pauses) >= len([wait for _, wait in PAUSES if wait])
        assert measured.most_in_flight <= AT_ONCE
        assert len(watch.entries) == EACH + measured.throttled + UNTIMED
        assert watch.most_in_a_pause <= AT_ONCE - 1, "nothing left after the first answer that asked for a pause"
