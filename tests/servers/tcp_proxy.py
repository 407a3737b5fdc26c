"""A TCP proxy that spoils the line to any server: delay, cut, reset, half-open."""

import asyncio
import contextlib
import socket
import struct
from collections.abc import Coroutine
from dataclasses import dataclass
from enum import Enum
from typing import Self

from tests.servers.ports import Address

CHUNK = 65_536
RESET = struct.pack("ii", 1, 0)  # SO_LINGER on, no time: closing sends RST


class Cut(Enum):
    """How a connection ends, seen from the client."""

    CLOSE = "close"  # FIN
    RESET = "reset"  # RST
    HALF_OPEN = "half-open"  # nothing comes any more, nothing is said


@dataclass(frozen=True, kw_only=True)
class Fault:
    """When the line breaks, and how; octets are counted per connection, None means never."""

    after_client_octets: int | None = None
    after_server_octets: int | None = None
    cut: Cut = Cut.CLOSE
    delay: float = 0.0  # seconds, before every chunk in either direction


class TcpProxy:
    """An asynchronous context manager in front of `target`; `fault` may be changed between connections."""

    def __init__(self, target: tuple[str, int], *, fault: Fault | None = None, host: str = "127.0.0.1") -> None:
        self.target = target
        self.fault = fault or Fault()
        self.host = host
        self.connections = 0
        self._server: asyncio.Server | None = None
        self._open: set[asyncio.StreamWriter] = set()
        self._tasks: set[asyncio.Task[None]] = set()
        self._loop: asyncio.AbstractEventLoop | None = None

    async def __aenter__(self) -> Self:
        self._loop = asyncio.get_running_loop()
        self._server = await asyncio.start_server(self._connected, self.host, 0)
        return self

    async def __aexit__(self, *_: object) -> None:
        if self._server is not None:
            self._server.close()
        for task in list(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    @property
    def port(self) -> int:
        """The port it listens on."""
        if self._server is None:
            raise RuntimeError("not started")
        port: int = self._server.sockets[0].getsockname()[1]
        return port

    @property
    def address(self) -> Address:
        """Host and port."""
        return Address(self.host, self.port)

    def sever(self, *, reset: bool = True) -> None:
        """End all open connections now, by RST or FIN; may be called from any thread."""
        if self._loop is not None:
            self._loop.call_soon_threadsafe(self._sever, reset)

    def _sever(self, reset: bool) -> None:
        for writer in list(self._open):
            _hang_up(writer, reset=reset)

    async def _connected(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        self._open.add(writer)
        if (task := asyncio.current_task()) is not None:
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)
        try:
            await self._carry(reader, writer)
        except (OSError, asyncio.CancelledError):
            pass
        finally:
            self._open.discard(writer)
            writer.close()

    async def _carry(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        fault = self.fault
        far_reader, far_writer = await asyncio.open_connection(*self.target)
        with contextlib.closing(far_writer):
            upward = _pump(reader, far_writer, limit=fault.after_client_octets, delay=fault.delay)
            downward = _pump(far_reader, writer, limit=fault.after_server_octets, delay=fault.delay)
            if not await _either_breaks(upward, downward):
                return
            if fault.cut is Cut.HALF_OPEN:
                while await reader.read(CHUNK):  # swallowed, until the client gives up
                    pass
            _hang_up(writer, reset=fault.cut is Cut.RESET)


async def _pump(source: asyncio.StreamReader, sink: asyncio.StreamWriter, *, limit: int | None, delay: float) -> bool:
    """Carry octets until the end (False) or until `limit` of them have passed (True)."""
    passed = 0
    while limit is None or passed < limit:
        chunk = await source.read(CHUNK if limit is None else min(CHUNK, limit - passed))
        if not chunk:
            sink.write_eof()
            return False
        if delay:
            await asyncio.sleep(delay)
        sink.write(chunk)
        await sink.drain()
        passed += len(chunk)
    return True


async def _either_breaks(*pumps: Coroutine[None, None, bool]) -> bool:
    pending = {asyncio.ensure_future(pump) for pump in pumps}
    try:
        while pending:
            done, pending = await asyncio.wait(pending, return_when=asyncio.FIRST_COMPLETED)
            results = [task.result() for task in done]  # all of them: an exception must not go unseen
            if any(results):
                return True
        return False
    finally:
        for task in pending:
            task.cancel()
        await asyncio.gather(*pending, return_exceptions=True)


def _hang_up(writer: asyncio.StreamWriter, *, reset: bool) -> None:
    if reset:
        connection: socket.socket = writer.get_extra_info("socket")
        with contextlib.suppress(OSError):
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, RESET)
        writer.transport.abort()
    else:
        writer.close()
