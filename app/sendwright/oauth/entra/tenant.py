"""Finds an organisation by its domain or its id, without signing in."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from sendwright.oauth.conditions import NOT_RECOGNISED
from sendwright.oauth.entra.cloud import CLOUDS
from sendwright.oauth.entra.failures import failed
from sendwright.oauth.entra.metadata import Metadata, read_metadata
from sendwright.oauth.entra.registration import Registration
from sendwright.oauth.entra.web import login_origins
from sendwright.oauth.web import Web, origin

_US_HIGH, _US_DOD, _CHINA = "us-government-high", "us-government-dod", "china"
_GLOBAL = ("global", "us-government")
_US = (_US_HIGH, _US_DOD)
_INSTANCES: Final[Mapping[str, tuple[str, ...]]] = MappingProxyType(
    {"microsoftonline.com": _GLOBAL, "microsoftonline.us": _US, "partner.microsoftonline.cn": (_CHINA,)}
)
_SUB_SCOPES: Final[Mapping[str, str]] = MappingProxyType({"DODCON": _US_HIGH, "DOD": _US_DOD})
"""Of `tenant_region_sub_scope`: the names of the tools that read it, unconfirmed by Microsoft. GCC is global."""


@dataclass(frozen=True, kw_only=True)
class FoundTenant:
    """An organisation as its metadata name it.

    id: in lower case. cloud: a key of CLOUDS, where it really lives: an application of another cloud is unknown there.
    issuer: of its id_tokens.
    """

    id: str
    cloud: str
    issuer: str


async def find_tenant(registration: Registration, *, web: Web) -> FoundTenant:
    """Return the organisation that `registration.tenant`, a domain or an id, names.

    Raises OAuthFailed: number 90002 where nobody has that name, or another cloud has; `tenant-not-named` where it is
    no single organisation; `sign-in-service-not-recognised` where an endpoint is neither at the sign-in host nor at
    that of another cloud.
    """
    async with web() as client:
        metadata = await read_metadata(client, registration)
    if not metadata.tenant:
        raise failed("tenant-not-named", registration)
    return FoundTenant(id=metadata.tenant, cloud=_cloud(metadata, registration), issuer=metadata.issuer)


def _cloud(metadata: Metadata, registration: Registration) -> str:
    places = {origin(address) for address in metadata.endpoints}
    here = places <= login_origins(registration)
    known = tuple(cloud for cloud in CLOUDS if places <= login_origins(Registration(client_id="", cloud=cloud)))
    if not (here or known):
        raise failed(NOT_RECOGNISED, registration)
    told = _SUB_SCOPES.get(metadata.tenant_region_sub_scope or "")
    if told is not None:
        return told
    possible = known or (registration.cloud,)
    if here:  # the host that was asked answers for other clouds too
        possible = _INSTANCES.get(metadata.cloud_instance_name or "", possible)
    return registration.cloud if registration.cloud in possible else possible[0]
