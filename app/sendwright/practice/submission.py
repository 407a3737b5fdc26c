"""What simulated SMTP servers have alike: they listen on this computer, take long lines, and read XOAUTH2."""

import asyncio
import base64
import binascii
import contextlib
import re
import ssl
from collections import defaultdict
from collections.abc import Callable
from typing import Final
from weakref import WeakSet

from aiosmtpd.smtp import SMTP, Session
from typing_extensions import override

LONGEST_LINE: Final = 64 * 1024
_XOAUTH2 = re.compile(rb"user=([^\x01]+)\x01auth=Bearer ([^\x01]+)\x01\x01", re.IGNORECASE)


class SmtpSession(Session):
    """A session whose sign-in is known to its handler only."""

    login_data: object = None  # aiosmtpd sets its own at every sign-in, and then logs that it should not


class SmtpProtocol(SMTP):
    """Takes lines as long as tokens are. session_class: what is kept of a connection."""

    line_length_limit = LONGEST_LINE
    session_class: type[SmtpSession] = SmtpSession

    @override
    def _create_session(self) -> Session:
        self.command_size_limits = defaultdict(lambda: 512, AUTH=LONGEST_LINE)
        return self.session_class(self.loop)


class SmtpListener:
    """Serves connections until it is stopped. Use it on one event loop."""

    def __init__(self) -> None:
        self._servers: list[asyncio.Server] = []
        self._open: WeakSet[SMTP] = WeakSet()

    async def listen(self, protocol: Callable[[], SMTP], *, context: ssl.SSLContext | None = None) -> int:
        """Serve on a free port, and return it. context: for TLS from the start."""

        def kept() -> SMTP:
            made = protocol()
            self._open.add(made)
            return made

        server = await asyncio.get_running_loop().create_server(kept, "127.0.0.1", 0, ssl=context)
        self._servers.append(server)
        return int(server.sockets[0].getsockname()[1])

    async def stop(self) -> None:
        """Stop listening, and end what is connected."""
        for server in self._servers:
            server.close()
            await server.wait_closed()
        self._servers.clear()
        for session in list(self._open):
            transport = session.transport
            if isinstance(transport, asyncio.WriteTransport):
                with contextlib.suppress(AttributeError):  # Python 3.11.2, where TLS was closed twice: it is ending
                    transport.abort()
        await asyncio.sleep(0)


async def xoauth2(server: SMTP, args: list[str]) -> tuple[str, str] | None:
    """Return user and access token of an XOAUTH2 answer, told along with AUTH or asked for now; None for no such."""
    if len(args) > 1:
        try:
            raw: object = base64.b64decode(args[1].encode("ascii", "replace"), validate=True)
        except binascii.Error:
            return None
    else:
        raw = await server.challenge_auth("", encode_to_b64=False)
    said = _XOAUTH2.fullmatch(raw) if isinstance(raw, bytes) else None
    return (said[1].decode("utf-8", "replace"), said[2].decode("ascii", "replace")) if said else None
