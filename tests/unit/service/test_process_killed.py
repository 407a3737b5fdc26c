"""The backend killed, and its disk filled, at any moment: the old sender stays, nothing is half-written."""

import asyncio
from pathlib import Path

import pytest
from tests.servers.certificates import Certificates
from tests.servers.fixtures import StartSmtp
from tests.servers.smtp_script import Silence
from tests.unit.service.process_kit import PASSWORD, Process, process, profile_for, submission

from sendwright.handoff.backend import HandoffFailed
from sendwright.handoff.client import HttpBackend
from sendwright.problems.classify import classify
from sendwright.secret import Secret

CREDENTIALS = {"password": Secret(PASSWORD)}


async def run_test(client: HttpBackend, version: int) -> list[str]:
    return [stage.verdict async for stage in client.test(version, to="ann@example.com")]


async def in_force(backend: Process, token: str) -> tuple[str, int] | None:
    client = backend.client(token)
    state = (await client.organisation()).in_force
    await client.close()
    return None if state is None else (state.profile.alias, state.version)


@pytest.mark.parametrize("moment", ["staged", "in the test", "tested", "activated"])
async def test_killed_between_two_steps_the_walk_goes_on_where_it_stood(
    tmp_path: Path, moment: str, certificates: Certificates, scripted_smtp: StartSmtp
) -> None:
    data = tmp_path / "data"
    good = scripted_smtp(submission(certificates))
    stuck = scripted_smtp(submission(certificates, end_of_data=(Silence(), b"250 2.0.0 Ok: queued as Y")))
    async with process(data) as backend:
        token = await backend.enrol()
        client = backend.client(token)
        former = (await client.stage(profile_for(good, certificates, "Former"), CREDENTIALS, key="a")).version
        await run_test(client, former)
        await client.activate(former)
        server = stuck if moment == "in the test" else good
        next_one = profile_for(server, certificates, "Next")
        version = (await client.stage(next_one, CREDENTIALS, key="b")).version
        if moment == "in the test":
            testing = asyncio.create_task(run_test(client, version))
            while not stuck.record.messages:  # noqa: ASYNC110 - another thread fills it
                await asyncio.sleep(0.01)
            await backend.kill()
            with pytest.raises(HandoffFailed) as caught:
                await testing
            assert caught.value.evidence.perhaps_sent
        elif moment != "staged":
            assert set(await run_test(client, version)) == {"passed"}
        if moment == "activated":
            await client.activate(version)
        await backend.kill()
        await client.close()

    async with process(data) as backend:
        assert await in_force(backend, token) == (("Next", 2) if moment == "activated" else ("Former", 1))
        client = backend.client(token)
        assert (await client.stage(next_one, CREDENTIALS, key="b")).version == version  # nothing is done twice
        if moment in {"staged", "in the test"}:
            with pytest.raises(HandoffFailed) as caught:
                await client.activate(version)
            assert caught.value.evidence.reason == "profile-not-tested"
            assert set(await run_test(client, version)) == {"passed"}
        assert (await client.activate(version)).state == "in-force"
        await client.close()
        assert await in_force(backend, token) == ("Next", version)


async def test_killed_again_and_again_in_the_middle_of_writes_the_versions_stay_whole(
    tmp_path: Path, certificates: Certificates, scripted_smtp: StartSmtp
) -> None:
    data = tmp_path / "data"
    server = scripted_smtp(submission(certificates))
    acknowledged: dict[str, int] = {}
    token = ""
    for life in range(4):
        async with process(data) as backend:
            token = token or await backend.enrol()
            client = backend.client(token)

            async def write(client: HttpBackend = client, life: int = life) -> None:
                for number in range(200):
                    profile = profile_for(server, certificates, f"{life}-{number}")
                    state = await client.stage(profile, CREDENTIALS, key=profile.alias)
                    acknowledged[profile.alias] = state.version

            writing = asyncio.create_task(write())
            await asyncio.sleep(0.3 + life * 0.07)
            await backend.kill()
            with pytest.raises(HandoffFailed):
                await writing
            await client.close()
    assert len(acknowledged) > 4
    async with process(data) as backend:
        client = backend.client(token)
        states = (await client.profiles()).profiles
        kept = {state.profile.alias: state.version for state in states}
        assert acknowledged.items() <= kept.items()
        assert len(kept) == len(states) <= len(acknowledged) + 4
        assert sorted(state.version for state in states) == list(range(1, len(states) + 1))
        assert await in_force(backend, token) is None
        verdicts = await run_test(client, states[0].version)
        assert set(verdicts) == {"passed"}
        await client.close()


async def test_on_a_really_full_disk_the_old_sender_stays_and_room_heals(
    tmp_path: Path, certificates: Certificates, scripted_smtp: StartSmtp
) -> None:
    data = tmp_path / "data"
    server = scripted_smtp(submission(certificates))
    async with process(data) as backend:
        token = await backend.enrol()
        client = backend.client(token)
        former = (await client.stage(profile_for(server, certificates, "Former"), CREDENTIALS, key="a")).version
        await run_test(client, former)
        await client.activate(former)
        staged = (await client.stage(profile_for(server, certificates, "Next"), CREDENTIALS, key="b")).version
        await run_test(client, staged)
        backend.limit_files(1024)
        for attempt in (
            client.stage(profile_for(server, certificates, "Third"), CREDENTIALS, key="c"),
            client.activate(staged),
            client.restore(former),
            client.use_default(),
            run_test(client, staged),
        ):
            try:
                await attempt
            except HandoffFailed as failure:
                assert classify(failure.evidence).code == "backend-storage-full"  # noqa: PT017 - restore may be fine
        assert await in_force(backend, token) == ("Former", former)
        assert len((await client.profiles()).profiles) == 2
        backend.limit_files(-1)
        assert (await client.activate(staged)).state == "in-force"
        await client.close()
        assert await backend.stop() == 0
        assert PASSWORD not in backend.words
    stored = b"".join(file.read_bytes() for file in data.rglob("*") if file.is_file())
    assert PASSWORD.encode() not in stored
    assert token.encode() not in stored
