"""Hands the profile and its credentials to the backend, which stores them and does not use them yet."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from msgspec.structs import replace

from sendwright.handoff.backend import Backend
from sendwright.providers import catalogue
from sendwright.screens import Halted, Interrupted
from sendwright.wizard.draft import Draft, Staged, digest
from sendwright.wizard.profile import profile_of
from sendwright.world import World


@dataclass
class Kept:
    """The draft as it stands by now, while the backend is being asked."""

    state: Draft


@contextmanager
def keeping(kept: Kept) -> Iterator[None]:
    """Let a stop, and a cancellation, carry what `kept` holds by then: what the backend stored is not stored again."""
    try:
        yield
    except Halted as halted:
        halted.state = kept.state
        raise
    except Interrupted:
        raise
    except asyncio.CancelledError:
        raise Interrupted(kept.state) from None


async def stage(state: Draft, backend: Backend, world: World) -> tuple[Draft, Staged]:
    """Return `state` with its profile staged and its credentials handed over, and what was staged.

    What was staged already is not staged again, unless there are credentials to hand over: they may be others. Where
    the credentials are the backend's since an earlier version, the new one takes them over from there. Raises
    errors.VaultUnavailable and handoff.backend.HandoffFailed; screens.Interrupted where it is cancelled once the
    backend has the credentials: handing over then still goes on to its end.
    """
    profile = profile_of(state)
    provider = catalogue.by_id(profile.provider)
    credentials = await provider.credentials(state.answers, world)
    if state.staged is not None and not credentials and state.staged.profile == digest(profile):
        return state, state.staged
    theirs = state.staged is not None and not credentials and provider.held_by_backend(state.answers)
    former = state.staged.version if state.staged is not None and theirs else None
    contact = state.test.to if state.test else ""
    key = f"{state.id}-{digest(profile)}"
    staged = await backend.stage(
        profile,
        credentials,
        key=key,
        credentials_from=former,
        contact=contact,
        expires_at=provider.ends_at(state.answers),
    )
    record = Staged(version=staged.version, profile=digest(profile))
    handing = asyncio.ensure_future(provider.handed_over(state.answers, world))
    try:
        answers = await asyncio.shield(handing)
    except asyncio.CancelledError:
        raise Interrupted(replace(state, staged=record, answers=await handing)) from None
    return replace(state, staged=record, answers=answers), record
