"""Keeps connections to the mail service open between attempts, those of the sender in force only."""

import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass

from sendwright.senders.sender import Sender, SendFailed
from sendwright.service.ground import ActiveSender

Opening = Callable[[ActiveSender], Awaitable[Sender]]
"""Makes a sender that is ready to submit. Raises senders.sender.SendFailed."""


@dataclass(frozen=True)
class _Idle:
    sender: Sender
    since: float


class OpenSenders:
    """Lends open senders, each to one attempt at a time.

    idle_s: seconds after which an unused one is closed.
    """

    def __init__(self, opening: Opening, *, idle_s: float, clock: Callable[[], float] = time.monotonic) -> None:
        self._opening = opening
        self._idle_s = idle_s
        self._clock = clock
        self._version: int | None = None
        self._idle: list[_Idle] = []

    @asynccontextmanager
    async def borrow(self, active: ActiveSender) -> AsyncIterator[Sender]:
        """Lend a sender of `active`.

        One that was refused tidies up itself and is lent again; one that was cut off, or failed otherwise, is
        closed. Raises senders.sender.SendFailed.
        """
        if active.version != self._version:
            self._version = active.version
            await self.close()
        sender = self._idle.pop().sender if self._idle else await self._opening(active)
        usable = True
        try:
            yield sender
        except SendFailed:
            raise
        except BaseException:
            usable = False
            raise
        finally:
            if usable and active.version == self._version:
                self._idle.append(_Idle(sender, self._clock()))
            else:
                await sender.close()

    async def close_unused(self) -> None:
        """Close what was not used for a while."""
        limit = self._clock() - self._idle_s
        unused = [idle for idle in self._idle if idle.since <= limit]
        self._idle = [idle for idle in self._idle if idle.since > limit]
        for idle in unused:
            await idle.sender.close()

    async def close(self) -> None:
        """Close all that is not lent."""
        unused, self._idle = self._idle, []
        for idle in unused:
            await idle.sender.close()
