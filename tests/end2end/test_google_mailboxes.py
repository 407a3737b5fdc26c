"""Three hundred notifications over three accounts of Google that answer with rates: each leaves once, within limits."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest
from tests.end2end.backend_process import every_state
from tests.end2end.google_backend import add_mailboxes, places_of, sign_in_of
from tests.end2end.many_mailboxes import all_sent, backends_of, notify
from tests.servers.google import Listening, listening

from sendwright.handoff.client import HttpBackend
from sendwright.handoff.wire import Ended
from sendwright.practice.faults import Fault
from sendwright.practice.google.example import DOMAIN, example
from sendwright.practice.traffic import Traffic

MAILBOXES = tuple(f"box{number}@{DOMAIN}" for number in range(3))
RATES = (
    (403, "rateLimitExceeded", "1"),
    (429, "userRateLimitExceeded", "1"),
    (429, "rateLimitExceeded", "1"),
    (403, "userRateLimitExceeded", "2"),
    (503, "backendError", ""),
)
"""Status, reason, and the seconds after which it may go on; a server that fails says none.

A rate without a time is a pause of a minute, which is tried with a clock.
"""

SHARES = (5, 5, 5, 5, 80)
"""How many are handed over for each of them; the last of them do not fit into a minute."""

EACH = sum(SHARES)
PATIENCE_S = 120.0
AT_ONCE = 2
MINUTE_S, A_MINUTE = 5.0, 30
"""What is called a minute here, and how much it holds. What is sent in a real one is tried with a clock."""

HURRIED = f"""
poll_s = 0.05
care_every_s = 0.5
[limits.gmail]
at_once = {AT_ONCE}
starts = {A_MINUTE}
period_s = {MINUTE_S + 1.0}
[retry]
first_s = 0.2
soon_s = 0.1
least_s = 0.05
longest_s = 2.0
repair_s = 0.5
attempts = 60
"""


@pytest.fixture
async def scene() -> AsyncIterator[Listening]:
    workspace = example()
    workspace.policies.per_minute = A_MINUTE
    add_mailboxes(workspace, MAILBOXES)
    async with listening(workspace) as server:
        assert server.google._gmail is not None
        server.google._gmail.traffic = Traffic(minute=timedelta(seconds=MINUTE_S))
        server.google.latency_s = 0.05
        yield server


async def notify_all(client: HttpBackend, mailbox: int, scene: Listening) -> None:
    """Hand over the mailbox's share, in parts; in each of them it answers with another rate."""
    handed_over = 0
    for (status, code, wait), share in zip(RATES, SHARES, strict=True):
        fault = Fault(path="messages/send", mailbox=MAILBOXES[mailbox], status=status, code=code, retry_after=wait)
        scene.google.faults.tell(fault)
        await notify(client, mailbox, range(handed_over, handed_over + share))
        handed_over += share
        await all_sent(client, handed_over, within_s=PATIENCE_S)


@pytest.mark.timeout(400)
async def test_everything_leaves_once_within_the_limits_and_the_sign_ins_can_be_ended(
    tmp_path: Path, scene: Listening
) -> None:

    async def sign_in(client: HttpBackend, address: str) -> None:
        await sign_in_of(client, scene.google, address)

    authority, places = scene.google.authority_pem, places_of(scene.google)
    async with backends_of(tmp_path, MAILBOXES, authority, sign_in, google_toml=places, queue_toml=HURRIED) as clients:
        await asyncio.gather(*(notify_all(client, number, scene) for number, client in enumerate(clients)))
        states = [state for client in clients for state in await every_state(client)]
        ended = [await client.use_default(revoke=True) for client in clients]
    assert ended == [Ended(revoked=True)] * len(MAILBOXES)
    assert sorted(whose for whose, _ in scene.google.revoked) == sorted(MAILBOXES)
    _judge(scene, [state.to for state in states], sum(state.attempts for state in states))
    assert not any(state.perhaps_twice for state in states)


def _judge(scene: Listening, recipients: list[str], attempts: int) -> None:
    arrived = Counter(message.recipient for message in scene.inbox)
    assert arrived == dict.fromkeys(recipients, 1)
    assert len(arrived) == EACH * len(MAILBOXES)
    assert attempts > len(arrived)
    assert scene.google.faults.left == 0
    for mailbox in MAILBOXES:
        measured = scene.google.traffic(mailbox)
        timed = sum(bool(wait) for _, _, wait in RATES)
        assert measured.accepted == EACH
        assert measured.most_in_flight <= AT_ONCE
        assert measured.throttled == timed, "a minute never held more than it may: what was refused was ordered"
        assert measured.too_early <= timed * (AT_ONCE - 1), "nothing left after the first answer that named a time"
