"""What the tests of the queue share: a ground without a network, and a mail service that follows a script."""

import asyncio
import logging
from collections import defaultdict
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import MappingProxyType
from typing import cast

from sqlalchemy import update

from sendwright.deployment import Deployment
from sendwright.handoff.wire import NotificationRequest, NotificationState
from sendwright.message import OutgoingMessage
from sendwright.network.network import Network
from sendwright.problems.evidence import Evidence, System
from sendwright.profile import SenderProfile
from sendwright.senders.sender import Receipt, SendFailed
from sendwright.service.database import Database, open_database, sqlite_url
from sendwright.service.envelope import Envelope
from sendwright.service.ground import ActiveSender, Ground
from sendwright.service.metrics import Metrics
from sendwright.service.notifications import NotificationStore
from sendwright.service.queue_policy import Limits, QueuePolicy
from sendwright.service.retry import RetryPolicy
from sendwright.service.schema import upgrade
from sendwright.service.settings import DataFolder
from sendwright.service.tables import InForceRow
from sendwright.service.worker_loop import QueueWorker

HURRIED = QueuePolicy(
    retry=RetryPolicy(
        first_s=0.1, soon_s=0.05, least_s=0.05, longest_s=0.4, greylisted_s=0.2, repair_s=0.2, attempts=6
    ),
    limits={"smtp": Limits(at_once=4, starts=10_000, period_s=1.0)},
    poll_s=0.05,
    care_every_s=0.3,
    stranded_after_s=0.5,
    record_within_s=0.5,
    stop_within_s=2.0,
    idle_sender_s=5.0,
)
NOON = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)


def active_sender(version: int = 1, *, address: str = "notifications@example.org") -> ActiveSender:
    profile = SenderProfile(provider="custom_smtp", sender="smtp", address=address, alias="Example", settings={})
    return ActiveSender(version=version, profile=profile, credentials={})


def request(to: str = "ann@example.com", **changes: object) -> NotificationRequest:
    values = {"kind": "comment", "subject": "A comment", "text": "Hello", "to": to}
    return NotificationRequest(**cast("dict[str, str]", values | changes))


def refusal(
    reply: int, enhanced: str | None = None, *, stage: str = "recipient", text: str = "", **more: object
) -> SendFailed:
    values = {"reply": reply, "enhanced": enhanced, "text": text or f"{reply} {enhanced or ''}".strip()}
    return SendFailed(Evidence(stage=stage, system=System.SMTP, **cast("dict[str, str]", values | more)))


def cut_off() -> SendFailed:
    return SendFailed(Evidence(stage="submit", system=System.SMTP, condition="connection-dropped", perhaps_sent=True))


async def until(reached: Callable[[], bool], *, within_s: float = 20.0) -> None:
    async with asyncio.timeout(within_s):
        while not reached():  # noqa: ASYNC110 - what is waited for signals nobody
            await asyncio.sleep(0.01)


class Clock:
    """A clock that a test moves; it ticks a little at every look, so that no two moments are the same."""

    def __init__(self, now: datetime = NOON) -> None:
        self.now = now

    def __call__(self) -> datetime:
        self.now += timedelta(microseconds=1)
        return self.now

    def advance(self, seconds: float) -> None:
        self.now += timedelta(seconds=seconds)


@dataclass
class InForce:
    """The sender in force, as a test sets it."""

    active: ActiveSender | None = field(default_factory=active_sender)
    failure: Exception | None = None

    async def in_force(self) -> ActiveSender | None:
        if self.failure is not None:
            raise self.failure
        return self.active


Step = SendFailed | Exception | None | Callable[[], object]


@dataclass
class MailService:
    """Takes messages; `script` says, by recipient, what happens to the first, the second, … submission."""

    script: dict[str, list[Step]] = field(default_factory=dict)
    always: Step = None
    hold: asyncio.Event | None = None
    takes_s: float = 0.0
    taken: list[OutgoingMessage] = field(default_factory=list)
    submissions: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    opened: list[int] = field(default_factory=list)
    open_now: int = 0
    at_once: int = 0
    most_at_once: int = 0

    async def opening(self, active: ActiveSender) -> "ScriptedSender":
        self.opened.append(active.version)
        self.open_now += 1
        return ScriptedSender(self, active.version)

    @property
    def delivered(self) -> list[str]:
        return [message.recipient for message in self.taken]


@dataclass
class ScriptedSender:
    """One open connection to the scripted mail service."""

    service: MailService
    version: int
    closed: bool = False

    async def submit(self, message: OutgoingMessage) -> Receipt:
        service = self.service
        assert not self.closed
        service.submissions[message.recipient] += 1
        service.at_once += 1
        service.most_at_once = max(service.most_at_once, service.at_once)
        try:
            if service.hold is not None:
                await service.hold.wait()
            await asyncio.sleep(service.takes_s)
            steps = service.script.get(message.recipient, [])
            step = steps.pop(0) if steps else service.always
            if isinstance(step, Exception):
                if isinstance(step, SendFailed) and step.evidence.perhaps_sent:
                    service.taken.append(message)
                raise step
            service.taken.append(message)
            if callable(step):
                step()
            return Receipt(message_id=message.message_id, provider_id=f"Q{len(service.taken)}")
        finally:
            service.at_once -= 1

    async def close(self) -> None:
        assert not self.closed
        self.closed = True
        self.service.open_now -= 1


@dataclass(kw_only=True)
class Bench:
    """A ground, a mail service, and the worker between them."""

    ground: Ground
    in_force: InForce
    service: MailService
    metrics: Metrics
    policy: QueuePolicy
    store: NotificationStore

    @property
    def database(self) -> Database:
        return self.ground.database

    def worker(self) -> QueueWorker:
        return QueueWorker(
            self.ground,
            policy=self.policy,
            metrics=self.metrics,
            opening=self.service.opening,
            mailbox=lambda profile: profile.address,
        )

    async def accept(self, to: str = "ann@example.com", **changes: object) -> str:
        async with self.database.writing() as session:
            notification_id, _ = await self.store.accept(session, request(to, **changes), domain="example.org")
        return notification_id

    async def put_in_force(self, active: ActiveSender | None) -> None:
        self.in_force.active = active
        async with self.database.writing() as session:
            await session.execute(update(InForceRow).values(revision=InForceRow.revision + 1))

    async def reaches(self, notification_id: str, *states: str, within_s: float = 20.0) -> NotificationState:
        async with asyncio.timeout(within_s):
            while True:
                state = await self.store.state(notification_id)
                if state.state in states:
                    return state
                await asyncio.sleep(0.02)


@asynccontextmanager
async def bench(
    folder: Path, *, policy: QueuePolicy = HURRIED, clock: Callable[[], datetime] | None = None
) -> AsyncIterator[Bench]:
    data = DataFolder(folder)
    await upgrade(data.database_url)
    database = open_database(sqlite_url(folder / "backend.db"))
    clock = clock or (lambda: datetime.now(UTC))
    envelope = Envelope(bytes(32))
    in_force = InForce()
    ground = Ground(
        folder=data,
        database=database,
        envelope=envelope,
        profiles=in_force,
        network=cast("Network", MappingProxyType({})),  # nothing here reaches for the network
        deployment=Deployment(),
        clock=clock,
        log=logging.getLogger("sendwright.service.tests"),
    )
    try:
        yield Bench(
            ground=ground,
            in_force=in_force,
            service=MailService(),
            metrics=Metrics(),
            policy=policy,
            store=NotificationStore(database=database, envelope=envelope, clock=clock),
        )
    finally:
        await database.close()


@asynccontextmanager
async def at_work(of: Bench) -> AsyncIterator[QueueWorker]:
    worker = of.worker()
    try:
        await worker.start()
        yield worker
    finally:
        await worker.stop()
