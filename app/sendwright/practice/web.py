"""The web of the practice world: every domain publishes the settings of its mail server, and nothing else exists."""

import ssl
from collections.abc import Callable, Collection

import httpx

from sendwright.practice.names import HOST
from sendwright.recording.recorder import SILENCE, Recorder
from sendwright.recording.web import RecordingTransport

_SETTINGS = """<?xml version="1.0"?>
<clientConfig version="1.1"><emailProvider id="practice"><domain>{domain}</domain><displayName>Practice</displayName>
<outgoingServer type="smtp"><hostname>{host}</hostname><port>{tls_port}</port><socketType>SSL</socketType>
<username>%EMAILADDRESS%</username><authentication>password-cleartext</authentication></outgoingServer>
<outgoingServer type="smtp"><hostname>{host}</hostname><port>{starttls_port}</port><socketType>STARTTLS</socketType>
<username>%EMAILADDRESS%</username><authentication>password-cleartext</authentication></outgoingServer>
</emailProvider></clientConfig>
"""


def practice_web(
    *,
    tls_port: int,
    starttls_port: int,
    recorder: Recorder = SILENCE,
    served: Collection[str] = (),
    context: ssl.SSLContext | None = None,
) -> Callable[[], httpx.AsyncClient]:
    """Return what makes a client that reaches nobody; autoconfig (draft-ietf-mailmaint-autoconfig) is answered here.

    recorder: is told of requests and answers, as in the real world. served: bases of the simulated services, which
    are reached, by TLS as `context` verifies it.
    """

    def answer(request: httpx.Request) -> httpx.Response:
        host = request.url.host
        if not host.startswith("autoconfig.") or request.url.path != "/mail/config-v1.1.xml":
            return httpx.Response(404)
        domain = host.removeprefix("autoconfig.")
        settings = _SETTINGS.format(domain=domain, host=HOST, tls_port=tls_port, starttls_port=starttls_port)
        return httpx.Response(200, text=settings, headers={"content-type": "text/xml"})

    def client() -> httpx.AsyncClient:
        mounts: dict[str, httpx.AsyncBaseTransport | None] = {
            base: RecordingTransport(httpx.AsyncHTTPTransport(verify=context, trust_env=False), recorder)
            for base in served
            if context is not None
        }
        transport = RecordingTransport(httpx.MockTransport(answer), recorder)
        return httpx.AsyncClient(transport=transport, mounts=mounts, trust_env=False)

    return client
