"""Scopes: which permission of which resource a request asks for."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from sendwright.oauth.entra.cloud import CLOUDS
from sendwright.practice.microsoft.aadsts import Refused

SIGN_IN: Final = frozenset({"openid", "profile", "email", "offline_access"})
GRAPH: Final = "https://graph.microsoft.com"
OUTLOOK: Final = "https://outlook.office.com"
DEFAULT: Final = ".default"

_OF_GRAPH = frozenset(
    {
        "Mail.Send",
        "Mail.Send.Shared",
        "Mail.Read",
        "Mail.ReadWrite",
        "MailboxSettings.Read",
        "User.Read",
        "User.ReadBasic.All",
        "User.Read.All",
    }
)
_OF_OUTLOOK = frozenset({"SMTP.Send", "IMAP.AccessAsUser.All", "POP.AccessAsUser.All", "EWS.AccessAsUser.All"})
_OPEN = frozenset({"Mail.Send", "Mail.Send.Shared", "User.Read", "SMTP.Send"})
"""What the default policy lets people consent to, among what is known here."""

_GRAPHS = {cloud.graph for cloud in CLOUDS.values()}
_OUTLOOKS = {cloud.outlook for cloud in CLOUDS.values()} | {"https://outlook.office365.com"}


@dataclass(frozen=True, kw_only=True)
class Asked:
    """What a scope asks for. resources: as addressed (their `aud`), with the permissions of each."""

    resources: dict[str, frozenset[str]]
    sign_in: frozenset[str]

    @property
    def permissions(self) -> frozenset[str]:
        """The permissions of all resources together."""
        return frozenset().union(*self.resources.values())


def parse(scope: str, *, client: str = "") -> Asked:
    """Return what `scope` asks for. Raises Refused: 70011 for nonsense, 650053 for what a resource does not have."""
    words = scope.split()
    resources: dict[str, set[str]] = {}
    for word in words:
        if word in SIGN_IN:
            continue
        resource, permission = _divided(word)
        known = _OF_OUTLOOK if resource in _OUTLOOKS else _OF_GRAPH
        if permission != DEFAULT and permission not in known:
            raise Refused(650053, client=client, value=permission)
        resources.setdefault(resource, set()).add(permission)
    return Asked(
        resources={resource: frozenset(found) for resource, found in resources.items()},
        sign_in=frozenset(words) & SIGN_IN,
    )


def is_graph(resource: str) -> bool:
    """Whether an audience is Graph's, in any cloud."""
    return resource in _GRAPHS


def is_outlook(resource: str) -> bool:
    """Whether an audience is that of Exchange Online's mail protocols."""
    return resource in _OUTLOOKS


def listed(resource: str, permissions: Iterable[str]) -> frozenset[str]:
    """Return those of `permissions` that `resource` has: what `.default` stands for."""
    return frozenset(permissions) & (_OF_OUTLOOK if is_outlook(resource) else _OF_GRAPH)


def needs_administrator(permissions: Iterable[str]) -> bool:
    """Whether the default policy keeps any of these from people's own consent."""
    return not frozenset(permissions) <= _OPEN


def _divided(word: str) -> tuple[str, str]:
    if "://" not in word:
        return GRAPH, word
    resource, _, permission = word.rpartition("/")
    resource = resource.rstrip("/")  # `https://graph.microsoft.com//.default` is a usual mistake, and accepted
    if resource not in _GRAPHS | _OUTLOOKS or not permission:
        raise Refused(70011, value=word)
    return resource, permission
