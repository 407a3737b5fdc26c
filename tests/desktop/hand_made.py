"""A wizard of hand-made screens: each step shows what it was given and does what the test wants."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path

import httpx
from tests.wizard.surroundings import NOW, HereBackend, LastingVault, RememberingBackend

from sendwright.deployment import Deployment
from sendwright.handoff.known import KnownBackends
from sendwright.network.network import Network
from sendwright.network.trust import client_context
from sendwright.practice.names import PracticeResolver
from sendwright.providers.provider import Advice
from sendwright.screens import Answer, Screen
from sendwright.wizard.draft import Draft
from sendwright.wizard.store import NoDrafts
from sendwright.wizard.wizard import DraftStore, Position, Wizard
from sendwright.world import Progress, World

Act = Callable[[Answer, Progress], Awaitable[None]]
Advise = Callable[[Answer], Awaitable[Advice]]


async def go_on(answer: Answer, progress: Progress) -> None:
    """Take any answer."""


async def say_nothing(answer: Answer) -> Advice:
    return Advice()


@dataclass(frozen=True)
class ShownStep:
    """A step of the wizard with a screen that never changes."""

    screen: Screen
    stop: str = "connect"
    act: Act = go_on
    advice: Advise = say_nothing

    @property
    def id(self) -> str:
        return self.screen.step

    def applies(self, state: Draft) -> bool:
        return True

    def show(self, state: Draft, world: World) -> Screen:
        return self.screen

    async def accept(self, state: Draft, answer: Answer, world: World, progress: Progress) -> Draft:
        await self.act(answer, progress)
        return state

    async def advise(self, state: Draft, answer: Answer, world: World) -> Advice:
        return await self.advice(answer)


def hand_made_world(folder: Path, *, practice: bool = False, deployment: Deployment | None = None) -> World:
    """A world in which nothing listens."""
    return World(
        deployment=deployment or Deployment(),
        vault=LastingVault(),
        network=Network(resolver=PracticeResolver(tls_port=1, starttls_port=1), tls=client_context, timeout_s=5),
        http=httpx.AsyncClient,
        clock=lambda: NOW,
        backend=lambda _address, _token: RememberingBackend(),
        local_backend=HereBackend(),
        known_backends=KnownBackends(folder),
        person="anna",
        practice=practice,
    )


def hand_made_wizard(
    world: World, *steps: ShownStep, at: int = 0, store: DraftStore | None = None, resumed: bool = False
) -> Wizard:
    """A walk over `steps`, standing at the one at place `at`."""
    return Wizard(
        world,
        walk=lambda draft: steps,
        start=Position(draft=Draft(id="a"), step=steps[at].id, history=tuple(step.id for step in steps[:at])),
        store=store or NoDrafts(),
        resumed=resumed,
    )
