"""What the parts of the backend stand on, handed in at start; they reach for nothing else.

The queue side lives in `service.worker` (`create_worker(ground) -> Worker`), `service.queue*`,
`service.notifications*` and `service.metrics*`.
"""

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from litestar.types import ControllerRouterHandler

from sendwright.deployment import Deployment
from sendwright.network.network import Network
from sendwright.oauth.grant import GrantKeeper
from sendwright.profile import SenderProfile
from sendwright.secret import Secret
from sendwright.service.database import Database
from sendwright.service.envelope import Envelope
from sendwright.service.settings import DataFolder


@dataclass(frozen=True, kw_only=True)
class ActiveSender:
    """How notifications leave now. version 0: the platform's default sender.

    grant: keeps the refresh token, where the sender signs in by one. refused: the code of why this backend does not let
    it sign in, empty where it does.
    """

    version: int
    profile: SenderProfile
    credentials: dict[str, Secret]
    grant: GrantKeeper | None = None
    refused: str = ""


@dataclass(frozen=True, kw_only=True)
class Need:
    """What a person must do about the sender in force, so that its `contact` is told.

    id: the same for the same need. code: of the problem. works: whether the sender carries messages all the same.
    """

    id: str
    code: str
    version: int
    contact: str
    address: str
    ends_at: datetime | None
    works: bool


@dataclass(frozen=True, kw_only=True)
class Outlook:
    """How the sender in force stands: code of what troubles it, and when its credential ends; None: nothing known."""

    trouble: str | None = None
    expires_at: datetime | None = None
    need: Need | None = None


class Watched(Protocol):
    """Knows how the sender in force stands; implemented by `service.profiles.ProfileStore`."""

    @property
    def platform_sender(self) -> ActiveSender | None:
        """The platform's default sender."""
        ...

    async def in_force(self) -> ActiveSender | None:
        """Return the organisation's sender, else the platform's default, else None."""
        ...

    async def outlook(self) -> Outlook:
        """Return how the sender in force stands."""
        ...


class SenderInForce(Protocol):
    """Knows the sender in force; implemented by `service.profiles.ProfileStore`."""

    async def in_force(self) -> ActiveSender | None:
        """Return the organisation's sender, else the platform's default, else None."""
        ...


@dataclass(frozen=True, kw_only=True)
class Ground:
    """What is handed to the worker.

    folder: files of this backend. database: tables of `service.database.Base`. envelope: encrypts at rest.

    profiles: the sender in force. watched: says how that stands; None: nobody looks. network: the way to mail servers.
    clock: aware, UTC. log: takes an event name and allow-listed fields (`service.log`). deployment: the platform's
    facts, for what stands in messages.
    """

    folder: DataFolder
    database: Database
    envelope: Envelope
    profiles: SenderInForce
    network: Network
    deployment: Deployment
    clock: Callable[[], datetime]
    log: logging.Logger
    watched: Watched | None = None


class Worker(Protocol):
    """Sends what is queued. Started once the database is ready, stopped before it is closed."""

    @property
    def routes(self) -> Sequence[ControllerRouterHandler]:
        """The routes of notifications and metrics."""
        ...

    @property
    def alive(self) -> bool:
        """Whether it takes work from the queue at this moment."""
        ...

    async def start(self) -> None:
        """Begin to work."""
        ...

    async def stop(self) -> None:
        """Finish the messages that are being handed over, take no further one, and return."""
        ...
