"""Keeps to the limits of a mailbox: so many at once, so many in a minute, and the pauses that it asks for."""

import asyncio
import time
from collections import deque
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import AbstractAsyncContextManager, asynccontextmanager, nullcontext
from dataclasses import dataclass
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
        self._why = ""
        self._narrow_until = clock()
        self._single = asyncio.Lock()

    @property
    def paused_s(self) -> float:
        """Seconds for which the mailbox is still to be left alone."""
        return max(0.0, self._paused_until - self._clock())

    def pause(self, seconds: float, *, why: str = "") -> None:
        """Leave the mailbox alone for `seconds` from now; a longer pause stands. why: the evidence's reason."""
        until = self._clock() + seconds
        if until > self._paused_until:
            self._paused_until, self._why = until, why

    def narrow(self, seconds: float) -> None:
        """Let one at a time ask, for `seconds` from now: the mailbox said that it was asked too much at once."""
        self._narrow_until = max(self._narrow_until, self._clock() + seconds)

    @asynccontextmanager
    async def turn(self, *, values: Mapping[str, str], system: System = System.GRAPH) -> AsyncIterator[None]:
        """Hold one place of the mailbox while something is asked of it.

        values, system: for the evidence. Raises SendFailed (`mailbox-paused`, with `retry_after_s`) where the mailbox
        is paused, or takes no further message, for longer than whoever comes may wait: then nothing is to be asked.
        """
        away = _Away(values, system)
        await self._wait_for_pause(away)
        await self._held(self._places, away)
        try:
            async with self._alone(away):
                await self._wait_for_start(away)
                yield
        finally:
            self._places.release()

    async def _held(self, place: asyncio.Semaphore | asyncio.Lock, away: "_Away") -> None:
        try:
            async with asyncio.timeout(self._limits.patience_s):
                await place.acquire()
        except TimeoutError:
            raise away.for_(self._limits.patience_s) from None

    @asynccontextmanager
    async def _alone(self, away: "_Away") -> AsyncIterator[None]:
        if self._clock() >= self._narrow_until:
            yield
            return
        await self._held(self._single, away)
        try:
            yield
        finally:
            self._single.release()

    async def _wait_for_pause(self, away: "_Away") -> None:
        """Wait for the end of a short pause: who is sent away takes one of the starts of a queue for nothing."""
        while 0 < self.paused_s <= self._limits.patience_s:
            await self._sleep(self.paused_s)
        self._require_open(away)

    async def _wait_for_start(self, away: "_Away") -> None:
        while True:
            self._require_open(away)
            wait_s = self._until_start()
            if wait_s <= 0:
                break
            if wait_s > self._limits.patience_s:
                raise away.for_(wait_s)
            await self._sleep(wait_s)
        self._starts.append(self._clock())

    def _until_start(self) -> float:
        if len(self._starts) < self._limits.starts:
            return 0.0
        return self._starts[0] + self._limits.period_s - self._clock()

    def _require_open(self, away: "_Away") -> None:
        if self.paused_s > 0:
            raise away.for_(self.paused_s, why=self._why)


@dataclass(frozen=True)
class _Away:
    """Sends away whoever may not ask now."""

    values: Mapping[str, str]
    system: System

    def for_(self, wait_s: float, *, why: str = "") -> SendFailed:
        return SendFailed(
            Evidence(
                stage="submit",
                system=self.system,
                condition=PAUSED,
                reason=why or None,
                retry_after_s=wait_s,
                values=dict(self.values),
            )
        )


def turn_of(
    pace: MailboxPace | None, *, values: Mapping[str, str], system: System = System.GRAPH
) -> AbstractAsyncContextManager[None]:
    """Return the turn at `pace`; None keeps to nothing."""
    return nullcontext() if pace is None else pace.turn(values=values, system=system)


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

    def paused_s(self, mailbox: str) -> float:
        """Return the seconds for which `mailbox` is still to be left alone; none where nobody asked it yet."""
        known = self._paces.get(mailbox)
        return 0.0 if known is None else known.paused_s
