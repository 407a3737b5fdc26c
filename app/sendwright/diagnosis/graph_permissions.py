"""Holds what an access token allows against what a way of sending through Microsoft 365 needs."""

import re

from sendwright.oauth.entra.cloud import CLOUDS
from sendwright.oauth.lens import TokenView
from sendwright.problems.evidence import Evidence, System
from sendwright.senders.graph.opening import permissions_of
from sendwright.senders.graph.settings import GraphSettings, Way

GRAPH_ID = "00000003-0000-0000-c000-000000000000"
"""Microsoft Graph's own application id: the audience of some of its tokens."""

PERMISSION_MISSING = "graph-permission-missing"
WRONG_CLOUD = "wrong-cloud"
ANOTHER_TENANT = "account-of-another-organisation"
REFUSED = "oauth-token-refused"

_GUID = re.compile(r"[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")


def what_lacks(view: TokenView, settings: GraphSettings, values: dict[str, str]) -> Evidence | None:
    """Return the evidence of why the token does not do, None where it does.

    An application's token without the role Mail.Send does: Exchange may let it into some mailboxes by itself (RBAC for
    Applications), and no token tells that. Source: learn.microsoft.com/exchange/permissions-exo/application-rbac
    """
    audience = view.audience.rstrip("/").lower()
    ours = {GRAPH_ID, CLOUDS[settings.cloud].graph, settings.registration.place.graph}
    if audience not in ours:
        others = {cloud.graph for cloud in CLOUDS.values()} - ours
        condition = WRONG_CLOUD if audience in others else REFUSED
        return _seen(condition, values, audience=view.audience)
    if _GUID.fullmatch(settings.tenant) and view.tenant and view.tenant.lower() != settings.tenant.lower():
        return _seen(ANOTHER_TENANT, values, found_tenant=view.tenant, username=view.username or values["username"])
    missing = missing_permissions(view, settings)
    return _seen(PERMISSION_MISSING, values, permission=", ".join(missing)) if missing else None


def missing_permissions(view: TokenView, settings: GraphSettings) -> tuple[str, ...]:
    """Return the permissions that the token lacks, as far as it tells."""
    needed = permissions_of(settings)
    if settings.way is Way.APPLICATION:
        return needed if view.scopes and not view.roles else ()  # of a person, although nobody is to be signed in
    held = {scope.lower() for scope in view.scopes}
    return tuple(permission for permission in needed if permission.lower() not in held)


def limited_by_exchange(view: TokenView, settings: GraphSettings) -> bool:
    """Whether an application's token names no permission of its own, so that only Exchange can let it in anywhere."""
    return settings.way is Way.APPLICATION and "mail.send" not in {role.lower() for role in view.roles}


def _seen(condition: str, values: dict[str, str], **found: str) -> Evidence:
    return Evidence(stage="permissions", system=System.GRAPH, condition=condition, values=values | found)
