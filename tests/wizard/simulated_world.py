"""What the worlds around a simulated provider have alike: who plays on them, and a backend that really sends."""

from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Self

from msgspec.structs import replace as changed
from tests.wizard.surroundings import HereBackend, LastingVault, RememberingBackend

from sendwright.deployment import Deployment, Features
from sendwright.diagnosis.catalogue import diagnose
from sendwright.diagnosis.stage import StageResult
from sendwright.handoff.known import KnownBackends
from sendwright.handoff.wire import ProfileState
from sendwright.message import compose_test
from sendwright.network.network import Network
from sendwright.network.web import web_client
from sendwright.practice.mail_server import Received
from sendwright.recording.wire_recorder import WireRecorder
from sendwright.secret import Secret
from sendwright.vault.vault import Vault
from sendwright.wizard.opening import open_wizard
from sendwright.wizard.store import StoredDrafts
from sendwright.wizard.wizard import Wizard
from sendwright.world import World


@dataclass
class Played:
    """What a test plays on. folder: of the draft."""

    world: World
    inbox: list[Received]
    folder: Path

    async def wizard(self) -> Wizard:
        """Open the program: with the draft of last time, where there is one."""
        return await open_wizard(self.world, StoredDrafts(self.folder))

    def restarted(self) -> Self:
        """Return the same computer with the program started again: what was in memory is gone."""
        return replace(self, world=replace(self.world, attempts=type(self.world.attempts)()))

    def with_features(self, **switches: bool) -> Self:
        return self.with_deployment(features=Features(**switches))

    def with_deployment(self, **changes: object) -> Self:
        return replace(self, world=replace(self.world, deployment=changed(self.world.deployment, **changes)))


def world_around(
    folder: Path,
    *,
    deployment: Deployment,
    backend: RememberingBackend,
    network: Network,
    recorder: WireRecorder,
    vault: Vault | None,
    authority_pem: str,
) -> World:
    """Return the world of a desk at which `backend` is the platform's, and the authority is believed."""
    return World(
        deployment=deployment,
        vault=vault or LastingVault(),
        network=network,
        http=lambda: web_client(network, trust_env=False),
        clock=lambda: datetime.now(UTC),
        backend=lambda _address, _token: backend,
        local_backend=HereBackend(),
        known_backends=KnownBackends(folder / "known"),
        person="anna",
        recorder=recorder,
        practice_authority=authority_pem,
    )


async def tried(
    state: ProfileState, credentials: dict[str, Secret], network: Network, *, to: str | None, mailbox: str | None
) -> AsyncIterator[StageResult]:
    """Try a version as a backend does, and send its test message where there is somebody to send it to."""
    message = compose_test(
        sender=state.profile.address,
        alias=state.profile.alias,
        recipient=to or "",
        organisation="Example Organisation",
        asked_by="anna",
        asked_at=datetime.now(UTC),
        path_description="",
        code="1234",
        platform_name="Platform",
        accent="#1f5fbf",
    )
    results = diagnose(
        state.profile, credentials, network, message=message if to else None, recipient=to, mailbox=mailbox or ""
    )
    async for result in results:
        yield result
