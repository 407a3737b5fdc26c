"""The listening half on real sockets: garbage, slow and many clients, an end that cuts nobody off."""

import asyncio
import logging
import signal
import socket
from pathlib import Path

import httpx
import pytest
from tests.servers.certificates import Certificates
from tests.unit.handoff.served import Served, served
from tests.unit.service.backend_kit import running

from sendwright.diagnosis.stage import StageResult, Verdict
from sendwright.profile import SenderProfile
from sendwright.service.options import ServeOptions
from sendwright.service.refusal import StartRefused
from sendwright.service.server import Stop, bind, serve_requests


async def exchange(of: Served, sent: bytes) -> bytes:
    """Send raw bytes and return everything that comes back."""
    reader, writer = await asyncio.open_connection("127.0.0.1", int(of.url.rpartition(":")[2]))
    try:
        writer.write(sent)
        await writer.drain()
        writer.write_eof()
        return await asyncio.wait_for(reader.read(), 10)
    finally:
        writer.close()


@pytest.mark.parametrize(
    "sent",
    [
        b"",
        b"\r\n\r\n",
        b"EHLO example.org\r\n",
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + bytes(200),
        b"GET /healthz\r\n\r\n",
        b"GET /healthz HTTP/9.9\r\n\r\n",
        b"GET /healthz HTTP/1.1\r\nHost: a\r\nContent-Length: -1\r\n\r\n",
        b"GET /healthz HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
        b"GET /healthz HTTP/1.1\r\nBad Header: x\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: a\r\nX: " + b"x" * 100_000 + b"\r\n\r\n",
        b"POST /v1/enrolments HTTP/1.1\r\nHost: a\r\nContent-Length: 100\r\n\r\n{",
        bytes(range(256)) * 20,
    ],
    ids=range(12),
)
async def test_garbage_ends_its_own_connection_only(tmp_path: Path, sent: bytes) -> None:
    async with served(tmp_path) as of:
        answer = await exchange(of, sent)
        assert answer == b"" or answer.startswith(b"HTTP/1.1 4") or b"HTTP/1.1 200" in answer
        async with httpx.AsyncClient() as http:
            assert (await http.get(f"{of.url}/healthz")).status_code == 200


async def test_many_silent_connections_keep_nobody_out(tmp_path: Path) -> None:
    async with served(tmp_path) as of:
        port = int(of.url.rpartition(":")[2])
        silent = [await asyncio.open_connection("127.0.0.1", port) for _ in range(100)]
        async with httpx.AsyncClient() as http:
            answers = await asyncio.gather(*(http.get(f"{of.url}/healthz") for _ in range(20)))
        assert {answer.status_code for answer in answers} == {200}
        for _, writer in silent:
            writer.close()


async def test_many_wizards_at_once_each_get_their_own_version(tmp_path: Path) -> None:
    async with served(tmp_path) as of:
        wizards = [of.wizard for _ in range(10)]
        anonymous = SenderProfile(
            provider="custom_smtp",
            sender="smtp",
            address="a@example.org",
            alias="A",
            settings={"host": "smtp.example.org", "port": 465, "security": "tls"},
        )
        made = await asyncio.gather(
            *(wizard.stage(anonymous, {}, key=f"k{number}") for number, wizard in enumerate(wizards))
        )
        assert sorted(state.version for state in made) == list(range(1, 11))
        for wizard in wizards:
            await wizard.close()


async def test_an_end_lets_the_running_test_come_to_its_own(tmp_path: Path) -> None:
    opened = asyncio.Event()

    async def slow(*_: object, **__: object) -> object:
        yield StageResult(id="resolve", verdict=Verdict.PASSED)
        await opened.wait()
        yield StageResult(id="submit", verdict=Verdict.PASSED)

    async with served(tmp_path) as of:
        of.backend.assembly.services.trials._diagnose = slow  # type: ignore[assignment]
        version = await of.backend.wizard.stage()
        client = of.wizard
        stages = client.test(version, to=None)
        assert (await anext(stages)).id == "resolve"
        asyncio.get_running_loop().call_later(0.3, opened.set)
        leaving = asyncio.create_task(collect(stages))
    assert [stage.id for stage in await leaving] == ["submit"]
    await client.close()


async def collect(stages: object) -> list[StageResult]:
    return [stage async for stage in stages]  # type: ignore[attr-defined]


async def test_a_stop_that_came_before_the_start_is_not_forgotten(tmp_path: Path) -> None:
    async with running(tmp_path) as backend:
        stop, ready = Stop(), []
        stop.ask()
        options = ServeOptions(data=tmp_path)
        listener, _ = bind(options)
        await asyncio.wait_for(
            serve_requests(
                backend.assembly.application,
                backend.assembly.services,
                options=options,
                listener=listener,
                stop=stop,
                ready=lambda: ready.append(1),
            ),
            10,
        )
        assert ready == [1]


async def test_signals_ask_for_the_end() -> None:
    stop, asked = Stop(), asyncio.Event()
    stop.listen_to_signals()
    stop.follow(asked.set)
    try:
        signal.raise_signal(signal.SIGTERM)
        await asyncio.wait_for(asked.wait(), 5)
    finally:
        loop = asyncio.get_running_loop()
        for number in (signal.SIGTERM, signal.SIGINT):
            loop.remove_signal_handler(number)


@pytest.mark.parametrize(
    ("options", "prefix"),
    [
        ({"host": "127.0.0.1"}, "http://127.0.0.1:"),
        ({"host": "::1"}, "http://[::1]:"),
        ({"host": "localhost"}, "http://localhost:"),
        ({"host": "0.0.0.0"}, "http://127.0.0.1:"),  # noqa: S104 - what it is called from here
        ({"host": "127.0.0.1", "certificate": Path("x")}, "https://127.0.0.1:"),
    ],
)
def test_the_url_is_the_one_that_this_computer_can_use(options: dict[str, object], prefix: str) -> None:
    listener, url = bind(ServeOptions(data=Path(), **options))  # type: ignore[arg-type]
    with listener:
        assert url == f"{prefix}{listener.getsockname()[1]}"


def test_a_place_that_is_taken_is_named() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(StartRefused) as caught:
            bind(ServeOptions(data=Path(), port=port))
    assert caught.value.code == "cannot-listen"
    assert f"127.0.0.1:{port}" in caught.value.words


@pytest.mark.parametrize("kind", ["missing", "no certificate", "of another key"])
async def test_a_certificate_that_cannot_be_used_is_named(
    tmp_path: Path, certificates: Certificates, kind: str
) -> None:
    nonsense = tmp_path / "nonsense.pem"
    nonsense.write_text("nonsense")
    chain, key = {
        "missing": (tmp_path / "gone.pem", tmp_path / "gone.key"),
        "no certificate": (nonsense, nonsense),
        "of another key": (certificates.good.chain, certificates.expired.key),
    }[kind]
    async with running(tmp_path / "data") as backend:
        options = ServeOptions(data=tmp_path, certificate=chain, certificate_key=key)
        listener, _ = bind(options)
        with listener, pytest.raises(StartRefused) as caught:
            await serve_requests(
                backend.assembly.application,
                backend.assembly.services,
                options=options,
                listener=listener,
                stop=Stop(),
                ready=lambda: pytest.fail("it started"),
            )
    assert caught.value.code == "certificate-unusable"


@pytest.mark.parametrize(
    ("method", "path", "logged"),
    [
        ("GET", "/v1/organisation", False),
        ("GET", "/v1/profiles/9", True),
        ("DELETE", "/v1/profiles/active", True),
        ("GET", "/healthz", False),
        ("GET", "/nowhere", False),
    ],
)
async def test_changes_and_refusals_are_logged_without_what_was_asked(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, method: str, path: str, *, logged: bool
) -> None:
    caplog.set_level(logging.INFO, "sendwright.service")
    async with served(tmp_path) as of, httpx.AsyncClient() as http:
        headers = of.backend.wizard.headers | {"If-Match": "*"}
        caplog.clear()
        await http.request(method, f"{of.url}{path}?token=canary", headers=headers)
    lines = [record for record in caplog.records if record.msg == "request"]
    assert len(lines) == logged
    for line in lines:
        assert set(vars(line)) >= {"method", "route", "status", "took_ms"}
        assert "canary" not in repr(vars(line))
        assert "9" not in line.route
