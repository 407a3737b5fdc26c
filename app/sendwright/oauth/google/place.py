"""Where Google answers; a practice or a test may stand in for it."""

from typing import Final

import msgspec

ISSUERS: Final = frozenset({"https://accounts.google.com", "accounts.google.com"})
"""Both forms stand in id_tokens (developers.google.com/identity/openid-connect/openid-connect#an-id-tokens-payload)."""

SUBMISSION: Final = "smtp.gmail.com"
RELAY: Final = "smtp-relay.gmail.com"


class GooglePlace(msgspec.Struct, frozen=True, kw_only=True):
    """Addresses, all https. gmail, iam: bases, without a path."""

    authorize: str = "https://accounts.google.com/o/oauth2/v2/auth"
    token: str = "https://oauth2.googleapis.com/token"  # noqa: S105 - an address
    revoke: str = "https://oauth2.googleapis.com/revoke"
    userinfo: str = "https://openidconnect.googleapis.com/v1/userinfo"
    keys: str = "https://www.googleapis.com/oauth2/v3/certs"
    iam: str = "https://iamcredentials.googleapis.com"
    gmail: str = "https://gmail.googleapis.com"


def place_of(*, login: str = "", gmail: str = "") -> GooglePlace:
    """Return Google's own addresses, or those of a practice. login, gmail: its bases (`https://localhost:8443`)."""
    usual = GooglePlace()
    if login:
        usual = GooglePlace(
            authorize=f"{login}/o/oauth2/v2/auth",
            token=f"{login}/token",
            revoke=f"{login}/revoke",
            userinfo=f"{login}/v1/userinfo",
            keys=f"{login}/oauth2/v3/certs",
            iam=login,
        )
    return msgspec.structs.replace(usual, gmail=gmail or usual.gmail)
