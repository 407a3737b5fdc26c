"""Servers that break off, never end or swell: a renewal over real TLS ends each time with a name."""

import asyncio
import contextlib
import gzip
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

import httpx
import pytest
import trustme
from tests.unit.oauth.google.fake_google import client
from tests.unit.oauth.standing_in import Notes

from sendwright.network.system import system_network
from sendwright.network.web import web_client
from sendwright.oauth.google.renew import renewing
from sendwright.oauth.google.scopes import SEND
from sendwright.oauth.grant import OAuthFailed
from sendwright.problems.evidence import Evidence
from sendwright.secret import Secret

REFRESH = Secret("1//canary-of-the-refresh-token-0123456789")
Write = Callable[[bytes], Awaitable[None]]
Answering = Callable[[Write], Awaitable[None]]
OK = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"


@asynccontextmanager
async def serving(answer: Answering, authority: trustme.CA, name: str = "localhost") -> AsyncIterator[str]:
    """Serve one answer to whatever is asked; return the base of the address."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert(name).configure_cert(context)
    running: set[asyncio.Task[None]] = set()

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        async def write(octets: bytes) -> None:
            writer.write(octets)
            await writer.drain()

        running.add(asyncio.current_task())  # so that it ends with the test
        with contextlib.suppress(OSError, asyncio.IncompleteReadError, asyncio.CancelledError):
            await reader.readuntil(b"\r\n\r\n")
            await answer(write)
        writer.transport.abort()

    server = await asyncio.start_server(serve, "127.0.0.1", 0, ssl=context)
    try:
        yield f"https://localhost:{server.sockets[0].getsockname()[1]}"
    finally:
        server.close()
        for task in running:
            task.cancel()
        await asyncio.gather(*running, return_exceptions=True)


async def refused(answer: Answering, *, name: str = "localhost", trusted: bool = True) -> Evidence:
    authority = trustme.CA()
    believed = authority if trusted else trustme.CA()
    patience_s = 0.5 if answer is never else 60.0
    network = system_network(authorities_pem=believed.cert_pem.bytes().decode("ascii"), timeout_s=patience_s)

    def web() -> httpx.AsyncClient:
        return web_client(network, trust_env=False)

    async with serving(answer, authority, name) as base:
        with pytest.raises(OAuthFailed) as failure:
            await renewing(client(login=base), web=web, recorder=Notes())(REFRESH, SEND)
    assert "canary" not in f"{failure.value!r} {failure.value.evidence!r}"
    assert (failure.value.__cause__, failure.value.__context__) == (None, None)
    return failure.value.evidence


async def cut_in_the_body(write: Write) -> None:
    await write(OK + b'Content-Length: 500\r\n\r\n{"access_token": "canary')


async def cut_in_the_head(write: Write) -> None:
    await write(b"HTTP/1.1 200 OK\r\nContent-Ty")


async def nothing(_: Write) -> None:
    return


async def no_http(write: Write) -> None:
    await write(b"220 mail.example.org ESMTP canary\r\n")


async def without_end(write: Write) -> None:
    await write(OK + b"Transfer-Encoding: chunked\r\n\r\n")
    while True:
        await write(b"10000\r\n" + b" " * 0x10000 + b"\r\n")


async def swelling(write: Write) -> None:
    packed = gzip.compress(b'{"a": "' + b"x" * 50_000_000)
    await write(OK + b"Content-Encoding: gzip\r\nContent-Length: " + str(len(packed)).encode() + b"\r\n\r\n" + packed)


async def wrongly_packed(write: Write) -> None:
    await write(OK + b"Content-Encoding: gzip\r\nContent-Length: 6\r\n\r\ncanary")


async def never(write: Write) -> None:
    await write(OK)
    await asyncio.Event().wait()


async def elsewhere(write: Write) -> None:
    await write(b"HTTP/1.1 307 Temporary Redirect\r\nLocation: https://portal.example/\r\nContent-Length: 0\r\n\r\n")


@pytest.mark.parametrize(
    ("answer", "condition"),
    [
        (cut_in_the_body, "connection-dropped"),
        (cut_in_the_head, "connection-dropped"),
        (nothing, "connection-dropped"),
        (no_http, "connection-dropped"),
        (wrongly_packed, "connection-dropped"),
        (never, "connection-timed-out"),
    ],
)
async def test_an_answer_that_does_not_end_well_is_none(answer: Answering, condition: str) -> None:
    seen = await refused(answer)
    assert (seen.stage, seen.condition, seen.values["host"]) == ("reach", condition, "localhost")


@pytest.mark.parametrize("answer", [without_end, swelling, elsewhere])
async def test_an_answer_that_is_too_much_or_leads_away_is_not_understood(answer: Answering) -> None:
    assert (await refused(answer)).condition == "sign-in-answer-not-understood"


@pytest.mark.parametrize(("name", "trusted"), [("localhost", False), ("other.example", True)])
async def test_whoever_cannot_prove_a_name_hears_nothing(name: str, *, trusted: bool) -> None:
    heard: list[bool] = []

    async def listen(_: Write) -> None:
        heard.append(True)

    seen = await refused(listen, name=name, trusted=trusted)
    assert seen.condition in {"tls-certificate-refused", "tls-name-mismatch", "certificate-name-mismatch"}
    assert heard == []
