"""Networks to look at: names that lead to this computer, authorities, a proxy, servers that say what they are told."""

import asyncio
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

import trustme
from tests.servers.ports import Address

from sendwright.network.failures import ResolveFailed
from sendwright.network.names import literal
from sendwright.network.network import Network
from sendwright.network.resolver import MailExchanger, Service
from sendwright.network.system_proxies import SystemProxies
from sendwright.network.wall.trust import Trust
from sendwright.network.wall.wall import Wall
from sendwright.network.wall.way import Port, Route, Speech, Way
from sendwright.problems.evidence import Evidence, System
from sendwright.recording.recorder import SILENCE, Recorder

HOST = "mail.example.org"
TIMEOUT_S = 1.5
Serve = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]


@dataclass(frozen=True)
class FixedNames:
    """Knows the names that it is given; asked: those that were looked up."""

    addresses_of: Mapping[str, tuple[str, ...]]
    made_up: tuple[str, ...] = ()
    asked: list[str] = field(default_factory=list)

    async def addresses(self, host: str) -> tuple[str, ...]:
        self.asked.append(host)
        if host.rstrip(".").endswith(".invalid") and self.made_up:
            return self.made_up
        if host in self.addresses_of:
            return self.addresses_of[host]
        if literal(host) is not None:
            return (host,)
        raise ResolveFailed(
            Evidence(stage="resolve", system=System.DNS, condition="dns-name-not-found", values={"host": host})
        )

    async def mail_exchangers(self, domain: str) -> tuple[MailExchanger, ...]:
        raise AssertionError(domain)

    async def services(self, name: str) -> tuple[Service, ...]:
        raise AssertionError(name)

    async def texts(self, name: str) -> tuple[str, ...]:
        raise AssertionError(name)


class Authorities:
    """A public authority and that of a company; this computer trusts both, the public list knows the first."""

    def __init__(self) -> None:
        self.public = trustme.CA(organization_name="Public authority of the tests")
        self.company = trustme.CA(organization_name="Contoso web inspection")
        self.stranger = trustme.CA(organization_name="Nobody knows")

    def usual(self, _: str | None = None) -> ssl.SSLContext:
        context = ssl.create_default_context()
        for authority in (self.public, self.company):
            authority.configure_trust(context)
        return context

    @property
    def trust(self) -> Trust:
        public = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        self.public.configure_trust(public)
        return Trust(usual=self.usual(), public=public)

    def server(self, authority: trustme.CA, name: str = HOST) -> ssl.SSLContext:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        authority.issue_cert(name).configure_cert(context)
        return context

    def network(
        self,
        *addresses: str,
        names: FixedNames | None = None,
        recorder: Recorder = SILENCE,
        timeout_s: float = TIMEOUT_S,
    ) -> Network:
        resolver = names or FixedNames({HOST: addresses or ("127.0.0.1",)})
        return Network(resolver=resolver, tls=self.usual, timeout_s=timeout_s, recorder=recorder)


@dataclass
class ConnectProxy:
    """An HTTP proxy that leads all tunnels to `target`; status: its answer to CONNECT; asked: the heads it got."""

    target: Address | None = None
    status: str = "200 Connection established"
    fields: str = ""
    port: int = 0
    asked: list[str] = field(default_factory=list)

    def settings(self, login: str = "") -> SystemProxies:
        return SystemProxies(places={"https": f"http://{login}127.0.0.1:{self.port}"})

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = (await reader.readuntil(b"\r\n\r\n")).decode()
        self.asked.append(head)
        writer.write(f"HTTP/1.1 {self.status}\r\n{self.fields}\r\n".encode())
        await writer.drain()
        if not self.status.startswith("200") or self.target is None:
            return
        far_reader, far_writer = await asyncio.open_connection(*self.target)
        try:
            await asyncio.gather(_pipe(reader, far_writer), _pipe(far_reader, writer))
        finally:
            far_writer.transport.abort()


async def _pipe(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    while data := await reader.read(65_536):
        writer.write(data)
        await writer.drain()
    writer.close()


@asynccontextmanager
async def listening(
    serve: Serve, *, host: str = "127.0.0.1", port: int = 0, context: ssl.SSLContext | None = None
) -> AsyncIterator[int]:
    """Serve every connection by `serve` until the block ends; gives the port."""
    conversations: set[asyncio.Task[None]] = set()

    async def converse(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        conversations.add(task)
        try:
            await serve(reader, writer)
        except (OSError, EOFError, asyncio.CancelledError):
            pass
        finally:
            conversations.discard(task)
            writer.transport.abort()

    server = await asyncio.start_server(converse, host, port, ssl=context)
    try:
        yield server.sockets[0].getsockname()[1]
    finally:
        server.close()
        for task in list(conversations):
            task.cancel()
        await asyncio.gather(*conversations, return_exceptions=True)


@asynccontextmanager
async def proxy_running(proxy: ConnectProxy) -> AsyncIterator[ConnectProxy]:
    async with listening(proxy.serve) as port:
        proxy.port = port
        yield proxy


def answers(words: str) -> Serve:
    """Say `words` to whatever comes."""

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read(4_096)
        writer.write(words.encode())
        await writer.drain()
        if words and not words.endswith("\n"):
            return
        await reader.read(4_096)

    return serve


def speaks_smtp(*extensions: str, greeting: str = f"220 {HOST} ESMTP", context: ssl.SSLContext | None = None) -> Serve:
    """Be a mail server with those extensions; with a context it changes to TLS when asked."""

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(f"{greeting}\r\n".encode())
        while line := await reader.readline():
            word = line.split()[0].upper() if line.split() else b""
            if word == b"EHLO":
                words = (HOST, *extensions)
                lines = [f"250{' ' if place == len(words) else '-'}{it}\r\n" for place, it in enumerate(words, start=1)]
                writer.write("".join(lines).encode())
            elif word == b"STARTTLS" and context is not None:
                writer.write(b"220 2.0.0 Go ahead\r\n")
                await writer.start_tls(context)
            elif word == b"QUIT":
                writer.write(b"221 2.0.0 Bye\r\n")
                return
            else:
                writer.write(b"502 5.5.1 What\r\n")
            await writer.drain()

    return serve


def port(number: int, speech: Speech = Speech.SMTP, *, outbound: bool = False) -> Port:
    return Port(number=number, speech=speech, outbound=outbound)


def at(wall: Wall, number: int, route: Route = Route.IPV4) -> Way:
    """Return the way at that port by that route."""
    (found,) = (way for way in wall.ways if way.port == number and way.route is route)
    return found


def codes(wall: Wall) -> list[str]:
    return [problem.code for problem in wall.problems]
