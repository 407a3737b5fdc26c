"""Many mailboxes at once, each with a backend of its own that sends for it."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path

from tests.end2end.backend_process import enrolled
from tests.end2end.trusting_backend import backend_of

from sendwright.handoff.client import HttpBackend
from sendwright.handoff.wire import NotificationRequest


@asynccontextmanager
async def backends_of(
    path: Path,
    mailboxes: Sequence[str],
    authority_pem: str,
    sign_in: Callable[[HttpBackend, str], Awaitable[object]],
    **files: str,
) -> AsyncIterator[list[HttpBackend]]:
    """Start a backend for each mailbox, and sign in there. files: of their folders, by name with `_` for the dot."""
    async with AsyncExitStack() as stack:
        backends = [
            await stack.enter_async_context(backend_of(path / address, authority_pem, **files)) for address in mailboxes
        ]
        await asyncio.gather(*(backend.listening() for backend in backends))
        clients = [await enrolled(backend) for backend in backends]
        for client in clients:
            stack.push_async_callback(client.close)
        for client, address in zip(clients, mailboxes, strict=True):
            await sign_in(client, address)
        yield clients


async def notify(client: HttpBackend, mailbox: int, numbers: Iterable[int]) -> None:
    """Hand over notifications of these numbers, each to somebody else."""
    for number in numbers:
        to, subject = f"ann{number}.{mailbox}@example.com", f"Comment {number}"
        request = NotificationRequest(kind="comment", to=to, subject=subject, text="Hello")
        await client.notify(request, key=f"{mailbox}-{number}")


async def all_sent(client: HttpBackend, wanted: int, *, within_s: float) -> None:
    """Wait until so many were sent; none may fail."""
    async with asyncio.timeout(within_s):
        while (counts := (await client.notifications(state="failed")).counts).get("sent") != wanted:
            assert not counts.get("failed"), counts
            await asyncio.sleep(0.3)
