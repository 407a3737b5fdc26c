"""Waits on this computer for a browser that comes back from a sign-in page (RFC 8252 section 7.3)."""

import asyncio
import ipaddress
from collections.abc import AsyncIterator, Collection, Mapping
from contextlib import asynccontextmanager, suppress
from http import HTTPStatus
from types import MappingProxyType
from typing import Final
from urllib.parse import urlsplit

from sendwright.oauth.callback import CallbackRefused
from sendwright.oauth.loopback_connection import Connection, Unreadable
from sendwright.oauth.loopback_pages import ALREADY, NOTHING, PROBLEM, RECEIVED, WAITING, PageWords, page_words
from sendwright.oauth.loopback_request import Gate, Verdict, judge
from sendwright.oauth.loopback_sockets import BACKLOG, bind_both

__all__ = ["Loopback", "PageWords", "listen", "page_words", "place_of"]

LITERALS: Final = ("localhost", "127.0.0.1")
_TURNS: Final = 3
"""Of the event loop, until a connection that was accepted has its task."""

AT_ONCE: Final = 256
"""Connections that may stand, half-said or answered; the oldest ends when another one comes."""


def place_of(redirect_uri: str) -> tuple[str, str]:
    """Return host and path of a registered redirect URI, as `listen` takes them; the port does not count.

    Source: RFC 8252 section 7.3; learn.microsoft.com/entra/identity-platform/reply-url (localhost exceptions).
    Raises ValueError where it is no address of this computer without TLS.
    """
    found = urlsplit(redirect_uri)
    if found.scheme != "http" or found.hostname not in LITERALS or found.query or found.fragment:
        raise ValueError("no loopback redirect URI")
    return found.hostname, found.path or "/"


class Loopback:
    """A listener that is open until `close`; see `listen`.

    redirect_uri: with the literal that was chosen. redirect_uris: the same place by either literal. strays: how many
    answers came that belong to no sign-in of ours.
    """

    def __init__(self, *, gate: Gate, port: int, words: PageWords, patience_s: float, linger_s: float) -> None:
        tail = gate.redirect_uri.partition(f":{port}")[2]
        self.redirect_uri = gate.redirect_uri
        self.redirect_uris: Mapping[str, str] = MappingProxyType({of: f"http://{of}:{port}{tail}" for of in LITERALS})
        self.strays = 0
        self._gate = gate
        self._words = words
        self._patience_s = patience_s
        self._linger_s = linger_s
        self._answer: asyncio.Future[Mapping[str, str]] = asyncio.get_running_loop().create_future()
        self._shown = asyncio.Event()
        self._servers: list[asyncio.Server] = []
        self._standing: dict[Connection, None] = {}
        self._tasks: set[asyncio.Task[None]] = set()

    @classmethod
    async def open(
        cls,
        *,
        state: str,
        path: str = "/",
        host: str = LITERALS[0],
        words: PageWords | None = None,
        origins: Collection[str] = (),
        patience_s: float = 10.0,
        linger_s: float = 2.0,
    ) -> "Loopback":
        """Return a listener as `listen` does; whoever opens it closes it."""
        if host not in LITERALS or not path.startswith("/") or not state:
            raise ValueError("no loopback address, or no state")
        sockets = bind_both()
        port = sockets[0].getsockname()[1]
        gate = Gate(
            redirect_uri=f"http://{host}:{port}{path if path != '/' else ''}",
            hosts=frozenset(f"{name}:{port}" for name in (*LITERALS, "[::1]")),
            path=path,
            clean=f"{path.rstrip('/')}/received",
            state=state,
            origins=frozenset(origins),
        )
        found = cls(gate=gate, port=port, words=words or page_words(), patience_s=patience_s, linger_s=linger_s)
        try:
            for one in sockets:
                found._servers.append(await asyncio.start_server(found._accept, sock=one, backlog=BACKLOG))
        except BaseException:
            for one in sockets:
                one.close()
            await found.close(linger=False)
            raise
        return found

    async def answer(self) -> Mapping[str, str]:
        """Return the parameters of the first genuine answer, be it a code, an admin consent or an error.

        It waits as long as it takes, and may be asked again. Raises callback.CallbackRefused (`ended`) where the
        listener is closed before there is one.
        """
        return await asyncio.shield(self._answer)

    async def close(self, *, linger: bool = True) -> None:
        """End the listener. linger: wait a moment for a browser that has still to fetch its last page."""
        try:
            if linger and self._answer.done():
                with suppress(TimeoutError):
                    async with asyncio.timeout(self._linger_s):
                        await self._shown.wait()
            await self._stop_accepting()
        finally:  # also where it is cancelled meanwhile: no port stays open
            if not self._answer.done():
                self._answer.set_exception(CallbackRefused("ended"))
                self._answer.exception()  # seen: nobody may be waiting for it
            self._shown.set()  # there is no page any more, so none to wait for
            for server in self._servers:
                server.close()
            for task in self._tasks:
                task.cancel()
            await asyncio.gather(*self._tasks, return_exceptions=True)
            for server in self._servers:
                await server.wait_closed()

    async def _stop_accepting(self) -> None:
        """Accept nobody any more, and let those be known who were accepted just now.

        A server that closes in between would leave them open and unanswered (github.com/python/cpython/issues/109564).
        """
        loop = asyncio.get_running_loop()
        with suppress(NotImplementedError):  # loops that do not wait for readers accept in another way
            for server in self._servers:
                for sock in server.sockets:
                    loop.remove_reader(sock.fileno())
        for _ in range(_TURNS):
            await asyncio.sleep(0)

    def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        connection = Connection(reader, writer)
        if not _is_own(writer):
            connection.drop()
            return
        while len(self._standing) >= AT_ONCE:
            oldest = next(iter(self._standing))
            del self._standing[oldest]
            oldest.drop()
        self._standing[connection] = None
        task = asyncio.create_task(self._serve(connection))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _serve(self, connection: Connection) -> None:
        try:
            async with asyncio.timeout(self._patience_s):
                await self._exchange(connection)
        except (TimeoutError, OSError):
            pass  # it said nothing whole in time, or went away: there is nobody to tell
        finally:
            self._standing.pop(connection, None)
            connection.drop()

    async def _exchange(self, connection: Connection) -> None:
        try:
            request = await connection.read()
        except Unreadable as error:
            await connection.say(error.status, NOTHING, self._words)
        else:
            if request is None:
                return
            await self._reply(connection, judge(request, self._gate))
        await connection.finish()

    async def _reply(self, connection: Connection, verdict: Verdict) -> None:
        """Take the first genuine answer, and lead its browser to an address without the code."""
        self.strays += verdict.stray
        if verdict.parameters is None:
            waiting = verdict.page == WAITING
            await connection.say(verdict.status, self._now() if waiting else verdict.page, self._words)
            if waiting and self._answer.done():
                self._shown.set()
        elif self._answer.done():
            await connection.say(HTTPStatus.CONFLICT, ALREADY, self._words)
        else:
            self._answer.set_result(verdict.parameters)
            await connection.say(HTTPStatus.SEE_OTHER, self._now(), self._words, location=self._gate.clean)

    def _now(self) -> str:
        """Return the page that is true now."""
        if not self._answer.done() or self._answer.exception() is not None:
            return WAITING
        return PROBLEM if "error" in self._answer.result() else RECEIVED


@asynccontextmanager
async def listen(
    *,
    state: str,
    path: str = "/",
    host: str = LITERALS[0],
    words: PageWords | None = None,
    origins: Collection[str] = (),
    patience_s: float = 10.0,
    linger_s: float = 2.0,
) -> AsyncIterator[Loopback]:
    """Listen on 127.0.0.1, and on ::1 with the same port where there is one, for the answer that carries `state`.

    path: of the registered redirect URI; `/` makes a redirect URI without a path. host: its literal, `localhost` or
    `127.0.0.1`: authorisation servers leave only the port free. words: of the pages; None: page_words(). origins: of
    the pages that may post the answer (`response_mode=form_post`), such as `https://login.microsoftonline.com`; without
    one only GET is taken. patience_s: for one request. linger_s: for the last page, once the block ends. Raises OSError
    where no port is free.
    """
    loopback = await Loopback.open(
        state=state, path=path, host=host, words=words, origins=origins, patience_s=patience_s, linger_s=linger_s
    )
    linger = True
    try:
        yield loopback
    except asyncio.CancelledError:
        linger = False
        raise
    finally:
        await loopback.close(linger=linger)


def _is_own(writer: asyncio.StreamWriter) -> bool:
    """Return whether the other end is this computer; the sockets are bound to it, so this is a second bolt."""
    peer = writer.get_extra_info("peername")
    return bool(peer) and ipaddress.ip_address(peer[0]).is_loopback
