"""Tells who signed in, once the id_token proves it."""

from collections.abc import Mapping
from datetime import datetime
from typing import Final

import httpx
import msgspec

from sendwright.oauth import web as oauth_web
from sendwright.oauth.account import Account
from sendwright.oauth.answered import secret_of
from sendwright.oauth.conditions import NOT_UNDERSTOOD, OTHER_ACCOUNT
from sendwright.oauth.google.client import GoogleClient
from sendwright.oauth.google.failures import about, failed
from sendwright.oauth.google.place import ISSUERS
from sendwright.oauth.google.web import server_of
from sendwright.oauth.grant import OAuthFailed
from sendwright.oauth.id_token import NOT_OURS, Claims, knows_key, verify_id_token
from sendwright.oauth.words import name_in
from sendwright.problems.evidence import System
from sendwright.recording.recorder import Recorder
from sendwright.recording.visible import visible

ISSUER: Final = "https://accounts.google.com"
"""What an account of Google has as its tenant, whichever form of the issuer stands in its id_token."""


async def read_keys(http: httpx.AsyncClient, client: GoogleClient) -> dict[str, object]:
    """Return the keys by which Google's id_tokens are signed (RFC 7517 section 5). Raises OAuthFailed."""
    heard = await oauth_web.ask(http, "GET", client.place.keys, server=server_of(client))
    if not isinstance(heard.content.get("keys"), list):
        raise failed(NOT_UNDERSTOOD, client)
    return heard.content


async def identify(
    result: Mapping[str, object],
    client: GoogleClient,
    *,
    keys: dict[str, object],
    http: httpx.AsyncClient,
    nonce: str,
    now: datetime,
    recorder: Recorder,
    expected: Account | None,
) -> Account:
    """Return whose account the id_token of `result` proves.

    keys: Google's, as they were before; those that came meanwhile are fetched, once. nonce: as the sign-in page got it.
    expected: who has to be the one. Raises OAuthFailed: `id-token-not-ours` or `id-token-clock` for a token that does
    not hold, or whose address nobody has confirmed; `other-account`.
    Source: developers.google.com/identity/openid-connect/openid-connect#an-id-tokens-payload: the domain of a Workspace
    is the claim `hd`, and nothing else, neither the address nor what was asked for.
    """
    token = secret_of(result, "id_token", recorder=recorder)
    if token is None:
        raise failed(NOT_OURS, client, values={"check": "form"})
    if not knows_key(token, keys):
        keys = await read_keys(http, client)
    try:
        claims = verify_id_token(
            token, keys=keys, audience=client.client_id, issuer=_issuer, nonce=nonce, now=now, system=System.GOOGLE
        )
    except OAuthFailed as refused:
        seen = refused.evidence
        told = msgspec.structs.replace(seen, values={**about(client), **seen.values})
        raise OAuthFailed(told) from None
    account = _account(claims, client)
    if expected is not None and not account.same_as(expected):
        raise failed(
            OTHER_ACCOUNT, client, values={"username": account.username, "expected": visible(expected.username)}
        )
    return account


def _issuer(claims: Claims) -> str:
    """Return the form of the issuer that stands in the token, of those that Google uses."""
    said = claims.get("iss")
    return said if isinstance(said, str) and said in ISSUERS else ""


def _account(claims: Claims, client: GoogleClient) -> Account:
    email = name_in(claims.get("email"))
    if "@" not in email:
        raise failed(NOT_OURS, client, values={"check": "account"})
    if claims.get("email_verified") is not True:
        raise failed(NOT_OURS, client, values={"check": "email", "username": email})
    return Account(
        tenant=ISSUER,
        oid=name_in(claims.get("sub")),
        username=email,
        name=name_in(claims.get("name")),
        domain=name_in(claims.get("hd")).lower(),
    )
