"""A backend on a real socket, and servers that answer nonsense."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

from tests.servers.certificates import Certificate
from tests.unit.service.backend_kit import Backend, running

from sendwright.handoff.backend import BackendAddress
from sendwright.handoff.client import HttpBackend
from sendwright.network.network import Network
from sendwright.network.system import system_network
from sendwright.secret import Secret
from sendwright.service.options import ServeOptions
from sendwright.service.server import Stop, bind, serve_requests

NETWORK = system_network(timeout_s=5.0)


async def no_pause(seconds: float) -> None:
    assert seconds > 0
    await asyncio.sleep(0)


@dataclass
class Served:
    """A backend that listens."""

    backend: Backend
    url: str

    def client(self, token: str | None = None, *, url: str | None = None, ca_pem: str | None = None) -> HttpBackend:
        """Return a client; without a token it is not signed in."""
        return client_of(url or self.url, token, ca_pem=ca_pem)

    @property
    def wizard(self) -> HttpBackend:
        """A client that is signed in."""
        return self.client(self.backend.wizard.token)


def client_of(
    url: str, token: str | None = None, *, ca_pem: str | None = None, network: Network = NETWORK
) -> HttpBackend:
    """Return a client of whatever listens at `url`."""
    return HttpBackend(
        BackendAddress(url=url, ca_pem=ca_pem),
        token=None if token is None else Secret(token),
        network=network,
        pause=no_pause,
    )


@asynccontextmanager
async def served(path: Path, *, certificate: Certificate | None = None) -> AsyncIterator[Served]:
    """Serve an assembled backend on a free port of this computer."""
    async with running(path) as backend:
        options = ServeOptions(
            data=path,
            certificate=certificate.chain if certificate else None,
            certificate_key=certificate.key if certificate else None,
        )
        listener, url = bind(options)
        stop, ready = Stop(), asyncio.Event()
        task = asyncio.create_task(
            serve_requests(
                backend.assembly.application,
                backend.assembly.services,
                options=options,
                listener=listener,
                stop=stop,
                ready=ready.set,
            )
        )
        await ready.wait()
        try:
            yield Served(backend, url)
        finally:
            stop.ask()
            await task
            await backend.assembly.services.trials.close(within_s=5)


@dataclass
class Strange:
    """A server that answers what it is told to. url: where; requests: head lines, in order."""

    url: str
    requests: list[str] = field(default_factory=list)


Answering = Callable[[asyncio.StreamWriter, int], Awaitable[None]]
"""Answers on a connection; the number counts requests from 0."""


@asynccontextmanager
async def strange_server(answering: Answering) -> AsyncIterator[Strange]:
    """Listen; every connection carries one request."""
    strange = Strange("")

    async def connected(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            head = (await reader.readuntil(b"\r\n\r\n")).decode()
            length = next(
                (int(line[15:]) for line in head.splitlines() if line.lower().startswith("content-length:")), 0
            )
            await reader.readexactly(length)
            strange.requests.append(head.splitlines()[0])
            await answering(writer, len(strange.requests) - 1)
            await writer.drain()
        except (asyncio.IncompleteReadError, ConnectionError):
            pass
        finally:
            writer.close()

    server = await asyncio.start_server(connected, "127.0.0.1", 0)
    strange.url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    try:
        yield strange
    finally:
        server.close()


def plain(body: str | bytes, *, status: str = "200 OK", media: str = "application/json", headers: str = "") -> bytes:
    """Return a whole HTTP answer."""
    raw = body.encode() if isinstance(body, str) else body
    head = f"HTTP/1.1 {status}\r\nContent-Type: {media}\r\nContent-Length: {len(raw)}\r\nConnection: close\r\n"
    return f"{head}{headers}\r\n".encode() + raw


def always(answer: bytes) -> Answering:
    """Answer every request alike."""

    async def answering(writer: asyncio.StreamWriter, number: int) -> None:
        writer.write(answer)

    return answering
