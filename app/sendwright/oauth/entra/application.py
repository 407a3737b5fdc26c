"""Tokens of the application itself: the client credentials grant (RFC 6749 section 4.4)."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from typing_extensions import override

from sendwright.oauth.asked_tokens import AskedTokens
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


class ApplicationTokens(AskedTokens):
    """A TokenSource of the application; keeps a token until it does not last.

    registration: with an organisation, as the application acts in one. scope: `RESOURCE/.default`. clock: the present,
    aware. A token is no proof of consent: one without roles is issued too (`oauth.lens` shows them, for diagnosis), and
    right after a consent the application may be unknown for minutes. Trying again then is for whoever knows of it.
    Fails as `tenant-not-named` without an organisation, as UNREADABLE with a certificate that is none.
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
        super().__init__(clock=clock)
        self._registration = registration
        self._credential = credential
        self._scope = scope
        self._web = web
        self._recorder = recorder

    @override
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
