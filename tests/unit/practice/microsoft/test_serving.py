"""Serving over TLS inside the running loop, and ending it."""

import asyncio
import ssl

import httpx
import pytest
from tests.unit.practice.microsoft.visiting import Start, World

from sendwright.practice.mail_server import Received
from sendwright.practice.microsoft.contoso import contoso
from sendwright.practice.microsoft.server import SimulatedMicrosoft


async def test_its_own_authority_is_needed(world: World) -> None:
    async with httpx.AsyncClient(trust_env=False) as stranger:
        with pytest.raises(httpx.ConnectError):
            await stranger.get(world.microsoft.login)
    assert (await world.http().get(f"{world.microsoft.login}/common/oauth2/nativeclient")).status_code == 200


async def test_sign_in_and_graph_have_addresses_of_their_own(world: World) -> None:
    assert world.microsoft.login.startswith("https://localhost:")
    assert world.microsoft.graph.startswith("https://localhost:")
    ports = {world.microsoft.login, world.microsoft.graph, f"https://localhost:{world.microsoft.smtp_port}"}
    assert len(ports) == 3
    assert (await world.http().get(f"{world.microsoft.login}/v1.0/me")).status_code == 404
    assert (await world.http().post(f"{world.microsoft.graph}/common/oauth2/v2.0/token")).status_code != 200


async def test_two_organisations_apart_do_not_disturb_each_other(start: Start) -> None:
    one, other = await start(), await start(contoso(name="Other"))
    assert one.microsoft.login != other.microsoft.login
    found = await one.tokens()
    headers = {"authorization": f"Bearer {found['access_token']}"}
    assert (await one.http().get(f"{one.microsoft.graph}/v1.0/me", headers=headers)).status_code == 200
    assert (await other.http().get(f"{other.microsoft.graph}/v1.0/me", headers=headers)).status_code == 401


async def test_it_ends_with_connections_open_and_frees_its_ports() -> None:
    inbox: list[Received] = []
    microsoft = SimulatedMicrosoft(contoso(), inbox.append)
    await microsoft.start()
    context = ssl.create_default_context(cadata=microsoft.authority_pem)
    login = httpx.URL(microsoft.login)
    reader, writer = await asyncio.open_connection("localhost", login.port, ssl=context)
    writer.write(b"GET /common/oauth2/nativeclient HTTP/1.1\r\nHost: localhost\r\n\r\n")
    assert b"200" in await reader.readline()
    mail, mail_writer = await asyncio.open_connection("127.0.0.1", microsoft.smtp_port)
    assert (await mail.readline()).startswith(b"220 ")
    async with asyncio.timeout(20):
        await microsoft.stop()
    for port in (login.port, httpx.URL(microsoft.graph).port, microsoft.smtp_port):
        with pytest.raises(OSError, match=r"refused|Connect call failed"):
            await asyncio.open_connection("127.0.0.1", port)
    for each in (writer, mail_writer):
        each.close()


async def test_stopping_what_has_not_started_does_nothing() -> None:
    microsoft = SimulatedMicrosoft(contoso(), lambda _: None)
    await microsoft.stop()
    assert microsoft.sent_items == []
    assert microsoft.traffic("x@contoso.com").requests == 0
    assert microsoft.smtp_port == 0


async def test_settings_count_before_and_after_the_start() -> None:
    microsoft = SimulatedMicrosoft(contoso(), lambda _: None)
    microsoft.latency_s, microsoft.device_interval_s = 0.25, 1
    await microsoft.start()
    try:
        assert (microsoft.latency_s, microsoft.device_interval_s) == (0.25, 1)
        assert microsoft._login is not None
        assert microsoft._graph is not None
        assert microsoft._login.token_endpoint.interval_s == 1
        assert microsoft._graph.latency_s == 0.25
    finally:
        await microsoft.stop()


async def test_a_request_too_large_or_broken_leaves_it_serving(world: World) -> None:
    address = f"{world.microsoft.login}/common/oauth2/v2.0/token"
    huge = await world.http().post(address, content=b"a" * 12_000_000)
    assert huge.status_code in {400, 413}
    odd = await world.http().post(address, content=b"\xff\xfe%%%", headers={"content-type": "multipart/form-data"})
    assert odd.status_code in {400, 500}
    assert (await world.http().get(f"{world.microsoft.login}/common/oauth2/nativeclient")).status_code == 200
