"""What the tests of the backend share: an assembled backend without a network, its clock and its wizard."""

import logging
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import MappingProxyType
from typing import Any, cast

import httpx
import msgspec
from litestar.types import ControllerRouterHandler

from sendwright.deployment import Deployment
from sendwright.diagnosis.stage import SMTP_STAGES, StageResult, Verdict
from sendwright.handoff.sealing import seal
from sendwright.message import OutgoingMessage
from sendwright.network.network import Network
from sendwright.oauth.grant import GrantKeeper
from sendwright.problems.evidence import Evidence, System
from sendwright.problems.problem import Confidence, Owner, Problem, Retry
from sendwright.profile import SenderProfile
from sendwright.secret import Secret
from sendwright.service.assembly import Assembly, Outside, assemble
from sendwright.service.enrolment import issue_code
from sendwright.service.ground import Ground
from sendwright.service.schema import upgrade
from sendwright.service.settings import DataFolder
from sendwright.vault.memory import MemoryVault

CANARY = "canary-Pa55wörd-never-shown"
START = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)

PROFILE = SenderProfile(
    provider="custom_smtp",
    sender="smtp",
    address="notifications@example.org",
    alias="Example",
    settings={"host": "smtp.example.org", "port": 587, "security": "starttls", "username": "robot"},
)


@dataclass
class Clock:
    now: datetime = START

    def __call__(self) -> datetime:
        return self.now

    def forward(self, **spans: float) -> None:
        self.now += timedelta(**spans)


def problem(code: str = "auth-wrong-credentials") -> Problem:
    return Problem(
        code=code,
        owner=Owner.YOU,
        retry=Retry.AFTER_FIX,
        confidence=Confidence.CERTAIN,
        evidence=Evidence(stage="sign-in", system=System.SMTP, reply=535, enhanced="5.7.8"),
    )


PASSED = tuple(StageResult(id=stage, verdict=Verdict.PASSED, took_ms=1.0) for stage in SMTP_STAGES)
FAILED = (
    StageResult(id="resolve", verdict=Verdict.PASSED),
    StageResult(id="sign-in", verdict=Verdict.FAILED, problem=problem()),
    StageResult(id="submit", verdict=Verdict.NOT_REACHED),
)


@dataclass
class ScriptedDiagnosis:
    """Yields `stages`, remembers what it was asked with, raises `fault` before the end."""

    stages: Sequence[StageResult] = PASSED
    fault: Exception | None = None
    asked: list[tuple[SenderProfile, dict[str, str], str | None]] = field(default_factory=list)
    grants: list[GrantKeeper | None] = field(default_factory=list)
    mailboxes: list[str] = field(default_factory=list)

    async def __call__(
        self,
        profile: SenderProfile,
        credentials: Mapping[str, Secret],
        network: Network,
        *,
        message: OutgoingMessage | None,
        recipient: str | None,
        grant: GrantKeeper | None,
        mailbox: str,
    ) -> AsyncIterator[StageResult]:
        assert (message is None) == (recipient is None)
        revealed = {name: secret.reveal() for name, secret in credentials.items()}
        self.asked.append((profile, revealed, recipient))
        self.grants.append(grant)
        self.mailboxes.append(mailbox)
        for stage in self.stages:
            yield stage
        if self.fault is not None:
            raise self.fault


@dataclass
class IdleWorker:
    """A worker that only says whether it was started."""

    alive: bool = False
    routes: Sequence[ControllerRouterHandler] = ()
    life: list[str] = field(default_factory=list)

    async def start(self) -> None:
        self.alive = True
        self.life.append("started")

    async def stop(self) -> None:
        self.alive = False
        self.life.append("stopped")


@dataclass
class Wizard:
    """Speaks to the backend as the wizard does, by plain HTTP requests."""

    http: httpx.AsyncClient
    token: str = ""

    @property
    def headers(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.token}"}

    async def ask(self, method: str, path: str, **more: Any) -> httpx.Response:  # noqa: ANN401 - handed on to httpx
        headers = self.headers | more.pop("headers", {})
        return await self.http.request(method, path, headers=headers, **more)

    async def etag(self) -> str:
        return (await self.ask("GET", "/v1/organisation")).headers["etag"]

    async def write(self, method: str, path: str, **more: Any) -> httpx.Response:  # noqa: ANN401 - handed on to httpx
        headers = {"If-Match": await self.etag()} | more.pop("headers", {})
        return await self.ask(method, path, headers=headers, **more)

    async def sealed(self, profile: SenderProfile, password: str = CANARY) -> str:
        jwks = (await self.ask("GET", "/v1/keys")).json()
        return seal({"password": Secret(password)}, jwks, profile=profile)

    async def body(self, profile: SenderProfile = PROFILE, password: str = CANARY) -> dict[str, Any]:
        credentials = await self.sealed(profile, password)
        return {"profile": msgspec.to_builtins(profile), "credentials": credentials}

    async def stage(self, profile: SenderProfile = PROFILE, password: str = CANARY, **more: Any) -> int:  # noqa: ANN401 - handed on to httpx
        answer = await self.write("POST", "/v1/profiles", json=await self.body(profile, password), **more)
        assert answer.status_code == 201, answer.text
        return cast("int", answer.json()["version"])

    async def test(self, version: int, to: str | None = "ann@example.com") -> list[dict[str, Any]]:
        answer = await self.ask("POST", f"/v1/profiles/{version}/test", json={"to": to})
        assert answer.status_code == 200, answer.text
        return [msgspec.json.decode(line) for line in answer.text.splitlines()]

    async def put_in_force(self, profile: SenderProfile = PROFILE, password: str = CANARY) -> int:
        version = await self.stage(profile, password)
        await self.test(version)
        answer = await self.write("POST", f"/v1/profiles/{version}/activate")
        assert answer.status_code == 200, answer.text
        return version


@dataclass
class Backend:
    """An assembled backend and everything around it."""

    folder: DataFolder
    assembly: Assembly
    clock: Clock
    diagnosis: ScriptedDiagnosis
    worker: IdleWorker
    wizard: Wizard

    async def code(self, **valid: float) -> str:
        span = timedelta(**(valid or {"minutes": 60}))
        secret = await issue_code(self.assembly.services.database, valid=span, now=self.clock())
        return secret.reveal()

    async def enrol(self, device: str = "Ann's laptop") -> Wizard:
        answer = await self.wizard.http.post("/v1/enrolments", json={"code": await self.code(), "device": device})
        assert answer.status_code == 201, answer.text
        return Wizard(self.wizard.http, answer.json()["token"])


@asynccontextmanager
async def running(
    path: Path,
    *,
    clock: Clock | None = None,
    environment: Mapping[str, str] = MappingProxyType({}),
    key: str = "file",
    vault: MemoryVault | None = None,
    enrolled: bool = True,
) -> AsyncIterator[Backend]:
    """Assemble a backend in `path`; with `enrolled` its wizard has a token already."""
    folder = DataFolder(path)
    folder.create()
    time, diagnosis, worker = clock or Clock(), ScriptedDiagnosis(), IdleWorker()

    async def open_vault() -> MemoryVault:
        assert vault is not None, "no keychain in this test"
        return vault

    def create_worker(ground: Ground) -> IdleWorker:
        assert ground.folder == folder
        return worker

    outside = Outside(
        environment=environment,
        vault=open_vault,
        diagnose=diagnosis,
        worker=create_worker,
        network=cast("Network", None),
        clock=time,
        log=logging.getLogger("sendwright.service"),
    )
    await upgrade(folder.database_url)
    async with assemble(folder, outside, url=folder.database_url, key=key, deployment=Deployment()) as assembly:
        transport = httpx.ASGITransport(assembly.application)
        async with httpx.AsyncClient(transport=transport, base_url="http://backend") as http:
            backend = Backend(folder, assembly, time, diagnosis, worker, Wizard(http))
            if enrolled:
                backend.wizard = await backend.enrol()
            yield backend


def code_of(answer: httpx.Response) -> str:
    """Return the code of a problem document, having checked that it is one."""
    assert answer.headers["content-type"] == "application/problem+json", answer.text
    document = answer.json()
    assert document["status"] == answer.status_code
    assert document["title"]
    assert document["type"] == "about:blank"
    return cast("str", document["code"])
