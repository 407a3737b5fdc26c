"""Reads what Microsoft Graph answers: its codes, its ids, a challenge."""

import re
from typing import Final

import httpx
import msgspec

from sendwright.senders.interface.answer import is_page, lowered, object_in, tls_of, word

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
    """Return what `response` says.

    Graph's error object is read without regard to the case of its names: `innerError` and `innererror` both occur.
    Source: learn.microsoft.com/graph/errors.
    """
    content = await object_in(response)
    error = lowered(lowered(content).get("error"))
    inner = lowered(error.get("innererror"))
    headers = response.headers
    challenge = dict(_CHALLENGE.findall(headers.get("WWW-Authenticate", "")[:_LONGEST_CHALLENGE]))
    return Answer(
        status=response.status_code,
        headers=headers,
        content=content,
        code=word(error.get("code")) or word(inner.get("code")),
        message=str(error.get("message") or ""),
        request_id=word(headers.get("request-id")) or word(inner.get("request-id")),
        client_request_id=client_request_id,
        html=is_page(response),
        error=challenge.get("error", ""),
        claims=challenge.get("claims", ""),
        tls=tls_of(response),
    )
