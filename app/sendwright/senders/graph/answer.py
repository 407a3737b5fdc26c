"""Reads what Microsoft Graph answers: its codes, its ids, a challenge; bounded, whatever stands there."""

import re
import ssl
from collections.abc import Mapping
from typing import Final

import httpx
import msgspec

from sendwright.network.certificates import chain_of

LARGEST_BODY: Final = 64 * 1024
"""Octets of an answer that are read; Graph's own are a few hundred."""

LONGEST_ID: Final = 100
LONGEST_CODE: Final = 100
_LONGEST_CHALLENGE: Final = 8_000
_CHALLENGE = re.compile(r'\b(error|claims)="([^"]{0,4000})"')


class Answer(msgspec.Struct, frozen=True, kw_only=True):
    """A whole answer.

    content: the JSON object of the body, empty where it is none. code, message: of the error, empty without one.
    request_id: Graph's own name of the request; client_request_id: ours. html: the body is a page for people. error,
    claims: of a challenge (RFC 6750 section 3; Continuous Access Evaluation). tls: version and chain of
    the connection, ready for JSON, where there is one.
    """

    status: int
    headers: httpx.Headers
    content: dict[str, object]
    code: str = ""
    message: str = ""
    request_id: str = ""
    client_request_id: str = ""
    html: bool = False
    error: str = ""
    claims: str = ""
    tls: dict[str, object] = {}


async def read_answer(response: httpx.Response, *, client_request_id: str) -> Answer:
    """Return what `response` says; its body is read as far as LARGEST_BODY, and counts only if that is all of it.

    Graph's error object is read without regard to the case of its names: `innerError` and `innererror` both occur.
    Source: learn.microsoft.com/graph/errors.
    """
    content = _object(await _body(response))
    error = _lowered(_lowered(content).get("error"))
    inner = _lowered(error.get("innererror"))
    headers = response.headers
    challenge = dict(_CHALLENGE.findall(headers.get("WWW-Authenticate", "")[:_LONGEST_CHALLENGE]))
    return Answer(
        status=response.status_code,
        headers=headers,
        content=content,
        code=_word(error.get("code")) or _word(inner.get("code")),
        message=str(error.get("message") or ""),
        request_id=_id(headers.get("request-id")) or _id(inner.get("request-id")),
        client_request_id=client_request_id,
        html=headers.get("Content-Type", "").strip().lower().startswith("text/html"),
        error=challenge.get("error", ""),
        claims=challenge.get("claims", ""),
        tls=_tls(response),
    )


def _tls(response: httpx.Response) -> dict[str, object]:
    stream = response.extensions.get("network_stream")
    tls = stream.get_extra_info("ssl_object") if stream is not None else None
    if not isinstance(tls, ssl.SSLObject):
        return {}
    return {"version": tls.version() or "", "chain": msgspec.to_builtins(chain_of(tls))}


async def _body(response: httpx.Response) -> bytes:
    """Return the body, nothing of one that is cut off, too long, or packed although that was not asked for.

    The status stands without it: 202 means accepted, whatever became of the rest.
    """
    if response.headers.get("Content-Encoding", "identity").lower() != "identity":
        return b""
    body = bytearray()
    try:
        async for part in response.aiter_bytes():
            body += part
            if len(body) > LARGEST_BODY:
                return b""
    except httpx.HTTPError:
        return b""
    return bytes(body)


def _object(body: bytes) -> dict[str, object]:
    try:
        found = msgspec.json.decode(body)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}


def _lowered(value: object) -> Mapping[str, object]:
    return {str(name).lower(): item for name, item in value.items()} if isinstance(value, Mapping) else {}


def _word(value: object) -> str:
    """Return a code, nothing for what can be none: it is shown, and rules hang on it."""
    said = value if isinstance(value, str) else ""
    return said if len(said) <= LONGEST_CODE and said.isascii() and said.isprintable() else ""


def _id(value: object) -> str:
    said = value if isinstance(value, str) else ""
    return said if 0 < len(said) <= LONGEST_ID and said.isascii() and said.isprintable() else ""
