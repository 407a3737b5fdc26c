"""Tokens of the application itself: the client credentials grant (RFC 6749 section 4.4)."""

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sendwright.oauth.entra.failures import failed
from sendwright.oauth.entra.key_pair import PairUnusable, read_pair
from sendwright.oauth.entra.msal_app import run_confidential
from sendwright.oauth.entra.registration import ANY_ORGANISATION, Registration
from sendwright.oauth.entra.tokens import access_of
from sendwright.oauth.grant import AccessToken
from sendwright.oauth.web import Web
from sendwright.recording.recorder import Recorder
from sendwright.secret import Secret

UNREADABLE: Final = "client-credential-unreadable"


@dataclass(frozen=True, kw_only=True)
class ClientCredential:
    """By what the application proves itself: one of both.

    certificate: PEM of an RSA private key without a passphrase, and of its certificate, in any order; the key signs
    (PS256), the certificate is named by its SHA-256 thumbprint (`x5t#S256`).
    Source: learn.microsoft.com/entra/identity-platform/certificate-credentials
    """

    secret: Secret | None = None
    certificate: Secret | None = None


class ApplicationTokens:
    """A TokenSource of the application; keeps a token until it does not last.

    registration: with an organisation, as the application acts in one. scope: `RESOURCE/.default`. clock: the present,
    aware. A token is no proof of consent: one without roles is issued too (`oauth.lens` shows them, for diagnosis), and
    right after a consent the application may be unknown for minutes. Trying again then is for whoever knows of it.
    """

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
        self._kept: AccessToken | None = None
        self._lock = asyncio.Lock()

    async def token(self) -> AccessToken:
        """Return an access token that lasts. Raises OAuthFailed.

        `tenant-not-named` without an organisation, `client-credential-unreadable` for a certificate that is none.
        """
        async with self._lock:
            now = self._clock()
            if self._kept is None or not self._kept.lasts(now):
                self._kept = await self._asked(now)
            return self._kept

    async def refused(self, access: AccessToken) -> None:
        """Take note that a service answered 401 to `access`."""
        async with self._lock:
            if self._kept is not None and self._kept.secret == access.secret:
                self._kept = None

    async def _asked(self, now: datetime) -> AccessToken:
        if self._registration.tenant == ANY_ORGANISATION:
            raise failed("tenant-not-named", self._registration)
        result = await run_confidential(
            lambda app: app.acquire_token_for_client([self._scope]),
            self._registration,
            credential=self._proof(),
            web=self._web,
        )
        return access_of(result, self._registration, asked=self._scope, now=now, recorder=self._recorder)

    def _proof(self) -> str | Mapping[str, str]:
        """Return the credential as MSAL takes it."""
        given = self._credential
        for secret in filter(None, (given.secret, given.certificate)):
            self._recorder.learn(secret)
        if given.certificate is not None:
            return _certificate(given.certificate, self._registration)
        if given.secret is None or not given.secret.reveal():
            raise failed(UNREADABLE, self._registration)
        return given.secret.reveal()


def _certificate(pem: Secret, registration: Registration) -> dict[str, str]:
    """Return key and certificate; raises OAuthFailed unless they are a pair."""
    try:
        pair = read_pair(pem)
    except PairUnusable:
        raise failed(UNREADABLE, registration) from None
    return {"private_key": pair.private_key, "public_certificate": pair.certificate}
