"""Makes the clients of the web: verified, told to the recorder, never redirected by themselves."""

import ssl

import httpx
from typing_extensions import override

from sendwright.network.network import Network
from sendwright.recording.recorder import Silence
from sendwright.recording.web import RecordingTransport


def web_client(
    network: Network,
    *,
    base_url: str = "",
    ca_pem: str | None = None,
    timeout: httpx.Timeout | float | None = None,
    trust_env: bool = True,
) -> httpx.AsyncClient:
    """Return a client that verifies TLS as `network` does and tells its recorder of every request.

    ca_pem: authorities trusted in addition; raises TrustFailed for others. timeout: None is the network's. trust_env:
    proxies of the environment are used, as httpx does by itself.
    """
    context = network.tls(ca_pem)
    chosen = network.timeout_s if timeout is None else timeout
    if isinstance(network.recorder, Silence):
        return httpx.AsyncClient(
            base_url=base_url, verify=context, timeout=chosen, follow_redirects=False, trust_env=trust_env
        )
    transport = RecordingTransport(_Direct(context, trust_env=trust_env), network.recorder)
    return httpx.AsyncClient(base_url=base_url, transport=transport, timeout=chosen, follow_redirects=False)


class _Direct(httpx.AsyncBaseTransport):
    """What a client does when it is given no transport: it finds the proxies of the environment."""

    def __init__(self, context: ssl.SSLContext, *, trust_env: bool) -> None:
        self._client = httpx.AsyncClient(verify=context, trust_env=trust_env, follow_redirects=False)

    @override
    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        return await self._client.send(request, stream=True)

    @override
    async def aclose(self) -> None:
        await self._client.aclose()
