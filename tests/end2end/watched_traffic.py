"""Traffic of a simulated service whose moments are remembered: when a mailbox was asked, and when it wanted none."""

from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sendwright.practice.traffic import Measured, Traffic


@dataclass
class Watch:
    """When a mailbox was asked, and from when until when it had asked to be left alone."""

    entries: list[datetime] = field(default_factory=list)
    pauses: list[tuple[datetime, datetime]] = field(default_factory=list)

    @property
    def most_in_a_pause(self) -> int:
        """Return how many requests arrived at most while the mailbox wanted none."""
        during = (sum(began < entry < ended for entry in self.entries) for began, ended in self.pauses)
        return max(during, default=0)


class WatchedTraffic(Traffic):
    """Measures as ever, and remembers the moments. watches: by mailbox."""

    def __init__(self) -> None:
        super().__init__()
        self.watches: defaultdict[str, Watch] = defaultdict(Watch)

    @contextmanager
    def entered(
        self, application: str, mailbox: str, *, now: datetime, at_once: int, per_minute: int
    ) -> Iterator[Measured]:
        self.watches[mailbox].entries.append(now)
        with super().entered(application, mailbox, now=now, at_once=at_once, per_minute=per_minute) as measured:
            yield measured

    def paused(self, found: Measured, now: datetime, seconds: float) -> None:
        super().paused(found, now, seconds)
        mailbox = next(used for (_, used), each in self.measured.items() if each is found)
        self.watches[mailbox].pauses.append((now, now + timedelta(seconds=seconds)))
