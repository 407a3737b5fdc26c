"""Signs a person in on another device: the device authorisation grant (RFC 8628)."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime

from sendwright.oauth.account import Account
from sendwright.oauth.entra.registration import Registration
from sendwright.oauth.entra.sign_in import SignedIn
from sendwright.oauth.entra.web import Web
from sendwright.recording.recorder import Recorder


@dataclass(frozen=True, kw_only=True)
class DeviceCode:
    """What the person types at `address`. expires_at: aware. interval_s: seconds between two questions."""

    user_code: str
    address: str
    expires_at: datetime
    interval_s: int
    flow: dict[str, object] = field(default_factory=dict, repr=False, compare=False)


async def begin_device(
    registration: Registration,
    *,
    permissions: tuple[str, ...],
    web: Web,
    recorder: Recorder,
    clock: Callable[[], datetime] = lambda: datetime.now(UTC),
) -> DeviceCode:
    """Return a code to type. Raises OAuthFailed."""
    raise NotImplementedError


async def await_device(
    code: DeviceCode,
    registration: Registration,
    *,
    web: Web,
    recorder: Recorder,
    clock: Callable[[], datetime],
    expected: Account | None = None,
) -> SignedIn:
    """Ask until the person has signed in; cancel it to stop. Raises OAuthFailed."""
    raise NotImplementedError
