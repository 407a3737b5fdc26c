"""A backend in a process of its own that trusts the authority of a simulated provider."""

import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from tests.end2end.backend_process import BackendProcess

from sendwright.diagnosis.stage import Verdict
from sendwright.handoff.client import HttpBackend
from sendwright.profile import SenderProfile
from sendwright.secret import Secret
from sendwright.service.settings import DataFolder

HURRIED = """
poll_s = 0.05
care_every_s = 0.5
[limits.graph]
at_once = 4
starts = 10000
period_s = 1.0
[limits.gmail]
at_once = 2
starts = 60
period_s = 61.0
[retry]
first_s = 0.2
soon_s = 0.1
least_s = 0.05
longest_s = 2.0
repair_s = 0.5
attempts = 60
"""


@asynccontextmanager
async def backend_of(path: Path, authority_pem: str, **files: str) -> AsyncIterator[BackendProcess]:
    """Start a backend that trusts the authority. files: others of its folder, by name with `_` for the dot."""
    folder = DataFolder(path)
    folder.create()
    folder.path.joinpath("queue.toml").write_text(HURRIED)
    folder.authorities.write_text(authority_pem)
    for name, content in files.items():
        folder.path.joinpath(name.replace("_", ".")).write_text(content)
    home = {name: str(path / "home") for name in ("HOME", "XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_STATE_HOME")}
    language = {"SENDWRIGHT_LANGUAGE": "en"}
    backend = BackendProcess(folder, {**os.environ, **home, **language}, log=path / "backend.log")
    await backend.start()
    try:
        yield backend
    finally:
        if backend.process is not None and backend.process.returncode is None:
            await backend.kill()


async def put_in_force(
    client: HttpBackend, profile: SenderProfile, credentials: dict[str, Secret], *, key: str, contact: str = ""
) -> int:
    """Let the backend store a version, try it, and use it; return its number."""
    staged = await client.stage(profile, credentials, key=key, contact=contact)
    verdicts = {result.id: result.verdict async for result in client.test(staged.version, to=None)}
    assert Verdict.FAILED not in verdicts.values(), verdicts
    assert (await client.activate(staged.version)).trouble is None
    return staged.version
