"""Slows down who tries out secrets."""

from collections import deque
from collections.abc import Callable
from datetime import datetime, timedelta
from math import ceil

from sendwright.service.trouble import Trouble


class Throttle:
    """Allows `limit` failures within `period`, all callers together: behind a proxy they look alike anyway.

    Who has the right secret is never kept waiting: a stranger could keep everybody out otherwise.
    """

    def __init__(self, *, limit: int, period: timedelta, clock: Callable[[], datetime]) -> None:
        self._limit = limit
        self._period = period
        self._clock = clock
        self._failures: deque[datetime] = deque()

    def failed(self) -> None:
        """Count a failure. Raises Trouble `backend-too-many-attempts` when there were too many before."""
        now = self._clock()
        while self._failures and not timedelta(0) <= now - self._failures[0] < self._period:  # the clock may be set
            self._failures.popleft()
        if len(self._failures) >= self._limit:
            wait = self._failures[0] + self._period - now
            raise Trouble("backend-too-many-attempts", retry_after_s=max(1, ceil(wait.total_seconds())))
        self._failures.append(now)
