"""Permissions by their short names, and the scopes that ask for them."""

from typing import Final

from sendwright.oauth.entra.cloud import CLOUDS
from sendwright.oauth.entra.registration import Registration

OF_OUTLOOK: Final = frozenset({"SMTP.Send"})
"""Permissions of Exchange Online; all others are Microsoft Graph's."""

OF_OPENID: Final = frozenset({"openid", "profile", "email", "offline_access"})
"""Scopes of OpenID Connect: MSAL asks for them by itself, and forbids to name them."""


def scope_of(permission: str, registration: Registration) -> str:
    """Return the scope that asks for `permission`: `Mail.Send`, `SMTP.Send`; one with its resource stays as it is."""
    if "://" in permission:
        return permission
    if permission in OF_OUTLOOK:
        return f"{CLOUDS[registration.cloud].outlook}/{permission}"
    return registration.scope(permission)


def resource_of(scope: str) -> str:
    """Return the service that a scope belongs to; Graph's may be written without (learn.microsoft.com, scopes-oidc)."""
    return scope.rpartition("/")[0]


def by_resource(permissions: tuple[str, ...], registration: Registration) -> tuple[tuple[str, ...], ...]:
    """Return the scopes of each service, in the order of the permissions: a token is for one service (AADSTS700022)."""
    found: dict[str, list[str]] = {}
    for scope in (scope_of(permission, registration) for permission in permissions):
        found.setdefault(resource_of(scope), []).append(scope)
    return tuple(tuple(scopes) for scopes in found.values())


def granted(scope: str) -> tuple[str, ...]:
    """Return the permissions in a token's `scope` by their short names, each once, without those of OpenID Connect."""
    names = dict.fromkeys(word.rpartition("/")[2] for word in scope.split())
    return tuple(name for name in names if name and name not in OF_OPENID)
