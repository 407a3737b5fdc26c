"""A whole practice world: mail server, names, keychain, backend; all of it gone when it ends."""

import ssl
import tempfile
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

from sendwright.deployment import Deployment
from sendwright.handoff.backend import Backend, BackendAddress
from sendwright.handoff.client import HttpBackend
from sendwright.handoff.known import KnownBackends
from sendwright.handoff.local import LocalBackendProcess
from sendwright.network.network import Network
from sendwright.network.trust import client_context
from sendwright.practice.mail_server import PracticeMailServer, Received
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
    """Use `start` and `stop` on the same event loop."""

    def __init__(self, deployment: Deployment, received: Callable[[Received], None]) -> None:
        self._deployment = deployment
        self._received = received
        self._folder: tempfile.TemporaryDirectory[str] | None = None
        self._mail: PracticeMailServer | None = None
        self._backend: LocalBackendProcess | None = None

    async def start(self, name: str) -> World:
        """Start the servers of the scenario `name` and return their world. Raises ScenarioUnknown."""
        mail = PracticeMailServer(scenario(name), self._received)
        await mail.start()
        self._mail = mail
        self._folder = tempfile.TemporaryDirectory(prefix="sendwright-practice-", ignore_cleanup_errors=True)
        folder = Path(self._folder.name)
        recorder = WireRecorder()
        data = folder / "backend"
        data.mkdir(mode=0o700)
        (data / "organisation.toml").write_text(_ORGANISATION, encoding="utf-8")
        (data / "authorities.pem").write_text(mail.authority_pem, encoding="ascii")
        self._backend = LocalBackendProcess(data)
        return World(
            deployment=self._deployment,
            vault=MemoryVault(),
            network=_network(mail, recorder),
            http=practice_web(tls_port=mail.tls_port, starttls_port=mail.starttls_port, recorder=recorder),
            clock=lambda: datetime.now(UTC),
            backend=_backend,
            local_backend=self._backend,
            known_backends=KnownBackends(folder),
            person=person(),
            recorder=recorder,
            practice=True,
        )

    async def stop(self) -> None:
        """End the servers and remove every file."""
        if self._backend is not None:
            await self._backend.stop()
        if self._mail is not None:
            await self._mail.stop()
        if self._folder is not None:
            self._folder.cleanup()


def _network(mail: PracticeMailServer, recorder: Recorder) -> Network:
    """Return a network in which every name is this computer, and only the practice server is believed.

    A real mail server of this computer, whose certificate is good elsewhere, is none here: a password or a message
    typed for practice must not reach it.
    """

    def tls(ca_pem: str | None) -> ssl.SSLContext:
        if ca_pem is not None:
            client_context(ca_pem)  # it is checked, as it would be
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        context.load_verify_locations(cadata=mail.authority_pem)
        return context

    resolver = PracticeResolver(tls_port=mail.tls_port, starttls_port=mail.starttls_port)
    return Network(resolver=resolver, tls=tls, recorder=recorder)


def _backend(address: BackendAddress, token: Secret | None) -> Backend:
    return HttpBackend(address, token=token)
