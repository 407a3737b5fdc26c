"""Requests and answers over HTTP as they are told, and what the program itself gets."""

import gzip
import json
import zlib
from collections.abc import AsyncIterator

import httpx
import pytest
from tests.servers.autoconfig_https import HttpsServer, Page
from tests.servers.certificates import Certificates

from sendwright.network.network import Network
from sendwright.network.system_resolver import SystemResolver
from sendwright.network.trust import client_context
from sendwright.network.web import web_client
from sendwright.recording.event import Event, Layer
from sendwright.recording.recorder import SILENCE, Recorder
from sendwright.recording.web import BODY_LIMIT, RecordingTransport
from sendwright.recording.wire_recorder import WireRecorder

URL = "https://graph.example.org/v1.0/me/sendMail"


def http_events(recorder: WireRecorder) -> list[Event]:
    return [event for event in recorder.events if event.layer is Layer.HTTP]


async def answered(recorder: WireRecorder, response: httpx.Response, **request: object) -> httpx.Response:
    transport = RecordingTransport(httpx.MockTransport(lambda _: response), recorder)
    async with httpx.AsyncClient(transport=transport) as client:
        return await client.request("POST", URL, **request)  # type: ignore[arg-type]


async def test_a_request_and_its_answer_are_told_with_what_support_asks_for() -> None:
    recorder = WireRecorder()
    response = httpx.Response(
        429,
        headers={
            "request-id": "1111",
            "client-request-id": "2222",
            "x-ms-ags-diagnostic": '{"ServerInfo":{"Ring":"5"}}',
            "retry-after": "30",
            "date": "Fri, 20 Nov 2026 12:00:00 GMT",
            "x-private": "not told",
        },
        json={"error": {"code": "ApplicationThrottled", "message": "slow down"}},
    )
    await answered(recorder, response, headers={"client-request-id": "2222", "x-other": "not told"})
    said, heard, body = http_events(recorder)
    assert said.text == f"POST {URL}"
    assert said.values == {"host": "graph.example.org", "method": "POST", "client_request_id": "2222"}
    assert heard.text == "HTTP/1.1 429 Too Many Requests"
    assert heard.values["status"] == "429"
    assert {name: heard.values[name] for name in ("request_id", "retry_after", "x_ms_ags_diagnostic")} == {
        "request_id": "1111",
        "retry_after": "30",
        "x_ms_ags_diagnostic": '{"ServerInfo":{"Ring":"5"}}',
    }
    assert json.loads(body.text)["error"]["code"] == "ApplicationThrottled"
    assert "not told" not in repr(recorder.events)


async def test_a_good_answer_has_no_body() -> None:
    recorder = WireRecorder()
    await answered(recorder, httpx.Response(202, content=b"accepted"))
    assert [event.name for event in recorder.events] == ["said", "heard"]


async def test_challenges_are_told_without_tokens() -> None:
    recorder = WireRecorder()
    challenge = 'Bearer realm="", authorization_uri="https://login.example.org/authorize", client_id="app"'
    await answered(recorder, httpx.Response(401, headers={"www-authenticate": challenge}))
    assert http_events(recorder)[1].values["www_authenticate"] == challenge


async def test_a_failure_is_told_and_raised() -> None:
    recorder = WireRecorder()

    def fail(_: httpx.Request) -> httpx.Response:
        raise httpx.ProxyError("407 Proxy Authentication Required")

    async with httpx.AsyncClient(transport=RecordingTransport(httpx.MockTransport(fail), recorder)) as client:
        with pytest.raises(httpx.ProxyError):
            await client.get(URL)
    assert recorder.events[-1].name == "failed"
    assert recorder.events[-1].values["error"] == "ProxyError"
    assert recorder.events[-1].text == "407 Proxy Authentication Required"


class Streamed(httpx.AsyncByteStream):
    def __init__(self, *parts: bytes) -> None:
        self.parts = parts
        self.closed = False

    async def __aiter__(self) -> AsyncIterator[bytes]:
        for part in self.parts:
            yield part

    async def aclose(self) -> None:
        self.closed = True


@pytest.mark.parametrize(
    ("coding", "packed"),
    [
        ("identity", b'{"error":"x"}'),
        ("gzip", gzip.compress(b'{"error":"x"}', mtime=0)),
        ("deflate", zlib.compress(b'{"error":"x"}')),
    ],
)
async def test_a_body_is_told_as_it_was_read_and_reaches_the_program_whole(coding: str, packed: bytes) -> None:
    recorder, stream = WireRecorder(), Streamed(packed[:5], packed[5:])
    response = await answered(recorder, httpx.Response(400, headers={"content-encoding": coding}, stream=stream))
    assert response.json() == {"error": "x"}
    assert http_events(recorder)[-1].text == '{"error":"x"}'
    assert stream.closed


async def test_an_unread_body_is_not_told_and_a_long_one_only_in_part() -> None:
    recorder = WireRecorder(text_limit=10 * BODY_LIMIT)
    stream = Streamed(*[b"word " * 1000] * 20)
    transport = RecordingTransport(httpx.MockTransport(lambda _: httpx.Response(500, stream=stream)), recorder)
    async with httpx.AsyncClient(transport=transport) as client:
        async with client.stream("GET", URL):
            pass
        assert [event.name for event in recorder.events] == ["said", "heard"]
        whole = await client.get(URL)
    assert len(whole.content) == 100_000
    assert BODY_LIMIT - 10 < len(recorder.events[-1].text) <= BODY_LIMIT


def network(recorder: Recorder) -> Network:
    return Network(resolver=SystemResolver(), tls=client_context, timeout_s=5, recorder=recorder)


async def test_connections_and_tls_below_are_told(certificates: Certificates) -> None:
    recorder = WireRecorder()
    page = Page(body=b"no", status=403)
    async with HttpsServer({"/a": page}, certificate=certificates.good) as server:
        client = web_client(network(recorder), ca_pem=certificates.ca_file.read_text(), trust_env=False)
        async with client:
            response = await client.get(f"https://localhost:{server.port}/a?code=abc")
    assert response.status_code == 403
    assert server.seen[0].target == "/a?code=abc"
    assert [(event.layer, event.name) for event in recorder.events] == [
        (Layer.HTTP, "said"),
        (Layer.TCP, "connecting"),
        (Layer.TCP, "connected"),
        (Layer.TLS, "started"),
        (Layer.TLS, "handshake"),
        (Layer.HTTP, "heard"),
        (Layer.HTTP, "body"),
    ]
    assert recorder.events[0].text.endswith("/a?code=[…]")
    assert recorder.events[4].values["version"] == "TLSv1.3"


async def test_a_certificate_that_is_refused_is_told(certificates: Certificates) -> None:
    recorder = WireRecorder()
    async with (
        HttpsServer({}, certificate=certificates.self_signed) as server,
        web_client(network(recorder), trust_env=False) as client,
    ):
        with pytest.raises(httpx.ConnectError):
            await client.get(f"https://localhost:{server.port}/")
    failed = [event for event in recorder.events if event.name == "failed"]
    assert [event.layer for event in failed] == [Layer.TLS, Layer.HTTP]
    assert "certificate" in failed[0].text


async def test_a_closed_port_is_told(closed_port: tuple[str, int]) -> None:
    recorder = WireRecorder()
    async with web_client(network(recorder), trust_env=False) as client:
        with pytest.raises(httpx.ConnectError):
            await client.get(f"http://{closed_port[0]}:{closed_port[1]}/")
    assert [(event.layer, event.name) for event in recorder.events][1:] == [
        (Layer.TCP, "connecting"),
        (Layer.TCP, "failed"),
        (Layer.HTTP, "failed"),
    ]


@pytest.mark.parametrize("listens", [True, False])
async def test_a_proxy_of_the_environment_is_used_whether_somebody_listens_or_not(
    *, listens: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    recorder: Recorder = WireRecorder() if listens else SILENCE
    async with HttpsServer({"/": Page(body=b"from the proxy")}, certificate=None) as proxy:
        monkeypatch.setenv("HTTP_PROXY", f"http://127.0.0.1:{proxy.port}")
        monkeypatch.setenv("NO_PROXY", "")
        async with web_client(network(recorder)) as client:
            await client.get("http://nowhere.example/page")
    assert [seen.host for seen in proxy.seen] == ["nowhere.example"]
