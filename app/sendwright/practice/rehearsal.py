"""A whole practice world: mail server, names, keychain, backend; all of it gone when it ends."""

import asyncio
import ssl
import tempfile
from collections.abc import Callable, Coroutine
from datetime import UTC, datetime
from pathlib import Path

import msgspec

from sendwright.deployment import Deployment
from sendwright.handoff.backend import Backend, BackendAddress
from sendwright.handoff.client import HttpBackend
from sendwright.handoff.known import KnownBackends
from sendwright.handoff.local import LocalBackendProcess
from sendwright.network.network import Network
from sendwright.network.trust import client_context
from sendwright.practice.google import given as for_google
from sendwright.practice.google.courses import BY_RELAY
from sendwright.practice.google.courses import COURSES as GOOGLE_COURSES
from sendwright.practice.google.example import example
from sendwright.practice.google.server import SimulatedGoogle
from sendwright.practice.mail_server import PracticeMailServer, Received
from sendwright.practice.microsoft import given as for_microsoft
from sendwright.practice.microsoft.contoso import contoso
from sendwright.practice.microsoft.courses import COURSES as MICROSOFT_COURSES
from sendwright.practice.microsoft.server import SimulatedMicrosoft
from sendwright.practice.names import PracticeResolver
from sendwright.practice.scenarios import scenario
from sendwright.practice.web import practice_web
from sendwright.recording.recorder import Recorder
from sendwright.recording.wire_recorder import WireRecorder
from sendwright.secret import Secret
from sendwright.storage import person
from sendwright.vault.memory import MemoryVault
from sendwright.world import World

_ORGANISATION = 'name = "Example Organisation"\nworkspaces = ["Headquarters", "Amsterdam", "Lyon"]\n'


class Rehearsal:
    """Use `start` and `stop` on the same event loop.

    microsoft, google: the simulated services of the practice, None before they have started.
    """

    def __init__(self, deployment: Deployment, received: Callable[[Received], None]) -> None:
        self._deployment = deployment
        self._received = received
        self._folder: tempfile.TemporaryDirectory[str] | None = None
        self._mail: PracticeMailServer | None = None
        self.microsoft: SimulatedMicrosoft | None = None
        self.google: SimulatedGoogle | None = None
        self._backend: LocalBackendProcess | None = None

    @property
    def folder(self) -> Path:
        """Where its files lie until it ends."""
        if self._folder is None:
            raise RuntimeError("the practice has not begun")
        return Path(self._folder.name)

    async def start(self, name: str) -> World:
        """Start the servers of the scenario `name` and return their world. Raises ScenarioUnknown."""
        chosen = scenario(name)
        platform = self._deployment.platform.name
        named_at_microsoft, named_at_google = (
            known.name or platform for known in (self._deployment.microsoft, self._deployment.google)
        )
        self._mail = mail = PracticeMailServer(chosen, self._received)
        self.microsoft = microsoft = SimulatedMicrosoft(contoso(name=named_at_microsoft), self._received)
        self.google = google = SimulatedGoogle(example(name=named_at_google), self._received)
        await _started(mail.start(), microsoft.start(), google.start())
        deployment = msgspec.structs.replace(
            self._deployment,
            microsoft=for_microsoft.facts(self._deployment.microsoft, microsoft),
            google=for_google.facts(self._deployment.google, google, relay=chosen.name == BY_RELAY),
        )
        MICROSOFT_COURSES.get(chosen.name, MICROSOFT_COURSES["microsoft-usual"])(microsoft)
        GOOGLE_COURSES.get(chosen.name, GOOGLE_COURSES["google-usual"])(google)
        self._folder = tempfile.TemporaryDirectory(prefix="sendwright-practice-", ignore_cleanup_errors=True)
        folder = Path(self._folder.name)
        authorities = mail.authority_pem + microsoft.authority_pem + google.authority_pem
        data = folder / "backend"
        data.mkdir(mode=0o700)
        (data / "organisation.toml").write_text(_ORGANISATION, encoding="utf-8")
        (data / "authorities.pem").write_text(authorities, encoding="ascii")
        for_microsoft.give_application(data, microsoft)
        for_google.give_places(data, google)
        self._backend = LocalBackendProcess(data)
        recorder = WireRecorder()
        resolver = PracticeResolver(
            tls_port=mail.tls_port,
            starttls_port=mail.starttls_port,
            microsoft=frozenset({microsoft.tenant.domain}) if chosen.name in MICROSOFT_COURSES else frozenset(),
            google=frozenset({google.workspace.domain}) if chosen.name in GOOGLE_COURSES else frozenset(),
        )
        network = _network(resolver, authorities, recorder)
        if chosen.name in MICROSOFT_COURSES:
            self._received(for_microsoft.invitation(microsoft))
        if chosen.name in GOOGLE_COURSES:
            await asyncio.to_thread(for_google.give_files, folder, google)
            self._received(for_google.invitation(google, folder))
        return World(
            deployment=deployment,
            vault=MemoryVault(),
            network=network,
            http=practice_web(
                tls_port=mail.tls_port,
                starttls_port=mail.starttls_port,
                recorder=recorder,
                served=(microsoft.login, microsoft.graph, google.login, google.gmail),
                context=network.tls(None),
            ),
            clock=lambda: datetime.now(UTC),
            backend=_backend,
            local_backend=self._backend,
            known_backends=KnownBackends(folder),
            person=person(),
            recorder=recorder,
            practice=True,
            practice_authority=microsoft.authority_pem + google.authority_pem,
        )

    async def stop(self) -> None:
        """End the servers and remove every file."""
        if self._backend is not None:
            await self._backend.stop()
        servers = (self.microsoft, self.google, self._mail)
        await asyncio.gather(*(server.stop() for server in servers if server is not None))
        if self._folder is not None:
            self._folder.cleanup()


async def _started(*starting: Coroutine[object, object, None]) -> None:
    """Wait until each has started or failed, then raise what failed first: what starts still could not be stopped."""
    ends = await asyncio.gather(*starting, return_exceptions=True)
    for end in ends:
        if isinstance(end, BaseException):
            raise end


def _network(resolver: PracticeResolver, authorities: str, recorder: Recorder) -> Network:
    """Return a network in which every name is this computer, and only the practice servers are believed.

    A real mail server of this computer, whose certificate is good elsewhere, is none here: a password or a message
    typed for practice must not reach it.
    """

    def tls(ca_pem: str | None) -> ssl.SSLContext:
        if ca_pem is not None:
            client_context(ca_pem)  # it is checked, as it would be
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        context.load_verify_locations(cadata=authorities)
        return context

    return Network(resolver=resolver, tls=tls, recorder=recorder)


def _backend(address: BackendAddress, token: Secret | None) -> Backend:
    return HttpBackend(address, token=token)
