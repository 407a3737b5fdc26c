"""Opens the notification backend with the token in the vault, and runs its own test."""

from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager

from sendwright.diagnosis.catalogue import diagnose, last_without_sign_in
from sendwright.diagnosis.stage import StageResult, Verdict
from sendwright.diagnosis.two_sides import TwoSides
from sendwright.handoff.backend import Backend
from sendwright.profile import SenderProfile
from sendwright.screens import Halted
from sendwright.secret import Secret
from sendwright.senders.unusable import ProfileUnusable
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


async def run_backend_test(backend: Backend, version: int, *, to: str | None, progress: Progress) -> list[StageResult]:
    """Let the backend test `version`; report its stages and return them."""
    results = []
    async for result in backend.test(version, to=to):
        progress(result)
        results.append(result)
    return results


async def run_desk_test(
    profile: SenderProfile, credentials: Mapping[str, Secret], world: World, *, to: str | None = None
) -> list[StageResult]:
    """Make the same test from this computer, without a message; without a credential as far as none is needed.

    There are no results where this program cannot send in that way: a newer one put it in force.
    """
    try:
        stop_after = "" if credentials else last_without_sign_in(profile)
        results = diagnose(profile, credentials, world.network, recipient=to, stop_after=stop_after)
    except ProfileUnusable:
        return []
    return [result async for result in results]


def require_passed(results: Sequence[StageResult], *, sides: TwoSides | None = None) -> None:
    """Raise Halted with the first problem of `results`, if there is one."""
    problems = [result.problem for result in results if result.verdict is Verdict.FAILED and result.problem]
    if problems:
        raise Halted(problems[0], sides=sides)
