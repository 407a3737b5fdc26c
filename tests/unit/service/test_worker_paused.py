"""A mailbox that is to be left alone: attempts wait for it without beginning, and use up no start for nothing."""

import asyncio
from dataclasses import dataclass, field
from pathlib import Path

import msgspec
import pytest
from tests.unit.service.google_kit import gmail_profile
from tests.unit.service.queue_kit import HURRIED, Bench, active_sender, bench, until
from tests.unit.service.test_grant_profiles import graph_profile

from sendwright.message import OutgoingMessage
from sendwright.problems.evidence import Evidence, System
from sendwright.profile import SenderProfile
from sendwright.senders.catalogue import mailbox_key
from sendwright.senders.pace import PAUSED, Paces
from sendwright.senders.sender import Receipt, SendFailed
from sendwright.senders.unusable import ProfileUnusable
from sendwright.service.ground import ActiveSender
from sendwright.service.queue_policy import Limits, QueuePolicy
from sendwright.service.worker import pause_s, set_pace
from sendwright.service.worker_loop import QueueWorker

FEW = msgspec.structs.replace(
    HURRIED, limits={"smtp": Limits(at_once=2, starts=14, period_s=600.0)}, stop_within_s=300.0
)
"""Twelve notifications may begin, and two more: nothing is left for who is sent away again and again."""

MAILBOX = active_sender().profile.address


@dataclass
class Pausing:
    """A sender whose mailbox asks for a pause with its first message, and that sends away whoever comes in it."""

    paces: Paces = field(default_factory=Paces)
    pause: float = 0.6
    taken: list[str] = field(default_factory=list)
    away: int = 0

    async def opening(self, active: ActiveSender) -> "Pausing":
        del active
        return self

    async def submit(self, message: OutgoingMessage) -> Receipt:
        pace = self.paces.of(MAILBOX)
        if pace.paused_s > 0:
            self.away += 1
            evidence = Evidence(stage="submit", system=System.GMAIL, condition=PAUSED, retry_after_s=pace.paused_s)
            raise SendFailed(evidence)
        self.taken.append(message.recipient)
        if len(self.taken) == 1:
            pace.pause(self.pause)
        return Receipt(message_id=message.message_id)

    async def close(self) -> None:
        """Nothing is open."""

    def worker(self, of: Bench) -> QueueWorker:
        return QueueWorker(
            of.ground,
            policy=of.policy,
            metrics=of.metrics,
            opening=self.opening,
            mailbox=lambda profile: profile.address,
            pause_s=lambda profile: self.paces.paused_s(profile.address),
        )


async def test_who_comes_in_a_pause_waits_and_begins_once(tmp_path: Path) -> None:
    sender = Pausing()
    async with bench(tmp_path, policy=FEW) as of:
        names = [await of.accept(f"u{number}@example.com") for number in range(12)]
        worker = sender.worker(of)
        await worker.start()
        try:
            states = [await of.reaches(name, "sent") for name in names]
        finally:
            await worker.stop()
    assert sorted(sender.taken) == sorted(f"u{number}@example.com" for number in range(12))
    assert sender.away <= 1  # it had begun when the other one was told
    assert sum(state.attempts for state in states) == len(names) + sender.away


async def test_a_stop_waits_for_no_pause_and_nothing_had_begun(tmp_path: Path) -> None:
    sender = Pausing(pause=10_000.0)
    sender.paces.of(MAILBOX).pause(10_000.0)
    async with bench(tmp_path, policy=FEW) as of:
        name = await of.accept()
        worker = sender.worker(of)
        await worker.start()
        await until(lambda: bool(worker._engine.running))
        async with asyncio.timeout(60):
            await worker.stop()
        waiting = await of.store.state(name)
        assert (waiting.state, waiting.attempts, waiting.perhaps_twice) == ("queued", 0, False)
        sender.paces = Paces()
        worker = sender.worker(of)
        await worker.start()
        try:
            state = await of.reaches(name, "sent")
        finally:
            await worker.stop()
    assert (state.attempts, state.perhaps_twice) == (1, False)


async def test_a_sender_that_comes_into_force_in_a_pause_is_asked_instead(tmp_path: Path) -> None:
    other = active_sender(2, address="others@example.org")
    sender = Pausing(pause=0.0)
    sender.paces.of(MAILBOX).pause(10_000.0)
    async with bench(tmp_path, policy=FEW) as of:
        name = await of.accept()
        worker = sender.worker(of)
        await worker.start()
        try:
            await until(lambda: bool(worker._engine.running))
            sender.paces = Paces()
            await of.put_in_force(other)
            state = await of.reaches(name, "sent")
        finally:
            await worker.stop()
    assert (state.profile_version, state.attempts) == (2, 1)
    assert sender.taken == ["ann@example.com"]


@pytest.mark.parametrize("profile", [graph_profile(), gmail_profile()])
@pytest.mark.parametrize(("paused", "waits"), [(0.0, False), (0.5, True), (59.0, True), (3_600.0, False)])
def test_no_pause_is_waited_for_that_outlasts_the_counting_of_starts(
    profile: SenderProfile, *, paused: float, waits: bool
) -> None:
    now = [1_000.0]
    paces, policy = Paces(clock=lambda: now[0]), QueuePolicy()
    assert pause_s(paces, profile, policy) == 0.0  # nobody asked it yet
    set_pace(paces, profile, policy)
    paces.of(mailbox_key(profile)).pause(paused)
    assert pause_s(paces, profile, policy) == (paused if waits else 0.0)
    now[0] += paused
    assert pause_s(paces, profile, policy) == 0.0


def test_a_profile_that_cannot_be_used_has_no_mailbox_to_wait_for() -> None:
    broken = msgspec.structs.replace(gmail_profile(), settings={})
    with pytest.raises(ProfileUnusable):
        pause_s(Paces(), broken, QueuePolicy())
