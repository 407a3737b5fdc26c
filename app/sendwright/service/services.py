"""What the routes of the backend work with, put together once at start."""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from sendwright.handoff.wire import DefaultSender
from sendwright.network.network import Network
from sendwright.service.application_credentials import ApplicationCredentials
from sendwright.service.database import Database
from sendwright.service.disconnecting import Disconnecting
from sendwright.service.enrolment import EnrolmentStore
from sendwright.service.envelope import Envelope
from sendwright.service.google_file import PlatformIdentity
from sendwright.service.profiles import ProfileStore
from sendwright.service.sealing_keys import SealingKeys
from sendwright.service.settings import OrganisationFacts
from sendwright.service.throttle import Throttle
from sendwright.service.trials import Trials


@dataclass(frozen=True, kw_only=True)
class Services:
    """instance: random name of this run. default_sender: what the platform sends from, for people.

    worker_alive: whether the queue is being worked on.
    """

    instance: str
    organisation: OrganisationFacts
    default_sender: DefaultSender
    database: Database
    envelope: Envelope
    profiles: ProfileStore
    applications: ApplicationCredentials
    google: PlatformIdentity
    network: Network
    enrolments: EnrolmentStore
    sealing_keys: SealingKeys
    trials: Trials
    disconnecting: Disconnecting
    throttle: Throttle
    worker_alive: Callable[[], bool]
    clock: Callable[[], datetime]
    log: logging.Logger
