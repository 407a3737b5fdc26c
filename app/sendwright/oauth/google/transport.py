"""Lets the session of google-auth-oauthlib ask through the event loop; loaded only where somebody signs in."""

import io
import logging
from typing import Final

import requests
from google.auth.exceptions import GoogleAuthError
from google_auth_oauthlib.flow import Flow
from oauthlib.oauth2 import OAuth2Error
from requests.adapters import BaseAdapter
from typing_extensions import override

from sendwright.oauth.apart import Asking
from sendwright.oauth.google.library_request import LibraryRequest

__all__ = ["NONSENSE", "Adapter", "Flow", "through"]

NONSENSE: Final = (GoogleAuthError, OAuth2Error, requests.RequestException)
"""What the libraries raise of an answer that is no error and yet not as it should be; its words may hold tokens."""

_OF_THE_CONNECTION = frozenset({"accept-encoding", "connection", "content-length", "host", "transfer-encoding"})

_TALKATIVE = ("requests_oauthlib", "requests_oauthlib.oauth2_session")
"""Loggers that are told every token, at the level DEBUG (requests-oauthlib 2.0)."""


class Adapter(BaseAdapter):
    """By what the session of a Flow asks."""

    def __init__(self, asking: Asking) -> None:
        super().__init__()
        self._asking = asking

    @override
    def send(self, request: requests.PreparedRequest, *_: object, **__: object) -> requests.Response:
        """Ask. Raises OAuthFailed."""
        headers = {
            name: str(value) for name, value in request.headers.items() if name.lower() not in _OF_THE_CONNECTION
        }
        body = request.body if isinstance(request.body, bytes | str) else b""
        heard = LibraryRequest(self._asking)(request.url or "", request.method or "GET", body, headers)
        answer = requests.Response()
        answer.status_code = heard.status
        answer.headers.update(heard.headers)
        answer.url = request.url or ""
        answer.request = request
        answer.encoding = "utf-8"
        answer.raw = io.BytesIO(heard.data)
        return answer

    @override
    def close(self) -> None:
        """Do nothing: whoever opened the client closes it."""


def through(flow: Flow, asking: Asking) -> Flow:
    """Let `flow` ask by `asking` and by nothing else: no proxy, no netrc, no authority of the environment."""
    for name in _TALKATIVE:
        logging.getLogger(name).setLevel(logging.WARNING)
    session = flow.oauth2session
    session.trust_env = False
    session.adapters.clear()
    session.mount("https://", Adapter(asking))
    return flow
