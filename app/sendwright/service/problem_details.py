"""Answers every failed request with an RFC 9457 problem document whose `code` says what is wrong."""

import logging
import re
from collections.abc import Mapping
from http import HTTPStatus
from types import MappingProxyType
from typing import Any, Final

from litestar import Request, Response
from litestar.exceptions import HTTPException, InternalServerException, ValidationException

from sendwright.handoff.wire import ProblemDocument
from sendwright.senders.unusable import ProfileUnusable
from sendwright.service.envelope import EnvelopeBroken
from sendwright.service.trouble import Trouble, storage_trouble
from sendwright.texts import text

MEDIA_TYPE: Final = "application/problem+json"

_OF_STATUS: Final[Mapping[int, str]] = MappingProxyType(
    {
        HTTPStatus.UNAUTHORIZED: "backend-not-signed-in",
        HTTPStatus.NOT_FOUND: "backend-not-found",
        HTTPStatus.METHOD_NOT_ALLOWED: "backend-method-not-allowed",
        HTTPStatus.REQUEST_ENTITY_TOO_LARGE: "backend-request-too-large",
        HTTPStatus.TOO_MANY_REQUESTS: "backend-too-many-attempts",
        HTTPStatus.SERVICE_UNAVAILABLE: "backend-not-ready",
    }
)
_EXPECTED = frozenset({"backend-not-ready"})
"""What is no fault of the backend: a monitor that asks every second must not fill the log."""

_PLACE = re.compile(r"`(\$[A-Za-z0-9_.\[\]…-]{0,200})`\s*$")


def answer_exception(request: Request[Any, Any, Any], error: Exception) -> Response[ProblemDocument]:
    """Turn whatever a route, the routing or the validation raised into a problem document."""
    trouble = trouble_of(error)
    log: logging.Logger = request.app.state.services.log
    if trouble.status >= HTTPStatus.INTERNAL_SERVER_ERROR and trouble.code not in _EXPECTED:
        log.error("request-failed", exc_info=error, extra={"code": trouble.code, "status": trouble.status})
    headers: dict[str, str] = {}
    if trouble.status == HTTPStatus.UNAUTHORIZED:
        headers["WWW-Authenticate"] = 'Bearer realm="sendwright"'
    if trouble.retry_after_s is not None:
        headers["Retry-After"] = str(trouble.retry_after_s)
    if isinstance(error, HTTPException) and "allow" in {name.lower() for name in error.headers or {}}:
        headers |= error.headers or {}
    document = ProblemDocument(
        status=trouble.status,
        code=trouble.code,
        title=text(f"service.trouble.{trouble.code}"),
        detail=trouble.detail,
    )
    return Response(document, status_code=trouble.status, media_type=MEDIA_TYPE, headers=headers)


def trouble_of(error: Exception) -> Trouble:
    """Return what `error` means to whoever sent the request."""
    if isinstance(error, Trouble):
        return error
    # Litestar's name for a body that was cut off on its way; what JSON of a thousand brackets does; no UTF-8.
    if type(error) is InternalServerException or isinstance(error, RecursionError | UnicodeDecodeError):
        return Trouble("backend-request-invalid")
    if isinstance(error, ValidationException):
        return Trouble("backend-request-invalid", detail=_place(error))
    if isinstance(error, HTTPException):
        if error.status_code in _OF_STATUS:
            return Trouble(_OF_STATUS[error.status_code])
        if error.status_code < HTTPStatus.INTERNAL_SERVER_ERROR:
            return Trouble("backend-request-invalid", detail=_place(error))
    if isinstance(error, ProfileUnusable):
        return Trouble("profile-invalid")
    if isinstance(error, EnvelopeBroken):
        return Trouble("backend-storage-damaged")
    return storage_trouble(error) or Trouble("backend-fault")


def _place(error: BaseException) -> str:
    """Return where in the request the fault is, such as `$.profile.address`; never what stood there."""
    seen: BaseException | None = error
    while seen is not None:
        found = _PLACE.search(str(seen))
        if found:
            return found[1].replace("$.data.", "$.", 1)  # the route's name for the body
        seen = seen.__cause__
    return ""
