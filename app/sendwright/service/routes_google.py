"""The route about Google: who the backend is there, where it is anybody."""

from litestar import get
from litestar.di import NamedDependency

from sendwright.handoff.wire import GoogleIdentity
from sendwright.service.services import Services


@get("/v1/google")
async def identity(services: NamedDependency[Services]) -> GoogleIdentity:
    """Who signs for service accounts without a key; never the credential itself."""
    return GoogleIdentity(identity=services.google.principal)
