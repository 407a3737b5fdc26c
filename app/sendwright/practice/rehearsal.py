"""A whole practice world: mail server, names, keychain, backend; all of it gone when it ends."""

import ssl
import tempfile
from collections.abc import Callable
from datetime import UTC, datetime
from email.headerregistry import Address
from pathlib import Path

import msgspec
import trustme

from sendwright.deployment import Deployment, Microsoft
from sendwright.handoff.backend import Backend, BackendAddress
from sendwright.handoff.client import HttpBackend
from sendwright.handoff.known import KnownBackends
from sendwright.handoff.local import LocalBackendProcess
from sendwright.network.network import Network
from sendwright.network.trust import client_context
from sendwright.practice.mail_server import PracticeMailServer, Received
from sendwright.practice.microsoft.contoso import APPLICATION_ID, CLIENT_ID, contoso
from sendwright.practice.microsoft.courses import COURSES
from sendwright.practice.microsoft.server import SimulatedMicrosoft
from sendwright.practice.microsoft.tenant import AppRegistration
from sendwright.practice.names import HOST, PracticeResolver
from sendwright.practice.scenarios import scenario
from sendwright.practice.web import practice_web
from sendwright.recording.recorder import Recorder
from sendwright.recording.wire_recorder import WireRecorder
from sendwright.secret import Secret
from sendwright.storage import person
from sendwright.texts import text
from sendwright.vault.memory import MemoryVault
from sendwright.world import World

_APPLICATION = """client_id = "{client_id}"
certificate_file = "microsoft.crt"
key_file = "microsoft.key"
tenants = ["{tenant}"]
login = "{login}"
graph = "{graph}"
smtp_host = "{host}"
"""
_ORGANISATION = 'name = "Example Organisation"\nworkspaces = ["Headquarters", "Amsterdam", "Lyon"]\n'


class Rehearsal:
    """Use `start` and `stop` on the same event loop.

    microsoft: the simulated Microsoft 365 of the practice, None before it has started.
    """

    def __init__(self, deployment: Deployment, received: Callable[[Received], None]) -> None:
        self._deployment = deployment
        self._received = received
        self._folder: tempfile.TemporaryDirectory[str] | None = None
        self._mail: PracticeMailServer | None = None
        self.microsoft: SimulatedMicrosoft | None = None
        self._backend: LocalBackendProcess | None = None

    async def start(self, name: str) -> World:
        """Start the servers of the scenario `name` and return their world. Raises ScenarioUnknown."""
        chosen = scenario(name)
        mail = PracticeMailServer(chosen, self._received)
        await mail.start()
        self._mail = mail
        tenant = contoso(name=self._deployment.microsoft.name or self._deployment.platform.name)
        self.microsoft = microsoft = SimulatedMicrosoft(tenant, self._received)
        await microsoft.start()
        deployment = _deployment(self._deployment, microsoft)
        COURSES.get(chosen.name, COURSES["microsoft-usual"])(microsoft)
        self._folder = tempfile.TemporaryDirectory(prefix="sendwright-practice-", ignore_cleanup_errors=True)
        folder = Path(self._folder.name)
        recorder = WireRecorder()
        authorities = mail.authority_pem + microsoft.authority_pem
        data = folder / "backend"
        data.mkdir(mode=0o700)
        (data / "organisation.toml").write_text(_ORGANISATION, encoding="utf-8")
        (data / "authorities.pem").write_text(authorities, encoding="ascii")
        _give_application(data, microsoft)
        self._backend = LocalBackendProcess(data)
        domains = frozenset({tenant.domain}) if chosen.name in COURSES else frozenset()
        network = _network(mail, authorities, recorder, microsoft=domains)
        if chosen.name in COURSES:
            self._received(_invitation(microsoft))
        return World(
            deployment=deployment,
            vault=MemoryVault(),
            network=network,
            http=practice_web(
                tls_port=mail.tls_port,
                starttls_port=mail.starttls_port,
                recorder=recorder,
                microsoft=(microsoft.login, microsoft.graph),
                context=network.tls(None),
            ),
            clock=lambda: datetime.now(UTC),
            backend=_backend,
            local_backend=self._backend,
            known_backends=KnownBackends(folder),
            person=person(),
            recorder=recorder,
            practice=True,
            practice_authority=microsoft.authority_pem,
        )

    async def stop(self) -> None:
        """End the servers and remove every file."""
        if self._backend is not None:
            await self._backend.stop()
        if self.microsoft is not None:
            await self.microsoft.stop()
        if self._mail is not None:
            await self._mail.stop()
        if self._folder is not None:
            self._folder.cleanup()


def _deployment(real: Deployment, microsoft: SimulatedMicrosoft) -> Deployment:
    """Return `real` with the simulated Microsoft in place of its own, and register there where it comes back to."""
    facts = Microsoft(
        client_id=CLIENT_ID,
        redirect_uri=real.microsoft.redirect_uri,
        name=real.microsoft.name,
        authority=microsoft.login,
        graph=microsoft.graph,
        smtp=f"{HOST}:{microsoft.smtp_port}",
    )
    registered = microsoft.tenant.registrations[CLIENT_ID].redirect_uris
    registered |= {facts.redirect_uri, f"{microsoft.login}/common/oauth2/nativeclient"}
    return msgspec.structs.replace(real, microsoft=facts)


def _give_application(data: Path, microsoft: SimulatedMicrosoft) -> None:
    """Give the practice backend the credential of the platform's application, and register it at Microsoft."""
    authority = trustme.CA(organization_name="Sendwright practice", key_type=trustme.KeyType.RSA)
    made = authority.issue_cert("application.practice.example", key_type=trustme.KeyType.RSA)
    certificate = made.cert_chain_pems[0].bytes().decode("ascii")
    signing_in = microsoft.tenant.registrations[CLIENT_ID]
    application = AppRegistration(
        client_id=APPLICATION_ID,
        name=signing_in.name,
        public=False,
        redirect_uris=signing_in.redirect_uris,
        delegated=set(),
        application={"Mail.Send"},
    )
    application.upload(certificate)
    microsoft.tenant.registrations[APPLICATION_ID] = application
    (data / "microsoft.crt").write_text(certificate, encoding="ascii")
    key = data / "microsoft.key"
    key.touch(mode=0o600)
    key.write_bytes(made.private_key_pem.bytes())
    words = _APPLICATION.format(
        client_id=APPLICATION_ID,
        tenant=microsoft.tenant.id,
        login=microsoft.login,
        graph=microsoft.graph,
        host=HOST,
    )
    (data / "microsoft.toml").write_text(words, encoding="ascii")


def _invitation(microsoft: SimulatedMicrosoft) -> Received:
    """Return the message that tells where the IT department is played."""
    return Received(
        at=datetime.now(UTC),
        sender=str(Address(text("practice.pages.practice"), addr_spec="it@contoso.com")),
        recipient="it@contoso.com",
        subject=text("practice.it-subject"),
        text=text("practice.it-text", address=f"{microsoft.login}/practice/it"),
        html="",
    )


def _network(mail: PracticeMailServer, authorities: str, recorder: Recorder, *, microsoft: frozenset[str]) -> Network:
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

    resolver = PracticeResolver(tls_port=mail.tls_port, starttls_port=mail.starttls_port, microsoft=microsoft)
    return Network(resolver=resolver, tls=tls, recorder=recorder)


def _backend(address: BackendAddress, token: Secret | None) -> Backend:
    return HttpBackend(address, token=token)
