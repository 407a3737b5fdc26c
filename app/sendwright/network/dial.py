"""Connects to the first address of a host that answers (Happy Eyeballs, RFC 8305) and notes every attempt."""

import asyncio
import errno
import os
import socket
import time
from collections import deque
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import msgspec

from sendwright.network.conditions import NetworkCondition
from sendwright.network.failures import STAGE_CONNECT, ConnectFailed, errno_name, observe
from sendwright.recording.event import Layer
from sendwright.recording.recorder import SILENCE, Recorder

STAGGER_S = 0.25
"""Lead of an attempt over the next one (RFC 8305 section 5)."""

TELLING = (
    NetworkCondition.CONNECTION_REFUSED,
    NetworkCondition.CONNECTION_TIMED_OUT,
    NetworkCondition.CONNECTION_DROPPED,
    NetworkCondition.CONNECTION_FAILED,
    NetworkCondition.NETWORK_UNREACHABLE,
)
"""When addresses fail differently, the first of these stands for all: a refusal proves a host is there."""


class Attempt(msgspec.Struct, frozen=True, kw_only=True):
    """One address tried.

    errno: why it failed, by name; None for the one that won and for those given up for it.
    """

    address: str
    family: str
    took_ms: float
    errno: str | None = None


@dataclass(frozen=True, kw_only=True)
class Dialled:
    """A connected socket that does not block, to whom it leads, and what was tried for it."""

    sock: socket.socket
    address: str
    attempts: tuple[Attempt, ...]


async def dial(addresses: Sequence[str], *, port: int, timeout_s: float, recorder: Recorder = SILENCE) -> Dialled:
    """Connect to `port` of one of `addresses` (at least one), trying them side by side.

    All attempts together take at most `timeout_s`. Raises ConnectFailed when none succeeds, ValueError without any
    address.
    """
    if not addresses:
        raise ValueError("no address to connect to")
    return await _Race(addresses, port=port, timeout_s=timeout_s, recorder=recorder).run()


def interleave(addresses: Iterable[str]) -> tuple[str, ...]:
    """Return `addresses` with the families taking turns, the first one's first (RFC 8305 section 4)."""
    order = tuple(dict.fromkeys(addresses))
    first = deque(address for address in order if _family(address) == _family(order[0]))
    second = deque(address for address in order if address not in first)
    mixed: list[str] = []
    while first or second:
        mixed.extend(queue.popleft() for queue in (first, second) if queue)
    return tuple(mixed)


class _Race:
    def __init__(self, addresses: Sequence[str], *, port: int, timeout_s: float, recorder: Recorder) -> None:
        self._recorder = recorder
        self._waiting = deque(interleave(addresses))
        self._stagger_s = min(STAGGER_S, timeout_s / (2 * len(self._waiting)))
        self._port = port
        self._timeout_s = timeout_s
        self._running: dict[asyncio.Task[socket.socket], tuple[str, float]] = {}
        self._ended: dict[str, Attempt] = {}
        self._failures: dict[str, OSError] = {}

    async def run(self) -> Dialled:
        deadline = time.monotonic() + self._timeout_s
        try:
            while self._waiting or self._running:
                if self._waiting:
                    self._start(self._waiting.popleft())
                left = deadline - time.monotonic()
                if left <= 0:
                    break
                won = await self._next(min(left, self._stagger_s) if self._waiting else left)
                if won is not None:
                    sock, address = won
                    return Dialled(sock=sock, address=address, attempts=await self._settle(None))
        except BaseException:
            await self._settle(None)
            raise
        attempts = await self._settle("ETIMEDOUT")
        raise self._failed(attempts)

    def _start(self, address: str) -> None:
        task = asyncio.create_task(_connect(address, self._port))
        self._running[task] = (address, time.monotonic())
        self._recorder.note(Layer.TCP, "connecting", address=address, port=str(self._port))

    async def _next(self, wait_s: float) -> tuple[socket.socket, str] | None:
        """Wait for the next attempt to end; return the socket of one that succeeded."""
        done, _ = await asyncio.wait(self._running, timeout=wait_s, return_when=asyncio.FIRST_COMPLETED)
        for task in done:
            address, _ = self._running[task]
            error = task.exception()
            self._note(task, None if error is None else errno_name(error) or type(error).__name__)
            if error is None:
                return task.result(), address
            if not isinstance(error, OSError):
                raise error
            self._failures[address] = error
        return None

    async def _settle(self, errno: str | None) -> tuple[Attempt, ...]:
        """Give up what still runs; return the record of all that was tried."""
        for task in tuple(self._running):
            address, _ = self._running[task]
            task.cancel()
            await asyncio.wait((task,))
            if not task.cancelled() and task.exception() is None:
                task.result().close()
            self._note(task, errno, given_up=errno is None)
            if errno is not None:
                self._failures[address] = TimeoutError()
        return tuple(self._ended.values())

    def _note(self, task: asyncio.Task[socket.socket], errno: str | None, *, given_up: bool = False) -> None:
        address, started = self._running.pop(task)
        took_ms = round((time.monotonic() - started) * 1_000, 1)
        self._ended[address] = Attempt(address=address, family=_family(address), took_ms=took_ms, errno=errno)
        name = "given-up" if given_up else "connected" if errno is None else "failed"
        values = {"address": address, "port": str(self._port), "took_ms": str(took_ms)}
        self._recorder.note(Layer.TCP, name, **values, **({} if errno is None else {"errno": errno}))

    def _failed(self, attempts: tuple[Attempt, ...]) -> ConnectFailed:
        values = {
            "port": str(self._port),
            "attempts": ", ".join(f"{attempt.address} {attempt.errno}" for attempt in attempts),
        }
        seen = [
            (observe(error, stage=STAGE_CONNECT, values=values | {"address": address}), error)
            for address, error in self._failures.items()
        ]
        evidence, cause = min(seen, key=lambda pair: TELLING.index(NetworkCondition(str(pair[0].condition))))
        failure = ConnectFailed(evidence)
        failure.__cause__ = cause
        return failure


def _family(address: str) -> str:
    return "IPv6" if ":" in address else "IPv4"


async def _connect(address: str, port: int) -> socket.socket:
    numeric = socket.AI_NUMERICHOST | socket.AI_NUMERICSERV  # so that nothing is looked up, and nothing blocks
    try:
        family, kind, protocol, _, target = socket.getaddrinfo(address, port, type=socket.SOCK_STREAM, flags=numeric)[0]
    except (socket.gaierror, ValueError) as error:  # such as a zone that names no interface of this computer
        raise OSError(errno.EADDRNOTAVAIL, os.strerror(errno.EADDRNOTAVAIL)) from error
    sock = socket.socket(family, kind, protocol)
    try:
        sock.setblocking(False)  # noqa: FBT003 - the standard library's only form
        await asyncio.get_running_loop().sock_connect(sock, target)
    except BaseException:
        sock.close()
        raise
    return sock
