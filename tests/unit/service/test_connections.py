"""What clients may hold: few open files, for a while; and nothing that a proxy reads differently."""

import asyncio
import resource
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from tests.unit.service.backend_kit import Backend, running
from uvicorn.protocols.http.h11_impl import H11Protocol

from sendwright.service.connections import allow_many_files, bounded
from sendwright.service.options import ServeOptions
from sendwright.service.server import Stop, bind, serve_requests

GET = b"GET /healthz HTTP/1.1\r\nHost: a\r\n\r\n"
UPLOAD = b"POST /v1/enrolments HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nContent-Length: 1000\r\n\r\n{"
Open = Callable[[], "asyncio.Future[tuple[asyncio.StreamReader, asyncio.StreamWriter]]"]


@asynccontextmanager
async def listening(path: Path, protocol: type[H11Protocol]) -> AsyncIterator[tuple[Backend, int]]:
    async with running(path) as backend:
        options, stop, ready = ServeOptions(data=path), Stop(), asyncio.Event()
        listener, url = bind(options)
        serving = serve_requests(
            backend.assembly.application,
            backend.assembly.services,
            options=options,
            listener=listener,
            stop=stop,
            ready=ready.set,
            protocol=protocol,
        )
        task = asyncio.create_task(serving)
        await ready.wait()
        try:
            yield backend, int(url.rpartition(":")[2])
        finally:
            stop.ask()
            await task


async def answered(port: int, sent: bytes) -> bytes:
    """Return the status line and head of the answer to `sent`."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    try:
        writer.write(sent)
        return await asyncio.wait_for(reader.readuntil(b"\r\n\r\n"), 10)
    finally:
        writer.close()


async def cut_off(reader: asyncio.StreamReader) -> bool:
    """Tell whether the other side has ended the connection; it has all the time of a slow machine."""
    try:
        async with asyncio.timeout(10):
            while await reader.read(1000):
                pass
    except ConnectionError:
        return True
    return True


async def test_who_takes_all_connections_is_not_given_more(tmp_path: Path) -> None:
    async with listening(tmp_path, bounded(most=3)) as (_, port):
        held = [await asyncio.open_connection("127.0.0.1", port) for _ in range(3)]
        for _, writer in held:
            writer.write(GET[:20])
        await asyncio.sleep(0.1)
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        assert await cut_off(reader)
        writer.close()
        held[0][1].close()
        await asyncio.sleep(0.1)
        assert (await answered(port, GET)).startswith(b"HTTP/1.1 200")
        for _, writer in held:
            writer.close()


@pytest.mark.parametrize("sent", [b"", GET[:-2], UPLOAD, GET + GET[:-2]], ids=["nothing", "head", "body", "second"])
async def test_who_dawdles_is_cut_off(tmp_path: Path, sent: bytes) -> None:
    async with listening(tmp_path, bounded(within_s=0.2)) as (_, port):
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(sent)

        async def drip() -> None:
            while sent:
                await asyncio.sleep(0.05)
                writer.write(b"x")

        dripping = asyncio.create_task(drip())
        assert await cut_off(reader)
        dripping.cancel()
        writer.close()
        assert (await answered(port, GET)).startswith(b"HTTP/1.1 200")


async def test_who_waits_for_a_long_answer_is_not_cut_off(tmp_path: Path) -> None:
    async with listening(tmp_path, bounded(within_s=0.1)) as (backend, port):
        version = await backend.wizard.stage()
        slow = backend.diagnosis.stages

        async def diagnose(*_: object, **__: object) -> AsyncIterator[object]:
            await asyncio.sleep(0.6)
            for stage in slow:
                yield stage

        backend.assembly.services.trials._diagnose = diagnose  # type: ignore[assignment]
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        head = (
            f"POST /v1/profiles/{version}/test HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer {backend.wizard.token}\r\n"
        )
        writer.write(f"{head}Content-Type: application/json\r\nContent-Length: 2\r\n\r\n{{}}".encode())
        async with asyncio.timeout(10):
            assert b"passed" in await reader.readuntil(b'{"verdict":"passed","code":null}')
        writer.close()


async def test_who_asks_often_keeps_the_connection(tmp_path: Path) -> None:
    async with listening(tmp_path, bounded(within_s=0.1)) as (_, port):
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        for _ in range(12):
            writer.write(GET)
            assert b"200 OK" in await reader.readuntil(b"}")
            await asyncio.sleep(0.04)
        writer.close()


async def test_what_two_programs_may_read_differently_ends_the_connection(tmp_path: Path) -> None:
    both = b"GET /healthz HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"
    async with listening(tmp_path, bounded()) as (_, port):
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(both + GET)
        whole = await asyncio.wait_for(reader.read(), 10)
        writer.close()
        assert whole.count(b"HTTP/1.1") == 1
        assert b"connection: close" in whole.lower()


async def test_a_question_may_be_asked_by_head(tmp_path: Path) -> None:
    async with listening(tmp_path, bounded()) as (backend, port):
        for path, status in (("/healthz", 200), ("/readyz", 503), ("/v1/audit", 401), ("/v1/enrolments", 405)):
            reader, writer = await asyncio.open_connection("127.0.0.1", port)
            writer.write(f"HEAD {path} HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n".encode())
            whole = await asyncio.wait_for(reader.read(), 10)
            writer.close()
            assert whole.startswith(f"HTTP/1.1 {status} ".encode()), whole
            assert whole.endswith(b"\r\n\r\n"), "a body"
        assert (await backend.wizard.http.get("/healthz")).status_code == 200


def test_more_files_may_be_open_than_usual() -> None:
    before = resource.getrlimit(resource.RLIMIT_NOFILE)
    try:
        resource.setrlimit(resource.RLIMIT_NOFILE, (512, before[1]))
        allow_many_files()
        soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
        assert hard == before[1]
        assert soft == (8_192 if hard == resource.RLIM_INFINITY else min(8_192, hard))
        resource.setrlimit(resource.RLIMIT_NOFILE, (min(hard, 10_000) if hard > 0 else 10_000, hard))
        many = resource.getrlimit(resource.RLIMIT_NOFILE)
        allow_many_files()
        assert resource.getrlimit(resource.RLIMIT_NOFILE) == many, "a higher limit is left alone"
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, before)
