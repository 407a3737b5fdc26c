"""Finds out, without signing in, whether Google knows an OAuth client and its secret."""

import secrets
from typing import Final

from sendwright.oauth import web as oauth_web
from sendwright.oauth.conditions import NOT_RECOGNISED, NOT_UNDERSTOOD, REACH
from sendwright.oauth.google.client import GoogleClient
from sendwright.oauth.google.web import Web, server_of
from sendwright.oauth.grant import OAuthFailed
from sendwright.problems.evidence import Evidence
from sendwright.recording.recorder import Recorder

KNOWN: Final = "invalid_grant"
"""The code counts for nothing, and the client was let ask."""

UNKNOWN: Final = frozenset({"invalid_client", "deleted_client", "disabled_client"})

_NO_ANSWER = frozenset({NOT_RECOGNISED, NOT_UNDERSTOOD})
_MADE_UP = "http://127.0.0.1"


async def check_client(client: GoogleClient, *, web: Web, recorder: Recorder) -> bool:
    """Return whether Google showed that it knows the client and its secret; False where it does not tell.

    A code that was made up is redeemed: RFC 6749 section 5.2 has `invalid_client` for a client that is not who it says,
    and `invalid_grant` for the code. That Google looks at the client first is unconfirmed (others read it the same way:
    trufflesecurity/trufflehog, pull request 5030), so whatever else it answers means nothing. Raises OAuthFailed
    where Google does not know the id or the secret, or is not reached.
    """
    form = {
        "grant_type": "authorization_code",
        "client_id": client.client_id,
        "code": f"4/0A{secrets.token_urlsafe(52)}",
        "code_verifier": secrets.token_urlsafe(48),
        "redirect_uri": _MADE_UP,
    }
    if client.secret is not None:
        recorder.learn(client.secret)
        form["client_secret"] = client.secret.reveal()
    async with web() as http:
        try:
            await oauth_web.ask(http, "POST", client.place.token, server=server_of(client), form=form)
        except OAuthFailed as refused:
            if _is_told(refused.evidence):
                raise
            return refused.evidence.error == KNOWN
    return False  # tokens, although nobody signed in


def _is_told(seen: Evidence) -> bool:
    return seen.stage == REACH or seen.error in UNKNOWN or seen.condition in _NO_ANSWER
