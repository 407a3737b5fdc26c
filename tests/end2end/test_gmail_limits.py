"""Three hundred notifications over three accounts that ask for pauses and lose answers: once each, and none early."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from tests.end2end.backend_process import every_state
from tests.end2end.google_backend import add_mailboxes, places_of, sign_in_of
from tests.end2end.many_mailboxes import backends_of, notify
from tests.end2end.watched_traffic import WatchedTraffic
from tests.servers.google import listening

from sendwright.handoff.client import HttpBackend
from sendwright.handoff.wire import NotificationState
from sendwright.practice.faults import Fault
from sendwright.practice.google.example import DOMAIN, example
from sendwright.practice.google.server import SimulatedGoogle
from sendwright.practice.mail_server import Received

MAILBOXES = tuple(f"box{number}@{DOMAIN}" for number in range(3))
EACH = 100
PAUSES = ((403, "3"), (429, "2"), (503, ""), (403, "4"), (503, ""), (429, "1"))
"""Statuses, and the seconds after which Gmail says that it may go on; it says so in its words alone."""
CUTS = 3
"""Messages of a mailbox that are taken, and whose answer is lost."""

PATIENCE_S = 300.0
AT_ONCE = 2
HURRIED = f"""
poll_s = 0.05
care_every_s = 0.5
[limits.gmail]
at_once = {AT_ONCE}
starts = 10000
period_s = 1.0
[retry]
first_s = 0.2
soon_s = 0.1
least_s = 0.05
longest_s = 2.0
repair_s = 0.5
attempts = 60
"""
"""What is tried here are pauses, lost answers, and how much at once; what a minute holds is tried elsewhere."""


@dataclass
class Scene:
    google: SimulatedGoogle
    inbox: list[Received]
    traffic: WatchedTraffic


@pytest.fixture
async def scene() -> AsyncIterator[Scene]:
    workspace = example()
    workspace.policies.per_minute = 10 * EACH
    add_mailboxes(workspace, MAILBOXES)
    async with listening(workspace) as server:
        assert server.google._gmail is not None
        traffic = server.google._gmail.traffic = WatchedTraffic()
        server.google.latency_s = 0.05
        yield Scene(server.google, server.inbox, traffic)


def trouble(mailbox: str) -> list[Fault]:
    """Return what the mailbox answers first: pauses, and between them answers that are lost."""
    asked = [Fault(path="messages/send", mailbox=mailbox, status=status, retry_after=wait) for status, wait in PAUSES]
    lost = [Fault(path="messages/send", mailbox=mailbox, status=0, after=True)] * CUTS
    return [fault for pair in zip(asked[: len(lost)], lost, strict=True) for fault in pair] + asked[len(lost) :]


async def notify_all(client: HttpBackend, mailbox: int) -> None:
    await notify(client, mailbox, range(EACH))
    async with asyncio.timeout(PATIENCE_S):
        while True:
            counts = (await client.notifications(state="failed")).counts
            if counts.get("sent", 0) + counts.get("failed", 0) == EACH:
                return
            await asyncio.sleep(0.5)


@pytest.mark.timeout(400)
async def test_everything_leaves_once_and_what_nobody_knows_is_told_and_not_repeated(
    tmp_path: Path, scene: Scene
) -> None:
    for address in MAILBOXES:
        scene.google.faults.tell_all(trouble(address))

    async def sign_in(client: HttpBackend, address: str) -> None:
        await sign_in_of(client, scene.google, address)

    authority, places = scene.google.authority_pem, places_of(scene.google)
    async with backends_of(tmp_path, MAILBOXES, authority, sign_in, google_toml=places, queue_toml=HURRIED) as clients:
        await asyncio.gather(*(notify_all(client, number) for number, client in enumerate(clients)))
        told = [await every_state(client) for client in clients]
    assert scene.google.faults.left == 0
    arrived = Counter(message.recipient for message in scene.inbox)
    assert arrived == dict.fromkeys([state.to for states in told for state in states], 1)
    assert len(arrived) == EACH * len(MAILBOXES)
    for states, mailbox in zip(told, MAILBOXES, strict=True):
        _judge_states(states)
        _judge_traffic(scene, mailbox)


def _judge_states(states: tuple[NotificationState, ...]) -> None:
    """Every message is known to be sent, but those whose answer was lost: a person decides on them."""
    lost = [state for state in states if state.perhaps_twice]
    assert len(lost) == CUTS
    assert {(state.state, state.problem) for state in lost} == {("failed", "message-perhaps-sent")}
    known = [state for state in states if not state.perhaps_twice]
    assert {state.state for state in known} == {"sent"}
    assert all(state.provider_id for state in known)
    assert sum(state.attempts for state in states) >= EACH + len(PAUSES)


def _judge_traffic(scene: Scene, mailbox: str) -> None:
    """The mailbox was never asked more than it takes, and what it refused was ordered by the test."""
    measured, watch = scene.google.traffic(mailbox), scene.traffic.watches[mailbox]
    assert measured.accepted == EACH
    assert len(watch.entries) == EACH + len(PAUSES)
    assert measured.most_in_flight <= AT_ONCE
    assert measured.throttled == len([wait for _, wait in PAUSES if wait])
    assert watch.most_in_a_pause <= AT_ONCE - 1, "nothing left after the first answer that asked for a pause"
