"""Makes the clients of the web: verified, through the system's proxy, told to the recorder, never redirected."""

import asyncio
import base64
import re
import ssl
from collections.abc import Mapping

import httpx
from typing_extensions import override

from sendwright.network.failures import UNREACHABLE, errno_name, observe
from sendwright.network.network import Network
from sendwright.network.system_proxies import (
    Proxy,
    ReadProxies,
    SystemProxies,
    Without,
    no_proxies,
    read_system_proxies,
)
from sendwright.problems.evidence import Evidence, System
from sendwright.recording.recorder import Recorder, Silence
from sendwright.recording.web import RecordingTransport
from sendwright.secret import Secret

PROXY_REFUSED, PROXY_UNREACHABLE = "proxy-refused-tunnel", "proxy-unreachable"
_CHALLENGE = re.compile(r"(?:^|,)[ \t]{0,8}([A-Za-z][A-Za-z0-9-]{0,30})(?=[ \t]{0,8}(?:,|$)|[ \t]{1,8}[^=\s,])")
_QUOTED = re.compile(r'"[^"]*"')
_STATUS = re.compile(r"([1-5][0-9]{2})\b")


def web_client(
    network: Network,
    *,
    base_url: str = "",
    ca_pem: str | None = None,
    timeout: httpx.Timeout | float | None = None,
    trust_env: bool = True,
    proxies: ReadProxies = read_system_proxies,
) -> httpx.AsyncClient:
    """Return a client that verifies TLS as `network` does and tells its recorder of every request.

    ca_pem: authorities trusted in addition; raises TrustFailed for others. timeout: None is the network's. trust_env:
    the proxy of the environment or the system is used; proxies reads what is set there, once, at the first request. A
    proxy that does not answer, or lets nobody through, is an httpx.ProxyError.
    """
    context = network.tls(ca_pem)
    chosen = network.timeout_s if timeout is None else timeout
    transport: httpx.AsyncBaseTransport = SystemTransport(
        context, proxies if trust_env else no_proxies, recorder=network.recorder
    )
    if not isinstance(network.recorder, Silence):
        transport = RecordingTransport(transport, network.recorder)
    return httpx.AsyncClient(base_url=base_url, transport=transport, timeout=chosen, follow_redirects=False)


class SystemTransport(httpx.AsyncBaseTransport):
    """Sends each request directly, or through the proxy that the system names for its host."""

    def __init__(self, context: ssl.SSLContext, proxies: ReadProxies, *, recorder: Recorder) -> None:
        self._context = context
        self._read = proxies
        self._recorder = recorder
        self._settings: SystemProxies | None = None
        self._chosen: dict[tuple[str, str, int | None], Proxy | None] = {}
        self._transports: dict[Proxy | None, httpx.AsyncHTTPTransport] = {}

    @override
    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        proxy = await self._proxy_for(request.url)
        if proxy not in self._transports:
            self._transports[proxy] = httpx.AsyncHTTPTransport(
                verify=self._context, trust_env=False, proxy=None if proxy is None else self._told(proxy)
            )
        try:
            return await self._transports[proxy].handle_async_request(request)
        except httpx.ConnectError as error:
            if proxy is None or _spoke_tls(error):
                raise
            raise httpx.ProxyError(PROXY_UNREACHABLE, request=request) from error

    @override
    async def aclose(self) -> None:
        for transport in self._transports.values():
            await transport.aclose()

    async def _proxy_for(self, url: httpx.URL) -> Proxy | None:
        place = (url.scheme, url.host, url.port)
        if place not in self._chosen:
            chosen = await asyncio.to_thread(self._choose, url)
            self._chosen[place] = chosen if isinstance(chosen, Proxy) else None
        return self._chosen[place]

    def _choose(self, url: httpx.URL) -> Proxy | Without:
        """Choose, outside the loop: reading the settings takes a moment, and some systems look the name up."""
        if self._settings is None:
            self._settings = self._read()
        return self._settings.choose(url.host, scheme=url.scheme, port=url.port)

    def _told(self, proxy: Proxy) -> httpx.Proxy:
        learn_login(proxy, self._recorder)
        login = None
        if proxy.login is not None:
            user, _, password = proxy.login.reveal().partition(":")
            login = (user, password)
        scheme = "https" if proxy.tls else "http"
        return httpx.Proxy(f"{scheme}://{proxy.place}", auth=login, ssl_context=self._context if proxy.tls else None)


def learn_login(proxy: Proxy, recorder: Recorder) -> None:
    """Let nothing of a proxy's login into what is recorded."""
    if proxy.login is not None:
        login = proxy.login.reveal()
        for secret in (login, login.partition(":")[2], base64.b64encode(login.encode()).decode()):
            recorder.learn(Secret(secret))


def observe_web(error: httpx.HTTPError | httpx.InvalidURL, *, stage: str, values: Mapping[str, str]) -> Evidence:
    """Return the evidence of a request that got no answer; values: host and port."""
    if isinstance(error, httpx.ProxyError):
        return observe_proxy(error, stage=stage, values=values)
    return observe(_root(error), stage=stage, values=values)


def _root(error: BaseException) -> BaseException:
    """Return the exception that the system or TLS raised below httpx's own."""
    if isinstance(error, httpx.TimeoutException):
        return TimeoutError()
    found: BaseException = ConnectionResetError()  # cut off, or no HTTP: the other side broke the protocol
    seen: BaseException | None = error
    while seen is not None:
        if isinstance(seen, BaseExceptionGroup):  # one for each address of the name
            seen = seen.exceptions[-1]
        if isinstance(seen, OSError):
            found = seen  # the deepest one is the system's own
        seen = seen.__cause__ or seen.__context__
    return found


def observe_proxy(error: httpx.ProxyError, *, stage: str, values: Mapping[str, str]) -> Evidence:
    """Return the evidence of a proxy that refused, or did not answer; httpx's text begins with the status."""
    status = _STATUS.match(str(error))
    if status is not None:
        return refused_by_proxy(int(status[1]), stage=stage, words=str(error), values=values)
    number, seen = None, error.__cause__
    while seen is not None and number is None:
        inner = seen.exceptions[-1] if isinstance(seen, BaseExceptionGroup) else seen
        number, seen = errno_name(inner), inner.__cause__ or inner.__context__
    return silent_proxy(number, stage=stage, values=values)


def refused_by_proxy(
    status: int, *, stage: str, words: str, values: Mapping[str, str], challenges: str = ""
) -> Evidence:
    """Return the evidence of an answer to CONNECT that is no tunnel (RFC 9110 section 9.3.6).

    challenges: the fields Proxy-Authenticate (section 11.7.1); of them only the names of the ways to sign in are kept.
    """
    offered = ", ".join(dict.fromkeys(found[1] for found in _CHALLENGE.finditer(_QUOTED.sub("", challenges[:2_000]))))
    return Evidence(
        stage=stage,
        system=System.HTTP,
        condition=PROXY_REFUSED,
        http=status,
        text=words[:200],
        values={**values, **({"sign_in": offered} if offered else {})},
    )


def silent_proxy(number: str | None, *, stage: str, values: Mapping[str, str]) -> Evidence:
    """Return the evidence of a proxy that cannot be reached; number: the socket's error by name."""
    known = number if number in UNREACHABLE or number in {"ECONNREFUSED", "ETIMEDOUT", "ECONNRESET"} else None
    return Evidence(stage=stage, system=System.SOCKET, condition=PROXY_UNREACHABLE, errno=known, values=dict(values))


def _spoke_tls(error: BaseException) -> bool:
    """Tell whether TLS failed: then there was a connection, through the proxy or to it."""
    seen: BaseException | None = error
    while seen is not None:
        if isinstance(seen, ssl.SSLError):
            return True
        seen = seen.__cause__ or seen.__context__
    return False
