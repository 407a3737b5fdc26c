"""Services of the machine are asked straight, and what they answer is bounded."""

import asyncio
from collections.abc import AsyncIterator

import httpx
import pytest

from sendwright.oauth.google.near import LARGEST_ANSWER, ask_near, plain_client
from sendwright.oauth.grant import OAuthFailed
from sendwright.oauth.web import Heard

URL = "http://169.254.169.254/latest"


async def asked(answer: httpx.Response | Exception, url: str = URL) -> tuple[Heard, httpx.Request]:
    seen: list[httpx.Request] = []

    def serve(request: httpx.Request) -> httpx.Response:
        seen.append(request)
        if isinstance(answer, Exception):
            raise answer
        return answer

    def web() -> httpx.AsyncClient:
        return httpx.AsyncClient(transport=httpx.MockTransport(serve), trust_env=False)

    try:
        return await ask_near(
            "PUT", url, web=web, headers={"x-aws-ec2-metadata-token-ttl-seconds": "300"}, content=b""
        ), seen[0]
    finally:
        assert len(seen) <= 1


async def refused(answer: httpx.Response | Exception, url: str = URL) -> OAuthFailed:
    with pytest.raises(OAuthFailed) as failure:
        await asked(answer, url)
    assert failure.value.evidence.condition == "google-signing-identity-missing"
    assert failure.value.__cause__ is None
    return failure.value


@pytest.mark.parametrize(
    ("answer", "text", "content"),
    [
        (httpx.Response(200, json={"email": "a"}), '{"email":"a"}', {"email": "a"}),
        (httpx.Response(200, text="role-name"), "role-name", {}),
        (httpx.Response(200, text="[1]"), "[1]", {}),
        (httpx.Response(200, content=b"\xff"), "�", {}),
        (httpx.Response(200, content=b"[" * 9_000), "[" * 9_000, {}),
        (httpx.Response(200), "", {}),
    ],
)
async def test_an_answer_need_not_be_json(answer: httpx.Response, text: str, content: dict[str, object]) -> None:
    heard, request = await asked(answer)
    assert (heard.status, heard.text, heard.content) == (200, text, content)
    assert (request.method, request.headers["x-aws-ec2-metadata-token-ttl-seconds"]) == ("PUT", "300")


@pytest.mark.parametrize(
    "answer",
    [
        httpx.Response(200, content=b"x" * (LARGEST_ANSWER + 1)),
        httpx.Response(204),
        httpx.Response(301, headers={"location": "https://example.net/"}),
        httpx.Response(401),
        httpx.Response(503),
        httpx.ConnectTimeout("x"),
        httpx.RemoteProtocolError("x"),
    ],
)
async def test_anything_else_is_no_identity(answer: httpx.Response | Exception) -> None:
    assert (await refused(answer)).evidence.values == {"host": "169.254.169.254"}


@pytest.mark.parametrize(
    "url", ["http://example.org/", "https://169.254.169.254/", "ftp://127.0.0.1/", "", "http://[/"]
)
async def test_whoever_is_not_near_is_not_asked(url: str) -> None:
    assert (await refused(AssertionError(), url)).evidence.values == {}


@pytest.fixture
async def machine() -> AsyncIterator[str]:
    """A service of this machine."""

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(b"HTTP/1.1 200 OK\r\ncontent-length: 5\r\nconnection: close\r\n\r\ntoken")
        await writer.drain()
        writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    async with server:
        yield f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/token"


async def test_no_proxy_reads_the_token(machine: str, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:1")
    for name in ("NO_PROXY", "no_proxy"):
        monkeypatch.delenv(name, raising=False)
    heard = await ask_near("GET", machine, web=plain_client, headers={}, content=b"")
    assert heard.text == "token"
