"""What a diagnosis of Gmail asks of Google's sign-in: whether it answers, and whose the token is."""

from collections.abc import Mapping
from http import HTTPStatus

import msgspec

from sendwright.oauth import web as oauth_web
from sendwright.oauth.google.client import GoogleClient
from sendwright.oauth.google.web import server_of
from sendwright.oauth.grant import AccessToken, OAuthFailed
from sendwright.oauth.web import Web
from sendwright.problems.evidence import Evidence, System
from sendwright.recording.visible import visible
from sendwright.senders.gmail.settings import GmailSettings
from sendwright.senders.sender import SendFailed

REFUSED = "oauth-token-refused"

_NOTHING_TO_GRANT = {"grant_type": "authorization_code"}
_LONGEST = 320
_NOT_FOR_US = frozenset({HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN})


class Person(msgspec.Struct, frozen=True, kw_only=True):
    """Whose the token is. id: `sub`. address: empty where it was not granted. domain: `hd`."""

    id: str
    address: str = ""
    domain: str = ""


async def reach_sign_in(settings: GmailSettings, *, web: Web, values: Mapping[str, str]) -> None:
    """Ask the token endpoint for nothing: its refusal comes from Google, and so it answers. Raises SendFailed."""
    client, place = _client(settings), settings.place
    try:
        async with web() as http:
            await oauth_web.ask(http, "POST", place.token, server=server_of(client), form=_NOTHING_TO_GRANT)
    except OAuthFailed as failed:
        seen = failed.evidence
        if not seen.error or (seen.http or 0) >= HTTPStatus.INTERNAL_SERVER_ERROR:
            raise SendFailed(_known(seen, values, stage="reach")) from None


async def ask_person(
    settings: GmailSettings, access: AccessToken, *, web: Web, values: Mapping[str, str], sure: bool
) -> Person | None:
    """Return whose `access` is (OpenID Connect Core section 5.3), None where that may not be asked.

    sure: it was granted; a refusal is one of the token then. Raises SendFailed.
    """
    headers = {"Authorization": f"Bearer {access.secret.reveal()}", "Accept": "application/json"}
    client, place = _client(settings), settings.place
    try:
        async with web() as http:
            heard = await oauth_web.ask(http, "GET", place.userinfo, server=server_of(client), headers=headers)
    except OAuthFailed as failed:
        seen = failed.evidence
        if seen.http not in _NOT_FOR_US:
            raise SendFailed(_known(seen, values)) from None
    else:
        found = {name: _word(heard.content.get(name)) for name in ("sub", "email", "hd")}
        return Person(id=found["sub"], address=found["email"], domain=found["hd"])
    if sure:
        refused = Evidence(stage="sign-in", system=System.GMAIL, condition=REFUSED, http=HTTPStatus.UNAUTHORIZED)
        raise SendFailed(_known(refused, values))
    return None


def _client(settings: GmailSettings) -> GoogleClient:
    return GoogleClient(client_id=settings.client_id, login=settings.login, gmail=settings.gmail, own=settings.own)


def _known(evidence: Evidence, values: Mapping[str, str], *, stage: str = "") -> Evidence:
    return msgspec.structs.replace(evidence, stage=stage or evidence.stage, values={**values, **evidence.values})


def _word(value: object) -> str:
    return visible(value[:_LONGEST]) if isinstance(value, str) else ""
