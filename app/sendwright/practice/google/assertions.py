"""The JWT bearer grant of service accounts, with domain-wide delegation (RFC 7523; developers.google.com/identity)."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import RSAKey

from sendwright.oauth.jwt_parts import take_apart
from sendwright.practice.google import permissions
from sendwright.practice.google.refused import Refused, dead
from sendwright.practice.google.workspace import Person, ServiceAccount, Workspace
from sendwright.secret import Secret

_LONGEST_S: Final = 3600
_LEEWAY_S: Final = 300
NOT_LISTED: Final = (
    "Client is unauthorized to retrieve access tokens using this method, or client not authorized for any of the "
    "scopes requested."
)
UNTIMELY: Final = (
    "Invalid JWT: Token must be a short-lived token (60 minutes) and in a reasonable timeframe. Check your iat and exp "
    "values in the JWT claim."
)


@dataclass(frozen=True, kw_only=True)
class Claimed:
    """What a service account may have. person: for whom it acts, None for itself."""

    account: ServiceAccount
    scopes: frozenset[str]
    person: Person | None


def check(assertion: str, workspace: Workspace, *, audience: str) -> Claimed:
    """Check an assertion. Raises Refused: invalid_request, invalid_grant, invalid_scope, unauthorized_client."""
    if not assertion:
        raise Refused("invalid_request", "Missing required parameter: assertion")
    parts = take_apart(Secret(assertion))
    if parts is None:
        raise dead("Bad Request")
    account = workspace.service_accounts.get(str(parts.claims.get("iss", "")))
    if account is None or account.disabled:
        raise dead("Invalid grant: account not found")
    claims = _verified(assertion, account, named=str(parts.header.get("kid") or ""))
    if claims.get("aud") != audience:
        raise dead("Invalid JWT: Failed audience check.")
    _check_time(claims, workspace)
    scopes = permissions.read(str(claims.get("scope", "")))
    subject = str(claims.get("sub") or "")
    if not subject or subject == account.email:
        return Claimed(account=account, scopes=scopes, person=None)
    return Claimed(account=account, scopes=scopes, person=_delegated(account, subject, scopes, workspace))


def _verified(assertion: str, account: ServiceAccount, *, named: str) -> Mapping[str, object]:
    """Return the claims where one of the account's keys signed them, the named one if one is named."""
    keys = [pem for key_id, pem in account.keys.items() if named in ("", key_id)]
    for pem in keys:
        try:
            return jwt.decode(assertion, RSAKey.import_key(pem), algorithms=["RS256"]).claims
        except (JoseError, ValueError):
            continue
    raise dead("Invalid JWT Signature.")


def _check_time(claims: Mapping[str, object], workspace: Workspace) -> None:
    now = workspace.now().timestamp()
    starts, ends = claims.get("iat"), claims.get("exp")
    if not isinstance(starts, int | float) or not isinstance(ends, int | float):
        raise dead(UNTIMELY)
    if not starts - _LEEWAY_S <= now <= ends + _LEEWAY_S or ends - starts > _LONGEST_S:
        raise dead(UNTIMELY)


def _delegated(account: ServiceAccount, subject: str, scopes: frozenset[str], workspace: Workspace) -> Person:
    """Return for whom the account acts: a user of the Workspace, for whom the Admin console lists every scope."""
    listed = workspace.delegations.get(account.unique_id, set())
    if not scopes <= listed:
        raise Refused("unauthorized_client", NOT_LISTED, status=401)
    person = workspace.person(subject)
    if person is None or person.domain != workspace.domain or person.suspended:
        raise dead("Invalid email or User ID")
    return person
