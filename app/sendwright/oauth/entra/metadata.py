"""Reads what a tenant publishes of itself: its endpoints and its keys (OpenID Connect Discovery 1.0)."""

import re
from typing import Final

import httpx
import msgspec

from sendwright.oauth.conditions import NOT_RECOGNISED, NOT_UNDERSTOOD
from sendwright.oauth.entra.failures import evidence_of, failed
from sendwright.oauth.entra.registration import Registration
from sendwright.oauth.entra.web import ask, require_login
from sendwright.oauth.grant import OAuthFailed
from sendwright.oauth.web import origin

ANY_TENANT: Final = "{tenantid}"
"""Stands in the issuer of metadata that are no single tenant's."""

_GUID = re.compile(r"[0-9a-fA-F]{8}-(?:[0-9a-fA-F]{4}-){3}[0-9a-fA-F]{12}")
_NAME = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9.-]{0,251}[A-Za-z0-9])?")


class Metadata(msgspec.Struct, frozen=True, kw_only=True):
    """The fields of openid-configuration that are used.

    The last three are Microsoft's own, and may be missing. Source: OpenID Connect Discovery 1.0 section 3; which of
    Microsoft's own fields are there is unconfirmed.
    """

    issuer: str
    authorization_endpoint: str
    token_endpoint: str
    jwks_uri: str
    device_authorization_endpoint: str = ""
    cloud_instance_name: str | None = None
    tenant_region_scope: str | None = None
    tenant_region_sub_scope: str | None = None

    @property
    def tenant(self) -> str:
        """Id of the tenant, in lower case; empty where the metadata are no single tenant's."""
        found = _GUID.search(self.issuer)
        return found[0].lower() if found else ""

    @property
    def issuer_template(self) -> str:
        """The issuer with ANY_TENANT in the place of the id."""
        return _GUID.sub(ANY_TENANT, self.issuer, count=1)

    @property
    def endpoints(self) -> tuple[str, ...]:
        """Every address that something would be sent to, or believed from."""
        given = (
            self.issuer, self.authorization_endpoint, self.token_endpoint, self.jwks_uri,
            self.device_authorization_endpoint,
        )  # fmt: skip
        return tuple(address for address in given if address)


def is_guid(tenant: str) -> bool:
    """Tell whether `tenant` is an id, and no domain."""
    return _GUID.fullmatch(tenant) is not None


def require_name(registration: Registration) -> None:
    """Raise OAuthFailed where the tenant can be the name of none: it becomes part of addresses."""
    if not _NAME.fullmatch(registration.tenant):
        raise OAuthFailed(evidence_of({"error": "invalid_tenant"}, registration))


async def read_metadata(client: httpx.AsyncClient, registration: Registration) -> Metadata:
    """Return the metadata of the registration's tenant, wherever they point: see `require_here`.

    Raises OAuthFailed, for a tenant that does not exist with the number 90002.
    """
    require_name(registration)
    url = f"{registration.authority}/v2.0/.well-known/openid-configuration"
    heard = await ask(client, "GET", url, registration=registration)
    try:
        metadata = msgspec.convert(heard.content, Metadata)
    except msgspec.ValidationError:
        raise failed(NOT_UNDERSTOOD, registration) from None
    if any(origin(address) is None for address in metadata.endpoints):
        raise failed(NOT_RECOGNISED, registration)
    return metadata


def require_here(metadata: Metadata, registration: Registration) -> None:
    """Raise OAuthFailed unless every endpoint lies at the sign-in host that was asked."""
    for address in metadata.endpoints:
        require_login(address, registration)


async def read_keys(client: httpx.AsyncClient, metadata: Metadata, registration: Registration) -> dict[str, object]:
    """Return the keys by which the tenant's id_tokens are signed (RFC 7517 section 5). Raises OAuthFailed."""
    heard = await ask(client, "GET", metadata.jwks_uri, registration=registration)
    if not isinstance(heard.content.get("keys"), list):
        raise failed(NOT_UNDERSTOOD, registration)
    return heard.content
