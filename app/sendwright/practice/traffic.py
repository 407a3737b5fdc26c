"""Limits of each application at each mailbox, and what was measured against them."""

from bisect import bisect_right, insort
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum


class Limit(StrEnum):
    """Requests at the same time, or messages of the last minute."""

    AT_ONCE = "at-once"
    PER_MINUTE = "per-minute"


@dataclass
class Measured:
    """How an application treats a mailbox.

    in_flight, most_in_flight: requests at the same time. accepted: messages. throttled: answers that asked to wait.
    too_early: requests that came before the wait was over, among them those that were on their way when it was said.
    paused_until: when that is. recent: when the messages of the last minute came.
    """

    in_flight: int = 0
    most_in_flight: int = 0
    requests: int = 0
    accepted: int = 0
    throttled: int = 0
    too_early: int = 0
    paused_until: datetime | None = None
    recent: list[datetime] = field(default_factory=list)

    def take(self, arrived: datetime) -> None:
        """Count a message; it counts from when its request arrived, as its sender counts, too."""
        self.accepted += 1
        insort(self.recent, arrived)


class Over(Exception):
    """A limit is reached. wait_s: when it is not any more."""

    def __init__(self, limit: Limit, wait_s: int) -> None:
        super().__init__(limit)
        self.limit = limit
        self.wait_s = wait_s


class Traffic:
    """By application and mailbox. minute: how long what is called one lasts; a test has less patience."""

    def __init__(self, *, minute: timedelta = timedelta(minutes=1)) -> None:
        self.minute = minute
        self.measured: defaultdict[tuple[str, str], Measured] = defaultdict(Measured)

    def of(self, mailbox: str) -> Measured:
        """Return what was measured of the one application that used `mailbox`; nought where none did."""
        wanted = mailbox.lower()
        return next((found for (_, used), found in self.measured.items() if used == wanted), Measured())

    @contextmanager
    def entered(
        self, application: str, mailbox: str, *, now: datetime, at_once: int, per_minute: int
    ) -> Iterator[Measured]:
        """Count a request while it is worked on. Raises Over."""
        found = self.measured[application, mailbox]
        found.requests += 1
        if found.paused_until is not None and now < found.paused_until:
            found.too_early += 1
        found.in_flight += 1
        found.most_in_flight = max(found.most_in_flight, found.in_flight)
        try:
            if found.in_flight > at_once:
                self.paused(found, now, 1)
                raise Over(Limit.AT_ONCE, 1)
            del found.recent[: bisect_right(found.recent, now - self.minute)]
            if len(found.recent) >= per_minute:
                wait = int((found.recent[0] + self.minute - now).total_seconds()) + 1
                self.paused(found, now, wait)
                raise Over(Limit.PER_MINUTE, wait)
            yield found
        finally:
            found.in_flight -= 1

    def paused(self, found: Measured, now: datetime, seconds: float) -> None:
        """Take note that an answer asked to wait."""
        found.throttled += 1
        found.paused_until = now + timedelta(seconds=seconds)
