"""Sends what is queued: makes entries in the queue engine, watches the sender in force, takes care."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from random import SystemRandom

from litestar.types import ControllerRouterHandler
from sqlalchemy import select

from sendwright.profile import SenderProfile
from sendwright.senders.unusable import ProfileUnusable
from sendwright.service.envelope import EnvelopeBroken
from sendwright.service.ground import ActiveSender, Ground
from sendwright.service.metrics import Metrics
from sendwright.service.notices import Notices
from sendwright.service.notifications_routes import NotificationDesk, notification_routes
from sendwright.service.platform_sender import VERSION as PLATFORM_VERSION
from sendwright.service.queue_allowance import Allowance
from sendwright.service.queue_engine import Entry, QueueEngine, key
from sendwright.service.queue_policy import QueuePolicy
from sendwright.service.queue_store import Due, QueueStore
from sendwright.service.tables import InForceRow
from sendwright.service.worker_attempt import Attempts
from sendwright.service.worker_care import Care
from sendwright.service.worker_senders import Opening, OpenSenders

NOBODY = "nobody"
"""The mailbox of notifications that wait for a sender."""

_BATCH = 200
_LOOK_EVERY_S = 2.0
_GATHER_S = 0.02
_AFTER_TROUBLE_S = 2.0


class QueueWorker:
    """The sending half of the backend; one in a process, see `queue_engine.QueueEngine`.

    opening: makes senders. mailbox: what the limits are counted for, see `queue_engine.Entry`. most_in_a_day: how many
    messages it may send within 24 hours, None where nobody counts. pause_s: the seconds that an attempt waits before it
    begins. Both may raise ProfileUnusable.
    """

    def __init__(
        self,
        ground: Ground,
        *,
        policy: QueuePolicy,
        metrics: Metrics,
        opening: Opening,
        mailbox: Callable[[SenderProfile], str],
        most_in_a_day: Callable[[SenderProfile], int | None] = lambda _: None,
        pause_s: Callable[[SenderProfile], float] = lambda _: 0.0,
    ) -> None:
        self._ground = ground
        self._policy = policy
        self._metrics = metrics
        self._mailbox = mailbox
        self._most_in_a_day = most_in_a_day
        self._pause_s = pause_s
        self._store = QueueStore(database=ground.database, envelope=ground.envelope, clock=ground.clock)
        self._engine = QueueEngine(url=ground.folder.queue_url, policy=policy)
        self._senders = OpenSenders(opening, idle_s=policy.idle_sender_s)
        self._attempts = Attempts(
            store=self._store,
            profiles=ground.profiles,
            senders=self._senders,
            policy=policy,
            metrics=metrics,
            random=SystemRandom(),
            allowance=self._allowance,
            paused=self._paused,
            deployment=ground.deployment,
            clock=ground.clock,
            log=ground.log,
        )
        self._care = Care(store=self._store, engine=self._engine, policy=policy, clock=ground.clock, log=ground.log)
        self._notices = self._made_notices(opening)
        self._nudged = asyncio.Event()
        self._stopping = asyncio.Event()
        self._revision: int | None = None
        self._woken = False
        self._loops: list[asyncio.Task[None]] = []

    @property
    def routes(self) -> Sequence[ControllerRouterHandler]:
        """The routes of notifications and metrics."""
        desk = NotificationDesk(ground=self._ground, policy=self._policy, metrics=self._metrics, nudge=self.nudge)
        return notification_routes(desk)

    @property
    def alive(self) -> bool:
        """Whether it takes work from the queue at this moment."""
        return bool(self._loops) and not any(loop.done() for loop in self._loops)

    def nudge(self) -> None:
        """Look for work now: something was accepted or put back."""
        self._nudged.set()

    async def start(self) -> None:
        """Begin to work, first with what was left by a process that died."""
        self._revision = await self._read_revision()
        try:
            await self._engine.start(self._attempt)
            await self._care.at_start()
        except BaseException:
            await self._engine.stop()
            raise
        self._loops = [
            asyncio.create_task(self._keep_looking()),
            asyncio.create_task(self._keep_caring()),
        ]

    async def stop(self) -> None:
        """Finish the messages that are being handed over, take no further one, and return."""
        self._stopping.set()
        self.nudge()
        await asyncio.gather(*self._loops)
        self._loops = []
        await self._engine.stop()
        await self._senders.close()

    async def _attempt(self, notification_id: str, number: int) -> None:
        if await self._attempts.make(notification_id, number):
            self.nudge()

    async def _look(self) -> None:
        if not self._woken:  # here and not in `start`: nobody waits for it
            await self._wake_at_start()
            self._woken = True
        revision = await self._read_revision()
        if revision != self._revision:
            await self._wake()
            self._revision = revision
        while not self._stopping.is_set() and (found := await self._store.undispatched(limit=_BATCH)):
            await self._dispatch(found)
        await self._senders.close_unused()
        await self._engine.rest()

    async def _dispatch(self, found: list[Due]) -> None:
        kind, mailbox = await self._lane()
        now = self._ground.clock()
        await self._engine.enqueue(
            [
                Entry(
                    notification_id=due.id,
                    number=due.number,
                    kind=kind,
                    mailbox=mailbox,
                    priority=due.priority,
                    delay_s=max(0.0, (due.at - now).total_seconds()) if due.at else 0.0,
                )
                for due in found
            ]
        )
        await self._store.mark_dispatched(found)

    async def _wake_at_start(self) -> None:
        """Offer what waits to a sender that came into force while nobody worked."""
        active = await self._active()
        if active is None:
            return
        await self._wake(unless_tried_with=active.version)
        if active.version == PLATFORM_VERSION:  # its file may have been corrected: that makes no new version
            await self._wake(afresh=False)

    async def _wake(self, *, unless_tried_with: int | None = None, afresh: bool = True) -> None:
        """Offer what waits to the sender that is in force now, instead of leaving it until its time comes."""
        void = await self._store.wake(unless_tried_with=unless_tried_with, afresh=afresh)
        await self._engine.withdraw([key(notification_id, number) for notification_id, number in void])

    async def _lane(self) -> tuple[str, str]:
        """Return the kind of sender and the mailbox that the limits of new entries are counted for."""
        active = await self._active()
        if active is not None:
            with suppress(ProfileUnusable):  # each attempt says so by name
                return active.profile.sender, self._mailbox(active.profile)
        return NOBODY, NOBODY

    def _allowance(self, profile: SenderProfile) -> Allowance | None:
        with suppress(ProfileUnusable):  # the attempt says so by name
            most = self._most_in_a_day(profile)
            return None if most is None else Allowance(mailbox=self._mailbox(profile), most=most)
        return None

    async def _paused(self, profile: SenderProfile) -> bool:
        """Wait while the mailbox is to be left alone, if it is; return whether it was.

        Raises CancelledError where the worker is stopped meanwhile: nothing was begun, and the next start goes on.
        """
        wait_s = 0.0
        with suppress(ProfileUnusable):  # the attempt says so by name
            wait_s = self._pause_s(profile)
        if wait_s <= 0:
            return False
        await _wait(self._stopping, wait_s)
        if self._stopping.is_set():
            raise asyncio.CancelledError
        return True

    async def _active(self) -> ActiveSender | None:
        with suppress(EnvelopeBroken):  # each attempt says so by name
            return await self._ground.profiles.in_force()
        return None

    async def _read_revision(self) -> int | None:
        async with self._ground.database.reading() as session:
            return await session.scalar(select(InForceRow.revision))

    async def _keep_looking(self) -> None:
        while not self._stopping.is_set():
            self._nudged.clear()
            await self._guarded(self._look)
            await _wait(self._nudged, _LOOK_EVERY_S)
            await _wait(self._stopping, _GATHER_S)  # what arrives together is moved together

    async def _keep_caring(self) -> None:
        while not self._stopping.is_set():
            await self._guarded(self._care.regularly)
            if self._notices is not None:
                await self._guarded(self._notices.regularly)
            await _wait(self._stopping, self._policy.care_every_s)

    def _made_notices(self, opening: Opening) -> Notices | None:
        ground, policy = self._ground, self._policy
        if ground.watched is None:
            return None
        return Notices(
            database=ground.database,
            watched=ground.watched,
            opening=opening,
            deployment=ground.deployment,
            patience_s=policy.retry.give_up_after_s,
            within_s=policy.attempt_within_s,
            clock=ground.clock,
            log=ground.log,
        )

    async def _guarded(self, job: Callable[[], Awaitable[None]]) -> None:
        try:
            await job()
        except Exception as trouble:  # noqa: BLE001 - a full disk must not end the sending for good
            self._ground.log.warning("queue-trouble", extra={"fault": type(trouble).__name__})
            await _wait(self._stopping, _AFTER_TROUBLE_S)


async def _wait(event: asyncio.Event, timeout_s: float) -> None:
    with suppress(TimeoutError):
        async with asyncio.timeout(timeout_s):
            await event.wait()
