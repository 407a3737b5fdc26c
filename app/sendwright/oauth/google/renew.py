"""Exchanges a refresh token for an access token (RFC 6749 section 6)."""

from collections.abc import Callable
from datetime import UTC, datetime

from sendwright.oauth.google.client import GoogleClient
from sendwright.oauth.google.web import Web
from sendwright.oauth.grant import Renew
from sendwright.recording.recorder import Recorder


def renewing(
    client: GoogleClient,
    *,
    web: Web,
    recorder: Recorder,
    clock: Callable[[], datetime] = lambda: datetime.now(UTC),
) -> Renew:
    """Return what renews at Google. Each call is one request for a token; nothing is kept between two."""
    raise NotImplementedError
