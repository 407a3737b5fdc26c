"""`sendwright serve` as a process: starts once, says where it listens, refuses what would harm, ends whole."""

import asyncio
import json
import socket
import sqlite3
import stat
from pathlib import Path

import httpx
import pytest
from tests.servers.certificates import Certificates
from tests.servers.fixtures import StartSmtp
from tests.servers.smtp_script import Delay
from tests.unit.service.process_kit import (
    PASSWORD,
    connection_code,
    process,
    profile_for,
    refused,
    submission,
)

from sendwright.handoff.backend import HandoffFailed
from sendwright.handoff.connection_code import parse_connection_code
from sendwright.handoff.runtime_file import read_runtime_file
from sendwright.problems.classify import classify
from sendwright.secret import Secret

CREDENTIALS = {"password": Secret(PASSWORD)}


async def test_the_first_start_says_how_to_connect_and_the_next_only_where(tmp_path: Path) -> None:
    data = tmp_path / "deep" / "data folder"
    data.parent.mkdir()
    async with process(data) as backend:
        url = backend.running.url
        assert f"The notification backend listens at {url}.\n" in backend.words
        assert f"sendwright connection-code --data {data}" in backend.words
        token = await backend.enrol()
        client = backend.client(token)
        assert (await client.organisation()).name == "Your organisation"
        await client.close()
        assert stat.S_IMODE(data.stat().st_mode) == 0o700
        for file in data.iterdir():
            assert stat.S_IMODE(file.stat().st_mode) == 0o600, file
        assert await backend.stop() == 0
        assert read_runtime_file(data) is None
        said = len(backend.words)
    async with process(data) as backend:
        assert "connection-code" not in backend.words[said:]
        client = backend.client(token)
        assert [entry.action for entry in (await client.audit()).entries] == ["enrolled", "code-issued"]
        await client.close()


async def test_the_log_is_json_without_addresses_tokens_or_queries(tmp_path: Path) -> None:
    async with process(tmp_path / "data") as backend:
        url, token = backend.running.url, await backend.enrol()
        client = backend.client(token)
        await client.organisation()
        await client.notifications(state="failed")
        with pytest.raises(HandoffFailed):
            await client.notification("not-there")
        await client.close()
        await backend.stop()
        lines = [json.loads(line) for line in backend.words.splitlines() if line.startswith("{")]
    routes = [(line["method"], line["route"], line["status"]) for line in lines if line["event"] == "request"]
    assert routes == [
        ("POST", "/v1/enrolments", 201),
        ("GET", "/v1/notifications/{notification_id}", 404),
    ]
    assert [line["event"] for line in lines if line["event"] != "request"] == ["listening", "enrolled", "stopped"]
    assert token not in backend.words
    assert "not-there" not in backend.words
    assert "127.0.0.1" not in backend.words.replace(f"{url}", "")


async def test_a_second_process_on_the_same_folder_is_refused(tmp_path: Path) -> None:
    data = tmp_path / "data"
    async with process(data) as backend:
        words = await refused(data)
        assert words == (
            f"A notification backend already runs with the folder {data}, at {backend.running.url}."
            " Use it, stop it, or choose another folder.\n"
        )
        await backend.ready()
        assert (await asyncio.to_thread(httpx.get, f"{backend.running.url}/healthz")).status_code == 200


async def test_a_second_process_on_the_same_database_is_refused(tmp_path: Path) -> None:
    shared = ("--database", f"sqlite:///{tmp_path}/shared.db")
    async with process(tmp_path / "first", *shared) as backend:
        words = await refused(tmp_path / "second", *shared)
        assert "already runs" in words
        await backend.kill()
    key = {"SENDWRIGHT_KEY": (tmp_path / "first" / "key").read_text().strip()}
    async with process(tmp_path / "second", *shared, more=key) as backend:
        assert "listens at" in backend.words


async def test_a_killed_process_leaves_no_lock_behind(tmp_path: Path) -> None:
    data = tmp_path / "data"
    async with process(data) as backend:
        await backend.kill()
    assert read_runtime_file(data) is not None
    answer = await connection_code(data)
    assert (answer.returncode, answer.stdout) == (1, b"")
    async with process(data) as backend:
        assert await backend.enrol()


async def test_a_connection_code_needs_a_running_backend_or_its_address(tmp_path: Path) -> None:
    data = tmp_path / "data"
    answer = await connection_code(data)
    assert answer.returncode == 1
    assert answer.stdout == b""
    assert answer.stderr.decode() == (
        f"No notification backend runs with the folder {data}. Start it with: sendwright serve --data {data}\n"
    )
    assert not data.exists()
    answer = await connection_code(data, "--url", "https://notify.example.org")
    code = parse_connection_code(answer.stdout.decode())
    assert code.address.url == "https://notify.example.org"
    answer = await connection_code(data, "--url", "http://notify.example.org")
    assert (answer.returncode, answer.stdout) == (1, b"")
    assert "not encrypted" in answer.stderr.decode()
    async with process(data) as backend:
        client = backend.client(None)
        assert (await client.enrol(code.secret, device="d")).token
        await client.close()


async def test_a_test_that_runs_is_ended_before_the_process_is(
    tmp_path: Path, certificates: Certificates, scripted_smtp: StartSmtp
) -> None:
    server = scripted_smtp(submission(certificates, end_of_data=Delay(1.0, b"250 2.0.0 Ok: queued as X")))
    async with process(tmp_path / "data") as backend:
        token = await backend.enrol()
        client = backend.client(token)
        version = (await client.stage(profile_for(server, certificates), CREDENTIALS, key="k")).version
        stages = client.test(version, to="ann@example.com")
        first = await anext(stages)
        stopping = asyncio.create_task(backend.stop())
        rest = [stage async for stage in stages]
        assert [stage.id for stage in (first, *rest)][-1] == "submit"
        assert await stopping == 0
        await client.close()
    assert len(server.record.messages) == 1
    async with process(tmp_path / "data") as backend:
        client = backend.client(token)
        assert (await client.profiles()).profiles[0].test_verdict == "passed"
        await client.close()


async def test_the_default_sender_of_the_platform_makes_it_ready(tmp_path: Path) -> None:
    data = tmp_path / "data"
    data.mkdir()
    (data / "organisation.toml").write_text('name = "Contoso"\nworkspaces = ["Legal", "Safety"]\n')
    async with process(data) as backend:
        answer = await asyncio.to_thread(httpx.get, f"{backend.running.url}/readyz")
        assert (answer.status_code, answer.json()["code"], answer.json()["detail"]) == (
            503, "backend-not-ready", "sender",
        )  # fmt: skip
        await backend.stop()
    (data / "default-sender.toml").write_text(
        'address = "platform@example.org"\nalias = "Platform"\n'
        '[smtp]\nhost = "smtp.example.org"\nport = 465\nsecurity = "tls"\n'
        'username = "robot"\npassword_file = "password"\n'
    )
    (data / "password").write_text(PASSWORD + "\n")
    async with process(data) as backend:
        answer = await asyncio.to_thread(httpx.get, f"{backend.running.url}/readyz")
        assert answer.status_code == 200
        client = backend.client(await backend.enrol())
        organisation = await client.organisation()
        await client.close()
        assert (organisation.name, organisation.workspaces) == ("Contoso", ("Legal", "Safety"))
        assert organisation.default_sender.address == "platform@example.org"
        assert PASSWORD not in backend.words


SENDER = 'address = "a@example.org"\nalias = "A"\n'
SERVER = SENDER + '[smtp]\nhost = "h"\nport = 1\nsecurity = "tls"\n'


@pytest.mark.parametrize(
    ("file", "content", "reason"),
    [
        ("default-sender.toml", "address = ", "Invalid value"),
        ("default-sender.toml", SENDER, "smtp"),
        ("default-sender.toml", SERVER.replace("a@example.org", "nobody"), "no-at-sign"),
        ("default-sender.toml", SERVER.replace('"tls"', '"none"'), "security"),
        ("default-sender.toml", SERVER + 'username = "u"\n', "password_file"),
        ("default-sender.toml", SERVER + 'username = "u"\npassword_file = "gone"\n', "gone"),
        ("organisation.toml", 'nmae = "Contoso"', "nmae"),
    ],
)
async def test_a_settings_file_that_cannot_be_used_is_named(
    tmp_path: Path, file: str, content: str, reason: str
) -> None:
    data = tmp_path / "data"
    data.mkdir()
    (data / file).write_text(content)
    words = await refused(data)
    assert reason in words
    assert str(data) in words
    assert "Traceback" not in words


async def test_what_would_be_unsafe_or_impossible_is_refused_in_words(tmp_path: Path) -> None:
    data = tmp_path / "data"
    assert "must be encrypted" in await refused(data, "--listen", "0.0.0.0:0")
    assert "is no place to listen" in await refused(data, "--listen", "nowhere")
    assert "cannot be used" in await refused(data, "--certificate", "/gone.pem", "--certificate-key", "/gone.key")
    with socket.create_server(("127.0.0.1", 0)) as taken:
        place = f"127.0.0.1:{taken.getsockname()[1]}"
        assert f"Nothing can listen at {place}" in await refused(data, "--listen", place)
    (tmp_path / "file").write_text("")
    assert "cannot be used" in await refused(tmp_path / "file")


async def test_a_database_of_a_newer_version_is_refused_and_left_alone(tmp_path: Path) -> None:
    data = tmp_path / "data"
    async with process(data) as backend:
        await backend.stop()
    database = sqlite3.connect(data / "backend.db")
    with database:
        database.execute("UPDATE alembic_version SET version_num = '9999'")
    database.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    database.close()
    before = (data / "backend.db").read_bytes()
    assert "newer version" in await refused(data)
    assert (data / "backend.db").read_bytes() == before


async def test_a_missing_key_is_refused_and_none_is_made_in_its_place(tmp_path: Path) -> None:
    data = tmp_path / "data"
    async with process(data) as backend:
        await backend.stop()
    key = data / "key"
    key.rename(data / "elsewhere")
    words = await refused(data)
    assert f"not in {key} any more" in words
    assert not key.exists()
    (data / "elsewhere").rename(key)
    async with process(data):
        pass


async def test_other_computers_connect_over_tls(tmp_path: Path, certificates: Certificates) -> None:
    good = certificates.good
    pair = ("--certificate", str(good.chain), "--certificate-key", str(good.key))
    async with process(tmp_path / "data", "--listen", "127.0.0.1:0", *pair) as backend:
        assert backend.running.url.startswith("https://127.0.0.1:")
        client = backend.client(None)
        with pytest.raises(HandoffFailed) as caught:
            await client.organisation()
        assert classify(caught.value.evidence).code.startswith("tls-certificate")
        await client.close()
        answer = await connection_code(tmp_path / "data", "--ca", str(certificates.ca_file))
        code = parse_connection_code(answer.stdout.decode())
        assert code.address.ca_pem is not None
