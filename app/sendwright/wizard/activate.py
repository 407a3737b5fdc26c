"""Puts the profile in force: stored, tested by the backend itself, activated."""

from collections.abc import Awaitable
from time import perf_counter
from typing import TypeVar

from msgspec.structs import replace

from sendwright.diagnosis.stage import StageResult, Verdict
from sendwright.diagnosis.two_sides import compare_sides
from sendwright.errors import VaultUnavailable
from sendwright.handoff.backend import Backend
from sendwright.problems.evidence import Failure
from sendwright.providers import catalogue
from sendwright.providers.provider import Provider
from sendwright.screens import Answer, Halted, Screen, Working
from sendwright.vault.vault import Secret, SecretRef
from sendwright.wizard.backend_access import open_backend, require_passed, run_backend_test, run_desk_test
from sendwright.wizard.draft import Draft, Outcome, Staged
from sendwright.wizard.profile import profile_of
from sendwright.wizard.staging import Kept, keeping, stage
from sendwright.wizard.step import WizardStep, halting
from sendwright.world import Progress, World

STORE = "store"
IN_FORCE = "in-force"

T = TypeVar("T")


class ActivateStep(WizardStep):
    """The staged push. Whatever fails, the former sender stays; pressing again repeats nothing that was done."""

    id = "activate"
    stop = "activate"

    def applies(self, state: Draft) -> bool:
        """Whenever something is to be set up."""
        return state.purpose.changes

    def show(self, state: Draft, world: World) -> Screen:
        """Show the stages."""
        del world
        stages = catalogue.by_id(state.provider or "").stages
        return Working(
            step=self.id,
            title="activate.title",
            lead="activate.lead",
            values={"address": state.sender.address if state.sender else ""},
            stages=(STORE, *stages, IN_FORCE),
        )

    async def accept(self, state: Draft, answer: Answer, world: World, progress: Progress) -> Draft:
        """Stage, test, activate, and keep no secret that is not asked to be kept."""
        del answer
        if state.platform is None or state.provider is None:
            return state
        provider = catalogue.by_id(state.provider)
        profile = profile_of(state)
        platform = state.platform
        former = platform.organisation.in_force
        kept = Kept(state)
        with keeping(kept):
            async with open_backend(platform, world) as backend:
                kept.state, staged = await _timed(STORE, stage(state, backend, world), progress)
                await _test(kept.state, staged, backend, world, progress)
                active = await _timed(IN_FORCE, backend.activate(staged.version), progress)
                organisation = await backend.organisation()
        state = kept.state
        keep = provider.keeps_secrets(state.answers)
        outcome = Outcome(
            version=active.version,
            profile=profile,
            at=active.activated_at or world.clock(),
            previous_version=former.version if former else None,
            secret_left=not keep and not await _forget(provider.secrets(state.answers), world),
        )
        return replace(state, outcome=outcome, platform=replace(platform, organisation=organisation))


async def _test(state: Draft, staged: Staged, backend: Backend, world: World, progress: Progress) -> None:
    """Let the backend test what it stores, unless it did; where it fails, the same test from here is put beside it."""
    if staged.tested:
        return
    provider = catalogue.by_id(state.provider or "")
    profile = profile_of(state)
    to = state.test.to if state.test else profile.address
    there = await run_backend_test(backend, staged.version, to=to, progress=progress)
    if any(result.verdict is Verdict.FAILED for result in there):
        credentials = await _of_this_desk(provider, state, world)
        desk = await run_desk_test(profile, credentials, world, to=to)
        require_passed(there, sides=compare_sides(desk, there))


async def _of_this_desk(provider: Provider, state: Draft, world: World) -> dict[str, Secret]:
    """Return what the same test signs in with from here; nothing where the backend has taken over what could."""
    with halting("sign-in"):
        try:
            return await provider.desk_credentials(state.answers, world)
        except Failure:
            return {}


async def _forget(refs: tuple[SecretRef, ...], world: World) -> bool:
    """What is in force stays so even if the keychain does not answer; the person is told instead."""
    try:
        for ref in refs:
            await world.keepers.forget(world.vault, ref)
    except VaultUnavailable:
        return False
    return True


async def _timed(stage: str, work: Awaitable[T], progress: Progress) -> T:
    began = perf_counter()
    try:
        with halting(stage):
            done = await work
    except Halted as halted:
        took = (perf_counter() - began) * 1000
        progress(StageResult(id=stage, verdict=Verdict.FAILED, took_ms=took, problem=halted.problem))
        raise
    progress(StageResult(id=stage, verdict=Verdict.PASSED, took_ms=(perf_counter() - began) * 1000))
    return done
