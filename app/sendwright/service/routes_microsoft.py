"""The routes about Microsoft 365: the platform's application, certificates for others, consent."""

import asyncio
import re
from http import HTTPStatus
from typing import Annotated, Any, Final

import msgspec
from litestar import Request, Response, get, post
from litestar.di import NamedDependency
from litestar.params import HeaderParameter, JSONBody
from sqlalchemy.ext.asyncio import AsyncSession

from sendwright.handoff.wire import Certificate, CertificateRequest, ConsentQuestion, ConsentState, MicrosoftApplication
from sendwright.oauth.grant import OAuthFailed
from sendwright.service import audit
from sendwright.service.answers import Answer, once, repeatable
from sendwright.service.application_credentials import make_key_pair
from sendwright.service.authentication import device_of
from sendwright.service.consent import ask_for_consent, refused, settings_of, with_id
from sendwright.service.own_credentials import require_listed
from sendwright.service.services import Services
from sendwright.service.trouble import Trouble

_CLIENT_ID: Final = re.compile(r"[0-9A-Za-z][0-9A-Za-z-]{0,99}")
_TENANT: Final = re.compile(r"[0-9A-Za-z][0-9A-Za-z.-]{0,254}")


@get("/v1/microsoft")
async def application(services: NamedDependency[Services]) -> MicrosoftApplication:
    """How the backend acts as an application of the platform; never the credential itself."""
    platform = services.applications.platform
    return MicrosoftApplication(
        client_id=platform.client_id,
        credential=platform.kind,
        thumbprint=platform.thumbprint,
        not_after=platform.not_after,
    )


@post("/v1/microsoft/certificates")
async def make_certificate(
    data: JSONBody[CertificateRequest],
    request: Request[Any, Any, Any],
    services: NamedDependency[Services],
    idempotency_key: Annotated[str | None, HeaderParameter(name="Idempotency-Key")] = None,
) -> Response[Certificate]:
    """Make a key pair for an organisation's own registration; the answer holds its public half only."""
    _require(_CLIENT_ID, data.client_id, "$.client_id")
    device = device_of(request)
    write = repeatable(owner=device.digest, key=idempotency_key, request=("certificate", data.client_id))
    async with services.database.reading() as session:
        await services.applications.require_calm(session)
    # Before the transaction: it takes a second, and nobody else could write meanwhile.
    pair = await asyncio.to_thread(make_key_pair, services.organisation.name, now=services.clock())

    async def effect(session: AsyncSession) -> Answer:
        made = await services.applications.keep(session, data.client_id, pair)
        audit.record(
            session,
            "certificate-made",
            at=services.clock(),
            who=device.name,
            client_id=data.client_id,
            thumbprint=made.thumbprint,
        )
        return Answer(status=HTTPStatus.CREATED, body=msgspec.json.encode(made))

    answer = await once(services.database, write, effect, now=services.clock())
    made = msgspec.json.decode(answer.body, type=Certificate)
    return Response(made, status_code=answer.status, headers={"Cache-Control": "no-store"})


@post("/v1/microsoft/consent", status_code=HTTPStatus.OK)
async def consent(data: JSONBody[ConsentQuestion], services: NamedDependency[Services]) -> Response[ConsentState]:
    """Ask Microsoft for a token of the application, and say whether there is one and what it allows."""
    _require(_TENANT, data.tenant, "$.tenant")
    if data.client_id:
        _require(_CLIENT_ID, data.client_id, "$.client_id")
    settings = settings_of(data, services.applications.platform)
    require_listed({data.login, data.graph} - {""}, services.applications.places)
    try:
        settings = await with_id(settings, services.applications.platform, network=services.network)
    except OAuthFailed as failed:
        return Response(refused(failed), headers={"Cache-Control": "no-store"})
    async with services.database.reading() as session:
        credential = await services.applications.find_for(session, settings, {})
    state = await ask_for_consent(settings, credential, network=services.network, clock=services.clock)
    return Response(state, headers={"Cache-Control": "no-store"})


def _require(pattern: re.Pattern[str], value: str, field: str) -> None:
    if not pattern.fullmatch(value):
        raise Trouble("backend-request-invalid", detail=field)
