"""Takes a grant back (RFC 7009)."""

from typing import Final

from sendwright.oauth import web as oauth_web
from sendwright.oauth.google.client import GoogleClient
from sendwright.oauth.google.place import GooglePlace
from sendwright.oauth.google.web import Web, server_of
from sendwright.oauth.grant import OAuthFailed
from sendwright.secret import Secret

_NOBODY: Final = GoogleClient(client_id="")
_GONE: Final = "invalid_token"


async def revoke(token: Secret, place: GooglePlace, *, web: Web) -> None:
    """Take back whatever the person granted to the Cloud project of the token's client.

    token: a refresh token, or an access token that lasts. Every token and every permission of every client of that
    project ends with it, for this person: who asks for it has said so before. One that is dead already is no failure.
    Raises OAuthFailed.
    Source: developers.google.com/identity/protocols/oauth2/native-app#tokenrevoke
    """
    server = server_of(_NOBODY, place=place)
    form = {"token": token.reveal()}
    async with web() as http:
        response, body = await oauth_web.fetch(http, "POST", place.revoke, server=server, form=form)
    if response.is_success:  # its body says nothing: an empty object, or nothing at all
        return
    try:
        oauth_web.read(response, body, server=server, form=form)
    except OAuthFailed as refused:
        if refused.evidence.error != _GONE:
            raise
