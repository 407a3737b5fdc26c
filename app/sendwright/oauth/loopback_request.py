"""Judges one request that reached a loopback listener: whether it is the answer that is waited for."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Final

from sendwright.oauth.callback import CallbackRefused, read_callback, read_form, require_state
from sendwright.oauth.loopback_pages import NOTHING, STRAY, WAITING

FORM: Final = "application/x-www-form-urlencoded"
METHODS: Final = "GET, POST"

_NO_ORIGIN = "null"
_AHEAD = frozenset({"sec-purpose", "purpose", "x-purpose", "x-moz"})
"""A page that a browser loads before anybody asked for it says so in one of these, each browser in its own."""


@dataclass(frozen=True, kw_only=True)
class Request:
    """One HTTP request. target: as it stands in the request line. headers: names in small letters."""

    method: str
    target: str = field(repr=False)
    headers: tuple[tuple[str, str], ...] = field(default=(), repr=False)
    body: bytes = field(default=b"", repr=False)

    def header(self, name: str) -> str:
        """Return the value; empty where there is none, or several that cannot all be meant."""
        values = [value for given, value in self.headers if given == name]
        return values[0] if len(values) == 1 else ""


@dataclass(frozen=True, kw_only=True)
class Gate:
    """What a genuine answer looks like.

    hosts: values of the Host header: a page that made a name of its own point here (DNS rebinding) sends another one.
    path: of the redirect URI, at least `/`. clean: path of the page that is shown afterwards. origins: whose pages may
    post the answer.
    """

    redirect_uri: str
    hosts: frozenset[str]
    path: str
    clean: str
    state: str = field(repr=False)
    origins: frozenset[str] = frozenset()


@dataclass(frozen=True, kw_only=True)
class Verdict:
    """What a request is. parameters: of the genuine answer, else None. stray: an answer, but none of ours."""

    status: HTTPStatus
    page: str
    parameters: Mapping[str, str] | None = field(default=None, repr=False)
    stray: bool = False


def judge(request: Request, gate: Gate) -> Verdict:
    """Return what `request` is. Nothing of it but a genuine answer is handed on. Never raises."""
    if request.header("host").lower() not in gate.hosts:
        return Verdict(status=HTTPStatus.MISDIRECTED_REQUEST, page=NOTHING)
    if request.method not in METHODS.split(", "):
        return Verdict(status=HTTPStatus.METHOD_NOT_ALLOWED, page=NOTHING)
    path, _, query = request.target.partition("?")
    if path not in {gate.path, gate.clean}:
        return Verdict(status=HTTPStatus.NOT_FOUND, page=NOTHING)
    if request.method == "GET" and (path == gate.clean or not query):
        return Verdict(status=HTTPStatus.OK, page=WAITING)
    if path == gate.clean or _by_another_page(request, gate):
        return Verdict(status=HTTPStatus.FORBIDDEN, page=STRAY, stray=True)
    try:
        parameters = _answer(request, gate)
        require_state(parameters, gate.state)
    except CallbackRefused:
        return Verdict(status=HTTPStatus.BAD_REQUEST, page=STRAY, stray=True)
    return Verdict(status=HTTPStatus.SEE_OTHER, page=WAITING, parameters=parameters)


def _answer(request: Request, gate: Gate) -> Mapping[str, str]:
    if request.method == "GET":
        base = gate.redirect_uri.removesuffix(gate.path)
        return read_callback(f"{base}{request.target}", redirect_uri=gate.redirect_uri)
    if request.header("content-type").partition(";")[0].strip().lower() != FORM or "?" in request.target:
        raise CallbackRefused("unreadable")
    return read_form(request.body)


def _by_another_page(request: Request, gate: Gate) -> bool:
    """Return whether a page is behind it that is not the sign-in's, or loads it into itself or ahead of time.

    Only a whole window that goes there is a redirect (Fetch Metadata: `Sec-Fetch-Dest: document`). A form that a page
    of TLS posts to an address without it may name its origin or `null` (Fetch standard, section 3.2: it depends on
    the page's referrer policy), so the state decides there.
    """
    if any(name in _AHEAD or (name == "sec-fetch-dest" and value != "document") for name, value in request.headers):
        return True
    if request.method == "GET":
        return False
    return not gate.origins or request.header("origin") not in gate.origins | {_NO_ORIGIN}
