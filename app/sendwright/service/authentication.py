"""Lets a request in when it carries an access token; routes marked `open_to_all` need none."""

from typing import Any, Final, cast

from litestar import Request
from litestar.connection import ASGIConnection
from litestar.middleware import AbstractAuthenticationMiddleware, AuthenticationResult
from litestar.openapi.spec import SecurityRequirement
from typing_extensions import override

from sendwright.service.enrolment import Device, EnrolmentStore
from sendwright.service.trouble import Trouble

OPEN: Final = "open_to_all"
SECURITY: Final[list[SecurityRequirement]] = [{"bearer": []}]


class BearerAuthentication(AbstractAuthenticationMiddleware):
    """RFC 6750 section 2.1, `Authorization: Bearer …`; the request's user is the Device that enrolled."""

    @override
    async def authenticate_request(self, connection: ASGIConnection[Any, Any, Any, Any]) -> AuthenticationResult:
        """Find the device of the token. Raises Trouble `backend-not-signed-in`."""
        scheme, _, token = connection.headers.get("authorization", "").partition(" ")
        enrolments = cast("EnrolmentStore", connection.app.state.services.enrolments)
        device = await enrolments.device(token.strip()) if scheme.lower() == "bearer" and token else None
        if device is None:
            raise Trouble("backend-not-signed-in")
        return AuthenticationResult(user=device, auth=None)


def device_of(request: Request[Any, Any, Any]) -> Device:
    """Return who sent the request."""
    return cast("Device", request.user)
