"""Counts what the backend does, for Prometheus."""

import math
from datetime import datetime

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest

from sendwright.service.ground import Outlook
from sendwright.service.queue_store import FINISHED, OPEN

CONTENT_TYPE = "text/plain; version=0.0.4"
"""Litestar adds the charset."""

_SECONDS = (0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0, 60.0)


class Metrics:
    """The counters of one backend since it started, and its queue at the moment of asking."""

    def __init__(self) -> None:
        self._registry = CollectorRegistry()
        self.accepted = self._counter("accepted", "Notifications that were accepted.")
        self.sent = self._counter("sent", "Notifications that a mail service took.")
        self.failed = self._counter("failed", "Notifications that became dead letters.")
        self.expired = self._counter("expired", "Notifications that were not sent in time.")
        self.retrying = self._counter("retrying", "Attempts that failed and are made again.")
        self.perhaps_twice = self._counter("perhaps_twice", "Attempts whose answer was cut off.")
        self.attempt = Histogram(
            "sendwright_attempt_seconds",
            "How long an attempt took.",
            ["outcome"],
            registry=self._registry,
            buckets=_SECONDS,
        )
        self._queue = Gauge(
            "sendwright_queue_notifications",
            "Notifications by state.",
            ["state"],
            registry=self._registry,
        )
        self._oldest = Gauge(
            "sendwright_queue_oldest_seconds",
            "Age of the oldest notification that is not finished, 0 when there is none.",
            registry=self._registry,
        )
        self._version = Gauge(
            "sendwright_sender_version",
            "Version of the sender in force, 0 for the platform's default, -1 for none.",
            registry=self._registry,
        )
        self._trouble = Gauge(
            "sendwright_sender_trouble",
            "1 for the problem of the sender in force that a person must mend; no sample where there is none.",
            ["problem"],
            registry=self._registry,
        )
        self._expires = Gauge(
            "sendwright_sender_credential_expires_seconds",
            "Seconds until the credential of the sender in force ends, negative afterwards; NaN where it has no end.",
            registry=self._registry,
        )

    def render(
        self,
        *,
        counts: dict[str, int],
        oldest: datetime | None,
        version: int | None,
        now: datetime,
        outlook: Outlook = Outlook(),  # noqa: B008 - frozen, so one for all is safe
    ) -> bytes:
        """Return everything in Prometheus' text format; its type is CONTENT_TYPE.

        counts: notifications by state. oldest: when the oldest unfinished one was accepted. version, outlook: of the
        sender in force.
        """
        for state in (*OPEN, *FINISHED):
            self._queue.labels(state).set(counts.get(state, 0))
        self._oldest.set(max(0.0, (now - oldest).total_seconds()) if oldest else 0.0)
        self._version.set(-1 if version is None else version)
        self._trouble.clear()
        if outlook.trouble:
            self._trouble.labels(outlook.trouble).set(1)
        self._expires.set((outlook.expires_at - now).total_seconds() if outlook.expires_at else math.nan)
        return generate_latest(self._registry)

    def _counter(self, name: str, documentation: str) -> Counter:
        return Counter(f"sendwright_notifications_{name}", documentation, registry=self._registry)
