"""Asks the sign-in host over the program's own clients of the web, and refuses every other host."""

from collections.abc import Callable, Mapping
from http import HTTPStatus
from types import MappingProxyType
from typing import Final

import httpx
import msgspec

from sendwright.network.retry_after import retry_after
from sendwright.network.web import observe_web
from sendwright.oauth.entra.failures import NOT_RECOGNISED, NOT_UNDERSTOOD, REACH, evidence_of, failed
from sendwright.oauth.entra.registration import Registration
from sendwright.oauth.grant import OAuthFailed
from sendwright.problems.evidence import Evidence
from sendwright.recording.redactor import Redactor

Web = Callable[[], httpx.AsyncClient]
"""Makes a client that verifies TLS, uses the system's proxy and follows no redirect; who asked for it closes it."""

LARGEST_ANSWER: Final = 1024 * 1024
"""Octets. Metadata and keys have some ten thousand."""

SECRET_FIELDS: Final = (
    "code",
    "code_verifier",
    "refresh_token",
    "device_code",
    "client_secret",
    "client_assertion",
)
_NONE: Mapping[str, str] = MappingProxyType({})


class Heard(msgspec.Struct, frozen=True, kw_only=True):
    """An answer that is JSON, and no error."""

    status: int
    headers: dict[str, str]
    text: str
    content: dict[str, object]


def origin(address: str) -> tuple[str, str, int] | None:
    """Return scheme, host and port of an https address; None for anything else."""
    try:
        url = httpx.URL(address)
    except (httpx.InvalidURL, TypeError):
        return None
    if url.scheme != "https" or not url.host or url.userinfo:
        return None
    return url.scheme, url.host, url.port or 443


def login_origins(registration: Registration) -> frozenset[tuple[str, str, int]]:
    """Return where the registration's sign-in may take place; nowhere, where its address is no https one."""
    older = () if registration.login else registration.place.other_logins
    return frozenset(filter(None, map(origin, (registration.place.login, *older))))


def require_login(address: str, registration: Registration) -> None:
    """Raise OAuthFailed unless `address` lies at the registration's sign-in host, by https."""
    if origin(address) not in login_origins(registration):
        raise failed(NOT_RECOGNISED, registration, values={"host": (origin(address) or ("", "", 0))[1]})


async def ask(
    client: httpx.AsyncClient,
    method: str,
    url: str,
    *,
    registration: Registration,
    form: Mapping[str, str] = _NONE,
    headers: Mapping[str, str] = _NONE,
) -> Heard:
    """Return the answer of the sign-in host.

    Raises OAuthFailed: where there is no answer (stage `reach`, what network.failures calls it), where it is an error
    (with error, number, status and the identifiers of the event), no JSON object, or a redirect.
    """
    redactor = Redactor()
    for name in SECRET_FIELDS:
        redactor.learn(secret=form.get(name, ""))
    response, body = await fetch(client, method, url, registration=registration, form=form, headers=headers)
    return _heard(response, body, registration, redactor=redactor)


async def fetch(
    client: httpx.AsyncClient,
    method: str,
    url: str,
    *,
    registration: Registration,
    form: Mapping[str, str] = _NONE,
    headers: Mapping[str, str] = _NONE,
) -> tuple[httpx.Response, bytes]:
    """Return whatever the sign-in host answers, and its body. Raises OAuthFailed where there is no answer."""
    require_login(url, registration)
    data = dict(form) if method == "POST" else None
    try:
        async with client.stream(method, url, data=data, headers=dict(headers)) as response:
            return response, await _whole(response, registration)
    except httpx.HTTPError as error:
        unanswered = _unanswered(error, url)
    raise OAuthFailed(unanswered)  # without httpx's exception: its request holds codes, tokens, secrets


def _unanswered(error: httpx.HTTPError, url: str) -> Evidence:
    _, host, port = origin(url) or ("", "", 443)
    return observe_web(error, stage=REACH, values={"host": host, "port": str(port)})


async def _whole(response: httpx.Response, registration: Registration) -> bytes:
    whole = bytearray()
    async for part in response.aiter_bytes():
        whole += part
        if len(whole) > LARGEST_ANSWER:
            raise failed(NOT_UNDERSTOOD, registration, http=response.status_code)
    return bytes(whole)


def _heard(response: httpx.Response, body: bytes, registration: Registration, *, redactor: Redactor) -> Heard:
    try:
        content = msgspec.json.decode(body, type=dict[str, object])
        text = body.decode()
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        content, text = None, ""
    status = response.status_code
    if content is None and status < HTTPStatus.INTERNAL_SERVER_ERROR and status != HTTPStatus.TOO_MANY_REQUESTS:
        raise failed(NOT_UNDERSTOOD, registration, http=status)  # a portal or a filter, mostly
    if content is None or not response.is_success or "error" in content:
        asked = {"client_request_id": response.request.headers.get("client-request-id", "")}
        told = {"request_id": response.headers.get("x-ms-request-id", "")}
        raise OAuthFailed(
            evidence_of(
                content or {},
                registration,
                http=None if response.is_success else status,
                retry_after_s=retry_after(response.headers),
                values={name: value[:100] for name, value in (asked | told).items() if value},
                redactor=redactor,
            )
        )
    return Heard(status=status, headers=dict(response.headers), text=text, content=content)
