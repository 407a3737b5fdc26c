"""A backend on a full disk: it says so, loses nothing, sends nothing twice in silence, and goes on by itself."""

import asyncio
import errno
import subprocess
from collections import Counter
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
from tests.end2end.backend_process import BackendProcess, backend_of, enrolled, every_state, thoughtful
from tests.servers.certificates import Certificates
from tests.servers.fixtures import StartSmtp
from tests.servers.requirements import require
from tests.servers.scripted_smtp import ScriptedSmtp

from sendwright.handoff.backend import HandoffFailed
from sendwright.handoff.client import HttpBackend
from sendwright.handoff.wire import NotificationRequest, NotificationState

SIZE = "6m"
LARGE = "x" * 20_000


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A file system of its own, of some megabytes."""
    require("mount", "umount", root=True)
    place = tmp_path / "disk"
    place.mkdir()
    subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={SIZE}", "tmpfs", place], check=True)
    try:
        yield place
    finally:
        subprocess.run(["umount", "--lazy", place], check=True)


@pytest.fixture
def mail_server(scripted_smtp: StartSmtp, certificates: Certificates) -> ScriptedSmtp:
    return scripted_smtp(thoughtful(certificates, 0.02))


@pytest.fixture
async def backend(
    small_disk: Path, mail_server: ScriptedSmtp, certificates: Certificates
) -> AsyncIterator[BackendProcess]:
    async with backend_of(small_disk, mail_server, certificates.ca_file) as backend:
        backend.log = small_disk.parent / "backend.log"
        await backend.start()
        await backend.listening()
        yield backend


def fill(place: Path) -> Path:
    """Take all the room that is left."""
    filler = place / "filler"
    with filler.open("wb", buffering=0) as out:
        try:
            while True:
                out.write(bytes(4_096))
        except OSError as full:
            if full.errno != errno.ENOSPC:
                raise
    return filler


async def handed_over(client: HttpBackend, number: int) -> bool:
    wanted = NotificationRequest(kind="task", to=f"u{number}@example.com", subject="Task", text=LARGE)
    try:
        await client.notify(wanted, key=f"n{number}")
    except HandoffFailed as refused:
        if (refused.evidence.http, refused.evidence.reason) != (507, "storage-full"):
            raise
        return False
    return True


async def all_sent(client: HttpBackend, count: int) -> tuple[NotificationState, ...]:
    async with asyncio.timeout(60):
        while (await client.notifications(state=None)).counts != {"sent": count}:  # noqa: ASYNC110 - over HTTP
            await asyncio.sleep(0.1)
    return await every_state(client)


@pytest.mark.end2end
@pytest.mark.real_server
async def test_a_full_disk_is_said_survived_and_forgotten(
    small_disk: Path, backend: BackendProcess, mail_server: ScriptedSmtp
) -> None:
    client = await enrolled(backend)
    assert await handed_over(client, 0)
    await all_sent(client, 1)
    filler = await asyncio.to_thread(fill, small_disk)
    accepted = [0]
    for number in range(1, 40):  # a little room is left inside of the files
        if await handed_over(client, number):
            accepted.append(number)
        else:
            break
    assert not await handed_over(client, 99)
    await asyncio.sleep(1.0)
    assert backend.process is not None
    assert backend.process.returncode is None
    filler.unlink()
    assert await handed_over(client, 99)
    states = await all_sent(client, len(accepted) + 1)
    await client.close()
    assert await backend.stop() == 0
    arrived = Counter(captured.recipients[0] for captured in mail_server.record.messages)
    assert set(arrived) == {f"u{number}@example.com" for number in (*accepted, 99)}
    twice = {to for to, times in arrived.items() if times > 1}
    assert twice <= {state.to for state in states if state.perhaps_twice}
