"""Opens the notification backend with the token in the vault, and runs its own test."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from sendwright.diagnosis.stage import Verdict
from sendwright.handoff.backend import Backend
from sendwright.screens import Halted
from sendwright.wizard.draft import Platform
from sendwright.wizard.step import halting
from sendwright.world import Progress, World


@asynccontextmanager
async def open_backend(platform: Platform, world: World) -> AsyncIterator[Backend]:
    """Open the backend of `platform`; whatever fails inside becomes a stop with a named problem."""
    with halting("backend"):
        token = await world.vault.fetch(platform.token)
        if platform.on_this_computer:
            address = await world.local_backend.start()
        else:
            address = platform.address
        backend = world.backend(address, token)
        try:
            yield backend
        finally:
            await backend.close()


async def run_backend_test(backend: Backend, version: int, *, to: str | None, progress: Progress) -> None:
    """Let the backend test `version`; report its stages. Raises Halted with the first problem."""
    problem = None
    async for result in backend.test(version, to=to):
        progress(result)
        if result.verdict is Verdict.FAILED and problem is None:
            problem = result.problem
    if problem is not None:
        raise Halted(problem)
