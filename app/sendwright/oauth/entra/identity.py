"""Tells who signed in, once the id_token proves it, and refuses whoever cannot send for the organisation."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final

import httpx
import msgspec

from sendwright.oauth.account import Account
from sendwright.oauth.answered import secret_of
from sendwright.oauth.conditions import OTHER_ACCOUNT
from sendwright.oauth.entra.failures import about, failed
from sendwright.oauth.entra.metadata import Metadata, read_keys, read_metadata, require_here
from sendwright.oauth.entra.registration import CONSUMERS, Registration
from sendwright.oauth.grant import OAuthFailed
from sendwright.oauth.id_token import Claims, knows_key, tenant_issuer, verify_id_token
from sendwright.oauth.jwt_parts import take_apart
from sendwright.oauth.words import name_in
from sendwright.problems.evidence import System
from sendwright.recording.recorder import Recorder
from sendwright.secret import Secret

NOT_OURS: Final = "id-token-not-ours"
PERSONAL: Final = "personal-account-not-accepted"
OUTSIDER: Final = "account-of-another-organisation"
OTHER_TENANT: Final = "other-tenant"


@dataclass(frozen=True, kw_only=True)
class Issuing:
    """What the tenant publishes of itself. keys: a JWK set."""

    metadata: Metadata
    keys: dict[str, object]


async def read_issuing(client: httpx.AsyncClient, registration: Registration) -> Issuing:
    """Return it as it is now. Raises OAuthFailed, also where an endpoint lies at another host."""
    metadata = await read_metadata(client, registration)
    require_here(metadata, registration)
    return Issuing(metadata=metadata, keys=await read_keys(client, metadata, registration))


async def identify(
    result: Mapping[str, object],
    registration: Registration,
    issuing: Issuing,
    *,
    client: httpx.AsyncClient,
    nonce: str | None,
    now: datetime,
    recorder: Recorder,
    expected: Account | None,
) -> Account:
    """Return whose account the id_token of `result` proves.

    nonce: as the sign-in page got it; None where it got none. expected: who has to be the one. Raises OAuthFailed:
    `id-token-not-ours` or `id-token-clock` for a token that does not hold, `personal-account-not-accepted`,
    `other-tenant` (not the registration's, or not the expected one), `account-of-another-organisation` (a guest, who
    has no mailbox there), `other-account`. Keys that came meanwhile are fetched, once.
    Source: learn.microsoft.com/entra/identity-platform/id-token-claims-reference
    """
    token = secret_of(result, "id_token", recorder=recorder)
    if token is None:
        raise failed(NOT_OURS, registration, values={"check": "form"})
    if _claimed_tenant(token) == CONSUMERS:  # signed by keys of another tenant: refused for what it says of itself
        raise failed(PERSONAL, registration)
    keys = issuing.keys
    if not knows_key(token, keys):
        keys = await read_keys(client, issuing.metadata, registration)
    try:
        claims = verify_id_token(
            token,
            keys=keys,
            audience=registration.client_id,
            issuer=tenant_issuer(issuing.metadata.issuer_template),
            nonce=nonce,
            now=now,
            system=System.ENTRA,
        )
    except OAuthFailed as refused:
        seen = refused.evidence
        told = msgspec.structs.replace(seen, values={**about(registration), **seen.values})
        raise OAuthFailed(told) from None
    account = _account(claims, registration)
    _require_member(account, claims, registration, tenant=issuing.metadata.tenant, expected=expected)
    return account


def _claimed_tenant(token: Secret) -> str:
    parts = take_apart(token)
    return name_in(parts.claims.get("tid")).lower() if parts is not None else ""


def _account(claims: Claims, registration: Registration) -> Account:
    tenant, oid = name_in(claims.get("tid")), name_in(claims.get("oid"))
    if not (tenant and oid):
        raise failed(NOT_OURS, registration, values={"check": "account"})
    username = name_in(claims.get("preferred_username"))
    return Account(tenant=tenant.lower(), oid=oid.lower(), username=username, name=name_in(claims.get("name")))


def _require_member(
    account: Account, claims: Claims, registration: Registration, *, tenant: str, expected: Account | None
) -> None:
    who = {"username": account.username, "signed_in_tenant": account.tenant}
    if expected is not None:
        who["expected"] = expected.username
    if (tenant and account.tenant != tenant) or (expected and account.tenant != expected.tenant.lower()):
        raise failed(OTHER_TENANT, registration, values=who)
    home = claims.get("idp")
    if home is not None and home != claims["iss"] and account.tenant not in str(home).lower():
        raise failed(OUTSIDER, registration, values=who)
    if expected is not None and not account.same_as(expected):
        raise failed(OTHER_ACCOUNT, registration, values=who)
