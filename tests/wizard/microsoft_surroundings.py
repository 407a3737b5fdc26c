"""A world for the wizard with a simulated Microsoft 365 that really listens, and somebody who clicks on its pages."""

import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

from msgspec.structs import replace as changed
from tests.servers.microsoft import listening
from tests.unit.practice.microsoft.visiting import EMBEDDED, OWN_BROWSER, Person
from tests.unit.practice.microsoft.visiting import World as Visited
from tests.wizard.playing import answer, consent_of, ignore, run, stop_of
from tests.wizard.simulated_world import Played, tried, world_around
from tests.wizard.surroundings import RememberingBackend

from sendwright.deployment import Deployment
from sendwright.deployment.model import Microsoft
from sendwright.diagnosis.stage import GRAPH_STAGES, StageResult, Verdict
from sendwright.handoff.wire import Certificate, ConsentQuestion, ConsentState, MicrosoftApplication
from sendwright.network.network import Network
from sendwright.network.system import system_network
from sendwright.practice.mail_server import PASSWORD
from sendwright.practice.microsoft.contoso import BEN, CLIENT_ID, contoso
from sendwright.practice.microsoft.server import SimulatedMicrosoft
from sendwright.practice.microsoft.tenant import AppRegistration, Tenant
from sendwright.recording.wire_recorder import WireRecorder
from sendwright.secret import Secret
from sendwright.vault.vault import Vault
from sendwright.wizard.wizard import Wizard

BACKEND_SECRET = "backend-secret-of-the-platform"
PEM = "-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n"


@dataclass
class MicrosoftBackend(RememberingBackend):
    """A backend that acts as an application in the simulated organisation."""

    tenant: Tenant = field(default_factory=contoso)
    network: Network | None = None
    application: MicrosoftApplication = field(
        default_factory=lambda: MicrosoftApplication(client_id=CLIENT_ID, credential="certificate")
    )
    questions: list[ConsentQuestion] = field(default_factory=list)
    made: list[str] = field(default_factory=list)
    tested_to: list[str] = field(default_factory=list)

    async def microsoft(self) -> MicrosoftApplication:
        self._called("microsoft")
        return self.application

    async def make_certificate(self, client_id: str, *, key: str) -> Certificate:
        self._called("make-certificate")
        self.made.append(key)
        return Certificate(
            id=f"certificate-{len(self.made)}",
            client_id=client_id,
            pem=PEM,
            thumbprint="AB" * 20,
            thumbprint_sha256="CD" * 32,
            not_after=datetime.now(UTC) + timedelta(days=730),
        )

    async def consent(self, question: ConsentQuestion) -> ConsentState:
        self._called("consent")
        self.questions.append(question)
        roles = self.tenant.app_roles.get(question.client_id or CLIENT_ID, set())
        if not roles:
            return ConsentState(state="missing", tenant=self.tenant.id)
        return ConsentState(state="granted", roles=tuple(sorted(roles)), tenant=self.tenant.id)

    async def test(self, version: int, *, to: str | None, mailbox: str | None = None) -> AsyncIterator[StageResult]:
        """Send for real where the application sends; what an account sends was sent from the desk."""
        self._called("test")
        state = next(state for state in self.staged.values() if state.version == version)
        if state.profile.settings["way"] != "application" or self.network is None:
            for stage in GRAPH_STAGES:
                yield StageResult(id=stage, verdict=Verdict.PASSED)
            return
        credentials = {"client_secret": Secret(BACKEND_SECRET)}
        async for result in tried(state, credentials, self.network, to=to, mailbox=mailbox):
            yield result
        self.tested_to.append(to or "")


@dataclass
class Play(Played):
    """What a test plays on."""

    backend: MicrosoftBackend
    microsoft: SimulatedMicrosoft
    tenant: Tenant
    visited: Visited

    @property
    def registration(self) -> AppRegistration:
        return self.tenant.registrations[CLIENT_ID]

    @property
    def redirect(self) -> str:
        return f"{self.microsoft.login}/common/oauth2/nativeclient"

    def person(self, agent: str = EMBEDDED) -> Person:
        return self.visited.browser(agent)

    def with_microsoft(self, **changes: str) -> "Play":
        return self.with_deployment(microsoft=changed(self.world.deployment.microsoft, **changes))


@asynccontextmanager
async def stage(folder: Path, *, tenant: Tenant | None = None, vault: Vault | None = None) -> AsyncIterator[Play]:
    """Start the simulated Microsoft and put a world around it."""
    tenant = tenant or contoso()
    async with listening(tenant) as server:
        microsoft, inbox = server.microsoft, server.inbox
        microsoft.device_interval_s = 0.01
        recorder = WireRecorder()
        network = system_network(timeout_s=5, authorities_pem=microsoft.authority_pem, recorder=recorder)
        registration = tenant.registrations[CLIENT_ID]
        registration.redirect_uris.add(f"{microsoft.login}/common/oauth2/nativeclient")
        registration.secrets[BACKEND_SECRET] = datetime.now(UTC) + timedelta(days=30)
        backend = MicrosoftBackend(tenant=tenant, network=network)
        context = ssl.create_default_context(cadata=microsoft.authority_pem)
        visited = Visited(microsoft, tenant, inbox, context, "")
        world = world_around(
            folder,
            deployment=Deployment(
                microsoft=Microsoft(
                    client_id=CLIENT_ID,
                    authority=microsoft.login,
                    graph=microsoft.graph,
                    smtp=f"localhost:{microsoft.smtp_port}",
                    embedded_redirect_uri=f"{microsoft.login}/common/oauth2/nativeclient",
                )
            ),
            backend=backend,
            network=network,
            recorder=recorder,
            vault=vault,
            authority_pem=microsoft.authority_pem,
        )
        try:
            yield Play(world, inbox, folder / "draft", backend, microsoft, tenant, visited)
        finally:
            for client in visited.clients:
                await client.aclose()


async def agree(
    play: Play,
    url: str,
    *,
    username: str = BEN,
    agent: str = EMBEDDED,
    button: str = "accept",
    password: str = PASSWORD,
) -> Person:
    """Open the page, sign in, and press a button of the consent page where there is one."""
    person = await play.person(agent).open(url)
    if "username" in person.page.ids or "password" in person.page.ids:
        await person.sign_in(username, password)
    if not person.left_to and button in person.page.ids:
        await person.press(button)
    return person


async def sign_in(wizard: Wizard, play: Play, *, username: str = BEN, button: str = "accept") -> None:
    """Sign in on the page inside the window and hand its answer to the wizard."""
    person = await agree(play, consent_of(wizard).url, username=username, button=button)
    assert person.left_to, person.page.words
    await wizard.submit({"callback": person.left_to}, progress=ignore)


async def to_plan(play: Play, *, way: str = "account", address: str = "noreply@contoso.com") -> Wizard:
    """Walk to the plan."""
    wizard = await play.wizard()
    await answer(wizard, "start", choice="set-up")
    await answer(wizard, "platform", choice="this-computer")
    await answer(wizard, "provider", choice="microsoft365", address=address)
    await answer(wizard, "ms-way", choice=way)
    assert wizard.screen.step == "ms-plan", wizard.screen
    return wizard


__all__ = ["OWN_BROWSER", "answer", "consent_of", "ignore", "run", "stop_of"]
