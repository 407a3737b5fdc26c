"""Signs for a service account without its key: by Google's interface that signs, as an identity of one's own."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING, Final, Protocol

import httpx

from sendwright.oauth import web as oauth_web
from sendwright.oauth.conditions import NOT_RECOGNISED
from sendwright.oauth.google.identity import METADATA_SERVER, Identity, Shown, read_identity
from sendwright.oauth.google.library_request import LibraryRequest
from sendwright.oauth.google.near import plain_client
from sendwright.oauth.google.place import GooglePlace
from sendwright.oauth.google.signing_failures import signing_failed, signing_refused
from sendwright.oauth.web import Heard, Server, Web, origin
from sendwright.recording.recorder import Recorder
from sendwright.secret import Secret

if TYPE_CHECKING:  # they take a tenth of a second to load
    from google.auth.crypt import Signer

__all__ = ["METADATA_SERVER", "IamSigning", "Opened", "Signing", "open_identity"]

_SIGNS: Final = ":signBlob"


class Opened(Protocol):
    """Signs for a while, with one access token."""

    def signer_for(self, email: str, request: LibraryRequest) -> "Signer":
        """Return what signs as `email`; it runs in the library's thread and asks by `request`."""
        ...

    async def ask(
        self, method: str, url: str, *, headers: Mapping[str, str], content: bytes, about: Mapping[str, str]
    ) -> Heard:
        """Ask what signs, in the event loop. about: values for the evidence of a refusal. Raises OAuthFailed."""
        ...


class Signing(Protocol):
    """Signs for service accounts."""

    async def open(self, client: httpx.AsyncClient, *, recorder: Recorder, now: datetime) -> Opened:
        """Return what signs from now on. client: stays open as long as it signs. Raises OAuthFailed."""
        ...


class IamSigning:
    """Signs by `projects.serviceAccounts.signBlob`, which takes an access token of an identity of one's own.

    The identity needs the permission `iam.serviceAccounts.signBlob` on the service account, as the role Service Account
    Token Creator gives it. Source: cloud.google.com/iam/docs/reference/credentials/rest/v1/projects.serviceAccounts
    """

    def __init__(self, identity: Identity, *, place: GooglePlace) -> None:
        self._identity = identity
        self._place = place

    async def open(self, client: httpx.AsyncClient, *, recorder: Recorder, now: datetime) -> Opened:
        """Return what signs with an access token that is asked for now."""
        shown = await self._identity.access(client, place=self._place, recorder=recorder, now=now)
        return _IamOpened(shown=shown, place=self._place, client=client)


@dataclass(frozen=True, kw_only=True)
class _IamOpened:
    shown: Shown
    place: GooglePlace
    client: httpx.AsyncClient

    def signer_for(self, email: str, request: LibraryRequest) -> "Signer":
        from google.auth import iam  # noqa: PLC0415 - as above; and here it loads in the library's thread
        from google.oauth2.credentials import Credentials  # noqa: PLC0415 - as above

        return iam.Signer(request, Credentials(token=self.shown.secret.reveal()), email)

    async def ask(
        self, method: str, url: str, *, headers: Mapping[str, str], content: bytes, about: Mapping[str, str]
    ) -> Heard:
        """Ask at the place: the library knows no other one than Google's own."""
        path = httpx.URL(url).path
        if method != "POST" or not path.endswith(_SIGNS):
            raise signing_failed(NOT_RECOGNISED)
        known = {"principal": self.shown.principal} if self.shown.principal else {}
        server = Server(
            origins=frozenset(filter(None, (origin(self.place.iam),))),
            evidence_of=partial(signing_refused, about={**about, **known}),
            failed=signing_failed,
        )
        return await oauth_web.ask(
            self.client, method, f"{self.place.iam}{path}", server=server, content=content, headers=headers
        )


def open_identity(identity: Secret, *, place: GooglePlace, near: Web = plain_client) -> IamSigning:
    """Return what signs as the identity that `identity` describes.

    identity: METADATA_SERVER, or the JSON of a credential configuration (`external_account`: Workload Identity
    Federation) or of a service account's key. place: where Google, or a practice, answers. near: makes the client for
    the metadata server. Nothing is asked yet. Raises OAuthFailed: `google-signing-identity-missing` where there is
    none, `google-signing-identity-unusable` for one of another kind, or that would run programs or reach strange hosts.
    """
    return IamSigning(read_identity(identity, place=place, near=near), place=place)
