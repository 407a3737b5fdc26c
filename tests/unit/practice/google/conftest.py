"""A simulated Google that listens."""

import ssl
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack

import pytest
from tests.servers.google import listening
from tests.unit.practice.google.visiting import Start, World

from sendwright.practice.google.workspace import Workspace


@pytest.fixture
async def start() -> AsyncIterator[Start]:
    async with AsyncExitStack() as stack:

        async def begin(workspace: Workspace | None = None) -> World:
            found = await stack.enter_async_context(listening(workspace))
            context = ssl.create_default_context(cadata=found.google.authority_pem)
            world = World(found.google, found.google.workspace, found.inbox, context)
            stack.push_async_callback(_close, world)
            return world

        yield begin


async def _close(world: World) -> None:
    for client in world.clients:
        await client.aclose()


@pytest.fixture
async def world(start: Start) -> World:
    return await start()
