"""One connection of a scripted SMTP server: sends answers and their faults, reads lines, goes over to TLS."""

import asyncio
import contextlib
import socket
import ssl
import struct

from tests.servers.smtp_script import Answer, Delay, Drop, Flood, Say, Silence, Trickle

RESET = struct.pack("ii", 1, 0)  # SO_LINGER on, no time: closing sends RST
FLOOD_LINE = b"250-" + b"x" * 76 + b"\r\n"
CLOSING = b"421"
GOODBYE = 1.0  # seconds for the TLS farewell


class HungUpError(Exception):
    """The server ended the connection on purpose."""


class Line:
    """Reader and writer of one connection; `encrypted` says whether TLS is on."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader = reader
        self._writer = writer
        # drain() then means: handed to the kernel. With high=0 the transport of TLS would not always go on.
        writer.transport.set_write_buffer_limits(high=1, low=0)

    @property
    def encrypted(self) -> bool:
        """Whether what is read came through TLS."""
        return self._writer.get_extra_info("sslcontext") is not None

    async def read(self) -> bytes | None:
        """Read one line without its end, or None when the client has gone; half a line is none."""
        line = await self._reader.readline()
        return line.rstrip(b"\r\n") if line.endswith(b"\n") else None

    async def read_message(self) -> bytes:
        """Read until the final dot; raises IncompleteReadError when the client leaves before it."""
        lines = []
        while (line := await self._reader.readuntil(b"\r\n")) != b".\r\n":
            lines.append(line.removeprefix(b"."))
        return b"".join(lines)

    async def wait_for_octets(self) -> None:
        """Wait until the client says anything at all, and forget it."""
        await self._reader.read(65_536)

    async def read_octets(self, count: int) -> None:
        """Read and forget."""
        await self._reader.readexactly(count)

    async def send(self, data: bytes) -> None:
        """Send bytes as they are."""
        self._writer.write(data)
        await self._writer.drain()

    async def answer(self, answer: Answer) -> None:
        """Do what the script says; raises HungUpError when that ends the connection."""
        match answer:
            case bytes():
                await self.send(answer + b"\r\n")
                if answer.startswith(CLOSING):
                    self.close()
            case Say(data):
                await self.send(data)
            case Drop(say, reset):
                if say:
                    await self.send(say)
                self.abort(reset=reset)
            case Silence():
                await self._read_until_gone()
            case Trickle() | Flood() | Delay():
                await self._answer_slowly(answer)
            case tuple():
                raise TypeError("a tuple is resolved before it comes here")

    async def start_tls(self, context: ssl.SSLContext) -> None:
        """Do the server's part of the handshake; raises ssl.SSLError or ConnectionError."""
        await self._writer.start_tls(context)

    def pause(self) -> None:
        """Leave further bytes to whoever reads next: the TLS handshake."""
        self._writer.transport.pause_reading()  # type: ignore[attr-defined]

    def resume(self) -> None:
        """Read on: no handshake follows."""
        self._writer.transport.resume_reading()  # type: ignore[attr-defined]

    def close(self) -> None:
        """Say goodbye properly (TLS included) and end; raises HungUpError."""
        self._writer.close()
        raise HungUpError

    async def finish(self) -> None:
        """Wait, not for long, until a proper end has gone out."""
        if not self._writer.is_closing():  # closed twice, TLS of Python 3.11.2 cannot be aborted any more
            self._writer.close()
        with contextlib.suppress(OSError, TimeoutError):
            async with asyncio.timeout(GOODBYE):
                await self._writer.wait_closed()

    def abort(self, *, reset: bool = False) -> None:
        """End without a farewell; raises HungUpError."""
        if reset:
            connection: socket.socket = self._writer.get_extra_info("socket")
            with contextlib.suppress(OSError):
                connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, RESET)
        self._writer.transport.abort()
        raise HungUpError

    async def _read_until_gone(self) -> None:
        while await self._reader.read(65_536):
            pass
        raise HungUpError

    async def _answer_slowly(self, answer: Trickle | Flood | Delay) -> None:
        match answer:
            case Trickle(data, pause):
                for octet in data:
                    await self.send(bytes([octet]))
                    await asyncio.sleep(pause)
            case Flood(size, lines):
                piece = FLOOD_LINE if lines else b"x" * len(FLOOD_LINE)
                for _ in range(size // len(piece) + 1):
                    await self.send(piece)
            case Delay(seconds, then):
                await asyncio.sleep(seconds)
                await self.answer(then)
