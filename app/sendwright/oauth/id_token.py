"""Verifies who signed in: the id_token of OpenID Connect."""

from collections.abc import Callable, Mapping
from datetime import datetime

from sendwright.problems.evidence import System
from sendwright.secret import Secret

Claims = Mapping[str, object]
Issuer = str | Callable[[Claims], str]
"""The issuer that must stand in the token, or a rule that tells it from the claims."""


def verify_id_token(
    token: Secret,
    *,
    keys: Mapping[str, object],
    audience: str,
    issuer: Issuer,
    nonce: str,
    now: datetime,
    system: System = System.OAUTH,
) -> Claims:
    """Return the claims of an id_token. Raises OAuthFailed."""
    raise NotImplementedError


def tenant_issuer(template: str) -> Callable[[Claims], str]:
    """Return the rule for issuers that name the tenant: `{tenantid}` in `template` stands for the claim `tid`."""
    raise NotImplementedError


def knows_key(token: Secret, keys: Mapping[str, object]) -> bool:
    """Return whether the key that signed `token` is among `keys`; where not, the server may have newer ones."""
    raise NotImplementedError
