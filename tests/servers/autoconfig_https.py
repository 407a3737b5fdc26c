"""A small https server with fixed answers, and an httpx transport that leads every host name to it."""

import asyncio
import ssl
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Self

import h11
import httpx
from tests.servers.certificates import Certificate
from tests.servers.ports import Address

CHUNK = 65_536


@dataclass(frozen=True, kw_only=True)
class Page:
    """What a path answers; `delay` in seconds, headers in addition to the usual ones."""

    body: bytes = b""
    status: int = 200
    content_type: str = "text/xml"
    headers: Mapping[str, str] = field(default_factory=dict)
    delay: float = 0.0


@dataclass(frozen=True, kw_only=True)
class Seen:
    """One request; `host` is the Host header without port, `target` the path with its query."""

    host: str
    method: str
    target: str
    body: bytes = b""


class HttpsServer:
    """Serves `pages`, keyed by path or by "host/path" (which comes first); everything else is 404.

    With a certificate it speaks https, without one plain http.
    """

    def __init__(self, pages: Mapping[str, Page], *, certificate: Certificate | None, host: str = "127.0.0.1") -> None:
        self.pages = pages
        self.host = host
        self.seen: list[Seen] = []
        self._certificate = certificate
        self._server: asyncio.Server | None = None
        self._tasks: set[asyncio.Task[None]] = set()

    async def __aenter__(self) -> Self:
        context = None if self._certificate is None else self._certificate.server_context()
        self._server = await asyncio.start_server(self._connected, self.host, 0, ssl=context)
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

    def log_text(self) -> str:
        """Give the requests that arrived."""
        return "\n".join(f"{seen.method} {seen.host}{seen.target}" for seen in self.seen)

    async def _connected(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if (task := asyncio.current_task()) is not None:
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)
        connection = h11.Connection(h11.SERVER)
        try:
            request = await _read(connection, reader)
            self.seen.append(request)
            path = request.target.partition("?")[0]
            page = self.pages.get(request.host + path) or self.pages.get(path) or Page(status=404)
            await asyncio.sleep(page.delay)
            writer.write(_render(connection, page))
            await writer.drain()
        except (OSError, ssl.SSLError, h11.RemoteProtocolError, asyncio.CancelledError):
            pass
        finally:
            writer.close()


async def _read(connection: h11.Connection, reader: asyncio.StreamReader) -> Seen:
    request: h11.Request | None = None
    body = b""
    while True:
        match connection.next_event():
            case h11.NEED_DATA:
                connection.receive_data(await reader.read(CHUNK))
            case h11.Request() as request:
                pass
            case h11.Data(data=data):
                body += data
            case h11.EndOfMessage() if request is not None:
                host = dict(request.headers).get(b"host", b"").decode().rpartition(":")
                return Seen(
                    host=host[0] or host[2],
                    method=request.method.decode(),
                    target=request.target.decode(),
                    body=body,
                )
            case _:
                raise h11.RemoteProtocolError("no whole request")


def _render(connection: h11.Connection, page: Page) -> bytes:
    headers = {
        "Content-Type": page.content_type,
        "Content-Length": str(len(page.body)),
        "Connection": "close",
        **page.headers,
    }
    events = (
        h11.Response(status_code=page.status, headers=list(headers.items())),
        h11.Data(data=page.body),
        h11.EndOfMessage(),
    )
    return b"".join(connection.send(event) or b"" for event in events)


class EveryHostLeadsTo(httpx.AsyncBaseTransport):
    """Leads httpx to `address` whatever the URL's host; the certificate is still checked by that name."""

    def __init__(self, address: Address, *, context: ssl.SSLContext) -> None:
        self._address = address
        self._inner = httpx.AsyncHTTPTransport(verify=context)

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Send the request to the address, asking for the name in the URL."""
        request.extensions = {**request.extensions, "sni_hostname": request.url.host}
        request.url = request.url.copy_with(host=self._address.host, port=self._address.port)
        return await self._inner.handle_async_request(request)

    async def aclose(self) -> None:
        """Close the connections."""
        await self._inner.aclose()
