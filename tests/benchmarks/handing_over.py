"""Hands notifications to a backend over HTTP, as cheaply as can be: the load must not become the measurement."""

import asyncio
import time
from collections.abc import Iterator
from uuid import uuid4

import msgspec
from tests.benchmarks.mail_sink import HOST
from tests.benchmarks.serving import Serving

from sendwright.handoff.wire import NotificationRequest

ACCEPTED = b"HTTP/1.1 202 "
LENGTH = b"content-length:"
POLL_S = 0.1
WATCH_S = 0.005
PATIENCE_S = 60


async def hand_over(serving: Serving, wanted: NotificationRequest, *, count: int, at_once: int) -> float:
    """Hand over `wanted` again and again, each time as a new one; return how many seconds until all were accepted."""
    requests = (_request(serving, wanted) for _ in range(count))
    began = time.perf_counter()
    await asyncio.gather(*(_connection(serving, requests) for _ in range(at_once)))
    return time.perf_counter() - began


async def sent(serving: Serving) -> int:
    """Return how many notifications the backend has sent in its life."""
    client = serving.client()
    try:
        return (await client.notifications(state="failed")).counts.get("sent", 0)
    finally:
        await client.close()


async def until_sent(serving: Serving, count: int) -> None:
    """Wait until the backend has sent `count` in its life."""
    async with asyncio.timeout(PATIENCE_S):
        while await sent(serving) < count:  # noqa: ASYNC110 - there is nothing to wait for but the answer
            await asyncio.sleep(POLL_S)


async def one_sent_s(serving: Serving, wanted: NotificationRequest) -> float:
    """Return the seconds from the beginning of the request until the mail server has one notification."""
    client = serving.client()
    try:
        await client.organisation()  # so that the client is connected
        began = time.perf_counter()
        state = await client.notify(wanted, key=str(uuid4()))
        async with asyncio.timeout(PATIENCE_S):
            while (await client.notification(state.id)).state != "sent":  # noqa: ASYNC110 - as above
                await asyncio.sleep(WATCH_S)
        return time.perf_counter() - began
    finally:
        await client.close()


def _request(serving: Serving, wanted: NotificationRequest) -> bytes:
    body = msgspec.json.encode(wanted)
    lines = (
        "POST /v1/notifications HTTP/1.1",
        f"Host: {HOST}:{serving.port}",
        f"Authorization: Bearer {serving.token}",
        f"Idempotency-Key: {uuid4()}",
        "Content-Type: application/json",
        f"Content-Length: {len(body)}",
        "",
        "",
    )
    return "\r\n".join(lines).encode() + body


async def _connection(serving: Serving, requests: Iterator[bytes]) -> None:
    reader, writer = await asyncio.open_connection(HOST, serving.port)
    for request in requests:
        writer.write(request)
        head = await reader.readuntil(b"\r\n\r\n")
        if not head.startswith(ACCEPTED):
            raise RuntimeError(f"not accepted: {head[:60]!r}")
        length = next(line for line in head.lower().split(b"\r\n") if line.startswith(LENGTH))
        await reader.readexactly(int(length.removeprefix(LENGTH)))
    writer.close()
    await writer.wait_closed()
