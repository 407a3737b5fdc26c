"""A world for the wizard with a simulated Google that really listens, and somebody who clicks on its pages."""

import asyncio
import ssl
from collections.abc import AsyncIterator, Collection
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

import httpx
from msgspec.structs import replace as changed
from tests.servers.google import listening
from tests.unit.practice.google.visiting import Person
from tests.unit.practice.google.visiting import World as Visited
from tests.wizard.playing import answer, consent_of, ignore, run, stop_of
from tests.wizard.simulated_world import Played, tried, world_around
from tests.wizard.surroundings import RememberingBackend

from sendwright.deployment import Deployment
from sendwright.deployment.model import Google
from sendwright.diagnosis.stage import GMAIL_STAGES, StageResult, Verdict
from sendwright.handoff.wire import GoogleIdentity
from sendwright.network.network import Network
from sendwright.network.system import system_network
from sendwright.practice.google.example import ANNA, CLIENT_ID, CLIENT_SECRET, example
from sendwright.practice.google.server import SimulatedGoogle
from sendwright.practice.google.workspace import OAuthClient, Workspace
from sendwright.recording.wire_recorder import WireRecorder
from sendwright.secret import Secret
from sendwright.senders.gmail.settings import Way
from sendwright.vault.vault import Vault
from sendwright.wizard.wizard import Wizard

__all__ = ["ANNA", "answer", "consent_of", "ignore", "run", "stop_of"]


@dataclass
class GoogleBackend(RememberingBackend):
    """A backend that sends for real as a service account; what an account sends was sent from the desk."""

    identity: str = ""
    network: Network | None = None
    tested_to: list[str] = field(default_factory=list)

    async def google(self) -> GoogleIdentity:
        self._called("google")
        return GoogleIdentity(identity=self.identity)

    async def test(self, version: int, *, to: str | None, mailbox: str | None = None) -> AsyncIterator[StageResult]:
        self._called("test")
        self.tested_to.append(to or "")
        state = next(state for state in self.staged.values() if state.version == version)
        if state.profile.settings["way"] != Way.SERVICE_ACCOUNT or self.network is None:
            for stage in GMAIL_STAGES:
                yield StageResult(id=stage, verdict=Verdict.PASSED)
            return
        credentials = {name: Secret(value) for name, value in self.credentials[version - 1].items()}
        async for result in tried(state, credentials, self.network, to=to, mailbox=mailbox):
            yield result


@dataclass
class Play(Played):
    """What a test plays on."""

    backend: GoogleBackend
    google: SimulatedGoogle
    workspace: Workspace
    visited: Visited

    @property
    def client(self) -> OAuthClient:
        return self.workspace.clients[CLIENT_ID]

    def person(self, email: str = ANNA) -> Person:
        return self.visited.browser(email)

    def with_google(self, **changes: object) -> "Play":
        return self.with_deployment(google=changed(self.world.deployment.google, **changes))


@asynccontextmanager
async def stage(folder: Path, *, workspace: Workspace | None = None, vault: Vault | None = None) -> AsyncIterator[Play]:
    """Start the simulated Google and put a world around it."""
    workspace = workspace or example()
    async with listening(workspace) as server:
        google, inbox = server.google, server.inbox
        recorder = WireRecorder()
        network = system_network(timeout_s=5, authorities_pem=google.authority_pem, recorder=recorder)
        backend = GoogleBackend(network=network)
        context = ssl.create_default_context(cadata=google.authority_pem)
        visited = Visited(google, workspace, inbox, context)
        world = world_around(
            folder,
            deployment=Deployment(
                google=Google(
                    client_id=CLIENT_ID,
                    client_secret=Secret(CLIENT_SECRET),
                    login=google.login,
                    gmail=google.gmail,
                    smtp=f"localhost:{google.smtp_port}",
                )
            ),
            backend=backend,
            network=network,
            recorder=recorder,
            vault=vault,
            authority_pem=google.authority_pem,
        )
        try:
            yield Play(world, inbox, folder / "draft", backend, google, workspace, visited)
        finally:
            await world.attempts.close()
            for client in visited.clients:
                await client.aclose()


async def sign_in(
    wizard: Wizard,
    play: Play,
    email: str = ANNA,
    *,
    button: str = "accept",
    boxes: Collection[str] | None = None,
) -> Person:
    """Sign in in the person's own browser while the wizard waits for it to come back; let what follows work."""
    url = consent_of(wizard).url
    waiting = asyncio.ensure_future(wizard.submit({}, progress=ignore))
    try:
        person = play.person(email)
        left_to = await person.agree(url, button, boxes=boxes)
        assert left_to, person.page.words
        async with httpx.AsyncClient(trust_env=False, follow_redirects=True) as browser:
            await browser.get(left_to)
        await waiting
    finally:
        waiting.cancel()
        await asyncio.gather(waiting, return_exceptions=True)
    await run(wizard)
    return person


async def to_way(play: Play, *, address: str = ANNA) -> Wizard:
    """Walk to the choice of the way."""
    wizard = await play.wizard()
    await answer(wizard, "start", choice="set-up")
    await answer(wizard, "platform", choice="this-computer")
    await answer(wizard, "provider", choice="gmail", address=address)
    assert wizard.screen.step == "gmail-way", wizard.screen
    return wizard


async def to_plan(play: Play, *, address: str = ANNA, **given: str) -> Wizard:
    """Walk to the plan of a signed-in account."""
    wizard = await to_way(play, address=address)
    await answer(wizard, "gmail-way", **({"choice": "account"} | given))
    assert wizard.screen.step == "gmail-plan", wizard.screen
    return wizard


async def to_connected(play: Play, email: str = ANNA, *, address: str = ANNA, **given: str) -> Wizard:
    """Walk to the page after the sign-in."""
    wizard = await to_plan(play, address=address, **given)
    await answer(wizard, "gmail-plan")
    await sign_in(wizard, play, email)
    assert wizard.screen.step == "gmail-connected", wizard.screen
    return wizard
