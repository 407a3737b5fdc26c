"""Tokens of the application itself: the client credentials grant (RFC 6749 section 4.4)."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from sendwright.oauth.entra.registration import Registration
from sendwright.oauth.entra.web import Web
from sendwright.oauth.grant import AccessToken
from sendwright.recording.recorder import Recorder
from sendwright.secret import Secret


@dataclass(frozen=True, kw_only=True)
class ClientCredential:
    """By what the application proves itself: one of both. certificate: PEM of the private key and the certificate."""

    secret: Secret | None = None
    certificate: Secret | None = None


class ApplicationTokens:
    """A TokenSource of the application; keeps a token until it does not last."""

    def __init__(
        self,
        registration: Registration,
        credential: ClientCredential,
        *,
        scope: str,
        web: Web,
        recorder: Recorder,
        clock: Callable[[], datetime],
    ) -> None:
        self._registration = registration
        self._credential = credential
        self._scope = scope
        self._web = web
        self._recorder = recorder
        self._clock = clock

    async def token(self) -> AccessToken:
        """Return an access token that lasts. Raises OAuthFailed."""
        raise NotImplementedError

    async def refused(self, access: AccessToken) -> None:
        """Take note that a service answered 401 to `access`."""
        raise NotImplementedError
