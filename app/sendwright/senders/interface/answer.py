"""Reads what an interface answers: bounded, whatever stands there."""

import ssl
from collections.abc import Mapping
from typing import Final

import httpx
import msgspec

from sendwright.network.certificates import chain_of

LARGEST_BODY: Final = 64 * 1024
"""Octets of an answer that are read; those about a message have a few hundred."""

LONGEST_WORD: Final = 100


async def object_in(response: httpx.Response) -> dict[str, object]:
    """Return the JSON object of the body, empty where it is none.

    The body is read as far as LARGEST_BODY, and counts only if that is all of it: nothing of one that is cut off, too
    long, or packed although that was not asked for. The status stands without it, whatever became of the rest.
    """
    if response.headers.get("Content-Encoding", "identity").lower() != "identity":
        return {}
    body = bytearray()
    try:
        async for part in response.aiter_bytes():
            body += part
            if len(body) > LARGEST_BODY:
                return {}
    except httpx.HTTPError:
        return {}
    return _object(bytes(body))


def is_page(response: httpx.Response) -> bool:
    """Whether the body is a page for people."""
    said: str = response.headers.get("Content-Type", "")
    return said.strip().lower().startswith("text/html")


def tls_of(response: httpx.Response) -> dict[str, object]:
    """Return version and chain of the connection, ready for JSON, where there is one."""
    stream = response.extensions.get("network_stream")
    tls = stream.get_extra_info("ssl_object") if stream is not None else None
    if not isinstance(tls, ssl.SSLObject):
        return {}
    return {"version": tls.version() or "", "chain": msgspec.to_builtins(chain_of(tls))}


def lowered(value: object) -> Mapping[str, object]:
    """Return an object with its names in lower case; an empty one for anything else."""
    return {str(name).lower(): item for name, item in value.items()} if isinstance(value, Mapping) else {}


def word(value: object) -> str:
    """Return a code or an id, nothing for what can be none: it is shown, and rules hang on it."""
    said = value if isinstance(value, str) else ""
    return said if len(said) <= LONGEST_WORD and said.isascii() and said.isprintable() else ""


def _object(body: bytes) -> dict[str, object]:
    try:
        found = msgspec.json.decode(body)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}
