"""A notification backend that is reached over HTTP."""

import asyncio
import hmac
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from datetime import datetime
from hashlib import sha256
from http import HTTPStatus
from typing import Any, Final
from urllib.parse import quote, urlencode
from uuid import uuid4

import msgspec

from sendwright.diagnosis.stage import StageResult
from sendwright.handoff.backend import BackendAddress, HandoffFailed
from sendwright.handoff.exchange import Answer, Exchange, failed, refused
from sendwright.handoff.sealing import seal
from sendwright.handoff.wire import (
    API_VERSION,
    Audit,
    Certificate,
    CertificateRequest,
    ConsentQuestion,
    ConsentState,
    Ended,
    Enrolment,
    EnrolmentRequest,
    GoogleIdentity,
    MicrosoftApplication,
    NotificationRequest,
    Notifications,
    NotificationState,
    Organisation,
    ProfileRequest,
    Profiles,
    ProfileState,
    TestEnd,
    TestRequest,
)
from sendwright.network.network import Network
from sendwright.network.system import system_network
from sendwright.profile import SenderProfile
from sendwright.secret import Secret

QUIET_S: Final = 180.0
"""Seconds that a test may say nothing: the longest stage tries several addresses one after another."""

ASKS_S: Final = 90.0
"""Seconds that the backend may say nothing while it asks others, or computes a key."""


class _Version(msgspec.Struct):
    api_version: int


class HttpBackend:
    """handoff.backend.Backend over HTTPS, or HTTP on this computer.

    Writes carry the entity tag of what this object saw last: what somebody else changed meanwhile is not
    overwritten, the write fails with `backend-changed-meanwhile` instead.
    """

    def __init__(
        self,
        address: BackendAddress,
        *,
        token: Secret | None,
        network: Network | None = None,
        pause: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self._exchange = Exchange(address, token=token, network=network or system_network(), pause=pause)
        self._token = token
        self._etag: str | None = None

    async def enrol(self, code: Secret, *, device: str) -> Enrolment:
        """Exchange the one-time secret of a connection code for an access token."""
        request = EnrolmentRequest(code=code.reveal(), device=device)
        answer = await self._exchange.ask("POST", "/v1/enrolments", body=request, headers=_key(str(uuid4())))
        return answer.read(Enrolment)

    async def organisation(self) -> Organisation:
        """Return the organisation, its default sender and what is in force."""
        try:
            answer = await self._exchange.ask("GET", "/v1/organisation")
        except HandoffFailed as error:
            if error.evidence.http == HTTPStatus.NOT_FOUND and error.evidence.reason:
                raise failed("backend-version-unsupported") from error  # a backend, without this version
            raise
        if answer.read(_Version).api_version != API_VERSION:
            raise failed("backend-version-unsupported")
        organisation = answer.read(Organisation)
        self._etag = answer.etag
        return organisation

    async def stage(
        self,
        profile: SenderProfile,
        credentials: dict[str, Secret],
        *,
        key: str,
        credentials_from: int | None = None,
        contact: str = "",
        expires_at: datetime | None = None,
    ) -> ProfileState:
        """Store `profile` as a new version with its credentials sealed; `key` makes a repetition harmless.

        The same key with other credentials, taken over from elsewhere, with another contact or another end, is another
        request.
        """
        sealed = None
        if credentials:
            keys = await self._exchange.ask("GET", "/v1/keys")
            sealed = seal(credentials, keys.read(dict[str, Any]), profile=profile)
        request = ProfileRequest(
            profile=profile,
            credentials=sealed,
            credentials_from=credentials_from,
            contact=contact,
            expires_at=expires_at,
        )
        end = "" if expires_at is None else expires_at.isoformat()
        named = _key(f"{key}-{self._tag(credentials, str(credentials_from or ''), contact, end)}")
        return (await self._write("POST", "/v1/profiles", body=request, headers=named)).read(ProfileState)

    async def test(self, version: int, *, to: str | None, mailbox: str | None = None) -> AsyncIterator[StageResult]:
        """Let the backend run the diagnosis with that version; yield its stages as they end."""
        path, submits = f"/v1/profiles/{version}/test", to is not None
        request = TestRequest(to=to, mailbox=mailbox)
        async with self._exchange.stream(path, body=request, quiet_s=QUIET_S, submits=submits) as lines:
            async for line in lines:
                result = _read_line(line)
                if isinstance(result, StageResult):
                    yield result
                elif result.code is not None:
                    raise refused(result.code)
                else:
                    return
        raise failed("connection-dropped", perhaps_sent=submits)

    async def activate(self, version: int) -> ProfileState:
        """Put a tested version in force."""
        answer = await self._write("POST", f"/v1/profiles/{version}/activate", headers=_key(str(uuid4())))
        return answer.read(ProfileState)

    async def restore(self, version: int) -> ProfileState:
        """Put a former version in force again."""
        answer = await self._write("POST", f"/v1/profiles/{version}/restore", headers=_key(str(uuid4())))
        return answer.read(ProfileState)

    async def use_default(self, *, revoke: bool = False) -> Ended:
        """Go back to the platform's default sender; with `revoke` the sign-in that was in force is ended as well."""
        path = "/v1/profiles/active" + ("?" + urlencode({"revoke": "true"}) if revoke else "")
        answer = await self._write("DELETE", path, headers=_key(str(uuid4())), quiet_s=ASKS_S)
        if answer.body:
            return answer.read(Ended)
        return Ended(revoked=False, problem="backend-version-unsupported") if revoke else Ended()  # an older backend

    async def profiles(self) -> Profiles:
        """Return all versions."""
        return (await self._exchange.ask("GET", "/v1/profiles")).read(Profiles)

    async def audit(self) -> Audit:
        """Return who changed what, when."""
        return (await self._exchange.ask("GET", "/v1/audit")).read(Audit)

    async def notify(self, notification: NotificationRequest, *, key: str) -> NotificationState:
        """Hand over one notification; it is durable when this returns."""
        answer = await self._exchange.ask("POST", "/v1/notifications", body=notification, headers=_key(key))
        return answer.read(NotificationState)

    async def notification(self, notification_id: str) -> NotificationState:
        """Return what became of a notification."""
        path = f"/v1/notifications/{quote(notification_id, safe='')}"
        return (await self._exchange.ask("GET", path)).read(NotificationState)

    async def notifications(self, *, state: str | None) -> Notifications:
        """Return the notifications in a state, newest first."""
        query = "" if state is None else "?" + urlencode({"state": state})
        return (await self._exchange.ask("GET", f"/v1/notifications{query}")).read(Notifications)

    async def microsoft(self) -> MicrosoftApplication:
        """Return how the backend acts as an application in Microsoft 365."""
        return (await self._exchange.ask("GET", "/v1/microsoft")).read(MicrosoftApplication)

    async def make_certificate(self, client_id: str, *, key: str) -> Certificate:
        """Let the backend make a key pair for an organisation's own registration; return the public half."""
        request = CertificateRequest(client_id=client_id)
        path, headers = "/v1/microsoft/certificates", _key(key)
        return (await self._exchange.ask("POST", path, body=request, headers=headers, quiet_s=ASKS_S)).read(Certificate)

    async def consent(self, question: ConsentQuestion) -> ConsentState:
        """Ask whether the application may act in an organisation by now."""
        path = "/v1/microsoft/consent"
        return (await self._exchange.ask("POST", path, body=question, quiet_s=ASKS_S)).read(ConsentState)

    async def google(self) -> GoogleIdentity:
        """Return how the backend can sign for a service account that has no key."""
        return (await self._exchange.ask("GET", "/v1/google")).read(GoogleIdentity)

    async def close(self) -> None:
        """Release connections."""
        await self._exchange.close()

    async def _write(
        self,
        method: str,
        path: str,
        *,
        headers: Mapping[str, str],
        body: msgspec.Struct | None = None,
        quiet_s: float | None = None,
    ) -> Answer:
        if self._etag is None:
            await self.organisation()
        named = {**headers, "If-Match": self._etag or "*"}
        answer = await self._exchange.ask(method, path, body=body, headers=named, quiet_s=quiet_s)
        self._etag = answer.etag or self._etag
        return answer

    def _tag(self, credentials: Mapping[str, Secret], *more: str) -> str:
        """Tell credentials apart without telling what they are: only the holder of the token could try some."""
        inside = {name: secret.reveal() for name, secret in sorted(credentials.items())}
        said = msgspec.json.encode([inside, *more])
        token = self._token.reveal() if self._token else ""
        return hmac.new(token.encode(), said, sha256).hexdigest()[:32]


def _key(key: str) -> dict[str, str]:
    return {"Idempotency-Key": key}


def _read_line(line: str) -> StageResult | TestEnd:
    try:
        found = msgspec.json.decode(line)
        kind: type[StageResult | TestEnd]
        kind = StageResult if isinstance(found, dict) and "id" in found else TestEnd
        return msgspec.convert(found, kind)
    except msgspec.MsgspecError as error:
        raise failed("backend-version-unsupported") from error
