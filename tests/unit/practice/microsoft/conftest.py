"""A simulated Microsoft that listens."""

import ssl
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from tests.unit.practice.microsoft.visiting import Start, World

from sendwright.practice.mail_server import Received
from sendwright.practice.microsoft.contoso import contoso
from sendwright.practice.microsoft.server import SimulatedMicrosoft
from sendwright.practice.microsoft.tenant import Tenant


@pytest.fixture
async def start(tmp_path: Path) -> AsyncIterator[Start]:
    started: list[World] = []

    async def begin(tenant: Tenant | None = None, *others: Tenant) -> World:
        tenant = tenant or contoso()
        inbox: list[Received] = []
        microsoft = SimulatedMicrosoft(tenant, inbox.append, *others)
        await microsoft.start()
        context = ssl.create_default_context(cadata=microsoft.authority_pem)
        file = tmp_path / f"authority-{len(started)}.pem"
        file.write_text(microsoft.authority_pem)
        started.append(World(microsoft, tenant, inbox, context, str(file)))
        return started[-1]

    yield begin
    for world in started:
        for client in world.clients:
            await client.aclose()
        await world.microsoft.stop()


@pytest.fixture
async def world(start: Start) -> World:
    return await start()
