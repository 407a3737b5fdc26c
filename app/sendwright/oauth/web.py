"""Asks an authorisation server over the program's own clients of the web, and refuses every other host."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from http import HTTPStatus
from types import MappingProxyType
from typing import Final, Protocol

import httpx
import msgspec
from typing_extensions import override

from sendwright.network.retry_after import retry_after
from sendwright.network.web import observe_web
from sendwright.oauth.conditions import NOT_RECOGNISED, NOT_UNDERSTOOD, REACH
from sendwright.oauth.grant import OAuthFailed
from sendwright.problems.evidence import Evidence
from sendwright.recording.redactor import Redactor

Web = Callable[[], httpx.AsyncClient]
"""Makes a client that verifies TLS, uses the system's proxy and follows no redirect; who asked for it closes it."""

Origin = tuple[str, str, int]
"""Scheme, host and port."""

LARGEST_ANSWER: Final = 1024 * 1024
"""Octets. Metadata and keys have some ten thousand."""

SECRET_FIELDS: Final = (
    "assertion",
    "client_assertion",
    "client_secret",
    "code",
    "code_verifier",
    "device_code",
    "refresh_token",
    "subject_token",
    "token",
)
_NONE: Mapping[str, str] = MappingProxyType({})


class ToEvidence(Protocol):
    """Turns an answer of one kind of server into evidence."""

    def __call__(
        self,
        answer: Mapping[str, object],
        *,
        http: int | None = None,
        retry_after_s: float | None = None,
        values: Mapping[str, str] = _NONE,
        redactor: Redactor | None = None,
    ) -> Evidence:
        """Return the evidence of a refusal; answer: what the JSON held, if it was any."""
        ...


class ToFailure(Protocol):
    """Calls by its name what we observed ourselves at one kind of server."""

    def __call__(self, condition: str, *, http: int | None = None, values: Mapping[str, str] = _NONE) -> OAuthFailed:
        """Return the failure that we call `condition`."""
        ...


def _nothing(_: httpx.Response) -> Mapping[str, str]:
    return _NONE


@dataclass(frozen=True, kw_only=True)
class Server:
    """A server that may be asked. origins: where it answers. identifiers: of the event, as its answer names them."""

    origins: frozenset[Origin]
    evidence_of: ToEvidence
    failed: ToFailure
    identifiers: Callable[[httpx.Response], Mapping[str, str]] = _nothing


class Heard(msgspec.Struct, frozen=True, kw_only=True):
    """An answer that is JSON, and no error. It may hold tokens, so it shows its status only."""

    status: int
    headers: dict[str, str]
    text: str
    content: dict[str, object]

    @override
    def __repr__(self) -> str:
        return f"Heard(status={self.status})"


def origin(address: str) -> Origin | None:
    """Return scheme, host and port of an https address; None for anything else."""
    try:
        url = httpx.URL(address)
    except (httpx.InvalidURL, TypeError):
        return None
    if url.scheme != "https" or not url.host or url.userinfo:
        return None
    return url.scheme, url.host, url.port or 443


def require_origin(address: str, server: Server) -> None:
    """Raise OAuthFailed unless `address` lies where `server` answers, by https."""
    if origin(address) not in server.origins:
        raise server.failed(NOT_RECOGNISED, values={"host": (origin(address) or ("", "", 0))[1]})


async def ask(
    client: httpx.AsyncClient,
    method: str,
    url: str,
    *,
    server: Server,
    form: Mapping[str, str] = _NONE,
    content: bytes = b"",
    headers: Mapping[str, str] = _NONE,
) -> Heard:
    """Return the answer of the server. form, content: one of both is the body of a POST.

    Raises OAuthFailed: where there is no answer (stage `reach`, what network.failures calls it), where it is an error
    (with error, status and the identifiers of the event), no JSON object, or a redirect.
    """
    response, body = await fetch(client, method, url, server=server, form=form, content=content, headers=headers)
    return read(response, body, server=server, form=form)


async def fetch(
    client: httpx.AsyncClient,
    method: str,
    url: str,
    *,
    server: Server,
    form: Mapping[str, str] = _NONE,
    content: bytes = b"",
    headers: Mapping[str, str] = _NONE,
) -> tuple[httpx.Response, bytes]:
    """Return whatever the server answers, and its body. Raises OAuthFailed where there is no answer."""
    require_origin(url, server)
    data = dict(form) if method == "POST" and not content else None
    try:
        async with client.stream(method, url, data=data, content=content or None, headers=dict(headers)) as response:
            return response, await _whole(response, server)
    except httpx.HTTPError as error:
        unanswered = _unanswered(error, url)
    raise OAuthFailed(unanswered)  # without httpx's exception: its request holds codes, tokens, secrets


def read(response: httpx.Response, body: bytes, *, server: Server, form: Mapping[str, str] = _NONE) -> Heard:
    """Return what `fetch` got, as `ask` does. form: what was sent. Raises OAuthFailed."""
    try:
        content = msgspec.json.decode(body, type=dict[str, object])
        text = body.decode()
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        content, text = None, ""
    status = response.status_code
    if content is None and status < HTTPStatus.INTERNAL_SERVER_ERROR and status != HTTPStatus.TOO_MANY_REQUESTS:
        raise server.failed(NOT_UNDERSTOOD, http=status)  # a portal or a filter, mostly
    if content is None or not response.is_success or "error" in content:
        redactor = Redactor()
        for name in SECRET_FIELDS:
            redactor.learn(secret=form.get(name, ""))
        raise OAuthFailed(
            server.evidence_of(
                content or {},
                http=None if response.is_success else status,
                retry_after_s=retry_after(response.headers),
                values={name: value[:100] for name, value in server.identifiers(response).items() if value},
                redactor=redactor,
            )
        )
    return Heard(status=status, headers=dict(response.headers), text=text, content=content)


def _unanswered(error: httpx.HTTPError, url: str) -> Evidence:
    _, host, port = origin(url) or ("", "", 443)
    return observe_web(error, stage=REACH, values={"host": host, "port": str(port)})


async def _whole(response: httpx.Response, server: Server) -> bytes:
    whole = bytearray()
    async for part in response.aiter_bytes():
        whole += part
        if len(whole) > LARGEST_ANSWER:
            raise server.failed(NOT_UNDERSTOOD, http=response.status_code)
    return bytes(whole)
