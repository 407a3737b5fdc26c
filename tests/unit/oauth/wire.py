"""Speaks HTTP to a loopback listener octet by octet, as a browser would and as no browser would."""

import asyncio
from dataclasses import dataclass
from urllib.parse import urlencode, urlsplit

from sendwright.oauth.loopback import Loopback

STATE = "state-of-this-attempt"
WHOLE_WINDOW = {"sec-fetch-site": "cross-site", "sec-fetch-mode": "navigate", "sec-fetch-dest": "document"}

PROTECTIVE = {
    "cache-control": "no-store",
    "referrer-policy": "no-referrer",
    "x-frame-options": "DENY",
    "x-content-type-options": "nosniff",
    "connection": "close",
    "cross-origin-resource-policy": "same-origin",
}
"""What every answer of a listener says."""


@dataclass(frozen=True)
class Answer:
    """What came back. status: 0 where the listener said nothing."""

    status: int
    headers: dict[str, str]
    body: str


def port_of(loopback: Loopback) -> int:
    port = urlsplit(loopback.redirect_uri).port
    assert port is not None
    return port


def answer_query(state: str = STATE, **more: str) -> str:
    return urlencode({"code": "0.AXkA-code", "state": state, **more})


async def send(loopback: Loopback, raw: bytes, *, host: str = "127.0.0.1", end: bool = False) -> Answer:
    """Send `raw` and read until the listener ends. end: say at once that nothing more comes."""
    reader, writer = await asyncio.open_connection(host, port_of(loopback))
    try:
        writer.write(raw)
        if end:
            writer.write_eof()
        return read_answer(await reader.read())
    except ConnectionError:
        return Answer(0, {}, "")
    finally:
        writer.transport.abort()


def read_answer(raw: bytes) -> Answer:
    if not raw:
        return Answer(0, {}, "")
    head, _, body = raw.partition(b"\r\n\r\n")
    first, *lines = head.decode("latin-1").split("\r\n")
    headers = dict(line.split(": ", 1) for line in lines)
    assert len(headers) == len(lines)
    return Answer(int(first.split()[1]), {name.lower(): value for name, value in headers.items()}, body.decode())


def request(
    loopback: Loopback,
    target: str,
    *,
    method: str = "GET",
    headers: dict[str, str] | None = None,
    host: str | None = None,
    body: bytes = b"",
) -> bytes:
    """Return a request as a browser words it. host: of the Host header; None: the right one."""
    given = {"host": host or f"localhost:{port_of(loopback)}", **(WHOLE_WINDOW if headers is None else headers)}
    if body:
        given["content-length"] = str(len(body))
    lines = [f"{method} {target} HTTP/1.1", *(f"{name}: {value}" for name, value in given.items())]
    return "\r\n".join(lines).encode("latin-1") + b"\r\n\r\n" + body


async def ask(
    loopback: Loopback,
    target: str,
    *,
    method: str = "GET",
    headers: dict[str, str] | None = None,
    host: str | None = None,
    body: bytes = b"",
) -> Answer:
    """Send one request of a browser and return the answer."""
    return await send(loopback, request(loopback, target, method=method, headers=headers, host=host, body=body))


async def come_back(loopback: Loopback, state: str = STATE, **more: str) -> Answer:
    """Come back from the sign-in page as a browser does, and return the page that it then shows."""
    first = await ask(loopback, f"/?{answer_query(state, **more)}")
    if first.status != 303:
        return first
    return await ask(loopback, first.headers["location"])
