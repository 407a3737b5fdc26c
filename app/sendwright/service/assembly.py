"""Puts the parts of the backend together, each after what it needs, and takes them apart again."""

import logging
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import uuid4

import msgspec
from litestar import Litestar

from sendwright.deployment import Deployment
from sendwright.handoff.wire import DefaultSender
from sendwright.message import OutgoingMessage, compose_test
from sendwright.network.network import Network
from sendwright.profile import SenderProfile
from sendwright.service.application import create_application
from sendwright.service.application_credentials import ApplicationCredentials
from sendwright.service.database import open_database
from sendwright.service.disconnecting import Disconnecting
from sendwright.service.enrolment import EnrolmentStore
from sendwright.service.google_file import open_platform_identity
from sendwright.service.google_identity import SigningIdentities
from sendwright.service.grants import Grants
from sendwright.service.ground import ActiveSender, Ground, Worker
from sendwright.service.installation import open_envelope
from sendwright.service.key_sources import EnvironmentKey, FileKey, KeychainKey
from sendwright.service.microsoft_file import open_platform_application
from sendwright.service.own_credentials import OwnCredentials
from sendwright.service.platform_sender import open_platform_sender
from sendwright.service.profiles import ProfileStore
from sendwright.service.sealing_keys import open_sealing_keys
from sendwright.service.services import Services
from sendwright.service.settings import DataFolder, OrganisationFacts, read_organisation
from sendwright.service.throttle import Throttle
from sendwright.service.trials import Compose, Diagnose, Trials
from sendwright.texts import has, text
from sendwright.vault.vault import Vault

WRONG_CODES = 10
WRONG_CODES_WITHIN = timedelta(minutes=1)


@dataclass(frozen=True, kw_only=True)
class Outside:
    """What the backend reaches for, handed in so that tests and practice can hand in something else.

    environment: variables. vault: opens the keychain of the user, where a key is kept there. diagnose: the
    diagnosis that the backend's own test runs. worker: makes the sending half. clock: aware, UTC.
    """

    environment: Mapping[str, str]
    vault: Callable[[], Awaitable[Vault]]
    diagnose: Diagnose
    worker: Callable[[Ground], Worker]
    network: Network
    clock: Callable[[], datetime]
    log: logging.Logger


@dataclass(frozen=True, kw_only=True)
class Assembly:
    """A backend that works, except that nobody can reach it yet. is_new: this was its very first start."""

    application: Litestar
    services: Services
    is_new: bool


@asynccontextmanager
async def assemble(
    folder: DataFolder, outside: Outside, *, url: str, key: str, deployment: Deployment
) -> AsyncIterator[Assembly]:
    """Open the upgraded database at `url` and start the worker; both end with the block.

    key: where a new key-encryption key is kept. Raises StartRefused, EnvelopeBroken.
    """
    clock, network, log = outside.clock, outside.network, outside.log
    organisation = _named(read_organisation(folder))
    platform_sender, platform_application = open_platform_sender(folder), open_platform_application(folder)
    platform_identity = open_platform_identity(folder)
    database = open_database(url)
    try:
        envelope, is_new = await open_envelope(
            database,
            environment=EnvironmentKey(outside.environment),
            sources=(FileKey(folder.key), KeychainKey(outside.vault, entry=str(folder.path))),
            preferred=key,
            clock=clock,
        )
        grants = Grants(database, envelope, clock=clock, log=log)
        applications = ApplicationCredentials(envelope, platform_application, clock=clock)
        profiles = ProfileStore(
            database,
            envelope,
            clock=clock,
            platform_sender=platform_sender,
            grants=grants,
            own=OwnCredentials((applications, SigningIdentities(platform_identity))),
        )
        disconnecting = Disconnecting(database, grants.store, profiles.secrets, network=network, clock=clock, log=log)
        ground = Ground(
            folder=folder,
            database=database,
            envelope=envelope,
            profiles=profiles,
            network=network,
            deployment=deployment,
            clock=clock,
            log=log,
            watched=profiles,
        )
        worker = outside.worker(ground)
        services = Services(
            instance=str(uuid4()),
            organisation=organisation,
            default_sender=_shown(platform_sender, deployment),
            database=database,
            envelope=envelope,
            profiles=profiles,
            applications=applications,
            google=platform_identity,
            network=network,
            enrolments=EnrolmentStore(database, envelope, clock=clock),
            sealing_keys=await open_sealing_keys(database, envelope, clock=clock),
            trials=Trials(
                profiles,
                diagnose=outside.diagnose,
                compose=_composing(organisation, deployment, clock),
                network=network,
                log=log,
            ),
            disconnecting=disconnecting,
            throttle=Throttle(limit=WRONG_CODES, period=WRONG_CODES_WITHIN, clock=clock),
            worker_alive=lambda: worker.alive,
            clock=clock,
            log=log,
        )
        application = create_application(services, routes=worker.routes)
        await worker.start()
        try:
            await disconnecting.resume()
            yield Assembly(application=application, services=services, is_new=is_new)
        finally:
            await worker.stop()
            await disconnecting.close()
            await grants.close()
    finally:
        await database.close()


def _named(facts: OrganisationFacts) -> OrganisationFacts:
    return facts if facts.name else msgspec.structs.replace(facts, name=text("service.organisation"))


def _shown(platform_sender: ActiveSender | None, deployment: Deployment) -> DefaultSender:
    """Say what the platform sends from: what is configured here, else what the deployment promises."""
    if platform_sender is not None:
        return DefaultSender(address=platform_sender.profile.address, alias=platform_sender.profile.alias)
    promised = deployment.platform.default_sender
    return DefaultSender(address=promised.address.text, alias=promised.alias)


def _path(profile: SenderProfile) -> str:
    """Say in words which way a message takes."""
    settings, name = profile.settings, f"providers.{profile.provider}.name"
    if "host" not in settings and has(name):
        return text(name)
    return text("service.path", host=settings.get("host", ""), port=settings.get("port", ""))


def _composing(organisation: OrganisationFacts, deployment: Deployment, clock: Callable[[], datetime]) -> Compose:
    def compose(profile: SenderProfile, recipient: str) -> OutgoingMessage:
        return compose_test(
            sender=profile.address,
            alias=profile.alias,
            recipient=recipient,
            organisation=organisation.name,
            asked_by=text("service.asked-by"),
            asked_at=clock(),
            path_description=_path(profile),
            code="",  # nobody compares it: the wizard shows none for the backend's own test
            platform_name=deployment.platform.name,
            accent=deployment.platform.accent,
        )

    return compose
