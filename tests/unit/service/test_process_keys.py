"""Where the process finds its key: a real keychain, the environment, a file; and what it says without it."""

import asyncio
from pathlib import Path

import pytest
from tests.servers.certificates import Certificates
from tests.servers.fixtures import StartKeychain, StartSmtp
from tests.servers.keychain import KeychainState
from tests.unit.service.process_kit import PASSWORD, process, profile_for, refused, submission

from sendwright.secret import Secret
from sendwright.service.key_sources import encode_key

CREDENTIALS = {"password": Secret(PASSWORD)}
KEY = encode_key(bytes(range(32)))


async def test_a_key_in_the_keychain_of_the_user_outlives_the_process(
    tmp_path: Path, keychain: StartKeychain, certificates: Certificates, scripted_smtp: StartSmtp
) -> None:
    data, service = tmp_path / "data", keychain(KeychainState.UNLOCKED)
    server = scripted_smtp(submission(certificates))
    async with process(data, "--key", "keychain", more=service.variables) as backend:
        token = await backend.enrol()
        client = backend.client(token)
        version = (await client.stage(profile_for(server, certificates), CREDENTIALS, key="k")).version
        assert {stage.verdict async for stage in client.test(version, to="ann@example.com")} == {"passed"}
        await client.activate(version)
        await client.close()
        await backend.kill()
    assert not (data / "key").exists()
    async with process(data, more=service.variables) as backend:
        client = backend.client(token)
        assert {stage.verdict async for stage in client.test(version, to="ann@example.com")} == {"passed"}
        await client.close()
    assert [sign_in.secret for sign_in in server.record.sign_ins] == [PASSWORD, PASSWORD]


@pytest.mark.parametrize("state", [KeychainState.ABSENT, KeychainState.NO_BUS])
async def test_without_a_keychain_no_key_is_made_and_the_way_out_is_named(
    tmp_path: Path, keychain: StartKeychain, state: KeychainState
) -> None:
    words = await refused(tmp_path / "data", "--key", "keychain", more=keychain(state).variables)
    assert "The keychain cannot be used (absent)" in words
    assert "--key file" in words
    async with process(tmp_path / "data", "--key", "file") as backend:
        assert "listens at" in backend.words


async def test_a_key_of_the_environment_is_asked_for_by_its_name_when_it_is_gone(tmp_path: Path) -> None:
    data = tmp_path / "data"
    async with process(data, more={"SENDWRIGHT_KEY": KEY}) as backend:
        token = await backend.enrol()
        assert KEY not in backend.words
    assert not (data / "key").exists()
    assert "not in SENDWRIGHT_KEY any more" in await refused(data)
    other = encode_key(bytes(32))
    words = await refused(data, more={"SENDWRIGHT_KEY": other})
    assert "is not the one" in words
    assert other not in words
    async with process(data, more={"SENDWRIGHT_KEY": KEY}) as backend:
        client = backend.client(token)
        assert (await client.organisation()).in_force is None
        await client.close()


async def test_a_key_file_that_others_may_read_is_refused_until_they_may_not(tmp_path: Path) -> None:
    data = tmp_path / "data"
    async with process(data):
        pass
    (data / "key").chmod(0o644)
    words = await refused(data)
    assert str(data / "key") in words
    assert "chmod 600" in words
    (data / "key").chmod(0o600)
    async with process(data) as backend:
        assert await asyncio.to_thread(lambda: backend.running.url)
