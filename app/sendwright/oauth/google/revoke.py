"""Takes a grant back (RFC 7009)."""

from sendwright.oauth.google.place import GooglePlace
from sendwright.oauth.google.web import Web
from sendwright.secret import Secret


async def revoke(token: Secret, place: GooglePlace, *, web: Web) -> None:
    """Take back whatever the person granted to the Cloud project of the token's client. Raises OAuthFailed."""
    raise NotImplementedError
