"""Every answer a person gave so far, as one frozen value without secrets."""

import hashlib
from datetime import datetime
from enum import StrEnum
from typing import Any

import msgspec

from sendwright.diagnosis.two_sides import TwoSides
from sendwright.handoff.backend import BackendAddress
from sendwright.handoff.wire import Organisation, ProfileState
from sendwright.profile import SenderProfile
from sendwright.vault.vault import SecretRef


class Purpose(StrEnum):
    """What the person came for."""

    SET_UP = "set-up"
    CHECK = "check"
    RECONNECT = "reconnect"
    DISCONNECT = "disconnect"
    PRACTISE = "practise"

    @property
    def changes(self) -> bool:
        """Whether its walk ends with a profile put in force."""
        return self in {Purpose.SET_UP, Purpose.RECONNECT}


class Arrival(StrEnum):
    """What the person saw of the test message."""

    YES = "yes"
    JUNK = "junk"
    NO = "no"
    LATER = "later"


class Platform(msgspec.Struct, frozen=True, kw_only=True):
    """The notification backend this computer is enrolled with, and what it said of itself."""

    address: BackendAddress
    token: SecretRef
    organisation: Organisation
    on_this_computer: bool = False


class SenderAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """From: address (addr-spec) and alias (display name)."""

    address: str
    alias: str


class TestRecord(msgspec.Struct, frozen=True, kw_only=True):
    """A test message of the desktop. profile: digest of what was tested; submitted: the server took it."""

    to: str
    code: str
    message_id: str
    started_at: datetime
    profile: str
    submitted: bool = False
    arrived: Arrival | None = None


class Staged(msgspec.Struct, frozen=True, kw_only=True):
    """A version that the backend stored and does not use. profile: its digest. tested: its own test passed."""

    version: int
    profile: str
    tested: bool = False


class Outcome(msgspec.Struct, frozen=True, kw_only=True):
    """What was put in force.

    undone: taken back again. secret_left: the keychain did not let the password go. sent: the ids of one notification
    of each kind.
    """

    version: int
    profile: SenderProfile
    at: datetime
    previous_version: int | None = None
    undone: bool = False
    kept_running: bool = False
    secret_left: bool = False
    sent: dict[str, str] = {}


class Disconnection(msgspec.Struct, frozen=True, kw_only=True):
    """The platform's own sender was put in force again.

    former: what was in force until then. revoked, problem: as in handoff.wire.Ended. restored: it is in force again.
    """

    former: ProfileState
    revoked: bool | None = None
    problem: str = ""
    restored: bool = False


class Draft(msgspec.Struct, frozen=True, kw_only=True):
    """The answers. answers: the provider's own part, a `providers.provider.Answers` of the provider chosen.

    staged: what the backend holds of it: once a refresh token is there, nobody else has it.
    checked: what the last check saw from both places. typed: what stands in forms that were not submitted yet, by
    step and field; never a password.
    """

    id: str
    purpose: Purpose = Purpose.SET_UP
    platform: Platform | None = None
    provider: str | None = None
    answers: Any = None
    sender: SenderAnswer | None = None
    test: TestRecord | None = None
    staged: Staged | None = None
    outcome: Outcome | None = None
    disconnection: Disconnection | None = None
    checked: TwoSides | None = None
    typed: dict[str, dict[str, str]] = {}

    @property
    def in_force(self) -> ProfileState | None:
        """What is in force instead of the platform's own sender, as far as that is known."""
        return self.platform.organisation.in_force if self.platform else None


def digest(profile: SenderProfile) -> str:
    """Return a fingerprint of `profile`: a test or a hand-over belongs to exactly one."""
    return hashlib.sha256(msgspec.json.encode(profile, order="sorted")).hexdigest()[:32]
