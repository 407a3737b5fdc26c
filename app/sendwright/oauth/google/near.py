"""Asks services of the machine and of the link it hangs on, which speak plain HTTP, without any proxy."""

import ipaddress
from collections.abc import Mapping
from http import HTTPStatus
from typing import Final

import httpx
import msgspec

from sendwright.oauth.google.signing_failures import MISSING, signing_failed
from sendwright.oauth.web import Heard, Web
from sendwright.recording.visible import visible

METADATA_HOSTS: Final = frozenset({"metadata.google.internal", "169.254.169.254", "fd20:ce::254"})
"""Of Google's metadata server (cloud.google.com/compute/docs/metadata/querying-metadata)."""

_PRIVATE: Final = frozenset({"fd20:ce::254", "fd00:ec2::254", "fd00:ec2::23"})
"""Metadata servers of Google and of AWS that are no link-local addresses (IPv6)."""

LARGEST_ANSWER: Final = 64 * 1024
PATIENCE_S: Final = 3.0
"""As google-auth waits: such a service answers at once, and elsewhere packets to it get lost without a word."""

_SHOWN: Final = 200


def plain_client() -> httpx.AsyncClient:
    """Return a client that goes straight there: through a proxy, somebody else would read the token."""
    return httpx.AsyncClient(trust_env=False, follow_redirects=False, timeout=PATIENCE_S)


def is_near(url: str) -> bool:
    """Return whether `url` is plain HTTP to this machine or to the link it hangs on."""
    try:
        found = httpx.URL(url)
    except (httpx.InvalidURL, TypeError):
        return False
    if found.scheme != "http" or found.userinfo:
        return False
    if found.host in {"localhost", *METADATA_HOSTS, *_PRIVATE}:
        return True
    try:
        address = ipaddress.ip_address(found.host)
    except ValueError:
        return False
    return address.is_loopback or address.is_link_local


async def ask_near(method: str, url: str, *, web: Web, headers: Mapping[str, str], content: bytes) -> Heard:
    """Return the answer, be it JSON or not. Raises OAuthFailed: `google-signing-identity-missing`."""
    if not is_near(url):
        raise signing_failed(MISSING)
    values = {"host": httpx.URL(url).host}
    try:
        async with web() as client, client.stream(method, url, headers=dict(headers), content=content) as answer:
            return heard(answer, await _whole(answer))
    except httpx.HTTPError:
        pass
    raise signing_failed(MISSING, values=values)  # without httpx's exception: its request may hold a token


def heard(answer: httpx.Response, body: bytes) -> Heard:
    """Return an answer that need not be JSON. Raises OAuthFailed: `google-signing-identity-missing` for an error."""
    if answer.status_code != HTTPStatus.OK:
        raise signing_failed(MISSING, http=answer.status_code, values={"host": answer.request.url.host})
    try:
        content = msgspec.json.decode(body, type=dict[str, object])
    except (msgspec.MsgspecError, RecursionError):
        content = {}
    text = body.decode("utf-8", "replace")
    return Heard(status=answer.status_code, headers=dict(answer.headers), text=text, content=content)


async def _whole(answer: httpx.Response) -> bytes:
    whole = bytearray()
    async for part in answer.aiter_bytes():
        whole += part
        if len(whole) > LARGEST_ANSWER:
            raise signing_failed(MISSING, values={"host": visible(answer.request.url.host)[:_SHOWN]})
    return bytes(whole)
