"""The simulated Gmail API: sending, and the list of sending addresses, with everything it refuses."""

import asyncio
import base64
import binascii
import secrets
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from email.message import EmailMessage
from http import HTTPStatus
from typing import Any, Final

import msgspec
from litestar import HttpMethod, Litestar, Response, route
from litestar.exceptions import HTTPException
from litestar.params import FromPath

from sendwright.practice.browsing import AnyRequest, as_json
from sendwright.practice.faults import Fault, Faults
from sendwright.practice.google import gmail_errors as errors
from sendwright.practice.google import permissions
from sendwright.practice.google.delivery import Delivery
from sendwright.practice.google.gmail_errors import Denied
from sendwright.practice.google.grants import Access, Grants, bearer
from sendwright.practice.google.identities import identity, listed
from sendwright.practice.google.workspace import Person, Workspace
from sendwright.practice.listening import CutOff, Listener, unheard
from sendwright.practice.messages import parse, recipients, stated_sender
from sendwright.practice.traffic import Limit, Measured, Over, Traffic

LARGEST_REQUEST: Final = 36_700_160
"""`maxSize` of the upload form (Gmail's discovery document)."""
_Read = Callable[[AnyRequest], Awaitable[bytes]]


class _Raw(msgspec.Struct, frozen=True):
    raw: str = ""


class Gmail:
    """Answers for every mailbox. latency_s: how long a send takes."""

    def __init__(
        self,
        workspace: Workspace,
        *,
        grants: Grants,
        faults: Faults,
        listener: Listener,
        delivery: Delivery,
        log: list[str],
    ) -> None:
        self._workspace = workspace
        self._grants = grants
        self._faults = faults
        self._listener = listener
        self._delivery = delivery
        self._log = log
        self.traffic = Traffic()
        self.latency_s = 0.0

    def application(self) -> Litestar:
        """Return what serves it."""
        get, post = HttpMethod.GET, HttpMethod.POST
        users = "/gmail/v1/users/{user:str}"
        return Litestar(
            [
                route(f"{users}/messages/send", http_method=post)(self.send),
                route(f"/upload{users}/messages/send", http_method=post)(self.send_upload),
                route(f"{users}/profile", http_method=get)(self.profile),
                route(f"{users}/settings/sendAs", http_method=get)(self.list_addresses),
                route(f"{users}/settings/sendAs/{{address:str}}", http_method=get)(self.get_address),
                route(["/", "/{rest:path}"], http_method=[get, post])(self.nothing),
            ],
            exception_handlers={CutOff: unheard, HTTPException: _wrong, Denied: self._denied},
            logging_config=None,
            openapi_config=None,
            request_max_body_size=None,
        )

    async def send(self, request: AnyRequest, user: FromPath[str]) -> Response[Any]:
        """Take a message in JSON: `raw`, base64url."""
        return await self._send(request, user, _raw)

    async def send_upload(self, request: AnyRequest, user: FromPath[str]) -> Response[Any]:
        """Take a message as it is: `uploadType=media`, or the second part of `multipart`."""
        return await self._send(request, user, _uploaded)

    async def profile(self, request: AnyRequest, user: FromPath[str]) -> Response[Any]:
        """Say whose mailbox it is; scopes that only send, or only read settings, do not show that."""
        access = self._bearer(request)
        await self._meet(request, self._faults.next(request.url.path, user), None)
        person = self._mailbox(access, user, permissions.SHOWS, f"{_PACKAGE}.MailService.GetProfile")
        found = {"emailAddress": person.email, "messagesTotal": 0, "threadsTotal": 0, "historyId": "1"}
        return Response(found, media_type="application/json")

    async def list_addresses(self, request: AnyRequest, user: FromPath[str]) -> Response[Any]:
        """List the sending addresses."""
        person = await self._settings(request, user, "List")
        return as_json({"sendAs": list(listed(person))})

    async def get_address(self, request: AnyRequest, user: FromPath[str], address: FromPath[str]) -> Response[Any]:
        """Answer one sending address."""
        person = await self._settings(request, user, "Get")
        for one in listed(person):
            if str(one["sendAsEmail"]).lower() == address.lower():
                return as_json(one)
        raise errors.not_found()

    async def nothing(self, request: AnyRequest) -> Response[Any]:
        """Answer for what is not simulated."""
        del request
        raise errors.not_found()

    async def _settings(self, request: AnyRequest, user: str, method: str) -> Person:
        access = self._bearer(request)
        await self._meet(request, self._faults.next(request.url.path, user), None)
        return self._mailbox(access, user, permissions.LISTS, f"{_PACKAGE}.UserSettingsService.{method}SendAs")

    async def _send(self, request: AnyRequest, user: str, read: _Read) -> Response[Any]:
        access = self._bearer(request)
        at = access.person.email.lower() if access.person else access.principal
        arrived, policies = self._workspace.now(), self._workspace.policies
        limits = {"at_once": policies.at_once, "per_minute": policies.per_minute}
        try:
            with self.traffic.entered(access.project, at, now=arrived, **limits) as measured:
                await asyncio.sleep(self.latency_s)
                fault = self._faults.next(request.url.path, at)
                if fault is None or not fault.after:
                    await self._meet(request, fault, measured)
                person = self._mailbox(access, user, permissions.SENDS, f"{_PACKAGE}.MailService.SendMessage")
                self._take(await read(request), person)
                measured.take(arrived)
                if fault is not None:
                    await self._meet(request, fault, measured)
        except Over as over:
            if over.limit is Limit.AT_ONCE:
                raise errors.too_many_at_once() from over
            raise errors.rate(arrived + timedelta(seconds=over.wait_s)) from over
        known = secrets.token_hex(8)
        found = {"id": known, "threadId": known, "labelIds": ["SENT"]}
        return Response(found, status_code=HTTPStatus.OK, media_type="application/json")

    def _take(self, content: bytes, person: Person) -> None:
        policies = self._workspace.policies
        if len(content) > policies.largest:
            raise errors.too_large()
        message = parse(content)
        to = recipients(message)
        _check(message, to, most=policies.most_recipients)
        full_until = self._delivery.full(person)
        if full_until is not None:
            raise errors.rate(full_until, status=429, reason="userRateLimitExceeded", mail=True)
        found = identity(message, person)
        if found.replaced and policies.rewrite == "refuse":
            raise errors.invalid(f"Invalid From header: {stated_sender(message)} is no sending address")
        self._delivery.take(message, found, person, to=to)

    def _bearer(self, request: AnyRequest) -> Access:
        access = bearer(request.headers.get("authorization", ""), self._grants)
        if access is None:
            raise errors.invalid_credentials()
        who = access.person.email if access.person else access.principal
        self._log.append(f"{request.method} {request.url.path} as {who}")
        return access

    def _mailbox(self, access: Access, user: str, scopes: frozenset[str], method: str) -> Person:
        """Return whose mailbox it is."""
        if not self._enabled(access):
            raise errors.not_configured(access.project)
        if not access.scopes & scopes:
            raise errors.scope_insufficient(method)
        person = access.person
        if person is None:
            raise errors.no_subject()
        if user.lower() not in {"me", person.email.lower()}:
            raise errors.delegation_denied(user)
        if not person.mailbox:
            raise errors.no_mailbox()
        return person

    def _enabled(self, access: Access) -> bool:
        client = self._workspace.clients.get(access.client_id)
        if client is not None:
            return client.interface
        accounts = self._workspace.service_accounts.values()
        return any(one.interface for one in accounts if one.unique_id == access.client_id)

    async def _meet(self, request: AnyRequest, fault: Fault | None, measured: Measured | None) -> None:
        if fault is None:
            return
        if not fault.status:
            await self._listener.cut(request)
        until: datetime | None = None
        if fault.retry_after and measured is not None:
            until = self._workspace.now() + timedelta(seconds=float(fault.retry_after))
            self.traffic.paused(measured, self._workspace.now(), float(fault.retry_after))
        raise errors.ordered(fault.status, fault.code, until, fault.body)

    def _denied(self, request: AnyRequest, denied: Denied) -> Response[Any]:
        self._log.append(f"{request.method} {request.url.path}: {denied.status} {denied.reason}")
        if denied.body is not None:
            return Response(denied.body, status_code=denied.status, media_type="text/html")
        headers = {"www-authenticate": 'Bearer realm="https://accounts.google.com/"'} if denied.header else {}
        return Response(denied.shape(), status_code=denied.status, headers=headers, media_type="application/json")


_PACKAGE: Final = "caribou.api.proto"


def _check(message: EmailMessage, to: list[str], *, most: int) -> None:
    """Raises Denied for recipients that cannot be."""
    for name in ("To", "Cc", "Bcc"):
        for header in message.get_all(name, []):
            if header.defects and not getattr(header, "addresses", ()):
                raise errors.invalid(f"Invalid {name} header")
    if not to:
        raise errors.invalid("Recipient address required")
    if len(to) > most:
        raise errors.invalid("Too many recipients")


async def _raw(request: AnyRequest) -> bytes:
    body = await request.body()
    if len(body) > LARGEST_REQUEST:
        raise errors.too_large()
    try:
        raw = msgspec.json.decode(body, type=_Raw).raw
        content = base64.b64decode(raw + "=" * (-len(raw) % 4), altchars=b"-_", validate=True)
    except (binascii.Error, ValueError) as error:
        raise errors.invalid("Invalid value for ByteString", reason="badRequest") from error
    if not content:
        said = "'raw' RFC822 payload message string or uploading message via /upload/* URL required"
        raise errors.invalid(said)
    return content


async def _uploaded(request: AnyRequest) -> bytes:
    body = await request.body()
    if len(body) > LARGEST_REQUEST:
        raise errors.too_large()
    kind = request.headers.get("content-type", "")
    form = request.query_params.get("uploadType", "")
    if form == "media" and kind.partition(";")[0].strip().lower() == "message/rfc822" and body:
        return body
    if form == "multipart" and kind.lower().startswith("multipart/related"):
        parts = parse(b"Content-Type: " + kind.encode("latin-1") + b"\r\n\r\n" + body)
        for one in parts.iter_parts() if parts.is_multipart() else ():
            if one.get_content_type() == "message/rfc822":
                return one.get_content().as_bytes()  # type: ignore[no-any-return]  # of another message it is that one
    raise errors.invalid(
        f"Media type '{kind}' is not supported. Valid media types: [message/rfc822]", reason="badRequest"
    )


def _wrong(_: AnyRequest, error: HTTPException) -> Response[Any]:
    unknown = error.status_code == HTTPStatus.NOT_FOUND
    found = errors.not_found() if unknown else Denied(error.status_code, "badRequest", error.detail)
    return Response(found.shape(), status_code=HTTPStatus(error.status_code), media_type="application/json")
