"""Looks into an access token without believing it: for diagnosis only."""

from datetime import UTC, datetime
from typing import Final

import msgspec

from sendwright.oauth.jwt_parts import take_apart
from sendwright.recording.visible import visible
from sendwright.secret import Secret

LONGEST_WORD: Final = 256
MOST_WORDS: Final = 128
_LAST_SECOND = 253_402_300_799  # of the year 9999, the last that datetime knows


class TokenView(msgspec.Struct, frozen=True, kw_only=True):
    """What an access token says of itself; nobody vouches for it.

    readable: whether it is a JSON Web Token; of an opaque one nothing else is known. audience: `aud`. scopes: `scp`.
    roles: `roles`. tenant: `tid`. username: `upn`, else `preferred_username`, `unique_name`. account_id: `oid`. app_id:
    `appid`, else `azp`. app_name: `app_displayname`. issued_at, expires_at: aware. version: `ver`. Words are cut at
    LONGEST_WORD letters, and what would not show or would turn the text around it is spelled out.
    Source: learn.microsoft.com/entra/identity-platform/access-token-claims-reference; clients must not decide by it.
    """

    readable: bool
    audience: str = ""
    scopes: tuple[str, ...] = ()
    roles: tuple[str, ...] = ()
    tenant: str = ""
    username: str = ""
    account_id: str = ""
    app_id: str = ""
    app_name: str = ""
    issued_at: datetime | None = None
    expires_at: datetime | None = None
    version: str = ""


OPAQUE: Final = TokenView(readable=False)


def read_token(token: Secret) -> TokenView:
    """Return what `token` says. Never raises, whatever it is, and keeps nothing of it but these words."""
    parts = take_apart(token)
    if parts is None:
        return OPAQUE
    claims = parts.claims
    return TokenView(
        readable=True,
        audience=_first(claims, "aud"),
        scopes=_words(claims.get("scp")),
        roles=_words(claims.get("roles")),
        tenant=_first(claims, "tid"),
        username=_first(claims, "upn", "preferred_username", "unique_name"),
        account_id=_first(claims, "oid"),
        app_id=_first(claims, "appid", "azp"),
        app_name=_first(claims, "app_displayname"),
        issued_at=_time(claims.get("iat")),
        expires_at=_time(claims.get("exp")),
        version=_first(claims, "ver"),
    )


def _first(claims: dict[str, object], *names: str) -> str:
    """Return the first of the claims that has words; of an audience list, its first word."""
    return next((word for name in names for word in _items(claims.get(name))[:1]), "")


def _words(value: object) -> tuple[str, ...]:
    """Return a list, or the words of a string (`scp` is one string, `roles` a list)."""
    return tuple(_items(value.split() if isinstance(value, str) else value))


def _items(value: object) -> list[str]:
    items = value if isinstance(value, list) else [value]
    return [_shown(item) for item in items[:MOST_WORDS] if isinstance(item, str) and item]


def _shown(word: str) -> str:
    return visible(word[:LONGEST_WORD]).replace("\n", "\\n")[:LONGEST_WORD]


def _time(value: object) -> datetime | None:
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value <= _LAST_SECOND:
        return None
    return datetime.fromtimestamp(value, UTC)
