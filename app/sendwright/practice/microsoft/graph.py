"""Simulated Microsoft Graph: who am I, and sending, with everything it refuses."""

import asyncio
import base64
import binascii
from collections.abc import Awaitable, Callable
from datetime import datetime
from email.message import EmailMessage
from email.utils import parsedate_to_datetime
from http import HTTPStatus
from typing import Any, Final
from uuid import uuid4

from litestar import HttpMethod, Litestar, Request, Response, route
from litestar.exceptions import HTTPException
from litestar.params import FromPath

from sendwright.practice import messages
from sendwright.practice.faults import Fault, Faults
from sendwright.practice.listening import CutOff, Listener, unheard
from sendwright.practice.mail_server import Received
from sendwright.practice.messages import Sent
from sendwright.practice.microsoft import graph_json, rights, submitted
from sendwright.practice.microsoft.directory import Directory
from sendwright.practice.microsoft.permissions import is_graph
from sendwright.practice.microsoft.rights import Denied
from sendwright.practice.microsoft.tenant import Tenant
from sendwright.practice.microsoft.tokens import Bearer, Tokens
from sendwright.practice.traffic import Limit, Measured, Over, Traffic

_Request = Request[Any, Any, Any]
_Work = Callable[[_Request, Tenant, Bearer, str], Awaitable[Response[Any]]]
_CODES: Final = {
    429: "ApplicationThrottled",
    500: "ErrorInternalServerError",
    503: "ErrorMailboxStoreUnavailable",
    504: "UnknownError",
}
_OVER: Final = {
    Limit.AT_ONCE: "Application is over its MailboxConcurrency limit.",
    Limit.PER_MINUTE: "Application is over its message rate limit.",
}


class Graph:
    """Answers for every organisation. latency_s: how long a send takes. sent: all copies in Sent Items."""

    def __init__(
        self,
        directory: Directory,
        *,
        tokens: Tokens,
        faults: Faults,
        listener: Listener,
        received: Callable[[Received], None],
        log: list[str],
    ) -> None:
        self._directory = directory
        self._tokens = tokens
        self._faults = faults
        self._listener = listener
        self._received = received
        self._log = log
        self.traffic = Traffic()
        self.sent: list[Sent] = []
        self.latency_s = 0.0

    def application(self) -> Litestar:
        """Return what serves it."""
        both = [HttpMethod.GET, HttpMethod.POST]
        return Litestar(
            [
                route("/v1.0/me", http_method=HttpMethod.GET)(self.me),
                route("/v1.0/me/sendMail", http_method=HttpMethod.POST)(self.send_as_myself),
                route("/v1.0/users/{user:str}/sendMail", http_method=HttpMethod.POST)(self.send_as_user),
                route(["/", "/{rest:path}"], http_method=both)(self.nothing),
            ],
            exception_handlers={CutOff: unheard, HTTPException: _wrong},
            logging_config=None,
            openapi_config=None,
            request_max_body_size=None,
        )

    async def me(self, request: _Request) -> Response[Any]:
        """Answer who signed in."""
        return await self._answered(request, "", self._profile)

    async def send_as_myself(self, request: _Request) -> Response[Any]:
        """Take a message from who signed in."""
        return await self._answered(request, "", self._send)

    async def send_as_user(self, request: _Request, user: FromPath[str]) -> Response[Any]:
        """Take a message at a mailbox."""
        return await self._answered(request, user, self._send)

    async def nothing(self, request: _Request) -> Response[Any]:
        """Answer for what is not simulated."""
        said = "Resource not found for the segment."
        return self._refused(request, Denied(HTTPStatus.BAD_REQUEST, "BadRequest", said))

    async def _answered(self, request: _Request, user: str, work: _Work) -> Response[Any]:
        try:
            tenant, bearer = self._bearer(request)
            self._log.append(f"{request.method} {request.url.path} as {bearer.username or bearer.client_id}")
            return await work(request, tenant, bearer, user)
        except Over as over:
            denied = Denied(429, "ApplicationThrottled", _OVER[over.limit], retry_after=str(over.wait_s))
            return self._refused(request, denied)
        except Denied as denied:
            self._log.append(f"{request.method} {request.url.path}: {denied.status} {denied.code}")
            return self._refused(request, denied)

    def _bearer(self, request: _Request) -> tuple[Tenant, Bearer]:
        kind, _, token = request.headers.get("authorization", "").partition(" ")
        if kind.lower() != "bearer" or not token.strip():
            raise Denied(401, "InvalidAuthenticationToken", "Access token is empty.")
        bearer = self._tokens.read(token.strip())
        if bearer is None:
            raise Denied(401, "InvalidAuthenticationToken", "CompactToken parsing failed with error code: 80049217")
        if not is_graph(bearer.audience):
            raise Denied(401, "InvalidAuthenticationToken", "Access token validation failure. Invalid audience.")
        tenant = self._directory.by_id(bearer.tenant)
        if tenant.now().timestamp() >= bearer.expires_at:
            said = "Lifetime validation failed, the token is expired."
            raise Denied(401, "InvalidAuthenticationToken", said)
        return tenant, bearer

    async def _profile(self, request: _Request, tenant: Tenant, bearer: Bearer, user: str) -> Response[Any]:
        del user
        await self._meet(request, self._faults.next(request.url.path), None, tenant)
        person = tenant.person(bearer.username)
        if bearer.application or person is None:
            raise Denied(400, "BadRequest", "/me request is only valid with delegated authentication flow.")
        if "User.Read" not in bearer.permissions:
            said = "Insufficient privileges to complete the operation."
            raise Denied(403, "Authorization_RequestDenied", said)
        found: dict[str, object] = {
            "@odata.context": f"{self._listener.base}/v1.0/$metadata#users/$entity",
            "businessPhones": [],
            "displayName": person.name,
            "id": person.oid,
            "mail": person.username if person.mailbox and not person.home else None,
            "userPrincipalName": person.username,
        }
        return Response(found, headers=_ids(request), media_type="application/json")

    async def _send(self, request: _Request, tenant: Tenant, bearer: Bearer, user: str) -> Response[Any]:
        at = rights.mailbox(tenant, user) if user else rights.own_mailbox(tenant, bearer)
        arrived = tenant.now()
        limits = {"at_once": tenant.policies.mailbox_at_once, "per_minute": tenant.policies.mailbox_per_minute}
        with self.traffic.entered(bearer.client_id, at, now=arrived, **limits) as measured:
            await asyncio.sleep(self.latency_s)
            fault = self._faults.next(request.url.path, at)
            if fault is None or not fault.after:
                await self._meet(request, fault, measured, tenant)
            rights.may_use(tenant, bearer, at)
            message, keep = await self._message(request, tenant)
            to = messages.recipients(message)
            if not to:
                raise Denied(400, "ErrorInvalidRecipients", "At least one recipient is not valid.")
            identity = rights.identity(tenant, bearer, at=at, sender=messages.stated_sender(message))
            measured.take(arrived)
            self._keep(message, tenant, identity.copies if keep else identity.copies[1:])
            self._received(submitted.delivered(message, identity, tenant, to=to, at=at))
            if fault is not None:
                await self._meet(request, fault, measured, tenant)
        return Response(b"", status_code=HTTPStatus.ACCEPTED, headers=_ids(request))

    async def _message(self, request: _Request, tenant: Tenant) -> tuple[EmailMessage, bool]:
        body = await request.body()
        if len(body) > tenant.policies.largest_request:
            raise Denied(413, "RequestEntityTooLarge", "The request is too large.")
        kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
        if kind == "application/json":
            return graph_json.message(body)
        if kind != "text/plain":
            raise Denied(415, "BadRequest", "The media type is not supported.")
        try:
            content = base64.b64decode(body, validate=True)
        except binascii.Error as error:
            said = "Invalid base64 string for MIME content."
            raise Denied(400, "ErrorMimeContentInvalidBase64String", said) from error
        return messages.parse(content), True

    def _keep(self, message: EmailMessage, tenant: Tenant, copies: tuple[str, ...]) -> None:
        subject, message_id = str(message["Subject"] or ""), str(message["Message-ID"] or "")
        for mailbox in copies:
            self.sent.append(Sent(at=tenant.now(), mailbox=mailbox, subject=subject, message_id=message_id))

    async def _meet(self, request: _Request, fault: Fault | None, measured: Measured | None, tenant: Tenant) -> None:
        if fault is None:
            return
        if not fault.status:
            await self._listener.cut(request)
        if fault.retry_after and measured is not None:
            self.traffic.paused(measured, tenant.now(), _seconds(fault.retry_after, tenant.now()))
        code = fault.code or _CODES.get(fault.status, "UnknownError")
        raise Denied(fault.status, code, "", retry_after=fault.retry_after, body=fault.body)

    def _refused(self, request: _Request, denied: Denied) -> Response[Any]:
        ids = _ids(request)
        inner = {
            "date": f"{self._directory.tenants[0].now():%Y-%m-%dT%H:%M:%S}",
            "request-id": ids["request-id"],
            "client-request-id": ids["client-request-id"],
        }
        body: object = {"error": {"code": denied.code, "message": denied.said, "innerError": inner}}
        if denied.retry_after:
            ids["retry-after"] = denied.retry_after
        if denied.body is not None:
            return Response(denied.body, status_code=denied.status, headers=ids, media_type="text/html")
        if denied.status == HTTPStatus.UNAUTHORIZED:
            ids["www-authenticate"] = 'Bearer realm="", authorization_uri="https://login.microsoftonline.com/common"'
        return Response(body, status_code=denied.status, headers=ids, media_type="application/json")


def _ids(request: _Request) -> dict[str, str]:
    """Return the ids of a request that every answer carries."""
    known = str(uuid4())
    return {"request-id": known, "client-request-id": request.headers.get("client-request-id") or known}


def _seconds(retry_after: str, now: datetime) -> float:
    if retry_after.isdecimal():
        return int(retry_after)
    return (parsedate_to_datetime(retry_after) - now).total_seconds()


def _wrong(request: _Request, error: HTTPException) -> Response[Any]:
    body = {"error": {"code": "BadRequest", "message": error.detail, "innerError": _ids(request)}}
    return Response(body, status_code=error.status_code, headers=_ids(request), media_type="application/json")
