"""Finds an organisation by its domain or its id."""

from dataclasses import dataclass

from sendwright.oauth.entra.registration import Registration
from sendwright.oauth.entra.web import Web


@dataclass(frozen=True, kw_only=True)
class FoundTenant:
    """An organisation as its metadata names it. cloud: a key of CLOUDS. issuer: of its id_tokens."""

    id: str
    cloud: str
    issuer: str
    authorization_endpoint: str
    token_endpoint: str
    jwks_uri: str


async def find_tenant(registration: Registration, *, web: Web) -> FoundTenant:
    """Return the organisation that `registration.tenant` names. Raises OAuthFailed."""
    raise NotImplementedError
