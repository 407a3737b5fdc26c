"""Tokens by which a service account acts for a user of its Workspace: domain-wide delegation."""

from collections.abc import Callable, Mapping
from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING

import httpx
from typing_extensions import override

from sendwright.oauth import web as oauth_web
from sendwright.oauth.answered import access_in
from sendwright.oauth.apart import Asking, run_apart
from sendwright.oauth.asked_tokens import AskedTokens
from sendwright.oauth.conditions import NOT_RECOGNISED, NOT_UNDERSTOOD
from sendwright.oauth.google.client import GoogleClient
from sendwright.oauth.google.failures import failed
from sendwright.oauth.google.identity import lifetime
from sendwright.oauth.google.library_request import LibraryRequest
from sendwright.oauth.google.place import GooglePlace
from sendwright.oauth.google.scopes import granted
from sendwright.oauth.google.service_account_failures import refused
from sendwright.oauth.google.service_account_key import KeyUnusable, ServiceAccountKey, read_file, read_key
from sendwright.oauth.google.signing import Opened, Signing
from sendwright.oauth.grant import AccessToken, OAuthFailed
from sendwright.oauth.web import Heard, Server, Web, origin
from sendwright.recording.recorder import Recorder
from sendwright.secret import Secret

if TYPE_CHECKING:  # it takes a tenth of a second to load
    from google.auth.crypt import Signer

__all__ = ["KeyUnusable", "ServiceAccountKey", "ServiceAccountTokens", "read_file", "read_key"]


class ServiceAccountTokens(AskedTokens):
    """A TokenSource of a service account that acts for `subject`; keeps a token until it does not last.

    email: of the service account. subject: address of the user. scope: separated by blanks. key or signer: by which it
    proves itself, one of both. unique_id: numeric id of the service account; the key knows it, too. clock: the present,
    aware. Source: developers.google.com/identity/protocols/oauth2/service-account; RFC 7523 section 2.1
    """

    def __init__(
        self,
        *,
        email: str,
        subject: str,
        scope: str,
        place: GooglePlace,
        web: Web,
        recorder: Recorder,
        clock: Callable[[], datetime],
        key: ServiceAccountKey | None = None,
        signer: Signing | None = None,
        unique_id: str = "",
    ) -> None:
        if (key is None) == (signer is None):
            raise ValueError("a service account proves itself by a key or by what signs for it")
        super().__init__(clock=clock)
        self._email = email
        self._subject = subject
        self._scope = scope
        self._place = place
        self._web = web
        self._recorder = recorder
        self._key = key
        self._signing = signer
        self._client = GoogleClient(client_id=unique_id or (key.unique_id if key else ""), own=True)
        self._about = {"username": subject, "service_account": email, "scope": scope}

    @override
    async def _asked(self, now: datetime) -> AccessToken:
        if self._key is not None:
            self._recorder.learn(self._key.private_key)
        async with self._web() as client:
            opened = None
            if self._signing is not None:
                opened = await self._signing.open(client, recorder=self._recorder, now=now)
            heard = await run_apart(
                lambda asking: self._granted(asking, opened, now),
                partial(self._ask, client, opened),
                nonsense=lambda: self._failed(NOT_UNDERSTOOD),
                name="google",
            )
        access = access_in(heard.content, asked=self._scope, now=now, recorder=self._recorder)
        if access is None:
            raise self._failed(NOT_UNDERSTOOD)
        return access

    async def _ask(
        self,
        client: httpx.AsyncClient,
        opened: Opened | None,
        method: str,
        url: str,
        *,
        headers: Mapping[str, str],
        form: Mapping[str, str],
        content: bytes,
    ) -> Heard:
        """Ask the token endpoint, or what signs; nobody else is to be asked."""
        if url == self._place.token:
            self._recorder.learn(Secret(form.get("assertion", "")))
            return await oauth_web.ask(client, method, url, server=self._server(), form=form, headers=headers)
        if opened is None:
            raise self._failed(NOT_RECOGNISED)
        return await opened.ask(method, url, headers=headers, content=content, about=self._about)

    def _granted(self, asking: Asking, opened: Opened | None, now: datetime) -> Heard:
        """Return what the token endpoint answers; runs in the library's thread."""
        from google.auth.exceptions import GoogleAuthError  # noqa: PLC0415 - as above; here it loads in the thread
        from google.oauth2 import service_account  # noqa: PLC0415 - as above

        request = LibraryRequest(asking)
        credentials = service_account.Credentials(
            self._signer(opened, request),
            service_account_email=self._email,
            token_uri=self._place.token,
            scopes=list(granted(self._scope)),
            subject=self._subject,
            additional_claims=lifetime(self._place, now),
        )
        try:
            credentials.refresh(request)
        except GoogleAuthError:
            raise self._failed(NOT_UNDERSTOOD) from None
        if request.heard is None:
            raise ValueError("nothing was asked")
        return request.heard

    def _signer(self, opened: Opened | None, request: LibraryRequest) -> "Signer":
        from google.auth.crypt import RSASigner  # noqa: PLC0415 - as above

        if opened is not None:
            return opened.signer_for(self._email, request)
        if self._key is None:
            raise ValueError("nothing to sign with")
        signer: Signer = RSASigner.from_string(self._key.private_key.reveal(), self._key.key_id)
        return signer

    def _server(self) -> Server:
        return Server(
            origins=frozenset(filter(None, (origin(self._place.token),))),
            evidence_of=partial(refused, client=self._client, about=self._about),
            failed=self._failed,
        )

    def _failed(
        self, condition: str, *, http: int | None = None, values: Mapping[str, str] | None = None
    ) -> OAuthFailed:
        return failed(condition, self._client, http=http, values={**self._about, **(values or {})})
