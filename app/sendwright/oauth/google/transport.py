"""Lets google-auth and google-auth-oauthlib ask through the event loop; loaded only where somebody signs in."""

import io
import logging
from collections.abc import Mapping
from typing import Final
from urllib.parse import parse_qsl

import google.auth.transport
import requests
from google.auth.exceptions import GoogleAuthError
from google_auth_oauthlib.flow import Flow
from oauthlib.oauth2 import OAuth2Error
from requests.adapters import BaseAdapter
from typing_extensions import override

from sendwright.oauth.apart import Asking
from sendwright.oauth.web import Heard

__all__ = ["NONSENSE", "Adapter", "Flow", "Request"]

NONSENSE: Final = (GoogleAuthError, OAuth2Error, requests.RequestException)
"""What the libraries raise of an answer that is no error and yet not as it should be; its words may hold tokens."""

FORM: Final = "application/x-www-form-urlencoded"

_OF_THE_CONNECTION = frozenset({"accept-encoding", "connection", "content-length", "host", "transfer-encoding"})

_TALKATIVE = ("requests_oauthlib", "requests_oauthlib.oauth2_session")
"""Loggers that are told every token, at the level DEBUG (requests-oauthlib 2.0)."""


class Response(google.auth.transport.Response):
    """An answer in the shape that google-auth takes."""

    def __init__(self, heard: Heard) -> None:
        self._heard = heard

    @property
    @override
    def status(self) -> int:
        return self._heard.status

    @property
    @override
    def headers(self) -> Mapping[str, str]:
        return self._heard.headers

    @property
    @override
    def data(self) -> bytes:
        return self._heard.text.encode()


class Request(google.auth.transport.Request):
    """By what google-auth asks. heard: the last answer, whole."""

    def __init__(self, asking: Asking) -> None:
        self._asking = asking
        self.heard: Heard | None = None

    @override
    def __call__(
        self,
        url: str,
        method: str = "GET",
        body: bytes | None = None,
        headers: Mapping[str, str] | None = None,
        timeout: float | None = None,
        **_: object,
    ) -> Response:
        """Ask; how long it may take is for the program's own client to say. Raises OAuthFailed."""
        self.heard = _asked(self._asking, method, url, headers or {}, body)
        return Response(self.heard)


class Adapter(BaseAdapter):
    """By what the session of a Flow asks."""

    def __init__(self, asking: Asking) -> None:
        super().__init__()
        self._asking = asking

    @override
    def send(self, request: requests.PreparedRequest, *_: object, **__: object) -> requests.Response:
        """Ask. Raises OAuthFailed."""
        headers = {name: str(value) for name, value in (request.headers or {}).items()}
        body = request.body or b""
        octets = body.encode() if isinstance(body, str) else body if isinstance(body, bytes) else b""
        heard = _asked(self._asking, request.method or "GET", request.url or "", headers, octets)
        answer = requests.Response()
        answer.status_code = heard.status
        answer.headers.update(heard.headers)
        answer.url = request.url or ""
        answer.request = request
        answer.encoding = "utf-8"
        answer.raw = io.BytesIO(heard.text.encode())
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


def _asked(asking: Asking, method: str, url: str, headers: Mapping[str, str], body: bytes | None) -> Heard:
    """Ask; a form is taken apart, so that its secrets are known where the answer repeats them."""
    kept = {name: value for name, value in headers.items() if name.lower() not in _OF_THE_CONNECTION}
    kind = next((value for name, value in kept.items() if name.lower() == "content-type"), "")
    if kind.startswith(FORM):  # a field without a value counts as left out (RFC 6749 section 3.2)
        return asking(method, url, headers=kept, form=dict(parse_qsl((body or b"").decode("ascii"))))
    return asking(method, url, headers=kept, content=body or b"")
