"""Everything outside the program, handed in from above: nothing below reaches for a global."""

from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, field
from datetime import datetime

import httpx

from sendwright.deployment import Deployment
from sendwright.diagnosis.stage import StageResult
from sendwright.handoff.backend import Backend, BackendAddress, LocalBackend
from sendwright.handoff.known import KnownBackends
from sendwright.handoff.wire import Organisation
from sendwright.network.network import Network
from sendwright.oauth.attempts import Attempts
from sendwright.oauth.keepers import Keepers
from sendwright.recording.wire_recorder import WireRecorder
from sendwright.vault.vault import Secret, Vault

Progress = Callable[[StageResult], None]
"""Is called on the event loop's thread for every stage as it ends."""


@dataclass(frozen=True, kw_only=True)
class PlatformAccess:
    """The notification backend of the draft, for a provider's steps.

    organisation: as it was last seen. open: the backend, signed in; whatever fails inside is a screens.Halted.
    """

    organisation: Organisation
    open: Callable[[], AbstractAsyncContextManager[Backend]]


@dataclass(frozen=True, kw_only=True)
class World:
    """The surroundings of one wizard or one command.

    vault: where secrets go; its `lasting` tells whether a draft may count on them tomorrow. http: makes a client that
    verifies TLS against the system's store and never follows redirects. backend: opens the notification backend at an
    address, signed in with a token when one is given. local_backend: starts and finds the backend of this computer.
    known_backends: which backend this computer is enrolled with. person: who asks, as this computer knows the user.
    recorder: keeps what went over the wire of `network` and `http`, for a diagnosis. practice: everything here is
    simulated; practice_authority: PEM of the authority that a practice trusts beside the system's. attempts: sign-ins
    that have begun; keepers: of the grants that they left in the vault. platform: for a provider's steps the backend
    that the draft is connected with, else None.
    """

    deployment: Deployment
    vault: Vault
    network: Network
    http: Callable[[], httpx.AsyncClient]
    clock: Callable[[], datetime]
    backend: Callable[[BackendAddress, Secret | None], Backend]
    local_backend: LocalBackend
    known_backends: KnownBackends
    person: str
    recorder: WireRecorder = field(default_factory=WireRecorder)
    practice: bool = False
    practice_authority: str = ""
    attempts: Attempts = field(default_factory=Attempts)
    keepers: Keepers = field(default_factory=Keepers)
    platform: PlatformAccess | None = None
