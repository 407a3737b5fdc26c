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
from sendwright.profile import SenderProfile
from sendwright.secret import Secret
from sendwright.service.database import Database
from sendwright.service.envelope import Envelope
from sendwright.service.settings import DataFolder


@dataclass(frozen=True, kw_only=True)
class ActiveSender:
    """How notifications leave now. version 0: the platform's default sender."""

    version: int
    profile: SenderProfile
    credentials: dict[str, Secret]


class SenderInForce(Protocol):
    """Knows the sender in force; implemented by `service.profiles.ProfileStore`."""

    async def in_force(self) -> ActiveSender | None:
        """Return the organisation's sender, else the platform's default, else None."""
        ...


@dataclass(frozen=True, kw_only=True)
class Ground:
    """What is handed to the worker.

    folder: files of this backend. database: tables of `service.database.Base`. envelope: encrypts at rest.

    profiles: the sender in force. network: the way to mail servers. clock: aware, UTC. log: takes an event
    name and allow-listed fields (`service.log`). deployment: the platform's facts, for what stands in messages.
    """

    folder: DataFolder
    database: Database
    envelope: Envelope
    profiles: SenderInForce
    network: Network
    deployment: Deployment
    clock: Callable[[], datetime]
    log: logging.Logger


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
