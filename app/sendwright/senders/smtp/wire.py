"""The bytes of one SMTP connection: aiosmtplib's protocol, with TLS and the message's end in our hands."""

import asyncio
import contextlib
import socket
import ssl
from collections.abc import Coroutine, Iterator
from typing import Any, cast

from aiosmtplib import SMTPResponse, SMTPResponseException, SMTPServerDisconnected, SMTPStatus
from aiosmtplib.protocol import (
    COMMAND_INJECTION_REGEX,
    MAX_RESPONSE_LENGTH,
    SMTPProtocol,
    normalize_message_line_endings,
)
from typing_extensions import override

from sendwright.recording.smtp_transcript import SmtpTranscript
from sendwright.senders.smtp.failures import UNREADABLE

CHUNK = 256 * 1024
"""Bytes handed to the connection at once: more would hold up the event loop while TLS encrypts them."""

AT_ONCE = 16 * 1024
"""Bytes that surely fit into the system's send buffer: such a message leaves in one piece with its end."""

END = b".\r\n"
REPLY_CODES = range(200, 600)
FAREWELL_S = 1.0
"""Seconds that the other side has for its part of closing TLS."""


class Wire(SMTPProtocol):
    """One connection. Replies come one per command; what nobody asked for is never taken for a reply.

    Methods raise aiosmtplib's SMTPServerDisconnected and SMTPResponseException (code -1: no SMTP reply, or
    more than 32 KB of it), and OSError. transcript: is told what is said and heard, in the order of the wire.
    """

    def __init__(self, *, transcript: SmtpTranscript | None = None) -> None:
        self._gone = asyncio.Event()
        self._transcript = transcript
        super().__init__(connection_lost_callback=lambda _: self._ended())
        self._line: asyncio.WriteTransport | None = None
        self._ahead = 0
        self._end_left = False

    @classmethod
    async def over(cls, sock: socket.socket, *, transcript: SmtpTranscript | None = None) -> "Wire":
        """Return the wire over a connected socket, which it owns from now on."""
        _, wire = await asyncio.get_running_loop().create_connection(lambda: cls(transcript=transcript), sock=sock)
        wire.take_over()
        return wire

    def take_over(self) -> None:
        """Keep hold of the transport below, which TLS hides later."""
        self._line = self._standing()
        _report_all(self._line)

    @property
    def spoken(self) -> bytes | None:
        """What has come and was not asked for: None is nothing. In clear before TLS it may be anybody's."""
        if self._buffer:
            return bytes(self._buffer)
        waiter = self._response_waiter
        if waiter is not None and waiter.done() and not waiter.cancelled() and waiter.exception() is None:
            response = waiter.result()
            return f"{response.code} {response.message}".encode("utf-8", "surrogateescape")
        return None

    @property
    def end_left(self) -> bool:
        """Whether the message's end has left this program: from then on the server may have taken it."""
        return self._end_left

    @property
    def tls(self) -> ssl.SSLObject | None:
        """The TLS side of the connection, None in clear."""
        return (
            None
            if self.transport is None
            else cast("ssl.SSLObject | None", self.transport.get_extra_info("ssl_object"))
        )

    async def upgrade(self, context: ssl.SSLContext, *, server_name: str, timeout_s: float) -> None:
        """Start TLS. Raises ssl.SSLError or OSError; nothing that came in clear is used afterwards."""
        transport = self._standing()
        del self._buffer[:]
        upgraded = await asyncio.get_running_loop().start_tls(
            transport,
            self,
            context,
            server_hostname=server_name,
            ssl_handshake_timeout=timeout_s,
            ssl_shutdown_timeout=FAREWELL_S,
        )
        if upgraded is None:
            raise SMTPServerDisconnected("Connection lost")
        _report_all(upgraded)
        self.transport = upgraded
        self._over_ssl = True

    async def greeting(self) -> SMTPResponse:
        """Return what the server says first."""
        return await self._heard(self.read_response())

    async def command(self, *words: bytes) -> SMTPResponse:
        """Send one command and return its reply. Raises ValueError for control characters in `words`."""
        self._nothing_left()
        self._saying(words)
        return await self._heard(self.execute_command(*words))

    async def send_together(self, *commands: tuple[bytes, ...]) -> None:
        """Send several commands in one go (RFC 2920); `next_reply` then gives their replies one by one.

        Raises ValueError for control characters.
        """
        self._nothing_left()
        if any(COMMAND_INJECTION_REGEX.search(word) for command in commands for word in command):
            raise ValueError("a command holds a prohibited control character")
        self._saying(*commands)
        self._ahead = len(commands)
        self._response_pending = True
        self._send(b"".join(b" ".join(command) + b"\r\n" for command in commands))

    async def next_reply(self) -> SMTPResponse:
        """Return the reply to the next of the commands that were sent together."""
        waiter = self._response_waiter
        try:
            if self._buffer and (waiter is None or not waiter.done()):
                ready = self._read_response_from_buffer()
                if ready is not None:
                    return await self._heard(_at_hand(ready))
            return await self._heard(self.read_response())
        finally:
            self._ahead -= 1

    async def message(self, content: bytes) -> SMTPResponse:
        """Send the message after DATA was answered with 354, and return the reply to its end.

        A server that answers before the end gets no more of it; `end_left` is False then.
        """
        self._end_left = False
        self._nothing_left()
        self._response_pending = True
        for piece in _pieces(stuff(content)):
            self._send(piece)
            if await self._answered_early():
                break
        else:
            self._end_left = not self._paused
        if self._transcript is not None and self._end_left:
            self._transcript.sent_message(len(content))
        return await self._heard(self.read_response())

    def abort(self) -> None:
        """Close at once."""
        if self.transport is not None:
            cast("asyncio.WriteTransport", self.transport).abort()

    async def close(self) -> None:
        """Close, with TLS's own farewell where there is TLS."""
        if self.transport is not None:
            self.transport.close()
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(FAREWELL_S):
                    await self._gone.wait()
        self.abort()

    @override
    def data_received(self, data: bytes) -> None:
        waiter = self._response_waiter
        if self._ahead and (waiter is None or waiter.done() or not self._response_pending):
            self._buffer.extend(data[: MAX_RESPONSE_LENGTH - len(self._buffer)])
        else:
            super().data_received(data)

    def _saying(self, *commands: tuple[bytes, ...]) -> None:
        if self._transcript is not None:
            for command in commands:
                self._transcript.said(*command)

    async def _heard(self, reading: Coroutine[Any, Any, SMTPResponse]) -> SMTPResponse:
        """Return a reply once it is noted, and once it is known to be one."""
        transcript = self._transcript
        if transcript is None:
            return _reply(await reading)
        try:
            response = await reading
        except SMTPResponseException as error:
            transcript.failed(error.message.removeprefix(UNREADABLE).rstrip("\r\n"))
            raise
        except (SMTPServerDisconnected, OSError) as error:
            transcript.failed(type(error).__name__)
            raise
        transcript.heard(response.code, response.message)
        return _reply(response)

    def _ended(self) -> None:
        self._gone.set()
        if self._transcript is not None:
            self._transcript.closed()

    def _nothing_left(self) -> None:
        """Raise SMTPResponseException where a reply came that belongs to no command."""
        if self._buffer:
            said = bytes(self._buffer[:80]).decode("utf-8", "surrogateescape")
            raise SMTPResponseException(SMTPStatus.invalid_response.value, said)

    def _standing(self) -> asyncio.WriteTransport:
        if self.transport is None or self.transport.is_closing():
            raise SMTPServerDisconnected("Connection lost")
        return cast("asyncio.WriteTransport", self.transport)

    def _send(self, data: bytes) -> None:
        """Write; unlike the transport of TLS, notice when the one below it has just broken."""
        self.write(data)
        if self._line is None or self._line.is_closing():
            raise SMTPServerDisconnected("Connection lost")

    async def _answered_early(self) -> bool:
        """Wait until what was written has left, tell whether a reply, or the end of all, came before that."""
        waiter = self._response_waiter
        if waiter is None:
            raise SMTPServerDisconnected("Connection lost")
        if self._paused and not waiter.done():
            left = asyncio.ensure_future(self._drain_helper())
            try:
                await asyncio.wait((left, waiter), return_when=asyncio.FIRST_COMPLETED)
            finally:
                left.cancel()
                await asyncio.gather(left, return_exceptions=True)
        return self._paused


def stuff(content: bytes) -> bytes:
    """Return `content` with CRLF line ends and doubled leading dots (RFC 5321 section 4.5.2).

    A line end of another kind never passes: some servers see the end of the message in a dot between such.
    """
    ends = content.count(b"\r\n")
    if ends != content.count(b"\n") or ends != content.count(b"\r") or not content.endswith(b"\r\n"):
        content = normalize_message_line_endings(content)
    stuffed = content.replace(b"\r\n.", b"\r\n..")
    return b"." + stuffed if stuffed.startswith(b".") else stuffed


async def _at_hand(response: SMTPResponse) -> SMTPResponse:
    return response


def _reply(response: SMTPResponse) -> SMTPResponse:
    """Return `response` if its code is one that SMTP has (RFC 5321 section 4.2.1)."""
    if response.code not in REPLY_CODES:
        raise SMTPResponseException(SMTPStatus.invalid_response.value, f"{response.code} {response.message}")
    return response


def _pieces(stuffed: bytes) -> Iterator[bytes]:
    """Cut a message; its end is the last piece, or part of the only one."""
    if len(stuffed) <= AT_ONCE:
        yield stuffed + END
        return
    for start in range(0, len(stuffed), CHUNK):
        yield stuffed[start : start + CHUNK]
    yield END


def _report_all(transport: asyncio.WriteTransport) -> None:
    """Let the transport report every byte that it could not hand on, so that `end_left` is exact."""
    transport.set_write_buffer_limits(high=1, low=0)
