"""The order of the screens: the wizard's own, with those of the chosen provider in their place."""

from collections.abc import Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import replace as with_
from typing import Any

from msgspec.structs import replace

from sendwright.handoff.backend import Backend
from sendwright.providers import catalogue
from sendwright.providers.provider import Advice, Step
from sendwright.screens import Answer, Elsewhere, Halted, Interrupted, Screen
from sendwright.wizard.activate import ActivateStep
from sendwright.wizard.backend_access import open_backend
from sendwright.wizard.check import CheckDoneStep, CheckStep
from sendwright.wizard.disconnect import DisconnectedStep, DisconnectStep
from sendwright.wizard.done import DoneStep
from sendwright.wizard.draft import Draft
from sendwright.wizard.platform import PlatformStep
from sendwright.wizard.review import ReviewStep
from sendwright.wizard.select import ProviderStep
from sendwright.wizard.sender import SenderStep
from sendwright.wizard.start import StartStep
from sendwright.wizard.trial import ArrivalStep, TrialRunStep, TrialStep
from sendwright.world import PlatformAccess, Progress, World


class ProviderPart:
    """A step of a provider, which knows its own answers only, in the walk over the whole draft."""

    def __init__(self, provider_id: str, inner: Step[Any]) -> None:
        self._provider_id = provider_id
        self._inner = inner
        self.id = inner.id
        self.stop = inner.stop

    def applies(self, state: Draft) -> bool:
        """Whether something is to be set up or signed in again, and the provider wants this screen."""
        return state.purpose.changes and self._inner.applies(self._answers(state))

    def show(self, state: Draft, world: World) -> Screen:
        """Return the provider's screen."""
        return self._inner.show(self._answers(state), _with_platform(state, world))

    async def accept(self, state: Draft, answer: Answer, world: World, progress: Progress) -> Draft:
        """Let the provider use the answer and keep its new answers in the draft."""
        try:
            changed = await self._inner.accept(self._answers(state), answer, _with_platform(state, world), progress)
        except Halted as halted:
            if halted.state is not None:
                halted.state = replace(state, answers=halted.state)
            raise
        except Elsewhere as elsewhere:
            raise Elsewhere(replace(state, answers=elsewhere.state), step=elsewhere.step) from None
        except Interrupted as interrupted:
            raise Interrupted(replace(state, answers=interrupted.state)) from None
        return replace(state, answers=changed)

    async def advise(self, state: Draft, answer: Answer, world: World) -> Advice:
        """Pass on the provider's advice."""
        return await self._inner.advise(self._answers(state), answer, _with_platform(state, world))

    def _answers(self, state: Draft) -> object:
        if state.answers is not None:
            return state.answers
        return catalogue.by_id(self._provider_id).answers()


def _with_platform(state: Draft, world: World) -> World:
    platform = state.platform
    if platform is None:
        return world

    def opened() -> AbstractAsyncContextManager[Backend]:
        return open_backend(platform, world)

    return with_(world, platform=PlatformAccess(organisation=platform.organisation, open=opened))


def walk(draft: Draft) -> Sequence[Step[Draft]]:
    """Return all steps that a person with this draft may come past, in order."""
    if draft.provider is None:
        parts: tuple[Step[Draft], ...] = ()
    else:
        provider = catalogue.by_id(draft.provider)
        parts = tuple(ProviderPart(provider.id, step) for step in provider.steps)
    return (
        StartStep(),
        CheckStep(),
        CheckDoneStep(),
        DisconnectStep(),
        DisconnectedStep(),
        PlatformStep(),
        ProviderStep(),
        *parts,
        SenderStep(),
        TrialStep(),
        TrialRunStep(),
        ArrivalStep(),
        ReviewStep(),
        ActivateStep(),
        DoneStep(),
    )
