"""Tokens of the simulated sign-in service: made, published, checked."""

import base64
import json
import secrets
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import NAMESPACE_URL, uuid5

from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import RSAKey

from sendwright.practice.microsoft.tenant import Person, Tenant


@dataclass(frozen=True, kw_only=True)
class Bearer:
    """An access token that was checked. permissions: of the person's sign-in, or roles of an application."""

    tenant: str
    client_id: str
    audience: str
    username: str
    permissions: frozenset[str]
    expires_at: int

    @property
    def application(self) -> bool:
        """Whether no person stands behind it."""
        return not self.username


class Tokens:
    """Signs with a key of its own. login: base of the issuer's addresses."""

    def __init__(self, login: str) -> None:
        self._login = login
        self._key = RSAKey.generate_key(2048, {"use": "sig", "alg": "RS256", "kid": secrets.token_urlsafe(12)})

    def published(self) -> dict[str, object]:
        """Return the key set that tokens are checked by (RFC 7517)."""
        return {"keys": [self._key.as_dict(private=False)]}

    def id_token(self, tenant: Tenant, person: Person, *, client_id: str, nonce: str) -> str:
        """Return who signed in; nonce: as the request said it."""
        now = int(tenant.now().timestamp())
        claims: dict[str, Any] = {
            "aud": client_id,
            "iss": f"{self._login}/{tenant.id}/v2.0",
            "iat": now,
            "nbf": now,
            "exp": now + 3600,
            "name": person.name,
            "oid": person.oid,
            "preferred_username": person.username,
            "sub": uuid5(NAMESPACE_URL, f"{client_id}/{person.oid}").hex,
            "tid": tenant.id,
            "ver": "2.0",
        }
        if nonce:
            claims["nonce"] = nonce
        if person.home:
            claims["idp"] = f"https://sts.windows.net/{person.home}/"
        return self._signed(claims)

    def access_token(
        self, tenant: Tenant, *, client_id: str, audience: str, permissions: frozenset[str], person: Person | None
    ) -> str:
        """Return a bearer token for a resource: of `person`, or of the application itself."""
        now = tenant.now()
        claims: dict[str, Any] = {
            "aud": audience,
            "iss": f"https://sts.windows.net/{tenant.id}/",
            "iat": int(now.timestamp()),
            "nbf": int(now.timestamp()),
            "exp": int((now + timedelta(seconds=tenant.policies.access_token_s)).timestamp()),
            "appid": client_id,
            "tid": tenant.id,
            "ver": "1.0",
            "uti": secrets.token_urlsafe(16),
        }
        if person is None:
            claims |= {"idtyp": "app", "oid": str(uuid5(NAMESPACE_URL, client_id + tenant.id))}
            if permissions:
                claims["roles"] = sorted(permissions)
        else:
            claims |= {"idtyp": "user", "oid": person.oid, "upn": person.username, "name": person.name}
            claims["scp"] = " ".join(sorted(permissions))
        return self._signed(claims)

    def read(self, token: str) -> Bearer | None:
        """Return what an access token of ours says, expired or not; None for anything else."""
        try:
            claims = jwt.decode(token, self._key, algorithms=["RS256"]).claims
        except (JoseError, ValueError):
            return None
        if "appid" not in claims:
            return None  # an id_token opens nothing
        return Bearer(
            tenant=claims["tid"],
            client_id=claims["appid"],
            audience=claims["aud"],
            username=claims.get("upn", ""),
            permissions=frozenset(claims.get("roles") or claims.get("scp", "").split()),
            expires_at=claims["exp"],
        )

    def _signed(self, claims: dict[str, Any]) -> str:
        return jwt.encode({"typ": "JWT", "alg": "RS256", "kid": self._key.kid}, claims, self._key)


def client_info(tenant: Tenant, person: Person) -> str:
    """Return whose tokens these are, as MSAL wants it."""
    said = json.dumps({"uid": person.oid, "utid": person.home or tenant.id}).encode("ascii")
    return base64.urlsafe_b64encode(said).rstrip(b"=").decode("ascii")
