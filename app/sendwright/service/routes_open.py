"""The routes that need no token: alive, able to send, and the way to a token."""

from typing import Annotated, Any

from litestar import Request, get, post
from litestar.di import NamedDependency
from litestar.enums import OpenAPIMediaType
from litestar.params import HeaderParameter, JSONBody

from sendwright.handoff.wire import Enrolment, EnrolmentRequest, Health
from sendwright.secret import Secret
from sendwright.service.authentication import OPEN
from sendwright.service.services import Services
from sendwright.service.trouble import Trouble


@get("/healthz", opt={OPEN: True}, security=[])
async def healthz(services: NamedDependency[Services]) -> Health:
    """Alive."""
    return Health(instance=services.instance)


@get("/readyz", opt={OPEN: True}, security=[])
async def readyz(services: NamedDependency[Services]) -> Health:
    """Able to send: there is a sender, and the queue is being worked on; otherwise 503."""
    if not services.worker_alive():
        raise Trouble("backend-not-ready", detail="worker")
    if await services.profiles.in_force() is None:
        raise Trouble("backend-not-ready", detail="sender")
    return Health(instance=services.instance, status="ready")


@get("/openapi.json", opt={OPEN: True}, include_in_schema=False, media_type=OpenAPIMediaType.OPENAPI_JSON)
async def describe(request: Request[Any, Any, Any]) -> dict[str, Any]:
    """Describe the interface (OpenAPI 3.1)."""
    return dict(request.app.openapi_schema.to_schema())


@post("/v1/enrolments", opt={OPEN: True}, security=[])
async def enrol(
    data: JSONBody[EnrolmentRequest],
    services: NamedDependency[Services],
    idempotency_key: Annotated[str | None, HeaderParameter(name="Idempotency-Key")] = None,
) -> Enrolment:
    """Exchange the one-time secret of a connection code for an access token."""
    try:
        token = await services.enrolments.redeem(Secret(data.code), device=data.device, key=idempotency_key)
    except Trouble:
        services.throttle.failed()
        raise
    services.log.info("enrolled")
    return Enrolment(token=token.reveal(), organisation=services.organisation.name)
