"""A sign-in that has begun: what waits in memory for a browser of the person's own to come back."""

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from dataclasses import dataclass, field
from typing import Final
from urllib.parse import urlsplit

from sendwright.oauth.attempts import Waiting
from sendwright.oauth.loopback import Loopback, listen, page_words
from sendwright.problems.evidence import Evidence, Failure, System
from sendwright.world import World

PATIENCE_S: Final = 30 * 60
"""How long a browser of the person's own is waited for: two-step sign-ins and telephone calls to a colleague pass."""

LATE: Final = "sign-in-not-finished"
NOT_POSSIBLE: Final = "loopback-not-possible"


@dataclass(frozen=True, kw_only=True)
class Listening:
    """The listener that a browser of the person's own comes back to. redirect_uri: with its port."""

    redirect_uri: str
    loopback: Loopback = field(repr=False)
    stack: AsyncExitStack = field(repr=False)

    async def answer(self) -> Mapping[str, str]:
        """Return what came back. Raises TimeoutError after PATIENCE_S, and callback.CallbackRefused where it ended."""
        async with asyncio.timeout(PATIENCE_S):
            return await self.loopback.answer()

    async def close(self) -> None:
        """Stop listening."""
        with suppress(OSError):
            await self.stack.aclose()


async def listening_at(registered: str, state: str, world: World) -> Listening:
    """Listen on a free port for what comes back with `state` to the redirect URI that is `registered`.

    Authorisation servers ignore the port and not the path, so the answer is awaited at exactly that path.
    Source: RFC 8252 section 7.3; learn.microsoft.com/entra/identity-platform/reply-url#localhost-exceptions.
    Raises OSError.
    """
    place = urlsplit(registered)
    stack = AsyncExitStack()
    words = page_words(product=world.deployment.platform.name)
    host = place.hostname or "localhost"
    loopback = await stack.enter_async_context(listen(state=state, path=place.path or "/", host=host, words=words))
    address = f"{loopback.redirect_uri.rstrip('/')}/" if place.path == "/" else loopback.redirect_uri
    return Listening(redirect_uri=address, loopback=loopback, stack=stack)


async def surely_listening(registered: str, state: str, world: World) -> Listening:
    """Listen as `listening_at` does. Raises Failure, `loopback-not-possible`, where this computer lets nobody."""
    try:
        return await listening_at(registered, state, world)
    except OSError as error:
        values = {"host": urlsplit(registered).hostname or "localhost"}
        evidence = Evidence(stage="sign-in", system=System.OAUTH, condition=NOT_POSSIBLE, values=values)
        raise Failure(evidence) from error


async def end(name: str, world: World) -> None:
    """Forget the attempt, and listen for its answer no longer."""
    async with counting_once(name, world):
        pass


@asynccontextmanager
async def counting_once(name: str, world: World) -> AsyncIterator[None]:
    """Forget the attempt before its answer is used, and listen no longer once that is done.

    Also where it is cancelled: whoever redeems a code twice may end what it gave (RFC 6749 section 4.1.2).
    """
    attempt = world.attempts.end(name)
    try:
        yield
    finally:
        if isinstance(attempt, Waiting):
            await attempt.close()
