"""The scopes that the simulated Google knows, and how it classes them (developers.google.com/identity/protocols)."""

from typing import Final

from sendwright.oauth.google.scopes import EMAIL, MAIL, OPENID, SEND, SETTINGS, granted
from sendwright.practice.google.refused import Refused, missing

_AUTH: Final = "https://www.googleapis.com/auth/"
PROFILE: Final = f"{_AUTH}userinfo.profile"
_LONG: Final = {"email": EMAIL, "profile": PROFILE}
IDENTITY: Final = frozenset({OPENID, EMAIL, PROFILE})
SHARING: Final = f"{_AUTH}gmail.settings.sharing"
"""Creates sending addresses; for service accounts only."""
CLOUD: Final = f"{_AUTH}cloud-platform"
IAM: Final = f"{_AUTH}iam"
SENSITIVE: Final = frozenset({SEND})
RESTRICTED: Final = frozenset(
    {
        MAIL,
        SETTINGS,
        SHARING,
        *(f"{_AUTH}gmail.{name}" for name in ("compose", "insert", "metadata", "modify", "readonly")),
    }
)
KNOWN: Final = IDENTITY | SENSITIVE | RESTRICTED | {CLOUD, IAM}

SENDS: Final = frozenset({MAIL, SEND, f"{_AUTH}gmail.compose", f"{_AUTH}gmail.modify"})
"""What users.messages.send takes."""
LISTS: Final = frozenset({MAIL, SETTINGS, f"{_AUTH}gmail.modify", f"{_AUTH}gmail.readonly"})
"""What users.settings.sendAs.list and get take."""
SHOWS: Final = frozenset({MAIL, *(f"{_AUTH}gmail.{name}" for name in ("compose", "metadata", "modify", "readonly"))})
"""What users.getProfile takes."""


def read(scope: str) -> frozenset[str]:
    """Return what a request asks for, by its long names. Raises Refused (invalid_request, invalid_scope)."""
    asked = tuple(_LONG.get(one, one) for one in granted(scope))
    if not asked:
        raise missing("scope")
    unknown = [one for one in asked if one not in KNOWN]
    if unknown:
        valid = ", ".join(one for one in asked if one in KNOWN)
        said = f"Some requested scopes were invalid. {{valid=[{valid}], invalid=[{', '.join(unknown)}]}}"
        raise Refused("invalid_scope", said)
    return frozenset(asked)


def of_gmail(scopes: frozenset[str]) -> bool:
    """Whether a token of these opens anything of a mailbox: a change of the password ends such tokens."""
    return bool(scopes & (SENSITIVE | RESTRICTED))


def short(scope: str) -> str:
    """Return the last part of a scope, for ids and keys of texts: `gmail-send`, `mail` for the whole mailbox."""
    return "mail" if scope == MAIL else scope.rpartition("/")[2].replace(".", "-")


def listed(scopes: frozenset[str]) -> str:
    """Return scopes as answers list them."""
    return " ".join(sorted(scopes, key=lambda one: (one not in IDENTITY, one)))
