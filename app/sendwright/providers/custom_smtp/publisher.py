"""Fetches published settings over HTTPS: from the domain itself, and with consent from Mozilla's list."""

import asyncio
from collections.abc import Callable, Iterable
from urllib.parse import urlsplit

import httpx

from sendwright.providers.custom_smtp.autoconfig import AutoconfigInvalid, parse_autoconfig
from sendwright.providers.custom_smtp.candidate import Confidence, Finding, Origin

MAX_BYTES = 256 * 1024
MAX_REDIRECTS = 2
PATIENCE_S = 6.0
MOZILLA = "https://v1.ispdb.net"

_PLACES = (
    "https://autoconfig.{domain}/mail/config-v1.1.xml",
    "https://{domain}/.well-known/autoconfig/mail/config-v1.1.xml",
)
_GONE = {404, 410}
_WORST_FIRST = (
    "plaintext-only",
    "not-readable",
    "too-large",
    "redirected",
    "refused",
    "nothing-found",
    "unreachable",
)


class FetchFailed(Exception):
    """No document; `code` is `unreachable`, `nothing-found`, `refused`, `redirected` or `too-large`."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class Publisher:
    """Asks for published settings with a client of `http`; only ever names a domain, never an address.

    mozilla: root of the public list, `<root>/<domain>`.
    """

    def __init__(self, http: Callable[[], httpx.AsyncClient], *, mozilla: str = MOZILLA) -> None:
        self._http = http
        self._mozilla = mozilla.rstrip("/")

    async def ask_domain(self, domain: str) -> Finding:
        """Return what `domain` (A-label form) publishes; its subdomain comes before the well-known place."""
        origin = Origin("custom_smtp.origin.autoconfig", {"domain": domain})
        urls = [place.format(domain=domain) for place in _PLACES]
        return await self._ask("autoconfig", urls, domain, origin, Confidence.CONFIRMED)

    async def ask_mozilla(self, domain: str) -> Finding:
        """Return what Mozilla's public list says of `domain`; only to be called when the person agreed."""
        origin = Origin("custom_smtp.origin.ispdb", {"domain": domain})
        return await self._ask("ispdb", [f"{self._mozilla}/{domain}"], domain, origin, Confidence.LIKELY)

    async def _ask(self, source: str, urls: list[str], domain: str, origin: Origin, confidence: Confidence) -> Finding:
        async with self._http() as client:
            answers = await asyncio.gather(*(_read(client, url) for url in urls))
        reasons: list[str] = []
        for answer in answers:
            if isinstance(answer, FetchFailed):
                reasons.append(answer.code)
                continue
            try:
                found = parse_autoconfig(answer, domain=domain, origin=origin, confidence=confidence)
            except AutoconfigInvalid as invalid:
                reasons.append(invalid.code)
            else:
                return Finding(source=source, candidates=found)
        reason = _worst(reasons)
        return Finding(source=source, reason=reason, failed=reason in {"unreachable", "refused"})


async def _read(client: httpx.AsyncClient, url: str) -> bytes | FetchFailed:
    try:
        async with asyncio.timeout(PATIENCE_S):
            return await _fetch(client, url)
    except FetchFailed as failed:
        return failed
    except (httpx.HTTPError, httpx.InvalidURL, OSError, UnicodeError):  # OSError: TimeoutError too
        return FetchFailed("unreachable")


async def _fetch(client: httpx.AsyncClient, url: str) -> bytes:
    host = urlsplit(url).netloc
    for _ in range(MAX_REDIRECTS + 1):
        headers = {"Accept": "text/xml, application/xml", "Accept-Encoding": "identity"}
        async with client.stream("GET", url, headers=headers, follow_redirects=False) as response:
            if not response.has_redirect_location:
                return await _body(response)
            target = httpx.URL(url).join(response.headers["location"])
        if target.scheme != "https" or target.netloc.decode("ascii", "replace") != host:
            raise FetchFailed("redirected")
        url = str(target)
    raise FetchFailed("redirected")


async def _body(response: httpx.Response) -> bytes:
    if response.status_code in _GONE:
        raise FetchFailed("nothing-found")
    if response.status_code != httpx.codes.OK:
        raise FetchFailed("refused")
    if response.headers.get("content-encoding", "identity") != "identity":
        raise FetchFailed("refused")  # a compressed body has no bound before it is unpacked
    body = bytearray()
    async for chunk in response.aiter_bytes():
        body += chunk
        if len(body) > MAX_BYTES:
            raise FetchFailed("too-large")
    return bytes(body)


def _worst(reasons: Iterable[str]) -> str:
    given = set(reasons)
    return next(reason for reason in _WORST_FIRST if reason in given)
