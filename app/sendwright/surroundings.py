"""Makes the world of a real computer: its keychain, its network, its clock, its backends."""

from datetime import UTC, datetime

import httpx

from sendwright.deployment import Deployment
from sendwright.handoff.backend import Backend, BackendAddress
from sendwright.handoff.client import HttpBackend
from sendwright.handoff.known import KnownBackends
from sendwright.handoff.local import LocalBackendProcess
from sendwright.network.system import system_network
from sendwright.network.web import web_client
from sendwright.oauth.keepers import Keepers
from sendwright.recording.wire_recorder import WireRecorder
from sendwright.storage import folders, person
from sendwright.vault.choose import open_vault
from sendwright.vault.vault import Secret
from sendwright.world import World


async def real_world(deployment: Deployment) -> World:
    """Return the surroundings of this person on this computer."""
    recorder = WireRecorder()
    network = system_network(recorder=recorder)
    places = folders()

    def http() -> httpx.AsyncClient:
        return web_client(network)

    def backend(address: BackendAddress, token: Secret | None) -> Backend:
        return HttpBackend(address, token=token, network=network)

    return World(
        deployment=deployment,
        vault=await open_vault(),
        network=network,
        http=http,
        clock=lambda: datetime.now(UTC),
        backend=backend,
        local_backend=LocalBackendProcess(places.data),
        known_backends=KnownBackends(places.configuration),
        person=person(),
        recorder=recorder,
        keepers=Keepers(locks=places.locks),
    )
