"""The routes about the organisation: who it is, which keys to seal for, who changed what."""

from typing import Any

from litestar import Response, get
from litestar.di import NamedDependency

from sendwright.handoff.wire import Audit, Organisation
from sendwright.service import audit
from sendwright.service.services import Services


@get("/v1/organisation")
async def organisation(services: NamedDependency[Services]) -> Response[Organisation]:
    """Name, workspaces, the platform's default sender, and what is in force; the ETag names the latter."""
    async with services.database.reading() as session:
        in_force, etag = await services.profiles.current(session)
    content = Organisation(
        name=services.organisation.name,
        workspaces=services.organisation.workspaces,
        default_sender=services.default_sender,
        in_force=in_force,
    )
    return Response(content, headers={"ETag": etag, "Cache-Control": "no-store"})


@get("/v1/keys")
async def keys(services: NamedDependency[Services]) -> dict[str, Any]:
    """Public keys to seal credentials for, as a JWK set; use the first one that suits."""
    return dict(services.sealing_keys.published())


@get("/v1/audit")
async def audit_entries(services: NamedDependency[Services]) -> Audit:
    """Who changed what, when; newest first, at most 1,000 entries."""
    async with services.database.reading() as session:
        return await audit.entries(session)
