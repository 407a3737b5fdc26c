"""Serves an application over TLS on this computer, inside the running event loop."""

import asyncio
import contextlib
import socket
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from http import HTTPStatus
from typing import Any

import uvicorn
from litestar import Request, Response
from litestar.types import ASGIApp
from typing_extensions import override
from uvicorn.protocols.http.h11_impl import H11Protocol

from sendwright.practice.names import HOST

_Address = tuple[str, int]


class CutOff(Exception):
    """The connection was cut: nothing can be answered any more."""


class _Server(uvicorn.Server):
    def __init__(self, config: uvicorn.Config) -> None:
        super().__init__(config)
        self.listens = asyncio.Event()

    @override
    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        self.listens.set()

    @override
    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield  # the program listens to signals, not its practice


class Listener:
    """Serves one application. Use `start` and `stop` on the same event loop."""

    def __init__(self) -> None:
        self._transports: dict[_Address, asyncio.Transport] = {}
        self._task: asyncio.Task[None] | None = None
        self._server: _Server | None = None
        self._bound: socket.socket | None = None
        self.base = ""

    def bind(self, *, plain: bool = False) -> socket.socket:
        """Take a free port; `base` is its address from now on. plain: without TLS, for pages of this computer."""
        listener = socket.create_server(("127.0.0.1", 0), backlog=128)
        listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)  # asyncio does so only where it made the socket
        self.base = f"{'http' if plain else 'https'}://{HOST}:{listener.getsockname()[1]}"
        self._bound = listener
        return listener

    async def start(self, application: ASGIApp, listener: socket.socket, context: ssl.SSLContext | None) -> None:
        """Serve until `stop`; without a context, without TLS."""
        transports = self._transports

        class Protocol(H11Protocol):
            @override
            def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]  # uvicorn narrows it, too
                super().connection_made(transport)
                self.peer = transport.get_extra_info("peername")
                transports[self.peer] = transport

            @override
            def connection_lost(self, exc: Exception | None) -> None:
                transports.pop(self.peer, None)
                super().connection_lost(exc)

        config = uvicorn.Config(
            application,
            access_log=False,
            http=Protocol,
            lifespan="off",
            log_config=None,
            proxy_headers=False,
            server_header=False,
            ssl_context_factory=None if context is None else (lambda *_: context),
            timeout_graceful_shutdown=1,
            ws="none",
        )
        self._server = _Server(config)
        self._task = asyncio.create_task(self._server.serve(sockets=[listener]))
        await self._server.listens.wait()

    async def stop(self) -> None:
        """Stop listening, and end what is connected."""
        if self._server is None or self._task is None:
            if self._bound is not None:
                self._bound.close()  # it was cancelled before it served
            return
        self._server.should_exit = True
        for transport in list(self._transports.values()):
            with contextlib.suppress(AttributeError):  # Python 3.11.2, where TLS was closed twice: it is ending
                transport.abort()
        await self._task
        self._server = self._task = None

    async def cut(self, request: Request[Any, Any, Any]) -> None:
        """Cut the connection of `request` without an answer. Raises CutOff."""
        client = request.client
        transport = self._transports.get((client.host, client.port)) if client else None
        if transport is not None:
            transport.abort()
        await asyncio.sleep(0)
        await asyncio.sleep(0)
        raise CutOff


def unheard(_: Request[Any, Any, Any], __: Exception) -> Response[bytes]:
    """Answer a request whose connection was cut: nobody hears it."""
    return Response(b"", status_code=HTTPStatus.INTERNAL_SERVER_ERROR)
