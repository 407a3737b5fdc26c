"""A web server of the tests' own: pages over TLS, and a note of everything that was asked for."""

import asyncio
import ssl
from collections.abc import Callable
from dataclasses import dataclass, field

import trustme
from tests.servers.loop_thread import LoopThread


@dataclass(frozen=True, kw_only=True)
class Answer:
    """What a path answers."""

    body: bytes | str = ""
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)


Pages = dict[str, Answer | Callable[[str], Answer]]


class WebStand:
    """Serves `pages` by path (without query) at localhost; asked: every path with its query, in order."""

    def __init__(self, loop: LoopThread, *, trusted: bool = True, plain: bool = False) -> None:
        self._loop = loop
        self._authority, self._plain = trustme.CA(), plain
        self._known = self._authority if trusted else trustme.CA()
        self.pages: Pages = {}
        self.asked: list[str] = []
        self._server: asyncio.Server | None = None
        self._writers: set[asyncio.StreamWriter] = set()

    @property
    def authority_pem(self) -> str:
        """What has to be trusted; where the stand is not trusted, another one."""
        return self._known.cert_pem.bytes().decode()

    @property
    def base(self) -> str:
        """The address without a path."""
        assert self._server is not None
        port = self._server.sockets[0].getsockname()[1]
        return f"{'http' if self._plain else 'https'}://localhost:{port}"

    def start(self, name: str = "localhost") -> None:
        """Listen; the certificate is for `name`."""
        context = None
        if not self._plain:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            self._authority.issue_cert(name).configure_cert(context)
        self._server = self._loop.run(asyncio.start_server(self._serve, "127.0.0.1", 0, ssl=context))

    def stop(self) -> None:
        """End all connections."""
        self._loop.run(self._end())

    async def _end(self) -> None:
        if self._server is not None:
            self._server.close()
        for writer in self._writers:
            writer.transport.abort()
        await asyncio.sleep(0.05)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._writers.add(writer)
        try:
            head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
            path = head.split(" ", 2)[1]
            self.asked.append(path)
            found = self.pages.get(path.partition("?")[0], Answer(status=404, body="nothing"))
            answer = found(path) if callable(found) else found
            body = answer.body.encode() if isinstance(answer.body, str) else answer.body
            lines = {"Content-Type": "text/html; charset=utf-8", "Content-Length": str(len(body)), **answer.headers}
            writer.write(f"HTTP/1.1 {answer.status} x\r\nConnection: close\r\n".encode())
            writer.write("".join(f"{name}: {value}\r\n" for name, value in lines.items()).encode() + b"\r\n" + body)
            await writer.drain()
        except (OSError, asyncio.IncompleteReadError, asyncio.LimitOverrunError):
            pass  # a browser opens connections that it does not need
        finally:
            writer.transport.abort() if writer.is_closing() else writer.close()
