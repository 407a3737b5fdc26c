"""Listens and serves until it is told to stop; then lets what runs come to its end."""

import asyncio
import signal
import socket
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http import HTTPStatus
from typing import Any, Final, cast

import uvicorn
from litestar import Litestar
from litestar.types import Message, Receive, Scope, Send
from typing_extensions import override
from uvicorn.protocols.http.h11_impl import H11Protocol

from sendwright.service.connections import bounded
from sendwright.service.options import ServeOptions
from sendwright.service.refusal import StartRefused
from sendwright.service.services import Services

FINISH_WITHIN_S: Final = 20


_LENGTHS = frozenset({b"content-length", b"transfer-encoding"})
"""Who sends both may be read differently by a proxy in front: such a connection is not used again (RFC 9112 6.3)."""


class Stop:
    """Whether the process was asked to stop: by SIGTERM, SIGINT or `ask`."""

    def __init__(self) -> None:
        self._asked = False
        self._then: Callable[[], None] | None = None

    def ask(self) -> None:
        """Stop as soon as what runs has come to its end."""
        self._asked = True
        if self._then:
            self._then()

    def follow(self, then: Callable[[], None]) -> None:
        """Call `then` once it is asked for, at once when it was already."""
        self._then = then
        if self._asked:
            then()

    def listen_to_signals(self) -> None:
        """Follow SIGTERM and SIGINT from now on."""
        loop = asyncio.get_running_loop()
        for number in (signal.SIGTERM, signal.SIGINT):
            try:
                loop.add_signal_handler(number, self.ask)
            except NotImplementedError:  # Windows
                signal.signal(number, lambda *_: loop.call_soon_threadsafe(self.ask))


def bind(options: ServeOptions) -> tuple[socket.socket, str]:
    """Return the socket to listen on and its URL as seen from this computer. Raises StartRefused."""
    family = socket.AF_INET6 if ":" in options.host else socket.AF_INET
    listener = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)  # named, so that asyncio sets TCP_NODELAY
    try:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind((options.host, options.port))
    except OSError as error:
        listener.close()
        place = f"{options.host}:{options.port}"
        raise StartRefused("cannot-listen", listen=place, reason=error.strerror or "") from error
    host = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(options.host, options.host)  # noqa: S104 - a comparison
    shown = f"[{host}]" if ":" in host else host
    return listener, f"{options.scheme}://{shown}:{listener.getsockname()[1]}"


async def serve_requests(
    application: Litestar,
    services: Services,
    *,
    options: ServeOptions,
    listener: socket.socket,
    stop: Stop,
    ready: Callable[[], None],
    protocol: type[H11Protocol] | None = None,
) -> None:
    """Serve until `stop`; `ready` is called once connections are accepted. Raises StartRefused.

    protocol: speaks HTTP, with other limits than the usual ones of `connections.bounded`.
    """
    config = uvicorn.Config(
        _Observed(application, services),
        access_log=False,
        http=protocol or bounded(),
        lifespan="off",
        log_config=None,
        proxy_headers=False,
        server_header=False,
        ssl_certfile=options.certificate,
        ssl_keyfile=options.certificate_key,
        timeout_graceful_shutdown=FINISH_WITHIN_S,
        ws="none",
    )
    try:
        config.load()
    except OSError as error:  # ssl.SSLError is one
        raise StartRefused("certificate-unusable", reason=error.strerror or type(error).__name__) from error
    server = _Server(config, ready)
    stop.follow(server.stop)
    await server.serve(sockets=[listener])


class _Server(uvicorn.Server):
    def __init__(self, config: uvicorn.Config, ready: Callable[[], None]) -> None:
        super().__init__(config)
        self._ready = ready

    def stop(self) -> None:
        self.should_exit = True

    @override
    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        self._ready()

    @override
    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield  # `Stop` listens; uvicorn would raise the signal once more and cut our own end short


class _Observed:
    """Writes a line about a request: method, route, status, time; never the address, the query or a header."""

    def __init__(self, application: Litestar, services: Services) -> None:
        self._application = application
        self._log = services.log

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        began = time.perf_counter()
        seen: dict[str, Any] = {}
        if scope.get("method") == "HEAD":  # GET without its body, which uvicorn leaves out
            scope = cast("Scope", {**scope, "method": "GET"})
        ambiguous = _LENGTHS.issubset(name for name, _ in scope["headers"])

        async def watch(message: Message) -> None:
            if message["type"] == "http.response.start":
                seen["status"] = message["status"]
                if ambiguous:
                    message["headers"] = [*message["headers"], (b"connection", b"close")]
            await send(message)

        await self._application(scope, receive, watch)
        route, method = str(scope.get("path_template") or ""), str(scope.get("method", ""))
        if _worth_a_line(method, route, seen.get("status", 0)):
            took_ms = round((time.perf_counter() - began) * 1000, 1)
            self._log.info("request", extra={"method": method, "route": route, "took_ms": took_ms, **seen})


def _worth_a_line(method: str, route: str, status: int) -> bool:
    """Tell whether a request belongs into the log: refused, or a rare change.

    Notifications are counted in the metrics, and what became of them is logged by the worker.
    """
    refused = status >= HTTPStatus.BAD_REQUEST
    change = method not in {"GET", "HEAD", "OPTIONS"} and not route.startswith("/v1/notifications")
    return route.startswith("/v1/") and (refused or change)
