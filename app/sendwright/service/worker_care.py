"""Finds what was left behind, whatever died or was full at the wrong moment, and cleans up."""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from sendwright.problems.classify import classify
from sendwright.problems.evidence import Evidence, System
from sendwright.service.queue_engine import QueueEngine, key
from sendwright.service.queue_policy import QueuePolicy
from sendwright.service.queue_store import QueueStore

_WORN_OUT = Evidence(
    stage="submit", system=System.BACKEND, condition="attempt-interrupted-too-often", perhaps_sent=True
)


@dataclass(frozen=True, kw_only=True)
class Care:
    """Compares the notifications with the entries of the queue engine: two databases without a shared commit.

    The notifications are right. An entry that they ask for and the engine does not have is asked for again;
    an entry that the engine runs and they do not ask for does nothing when it is tried.
    """

    store: QueueStore
    engine: QueueEngine
    policy: QueuePolicy
    clock: Callable[[], datetime]
    log: logging.Logger

    async def at_start(self) -> None:
        """Ask for the entries that the engine does not have: its database may be younger, older or new."""
        await self._renew_lost(before=self.clock())

    async def regularly(self) -> None:
        """Ask again for entries that are overdue and gone; delete what is old, or dated in the future.

        A clock that was set back leaves what waits with dates that may be far away.
        """
        now, while_ago = self.clock(), timedelta(seconds=self.policy.stranded_after_s)
        stranded, future = now - while_ago, now + while_ago
        void = await self.store.wake(dated_after=future)
        if void:
            self.log.warning("clock-set-back", extra={"count": len(void)})
            await self.engine.withdraw([key(notification_id, number) for notification_id, number in void])
        await self.engine.release(before=stranded, after=future)
        await self._renew_lost(before=stranded)
        await self.engine.trim(before=now - timedelta(seconds=self.policy.keep_history_s), after=future)
        await self.store.tidy_submissions()
        await self.store.purge(before=now - timedelta(seconds=self.policy.keep_finished_s))

    async def _renew_lost(self, *, before: datetime) -> None:
        overdue = await self.store.overdue(before=before)
        if not overdue:
            return
        keys = [key(notification_id, number) for notification_id, number in overdue]
        known = await self.engine.live(keys) | self.engine.running
        worn_out = await self.engine.worn_out(keys)
        lost = [entry for entry in overdue if key(*entry) not in known | worn_out]
        if lost:
            self.log.info("entries-renewed", extra={"count": len(lost)})
            await self.store.renew(lost)
        for notification_id, number in overdue:
            if key(notification_id, number) in worn_out:
                await self.store.bury(notification_id, number, classify(_WORN_OUT))
