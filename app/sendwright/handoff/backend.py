"""What the wizard and the command line can ask of a notification backend, wherever it runs."""

from collections.abc import AsyncIterator
from datetime import datetime
from typing import Protocol

import msgspec

from sendwright.diagnosis.stage import StageResult
from sendwright.handoff.wire import (
    Audit,
    Certificate,
    ConsentQuestion,
    ConsentState,
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
from sendwright.problems.evidence import Failure
from sendwright.profile import SenderProfile
from sendwright.secret import Secret


class BackendAddress(msgspec.Struct, frozen=True, kw_only=True):
    """Where a backend listens.

    url: https, or http on this computer only. ca_pem: further trusted authorities.
    """

    url: str
    ca_pem: str | None = None


class HandoffFailed(Failure):
    """The notification backend refused or could not be reached."""


class Backend(Protocol):
    """A notification backend. Every call raises HandoffFailed; a repeated call never does a thing twice."""

    async def enrol(self, code: Secret, *, device: str) -> Enrolment:
        """Exchange the one-time secret of a connection code for an access token."""
        ...

    async def organisation(self) -> Organisation:
        """Return the organisation, its default sender and what is in force."""
        ...

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
        """Store `profile` as a new version with its credentials sealed; `key` makes a repetition harmless.

        credentials_from, contact, expires_at: see wire.ProfileRequest.
        """
        ...

    def test(self, version: int, *, to: str | None, mailbox: str | None = None) -> AsyncIterator[StageResult]:
        """Let the backend run the diagnosis with that version; yield its stages as they end.

        mailbox: send as another one, see wire.TestRequest.
        """
        ...

    async def microsoft(self) -> MicrosoftApplication:
        """Return how the backend acts as an application in Microsoft 365."""
        ...

    async def make_certificate(self, client_id: str, *, key: str) -> Certificate:
        """Let the backend make a key pair for an organisation's own registration; return the public half."""
        ...

    async def consent(self, question: ConsentQuestion) -> ConsentState:
        """Ask whether the application may act in an organisation by now."""
        ...

    async def google(self) -> GoogleIdentity:
        """Return how the backend can sign for a service account that has no key."""
        ...

    async def activate(self, version: int) -> ProfileState:
        """Put a tested version in force."""
        ...

    async def restore(self, version: int) -> ProfileState:
        """Put a former version in force again."""
        ...

    async def use_default(self, *, revoke: bool = False) -> Ended:
        """Go back to the platform's default sender.

        revoke: end the sign-in of the version that is in force as well, at its provider and here; the answer says
        whether the provider did.
        """
        ...

    async def profiles(self) -> Profiles:
        """Return all versions."""
        ...

    async def audit(self) -> Audit:
        """Return who changed what, when."""
        ...

    async def notify(self, notification: NotificationRequest, *, key: str) -> NotificationState:
        """Hand over one notification; it is durable when this returns."""
        ...

    async def notification(self, notification_id: str) -> NotificationState:
        """Return what became of a notification."""
        ...

    async def notifications(self, *, state: str | None) -> Notifications:
        """Return the notifications in a state, newest first."""
        ...

    async def close(self) -> None:
        """Release connections."""
        ...


class LocalBackend(Protocol):
    """The backend on this computer, started by the wizard and living on after it."""

    async def start(self) -> BackendAddress:
        """Return the address of the running backend, starting it first where none answers.

        Raises HandoffFailed.
        """
        ...

    async def connection_code(self, *, passing: bool = False) -> Secret:
        """Return a fresh one-time connection code; whoever may read the data folder may have one.

        passing: for a single command. Its access ends by itself, and it is no news for the audit.
        """
        ...

    @property
    def can_be_kept_running(self) -> bool:
        """Whether the user has a service manager (systemd) that can start it at every login."""
        ...

    async def keep_running(self) -> None:
        """Install and start it as a service of the user."""
        ...
