"""What the tests of listeners share."""

import asyncio
from collections.abc import AsyncIterator

import pytest


@pytest.fixture
async def held() -> AsyncIterator[list[asyncio.StreamWriter]]:
    """Those who hold on to their connections, until the test lets them go."""
    writers: list[asyncio.StreamWriter] = []
    yield writers
    for writer in writers:
        writer.transport.abort()
