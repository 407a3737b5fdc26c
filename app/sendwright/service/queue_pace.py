"""How often the queue engine looks for work: often while there is some, seldom while there is none."""

import time
from collections.abc import Awaitable, Callable

from sendwright.service.queue_policy import QueuePolicy


class Pace:
    """Looking costs the same whether or not there is anything to find, and mostly there is nothing.

    change: sets the seconds between two looks. clock: seconds. It begins at the pace of work: what an earlier
    process left may wait.
    """

    def __init__(
        self,
        policy: QueuePolicy,
        change: Callable[[float], Awaitable[None]],
        *,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._working_s = policy.poll_s
        self._resting_s = max(policy.poll_s, policy.resting_poll_s)
        self._rest_after_s = policy.rest_after_s
        self._change = change
        self._clock = clock
        self._worked_at = clock()
        self.seconds = self._working_s

    def note_work(self) -> None:
        """Remember that there was something to do just now."""
        self._worked_at = self._clock()

    async def work(self) -> None:
        """Look often: there is something to do."""
        self.note_work()
        await self._set(self._working_s)

    async def rest(self) -> None:
        """Look seldom if there was nothing to do for a while."""
        if self._clock() - self._worked_at >= self._rest_after_s:
            await self._set(self._resting_s)

    async def _set(self, seconds: float) -> None:
        if seconds == self.seconds:
            return
        former, self.seconds = self.seconds, seconds  # before waiting: another call may come meanwhile
        try:
            await self._change(seconds)
        except BaseException:
            self.seconds = former
            raise
