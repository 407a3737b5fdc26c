"""A world for the wizard: a practice mail server that really listens, and a backend that only remembers."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from msgspec.structs import replace

from sendwright.deployment import Deployment
from sendwright.diagnosis.stage import SMTP_STAGES, StageResult, Verdict
from sendwright.handoff.backend import BackendAddress, HandoffFailed
from sendwright.handoff.connection_code import ConnectionCode, format_connection_code
from sendwright.handoff.known import KnownBackends
from sendwright.handoff.wire import (
    Audit,
    Certificate,
    ConsentQuestion,
    ConsentState,
    DefaultSender,
    Ended,
    Enrolment,
    GoogleIdentity,
    MicrosoftApplication,
    NotificationRequest,
    Notifications,
    NotificationState,
    Organisation,
    Profiles,
    ProfileState,
)
from sendwright.network.network import Network
from sendwright.network.trust import client_context
from sendwright.practice.mail_server import PracticeMailServer, Received
from sendwright.practice.names import PracticeResolver
from sendwright.practice.scenarios import Scenario
from sendwright.practice.web import practice_web
from sendwright.problems.classify import classify
from sendwright.problems.evidence import Evidence, System
from sendwright.profile import SenderProfile
from sendwright.recording.wire_recorder import WireRecorder
from sendwright.secret import Secret
from sendwright.vault.memory import MemoryVault
from sendwright.vault.vault import Vault
from sendwright.world import World

NOW = datetime(2026, 11, 20, 9, 30, tzinfo=UTC)
ADDRESS = BackendAddress(url="http://127.0.0.1:1")

ORGANISATION = Organisation(
    name="Example Organisation",
    workspaces=("Headquarters", "Lyon"),
    default_sender=DefaultSender(address="no-reply@platform.example", alias="Platform"),
    in_force=None,
)


@dataclass
class RememberingBackend:
    """Implements handoff.backend.Backend in memory; `broken` maps a call to the reason with which it fails."""

    organisation_now: Organisation = field(default_factory=lambda: ORGANISATION)
    broken: dict[str, str] = field(default_factory=dict)
    failing_stage: str = ""
    calls: list[str] = field(default_factory=list)
    staged: dict[str, ProfileState] = field(default_factory=dict)
    credentials: list[dict[str, str]] = field(default_factory=list)
    notifications_taken: list[NotificationRequest] = field(default_factory=list)

    def _called(self, call: str) -> None:
        self.calls.append(call)
        if call in self.broken:
            reason = self.broken[call]
            raise HandoffFailed(Evidence(stage="backend", system=System.BACKEND, http=409, reason=reason))

    async def enrol(self, code: Secret, *, device: str) -> Enrolment:
        self._called("enrol")
        return Enrolment(token=f"token-for-{device}-{len(code.reveal())}", organisation="Example Organisation")

    async def organisation(self) -> Organisation:
        self._called("organisation")
        return self.organisation_now

    async def stage(
        self,
        profile: SenderProfile,
        credentials: dict[str, Secret],
        *,
        key: str,
        credentials_from: int | None = None,
        contact: str = "",
        expires_at: datetime | None = None,
    ) -> ProfileState:
        self._called("stage")
        self.credentials.append({name: secret.reveal() for name, secret in credentials.items()})
        version = len(self.staged) + 1
        return self.staged.setdefault(
            key,
            ProfileState(
                version=version,
                state="staged",
                profile=profile,
                credential="0123456789abcdef",
                created_at=NOW,
                created_by="anna",
            ),
        )

    async def test(self, version: int, *, to: str | None, mailbox: str | None = None) -> AsyncIterator[StageResult]:
        self._called("test")
        del version, to
        for stage in SMTP_STAGES:
            if stage == self.failing_stage:
                evidence = Evidence(stage=stage, system=System.SOCKET, errno="ECONNREFUSED")
                yield StageResult(id=stage, verdict=Verdict.FAILED, took_ms=1, problem=classify(evidence))
                return
            yield StageResult(id=stage, verdict=Verdict.PASSED, took_ms=1)

    async def microsoft(self) -> MicrosoftApplication:
        self._called("microsoft")
        return MicrosoftApplication()

    async def make_certificate(self, client_id: str, *, key: str) -> Certificate:
        self._called("make-certificate")
        raise LookupError(client_id, key)

    async def consent(self, question: ConsentQuestion) -> ConsentState:
        self._called("consent")
        raise LookupError(question.tenant)

    async def activate(self, version: int) -> ProfileState:
        self._called("activate")
        found = next(state for state in self.staged.values() if state.version == version)
        active = replace(found, state="in-force", activated_at=NOW)
        self.organisation_now = replace(self.organisation_now, in_force=active)
        return active

    async def restore(self, version: int) -> ProfileState:
        self._called(f"restore-{version}")
        return await self.activate(version)

    async def google(self) -> GoogleIdentity:
        self._called("google")
        return GoogleIdentity()

    async def use_default(self, *, revoke: bool = False) -> Ended:
        self._called("use-default-and-revoke" if revoke else "use-default")
        self.organisation_now = replace(self.organisation_now, in_force=None)
        return Ended(revoked=True if revoke else None)

    async def profiles(self) -> Profiles:
        return Profiles(tuple(self.staged.values()))

    async def audit(self) -> Audit:
        return Audit(())

    async def notify(self, notification: NotificationRequest, *, key: str) -> NotificationState:
        self._called("notify")
        self.notifications_taken.append(notification)
        return NotificationState(
            id=key, kind=notification.kind, to=notification.to, subject=notification.subject, state="queued",
            message_id="<a@example.org>", created_at=NOW, updated_at=NOW,
        )  # fmt: skip

    async def notification(self, notification_id: str) -> NotificationState:
        raise LookupError(notification_id)

    async def notifications(self, *, state: str | None) -> Notifications:
        del state
        return Notifications(())

    async def close(self) -> None:
        self.calls.append("close")


@dataclass
class HereBackend:
    """Implements handoff.backend.LocalBackend: it runs already."""

    kept: bool = False
    codes: list[str] = field(default_factory=list)
    can_be_kept_running: bool = True

    async def start(self) -> BackendAddress:
        return ADDRESS

    async def connection_code(self, *, passing: bool = False) -> Secret:
        self.codes.append("passing" if passing else "kept")
        return format_connection_code(ConnectionCode(ADDRESS, Secret("one-time")))

    async def keep_running(self) -> None:
        self.kept = True


@dataclass
class Stage:
    """What a test plays on: the world and what can be looked at behind it."""

    world: World
    backend: RememberingBackend
    here: HereBackend
    mail: PracticeMailServer
    inbox: list[Received]


class LastingVault(MemoryVault):
    """A vault in memory that claims to be there tomorrow."""

    lasting = True


@asynccontextmanager
async def stage(folder: Path, *, scenario: Scenario | None = None, vault: Vault | None = None) -> AsyncIterator[Stage]:
    """Start the mail server and put a world around it."""
    inbox: list[Received] = []
    mail = PracticeMailServer(scenario or Scenario(name="usual"), inbox.append)
    await mail.start()
    backend, here = RememberingBackend(), HereBackend()
    resolver = PracticeResolver(tls_port=mail.tls_port, starttls_port=mail.starttls_port)
    recorder = WireRecorder()
    world = World(
        deployment=Deployment(),
        vault=vault or LastingVault(),
        network=Network(
            resolver=resolver,
            tls=lambda pem: client_context(mail.authority_pem + (pem or "")),
            timeout_s=5,
            recorder=recorder,
        ),
        http=practice_web(tls_port=mail.tls_port, starttls_port=mail.starttls_port),
        clock=lambda: NOW,
        backend=lambda _address, _token: backend,
        local_backend=here,
        known_backends=KnownBackends(folder / "known"),
        person="anna",
        recorder=recorder,
    )
    try:
        yield Stage(world, backend, here, mail, inbox)
    finally:
        await mail.stop()
