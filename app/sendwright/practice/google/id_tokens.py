"""The id_tokens of the simulated Google: made and published (openid.net/specs/openid-connect-core-1_0.html)."""

import base64
import hashlib
import secrets
from functools import cached_property
from typing import Any

from joserfc import jwt
from joserfc.jwk import RSAKey

from sendwright.oauth.google.scopes import EMAIL
from sendwright.practice.google.permissions import PROFILE
from sendwright.practice.google.workspace import Person, Workspace


class IdTokens:
    """Signs with a key of its own, which is made when it is needed first."""

    def __init__(self, workspace: Workspace) -> None:
        self._workspace = workspace

    @cached_property
    def _key(self) -> RSAKey:
        return RSAKey.generate_key(2048, {"use": "sig", "alg": "RS256", "kid": secrets.token_hex(20)})

    def published(self) -> dict[str, object]:
        """Return the key set that they are checked by (RFC 7517)."""
        return {"keys": [self._key.as_dict(private=False)]}

    def made(self, person: Person, *, client_id: str, nonce: str, access_token: str, scopes: frozenset[str]) -> str:
        """Return who signed in; nonce: as the request said it."""
        now = int(self._workspace.now().timestamp())
        digest = hashlib.sha256(access_token.encode("ascii")).digest()[:16]
        claims: dict[str, Any] = {
            "iss": "https://accounts.google.com",
            "azp": client_id,
            "aud": client_id,
            "sub": person.sub,
            "at_hash": base64.urlsafe_b64encode(digest).rstrip(b"=").decode("ascii"),
            "iat": now,
            "exp": now + 3600,
        }
        claims |= shown(person, scopes)
        if nonce:
            claims["nonce"] = nonce
        return jwt.encode({"typ": "JWT", "alg": "RS256", "kid": self._key.kid}, claims, self._key)


def shown(person: Person, scopes: frozenset[str]) -> dict[str, object]:
    """Return what an application may know of a person beside the id."""
    found: dict[str, object] = {"hd": person.domain} if person.domain else {}
    if EMAIL in scopes:
        found |= {"email": person.email, "email_verified": True}
    if PROFILE in scopes:
        found["name"] = person.name
    return found
