"""The identity at Google of one's own, as which this machine may ask for signatures."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Final

import httpx
import msgspec

from sendwright.oauth import web as oauth_web
from sendwright.oauth.apart import Asking, run_apart
from sendwright.oauth.conditions import NOT_RECOGNISED, NOT_UNDERSTOOD
from sendwright.oauth.google.federation import TYPE as FEDERATION
from sendwright.oauth.google.federation import Federation, read_federation
from sendwright.oauth.google.library_request import LibraryRequest
from sendwright.oauth.google.near import METADATA_HOSTS, ask_near, heard, is_near, plain_client
from sendwright.oauth.google.place import GooglePlace
from sendwright.oauth.google.service_account_key import EMAIL, UNIVERSE, KeyUnusable, ServiceAccountKey, read_key
from sendwright.oauth.google.signing_failures import MISSING, UNUSABLE, identity_refused, signing_failed
from sendwright.oauth.web import Heard, Server, Web, origin
from sendwright.recording.recorder import Recorder
from sendwright.secret import Secret

if TYPE_CHECKING:  # it takes a tenth of a second to load
    from google.auth.credentials import Credentials

METADATA_SERVER: Final = "metadata-server"
"""Instead of a configuration: the service account as which the machine runs, where Google runs it."""

SCOPE: Final = "https://www.googleapis.com/auth/iam"
"""The smallest one that signing takes (cloud.google.com/iam/docs/reference/credentials/rest)."""

LIFE_S: Final = 3_600


@dataclass(frozen=True, kw_only=True)
class Shown:
    """An access token of an identity. principal: the service account that it is; empty where nobody says so."""

    secret: Secret
    principal: str = ""


@dataclass(frozen=True, kw_only=True)
class Identity:
    """Where the identity comes from: its own key, a federation, or, with neither, the metadata server.

    near: makes the client for services that speak plain HTTP.
    """

    key: ServiceAccountKey | None = None
    federation: Federation | None = None
    near: Web = plain_client

    @property
    def principal(self) -> str:
        """The service account that it is, as it is to be allowed to sign; empty where that is not known beforehand."""
        return self.key.email if self.key else self.federation.principal if self.federation else ""

    async def access(
        self, client: httpx.AsyncClient, *, place: GooglePlace, recorder: Recorder, now: datetime
    ) -> Shown:
        """Return an access token of the identity, asked for now.

        Raises OAuthFailed: `google-signing-identity-missing` where the source of the identity has none,
        `google-signing-identity-refused` where Google refuses it, and what a service that is not reached is called.
        """
        if self.key is not None:
            recorder.learn(self.key.private_key)
        services = self.federation.services if self.federation else (place.token,) if self.key else ()

        async def ask(
            method: str, url: str, *, headers: Mapping[str, str], form: Mapping[str, str], content: bytes
        ) -> Heard:
            for name in ("assertion", "subject_token"):
                if form.get(name):
                    recorder.learn(Secret(form[name]))
            if url in services:
                server = Server(
                    origins=frozenset(filter(None, (origin(url),))),
                    evidence_of=identity_refused,
                    failed=signing_failed,
                )
                return await oauth_web.ask(
                    client, method, url, server=server, form=form, content=content, headers=headers
                )
            return await self._source(client, method, url, headers=headers, content=content)

        shown = await run_apart(
            lambda asking: self._refreshed(asking, place=place, now=now),
            ask,
            nonsense=lambda: signing_failed(NOT_UNDERSTOOD),
            name="google",
        )
        recorder.learn(shown.secret)
        return shown

    async def _source(
        self, client: httpx.AsyncClient, method: str, url: str, *, headers: Mapping[str, str], content: bytes
    ) -> Heard:
        """Ask where the identity comes from; what may be asked there was judged when the configuration was read."""
        if self.key is not None or (self.federation is None and httpx.URL(url).host not in METADATA_HOSTS):
            raise signing_failed(NOT_RECOGNISED)
        if is_near(url):
            return await ask_near(method, url, web=self.near, headers=headers, content=content)
        server = Server(
            origins=frozenset(filter(None, (origin(url),))), evidence_of=identity_refused, failed=signing_failed
        )
        return heard(*await oauth_web.fetch(client, method, url, server=server, headers=headers, content=content))

    def _refreshed(self, asking: Asking, *, place: GooglePlace, now: datetime) -> Shown:
        from google.auth.exceptions import GoogleAuthError  # noqa: PLC0415 - as above; here it loads in the thread

        try:
            credentials = self._credentials(place, now)
        except (GoogleAuthError, ValueError):
            raise signing_failed(UNUSABLE, values={"why": "credential_source"}) from None
        try:
            credentials.refresh(LibraryRequest(asking))
        except (GoogleAuthError, OSError):  # a file that is missing or empty; its path is nobody's business
            raise signing_failed(MISSING) from None
        if not isinstance(credentials.token, str) or not credentials.token:
            raise ValueError("no token")
        told = getattr(credentials, "service_account_email", None)  # the metadata server names it
        known = told if isinstance(told, str) and EMAIL.fullmatch(told) else ""
        return Shown(secret=Secret(credentials.token), principal=self.principal or known)

    def _credentials(self, place: GooglePlace, now: datetime) -> "Credentials":
        from google.auth import aws, compute_engine, identity_pool  # noqa: PLC0415 - as above
        from google.auth.crypt import RSASigner  # noqa: PLC0415 - as above
        from google.oauth2 import service_account  # noqa: PLC0415 - as above

        if self.key is not None:
            return service_account.Credentials(
                RSASigner.from_string(self.key.private_key.reveal(), self.key.key_id),
                service_account_email=self.key.email,
                token_uri=place.token,
                scopes=[SCOPE],
                additional_claims=lifetime(place, now),
            )
        if self.federation is not None:
            kind = aws.Credentials if self.federation.aws else identity_pool.Credentials
            federated: Credentials = kind.from_info(self.federation.info, scopes=[SCOPE])  # type: ignore[no-untyped-call] # google-auth leaves it so
            return federated
        return compute_engine.Credentials(scopes=[SCOPE], universe_domain=UNIVERSE)


def lifetime(place: GooglePlace, now: datetime) -> dict[str, object]:
    """Return the claims that bind what is signed to its time and to the one who reads it (RFC 7523 section 3)."""
    begun = int(now.timestamp())
    return {"aud": place.token, "iat": begun, "exp": begun + LIFE_S}


def read_identity(identity: Secret, *, place: GooglePlace, near: Web = plain_client) -> Identity:
    """Return the identity that `identity` describes; see signing.open_identity. Raises OAuthFailed."""
    letters = identity.reveal().removeprefix("\ufeff").strip()
    if not letters:
        raise signing_failed(MISSING)
    if letters == METADATA_SERVER:
        return Identity(near=near)
    try:
        content = msgspec.json.decode(letters, type=dict[str, object])
    except (msgspec.MsgspecError, UnicodeEncodeError, RecursionError):
        raise signing_failed(UNUSABLE, values={"why": "not-json"}) from None
    if content.get("type") == FEDERATION:
        return Identity(federation=read_federation(content, place=place), near=near)
    try:
        return Identity(key=read_key(identity), near=near)
    except KeyUnusable as unusable:
        raise signing_failed(UNUSABLE, values={"why": unusable.code}) from None
