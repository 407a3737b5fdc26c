"""Bounds what clients may hold: whoever opens many connections, or dawdles on one, stops nobody's sending."""

import asyncio
import sys
from typing import Final

import h11
from typing_extensions import override
from uvicorn.protocols.http.h11_impl import H11Protocol, RequestResponseCycle

MOST_CONNECTIONS: Final = 512
REQUEST_WITHIN_S: Final = 120.0
OPEN_FILES: Final = 8_192


def bounded(*, most: int = MOST_CONNECTIONS, within_s: float = REQUEST_WITHIN_S) -> type[H11Protocol]:
    """Return uvicorn's protocol with limits that it has none of.

    most: connections at once, further ones are cut off. within_s: seconds for a request to arrive completely, twice
    as many at most.
    """

    class Bounded(H11Protocol):
        _watch: asyncio.TimerHandle | None = None

        @override
        def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override] # as in uvicorn
            super().connection_made(transport)
            if len(self.connections) > most:
                transport.abort()
                return
            self._look_again()

        @override
        def connection_lost(self, exc: Exception | None) -> None:
            if self._watch is not None:
                self._watch.cancel()
            super().connection_lost(exc)

        def _look_again(self) -> None:
            self._watch = self.loop.call_later(within_s, self._judge, self.cycle, self.conn.their_state)

        def _judge(self, cycle: RequestResponseCycle, state: object) -> None:
            """Cut off who still sends what was being sent at the look before; one that waits for us is spared."""
            same = self.cycle is cycle and self.conn.their_state is state
            if same and state in {h11.IDLE, h11.SEND_BODY}:
                self.transport.abort()
            else:
                self._look_again()

    return Bounded


def allow_many_files() -> None:
    """Ask the system for more open files than the usual 1,024: connections and databases share them."""
    if sys.platform == "win32":
        return
    import resource  # noqa: PLC0415 - there is none on Windows

    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = OPEN_FILES if hard == resource.RLIM_INFINITY else min(OPEN_FILES, hard)
    if soft != resource.RLIM_INFINITY and soft < wanted:
        resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))
