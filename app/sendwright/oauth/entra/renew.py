"""Exchanges a refresh token for an access token."""

from collections.abc import Callable
from datetime import UTC, datetime

from sendwright.oauth.entra.registration import Registration
from sendwright.oauth.entra.web import Web
from sendwright.oauth.grant import Renew
from sendwright.recording.recorder import Recorder


def renewing(
    registration: Registration,
    *,
    web: Web,
    recorder: Recorder,
    clock: Callable[[], datetime] = lambda: datetime.now(UTC),
) -> Renew:
    """Return what renews at the registration's tenant."""
    raise NotImplementedError
