"""Keeps to the limits of a mailbox: so many at once, so many in a minute, and the pauses that it asks for."""

import asyncio
import time
from collections import deque
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import AbstractAsyncContextManager, asynccontextmanager, nullcontext
from typing import Final

import msgspec

from sendwright.problems.evidence import Evidence, System
from sendwright.senders.sender import SendFailed

PAUSED: Final = "mailbox-paused"
"""Condition of evidence: nothing was asked, because the mailbox is to be left alone for `retry_after_s` seconds."""


class Limits(msgspec.Struct, frozen=True, kw_only=True):
    """What is asked of one mailbox.

    at_once: in flight; Outlook allows 4 for an application and mailbox (Graph, throttling limits). starts: within
    `period_s` seconds; Exchange Online takes 30 messages in a minute. patience_s: how long a start may be waited for
    here; whoever would wait longer is sent away, so that nobody blocks a worker. per_day: messages that the service
    takes of the mailbox within any 24 hours, None where that is not known; whoever keeps a queue sees to it, as it must
    last longer than a process.
    """

    at_once: int = 4
    starts: int = 30
    period_s: float = 60.0
    patience_s: float = 10.0
    per_day: int | None = None


class MailboxPace:
    """The pace of one mailbox, shared by all who send from it. clock: seconds, only ever growing; sleep waits them."""

    def __init__(
        self,
        limits: Limits = Limits(),  # noqa: B008 - frozen, so one for all is safe
        *,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self._limits = limits
        self._clock = clock
        self._sleep = sleep
        self._places = asyncio.Semaphore(limits.at_once)
        self._starts: deque[float] = deque(maxlen=limits.starts)
        self._paused_until = clock()

    @property
    def paused_s(self) -> float:
        """Seconds for which the mailbox is still to be left alone."""
        return max(0.0, self._paused_until - self._clock())

    def pause(self, seconds: float) -> None:
        """Leave the mailbox alone for `seconds` from now; a longer pause stands."""
        self._paused_until = max(self._paused_until, self._clock() + seconds)

    @asynccontextmanager
    async def turn(self, *, values: Mapping[str, str]) -> AsyncIterator[None]:
        """Hold one place of the mailbox while something is asked of it.

        values: for the evidence. Raises SendFailed (`mailbox-paused`, with `retry_after_s`) where the mailbox is
        paused, or takes no further message soon: then nothing is to be asked.
        """
        self._require_open(self.paused_s, values)
        try:
            async with asyncio.timeout(self._limits.patience_s):
                await self._places.acquire()
        except TimeoutError:
            raise _sent_away(self._limits.patience_s, values) from None
        try:
            await self._wait_for_start(values)
            yield
        finally:
            self._places.release()

    async def _wait_for_start(self, values: Mapping[str, str]) -> None:
        while True:
            self._require_open(self.paused_s, values)
            wait_s = self._until_start()
            if wait_s <= 0:
                break
            self._require_open(wait_s if wait_s > self._limits.patience_s else 0.0, values)
            await self._sleep(wait_s)
        self._starts.append(self._clock())

    def _until_start(self) -> float:
        if len(self._starts) < self._limits.starts:
            return 0.0
        return self._starts[0] + self._limits.period_s - self._clock()

    def _require_open(self, wait_s: float, values: Mapping[str, str]) -> None:
        if wait_s > 0:
            raise _sent_away(wait_s, values)


def turn_of(pace: MailboxPace | None, *, values: Mapping[str, str]) -> AbstractAsyncContextManager[None]:
    """Return the turn at `pace`; None keeps to nothing."""
    return nullcontext() if pace is None else pace.turn(values=values)


def _sent_away(wait_s: float, values: Mapping[str, str]) -> SendFailed:
    evidence = Evidence(
        stage="submit", system=System.GRAPH, condition=PAUSED, retry_after_s=wait_s, values=dict(values)
    )
    return SendFailed(evidence)


class Paces:
    """The paces of all mailboxes of one process, by `senders.catalogue.mailbox_key`; its owner hands it on."""

    def __init__(
        self,
        *,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self._clock = clock
        self._sleep = sleep
        self._paces: dict[str, MailboxPace] = {}

    def of(self, mailbox: str, limits: Limits | None = None) -> MailboxPace:
        """Return the pace of `mailbox`, always the same one; limits count where it is made."""
        if mailbox not in self._paces:
            self._paces[mailbox] = MailboxPace(limits or Limits(), clock=self._clock, sleep=self._sleep)
        return self._paces[mailbox]
