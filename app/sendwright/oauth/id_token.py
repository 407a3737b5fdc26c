"""Verifies who signed in: the id_token of OpenID Connect."""

import base64
import hmac
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Final
from uuid import UUID

from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import ECKey, RSAKey
from joserfc.jws import JWSRegistry

from sendwright.oauth.grant import OAuthFailed
from sendwright.oauth.jwt_parts import take_apart
from sendwright.problems.evidence import Evidence, System
from sendwright.secret import Secret

ALGORITHMS: Final = {"RS256": "RSA", "PS256": "RSA", "ES256": "EC"}
"""By the key type that each wants. All are signatures of a private key: with a shared one anybody here could sign."""

SKEW: Final = timedelta(minutes=5)
"""How much the clocks of this computer and of the server may differ."""

NOT_OURS: Final = "id-token-not-ours"
CLOCK: Final = "id-token-clock"

_PUBLIC_MEMBERS = {"RSA": ("kty", "n", "e"), "EC": ("kty", "crv", "x", "y")}
_FEWEST_BITS = 2048  # RFC 7518 section 3.3
_BROKEN = (JoseError, ValueError, TypeError, LookupError, RecursionError)  # by a key or a signature that is none

Claims = Mapping[str, object]
Issuer = str | Callable[[Claims], str]
"""The issuer that must stand in the token, or a rule that tells it from the claims; an empty one never matches."""


def verify_id_token(
    token: Secret,
    *,
    keys: Mapping[str, object],
    audience: str,
    issuer: Issuer,
    nonce: str | None,
    now: datetime,
    system: System = System.OAUTH,
) -> Claims:
    """Return the claims of an id_token once everything holds (OpenID Connect Core 3.1.3.7).

    keys: the issuer's JWK set (RFC 7517 section 5). audience: our client id. nonce: as it was sent; None
    where the question can carry none (RFC 8628). now: aware.
    Raises OAuthFailed: `id-token-clock` where only the time does not fit (values: minutes that the clocks differ), else
    `id-token-not-ours` (values: check, what did not hold).
    """
    claims = _signed(token, keys, issuer, system)
    expected = issuer if isinstance(issuer, str) else issuer(claims)
    checks = {
        "issuer": bool(expected) and claims.get("iss") == expected,
        "audience": claims.get("aud") in (audience, [audience]) and claims.get("azp", audience) == audience,
        "subject": isinstance(claims.get("sub"), str) and bool(claims["sub"]),
        "nonce": nonce is None or (bool(nonce) and _same(claims.get("nonce"), nonce)),
    }
    for check, holds in checks.items():
        if not holds:
            raise _not_ours(check, system)
    _require_time(claims, now, system)
    return claims


def tenant_issuer(template: str) -> Callable[[Claims], str]:
    """Return the rule for issuers that name the tenant: `{tenantid}` in `template` stands for the claim `tid`.

    Entra's metadata for all organisations have such a template as `issuer`. A `tid` that is no GUID fits nothing.
    Source: learn.microsoft.com/entra/identity-platform/access-tokens#validate-the-issuer.
    """

    def rule(claims: Claims) -> str:
        tenant = claims.get("tid")
        try:
            fits = isinstance(tenant, str) and str(UUID(tenant)) == tenant.lower()
        except ValueError:
            return ""
        return template.replace("{tenantid}", str(tenant)) if fits else ""

    return rule


def knows_key(token: Secret, keys: Mapping[str, object]) -> bool:
    """Return whether the key that signed `token` is among `keys`; where not, the server may have newer ones."""
    parts = take_apart(token)
    return parts is not None and bool(_named(keys, parts.header.get("kid")))


def _signed(token: Secret, keys: Mapping[str, object], issuer: Issuer, system: System) -> Claims:
    """Return the claims that a known key signed."""
    parts = take_apart(token)
    if parts is None or "crit" in parts.header:  # an extension that must be understood, and none is
        raise _not_ours("form", system)
    kind = ALGORITHMS.get(str(parts.header.get("alg")))
    if kind is None:
        raise _not_ours("algorithm", system)
    key = next((one for one in _named(keys, parts.header.get("kid")) if one.get("kty") == kind), None)
    if key is None or not _serves(key, parts.claims, issuer):
        raise _not_ours("key", system)
    registry = JWSRegistry(algorithms=list(ALGORITHMS), strict_check_header=False)
    try:
        public = _public(key, kind)
        return jwt.decode(token.reveal(), public, algorithms=list(ALGORITHMS), registry=registry).claims
    except _BROKEN:
        raise _not_ours("signature", system) from None


def _named(keys: Mapping[str, object], kid: object) -> list[dict[str, object]]:
    listed = keys.get("keys")
    if not isinstance(kid, str) or not kid or not isinstance(listed, list):
        return []
    return [key for key in listed if isinstance(key, dict) and key.get("kid") == kid and key.get("use", "sig") == "sig"]


def _serves(key: Mapping[str, object], claims: Claims, issuer: Issuer) -> bool:
    """Return whether the key may sign for this tenant: Entra's say whose they are (`issuer`), others do not.

    Source: learn.microsoft.com/entra/identity-platform/access-tokens#validate-the-signing-key-issuer.
    """
    owner = key.get("issuer")
    if not isinstance(owner, str) or isinstance(issuer, str):
        return True
    return tenant_issuer(owner)(claims) == claims.get("iss")


def _public(key: Mapping[str, object], kind: str) -> RSAKey | ECKey:
    members: dict[str, str | list[str]] = {name: str(key.get(name, "")) for name in _PUBLIC_MEMBERS[kind]}
    if kind == "EC":
        return ECKey.import_key(members)
    modulus = base64.b64decode(f"{members['n']}==", altchars=b"-_")
    if int.from_bytes(modulus).bit_length() < _FEWEST_BITS:
        raise ValueError("short key")
    return RSAKey.import_key(members)


def _require_time(claims: Claims, now: datetime, system: System) -> None:
    issued, ends = _time(claims.get("iat")), _time(claims.get("exp"))
    starts = _time(claims.get("nbf", claims.get("iat")))
    if issued is None or ends is None or starts is None:
        raise _not_ours("times", system)
    if now > ends + SKEW or now < max(issued, starts) - SKEW:
        minutes = round(abs(now - issued) / timedelta(minutes=1))
        raise _failed(CLOCK, system, minutes=str(minutes))


def _time(value: object) -> datetime | None:
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    try:
        return datetime.fromtimestamp(value, UTC)
    except (ValueError, OverflowError, OSError):
        return None


def _same(given: object, wanted: str) -> bool:
    return isinstance(given, str) and hmac.compare_digest(given.encode(errors="surrogatepass"), wanted.encode())


def _not_ours(check: str, system: System) -> OAuthFailed:
    return _failed(NOT_OURS, system, check=check)


def _failed(condition: str, system: System, **values: str) -> OAuthFailed:
    return OAuthFailed(Evidence(stage="sign-in", system=system, condition=condition, values=values))
