"""Looks at a server once more, the other way, to be certain of what went wrong."""

import asyncio
import contextlib

from sendwright.network.certificates import Offer, offered
from sendwright.network.dial import dial
from sendwright.network.failures import ConnectFailed
from sendwright.recording.recorder import SILENCE, Recorder

LONGEST_S = 5.0
"""Seconds that a look may take, and never more than half of what the failed stage had: it only explains."""

REPLY_LINES = 100
LINE_LIMIT = 8 * 1024


class SecondLook:
    """Looks on connections of its own; they carry nothing but EHLO and STARTTLS. Never raises.

    address: the IP address that the session is connected to. hello: the argument of EHLO.
    """

    def __init__(
        self, address: str, *, port: int, server_name: str, hello: str, timeout_s: float, recorder: Recorder = SILENCE
    ) -> None:
        self._address = address
        self._port = port
        self._server_name = server_name
        self._hello = hello
        self._timeout_s = min(timeout_s / 2, LONGEST_S)
        self._recorder = recorder

    async def tls(self) -> Offer | None:
        """Return what is offered to somebody who starts TLS at once; None where no TLS answers."""
        return await offered(
            self._address,
            port=self._port,
            server_name=self._server_name,
            timeout_s=self._timeout_s,
            recorder=self._recorder,
        )

    async def starttls(self) -> Offer | None:
        """Return what is offered after STARTTLS; None where it does not come to that."""
        return await offered(
            self._address,
            port=self._port,
            server_name=self._server_name,
            prepare=self._ask_for_tls,
            timeout_s=self._timeout_s,
            recorder=self._recorder,
        )

    async def first_line(self) -> str:
        """Return what the server says first in clear, empty where it says nothing."""
        with contextlib.suppress(OSError, ValueError, ConnectFailed):
            async with asyncio.timeout(self._timeout_s):
                dialled = await dial(
                    (self._address,), port=self._port, timeout_s=self._timeout_s, recorder=self._recorder
                )
                reader, writer = await asyncio.open_connection(sock=dialled.sock, limit=LINE_LIMIT)
                try:
                    return (await reader.readline()).decode("utf-8", "surrogateescape").strip()
                finally:
                    writer.transport.abort()
        return ""

    async def _ask_for_tls(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await _read_reply(reader)
        for command in (f"EHLO {self._hello}", "STARTTLS"):
            writer.write(f"{command}\r\n".encode("ascii"))
            code = await _read_reply(reader)
        if code != b"220":
            raise ConnectionAbortedError


async def _read_reply(reader: asyncio.StreamReader) -> bytes:
    for _ in range(REPLY_LINES):
        line = await reader.readline()
        if line[3:4] != b"-":
            return line[:3]
    raise ValueError("an endless reply")
