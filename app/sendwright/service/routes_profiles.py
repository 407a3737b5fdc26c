"""The routes of the sender profile: stage, test, put in force, go back, look."""

from http import HTTPStatus
from typing import Any, Literal

import msgspec
from litestar import Request, Response, delete, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery, JSONBody
from litestar.response import Stream
from sqlalchemy.ext.asyncio import AsyncSession

from sendwright.address import parse_address
from sendwright.errors import AddressInvalid
from sendwright.handoff.sealing import SealBroken
from sendwright.handoff.wire import Ended, ProfileRequest, Profiles, ProfileState, TestRequest
from sendwright.service.answers import Answer
from sendwright.service.authentication import device_of
from sendwright.service.database import is_storable
from sendwright.service.profile_checks import check_profile
from sendwright.service.profiles import Staging
from sendwright.service.services import Services
from sendwright.service.trouble import Trouble
from sendwright.service.write import Write

NDJSON = "application/x-ndjson"


@get("/v1/profiles")
async def profiles(services: NamedDependency[Services]) -> Profiles:
    """All versions, newest first, with their secrets as fingerprints."""
    async with services.database.reading() as session:
        return Profiles(await services.profiles.states(session))


@get("/v1/profiles/{version:int}")
async def profile(version: FromPath[int], services: NamedDependency[Services]) -> ProfileState:
    """One version."""
    async with services.database.reading() as session:
        return await services.profiles.state(session, version)


@post("/v1/profiles")
async def stage(
    data: JSONBody[ProfileRequest], write: NamedDependency[Write], services: NamedDependency[Services]
) -> Response[ProfileState]:
    """Store a new version, not used yet.

    Credentials come sealed for `/v1/keys` and for this very profile, or are those of the version `credentials_from`.
    """
    staging = _open(data, services)
    # A seal looks different every time: what makes two requests the same is what they say inside.
    said = msgspec.json.encode({name: secret.reveal() for name, secret in sorted(staging.credentials.items())})
    inside = (
        msgspec.json.encode(data.profile, order="sorted"),
        services.envelope.tag("request", said.decode()),
        str(data.credentials_from or ""),
        data.contact,
        *(() if data.expires_at is None else (data.expires_at.isoformat(),)),
    )

    async def effect(session: AsyncSession) -> Answer:
        state = await services.profiles.stage(session, staging, who=write.device.name, precondition=write.precondition)
        return Answer(status=HTTPStatus.CREATED, body=msgspec.json.encode(state))

    return _respond(await write.once(services, ("stage", *inside, data.note), effect))


@post("/v1/profiles/{version:int}/test", status_code=HTTPStatus.OK)
async def test(
    version: FromPath[int],
    data: JSONBody[TestRequest],
    request: Request[Any, Any, Any],
    services: NamedDependency[Services],
) -> Stream:
    """Let the backend run the diagnosis with that version; one line of JSON per stage, the verdict last.

    With `mailbox` it sends as that one instead, to show whether it may; the version is not tested by that.
    """
    _require_address(data.to, field="$.to")
    _require_address(data.mailbox, field="$.mailbox")
    lines = await services.trials.begin(version, to=data.to, mailbox=data.mailbox, who=device_of(request).name)
    return Stream(lines, media_type=NDJSON, headers={"Cache-Control": "no-store"})


@post("/v1/profiles/{version:int}/activate", status_code=HTTPStatus.OK)
async def activate(
    version: FromPath[int], write: NamedDependency[Write], services: NamedDependency[Services]
) -> Response[ProfileState]:
    """Put a version in force whose last test by the backend did not fail."""
    return await _switch("activate", version, write, services)


@post("/v1/profiles/{version:int}/restore", status_code=HTTPStatus.OK)
async def restore(
    version: FromPath[int], write: NamedDependency[Write], services: NamedDependency[Services]
) -> Response[ProfileState]:
    """Put a version in force again that was in force before."""
    return await _switch("restore", version, write, services)


@delete("/v1/profiles/active", status_code=HTTPStatus.OK)
async def use_default(
    write: NamedDependency[Write], services: NamedDependency[Services], *, revoke: FromQuery[bool] = False
) -> Response[Ended]:
    """Go back to the platform's default sender.

    With `revoke` the sign-in that was in force is ended, for every version that shares it: at its provider, and here
    whether or not the provider did. Without an If-Match that names what is in force nothing is ended.
    """

    async def effect(session: AsyncSession) -> Answer:
        etag, ended = await services.profiles.use_default(
            session, who=write.device.name, precondition=write.precondition, revoke=revoke
        )
        return Answer(status=HTTPStatus.OK, etag=etag, body=(ended or "").encode())

    answer = await write.once(services, ("use-default", *(("revoke",) if revoke else ())), effect)
    services.log.info("default-restored")
    ended = Ended()
    if answer.body:
        ended = await services.disconnecting.finish(answer.body.decode(), who=write.device.name)
    headers = {"Cache-Control": "no-store", "ETag": answer.etag or ""}
    return Response(ended, status_code=HTTPStatus.OK, headers=headers)


async def _switch(
    verb: Literal["activate", "restore"], version: int, write: Write, services: Services
) -> Response[ProfileState]:
    switch = services.profiles.activate if verb == "activate" else services.profiles.restore

    async def effect(session: AsyncSession) -> Answer:
        state, etag = await switch(session, version, who=write.device.name, precondition=write.precondition)
        return Answer(status=HTTPStatus.OK, body=msgspec.json.encode(state), etag=etag)

    answer = await write.once(services, (verb, str(version)), effect)
    services.log.info("sender-switched", extra={"version": version})
    return _respond(answer)


def _open(data: ProfileRequest, services: Services) -> Staging:
    credentials = {}
    if data.credentials is not None:
        try:
            credentials = services.sealing_keys.open(data.credentials, profile=data.profile)
        except SealBroken as broken:
            raise Trouble(broken.code) from None
    if "\0" in data.note:  # PostgreSQL has no such text
        raise Trouble("backend-request-invalid", detail="$.note")
    if data.credentials is not None and data.credentials_from is not None:
        raise Trouble("credentials-given-twice")
    _require_address(data.contact or None, field="$.contact")
    if data.expires_at is not None and not is_storable(data.expires_at):
        raise Trouble("backend-request-invalid", detail="$.expires_at")
    check_profile(data.profile, credentials=None if data.credentials_from is not None else credentials.keys())
    return Staging(
        profile=data.profile,
        credentials=credentials,
        sealed=data.credentials,
        note=data.note,
        credentials_from=data.credentials_from,
        contact=data.contact,
        expires_at=data.expires_at,
    )


def _require_address(address: str | None, *, field: str) -> None:
    if address is not None:
        try:
            parse_address(address)
        except AddressInvalid:
            raise Trouble("backend-request-invalid", detail=field) from None


def _respond(answer: Answer) -> Response[ProfileState]:
    headers = {"Cache-Control": "no-store"} | ({"ETag": answer.etag} if answer.etag else {})
    state = msgspec.json.decode(answer.body, type=ProfileState)
    return Response(state, status_code=answer.status, headers=headers)
