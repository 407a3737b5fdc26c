"""The program's own web traffic, through a real proxy where the system names one."""

import asyncio
import base64
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack

import httpx
import msgspec
import pytest
from tests.servers.ports import Address
from tests.unit.network.wall.stands import HOST, Authorities, ConnectProxy, answers, listening, proxy_running

from sendwright.handoff.backend import BackendAddress, HandoffFailed
from sendwright.handoff.client import HttpBackend
from sendwright.network import web
from sendwright.network.network import Network
from sendwright.network.system_proxies import SystemProxies
from sendwright.network.web import observe_proxy, refused_by_proxy, web_client
from sendwright.problems.classify import classify
from sendwright.recording.wire_recorder import WireRecorder

PAGE = "HTTP/1.1 200 OK\r\nContent-Length: 5\r\nConnection: close\r\n\r\nhello"
LOGIN = "anna:wax-Falke-42"


@pytest.fixture(scope="module")
def authorities() -> Authorities:
    return Authorities()


@pytest.fixture
async def server(authorities: Authorities) -> AsyncIterator[Address]:
    async with listening(answers(PAGE), context=authorities.server(authorities.public)) as port:
        yield Address("127.0.0.1", port)


@pytest.fixture
async def proxy(server: Address) -> AsyncIterator[ConnectProxy]:
    async with proxy_running(ConnectProxy(target=server)) as running:
        yield running


@pytest.fixture(params=[True, False])
def recorder(request: pytest.FixtureRequest) -> WireRecorder | None:
    return WireRecorder() if request.param else None


def network_of(authorities: Authorities, recorder: WireRecorder | None) -> Network:
    return authorities.network() if recorder is None else authorities.network(recorder=recorder)


async def test_a_page_comes_through_the_proxy_of_the_system_verified_to_the_end(
    authorities: Authorities, proxy: ConnectProxy, recorder: WireRecorder | None
) -> None:
    network = network_of(authorities, recorder)
    async with web_client(network, proxies=proxy.settings) as client:
        page = await client.get(f"https://{HOST}/")
    assert page.text == "hello"
    assert proxy.asked[0].startswith(f"CONNECT {HOST}:443 ")
    assert "Proxy-Authorization" not in proxy.asked[0]


async def test_the_environment_names_the_proxy_as_it_always_did(
    authorities: Authorities, proxy: ConnectProxy, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HTTPS_PROXY", f"http://127.0.0.1:{proxy.port}")
    monkeypatch.delenv("NO_PROXY", raising=False)
    monkeypatch.delenv("no_proxy", raising=False)
    async with web_client(authorities.network()) as client:
        page = await client.get(f"https://{HOST}/")
    assert page.status_code == 200
    assert len(proxy.asked) == 1


async def test_a_login_goes_to_the_proxy_and_into_no_record(authorities: Authorities, proxy: ConnectProxy) -> None:
    recorder = WireRecorder()
    async with web_client(
        authorities.network(recorder=recorder), proxies=lambda: proxy.settings(f"{LOGIN}@")
    ) as client:
        await client.get(f"https://{HOST}/")
    token = base64.b64encode(LOGIN.encode()).decode()
    assert f"Basic {token}" in proxy.asked[0]
    recorded = msgspec.json.encode(recorder.events).decode()
    assert "wax-Falke" not in recorded
    assert token not in recorded
    assert HOST in recorded


async def test_whoever_does_not_trust_the_environment_goes_without(authorities: Authorities, server: Address) -> None:
    def read() -> SystemProxies:
        raise AssertionError("nobody asked")

    async with web_client(authorities.network(), trust_env=False, proxies=read) as client:
        with pytest.raises(httpx.ConnectError):  # the name does not exist: nobody else resolves it
            await client.get(f"https://nowhere.invalid:{server.port}/")


async def test_settings_are_read_once_and_outside_the_loop(authorities: Authorities, proxy: ConnectProxy) -> None:
    read: list[bool] = []

    def settings() -> SystemProxies:
        try:
            asyncio.get_running_loop()
        except RuntimeError:
            read.append(True)
        return proxy.settings()

    async with web_client(authorities.network(), proxies=settings) as client:
        await client.get(f"https://{HOST}/")
        await client.get(f"https://{HOST}/")
    assert read == [True]


@pytest.mark.parametrize(
    ("status", "code"),
    [
        ("407 Proxy Authentication Required", "proxy-authentication-required"),
        ("403 Forbidden", "proxy-refused-tunnel"),
        ("502 Bad Gateway", "proxy-refused-tunnel"),
    ],
)
async def test_a_proxy_that_refuses_is_named_to_whoever_reaches_for_the_backend(
    authorities: Authorities, monkeypatch: pytest.MonkeyPatch, status: str, code: str
) -> None:
    async with proxy_running(ConnectProxy(status=status)) as proxy:
        monkeypatch.setenv("HTTPS_PROXY", f"http://{LOGIN}@127.0.0.1:{proxy.port}")
        backend = HttpBackend(BackendAddress(url=f"https://{HOST}"), token=None, network=authorities.network())
        with pytest.raises(HandoffFailed) as caught:
            await backend.organisation()
        await backend.close()
    evidence = caught.value.evidence
    assert classify(evidence).code == code
    assert evidence.http == int(status[:3])
    assert evidence.values["host"] == HOST
    assert not evidence.perhaps_sent
    assert "wax-Falke" not in str(evidence)


async def test_a_proxy_that_is_not_there_is_not_taken_for_the_backend(
    authorities: Authorities, monkeypatch: pytest.MonkeyPatch, closed_port: Address
) -> None:
    monkeypatch.setenv("HTTPS_PROXY", f"http://127.0.0.1:{closed_port.port}")
    backend = HttpBackend(BackendAddress(url=f"https://{HOST}"), token=None, network=authorities.network())
    with pytest.raises(HandoffFailed) as caught:
        await backend.organisation()
    await backend.close()
    assert (classify(caught.value.evidence).code, caught.value.evidence.errno) == ("proxy-unreachable", "ECONNREFUSED")


async def test_a_certificate_that_is_refused_behind_the_proxy_stays_a_matter_of_tls(authorities: Authorities) -> None:
    context = authorities.server(authorities.stranger)
    async with listening(answers(PAGE), context=context) as port, AsyncExitStack() as stack:
        proxy = await stack.enter_async_context(proxy_running(ConnectProxy(target=Address("127.0.0.1", port))))
        client = await stack.enter_async_context(web_client(authorities.network(), proxies=proxy.settings))
        with pytest.raises(httpx.ConnectError) as caught:
            await client.get(f"https://{HOST}/")
    assert not isinstance(caught.value, httpx.ProxyError)
    assert "CERTIFICATE_VERIFY_FAILED" in str(caught.value)


@pytest.mark.parametrize(
    ("words", "http", "condition"),
    [
        ("407 Proxy Authentication Required", 407, web.PROXY_REFUSED),
        ("proxy-unreachable", None, web.PROXY_UNREACHABLE),
        ("4071 no status", None, web.PROXY_UNREACHABLE),
        ("", None, web.PROXY_UNREACHABLE),
    ],
)
def test_what_httpx_says_of_a_proxy_becomes_evidence(words: str, http: int | None, condition: str) -> None:
    seen = observe_proxy(httpx.ProxyError(words), stage="connect", values={"host": HOST})
    assert (seen.http, seen.condition, seen.values) == (http, condition, {"host": HOST})
    assert classify(seen).code in {"proxy-authentication-required", "proxy-unreachable"}


@pytest.mark.parametrize(
    "host", ["127.0.0.1", "localhost", "[::1]", "[::ffff:127.0.0.1]", "LOCALHOST", "service.localhost"]
)
@pytest.mark.parametrize("variable", ["HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "https_proxy", "all_proxy"])
async def test_nothing_for_this_computer_ever_goes_through_a_proxy(
    authorities: Authorities, monkeypatch: pytest.MonkeyPatch, host: str, variable: str
) -> None:
    async with proxy_running(ConnectProxy(status="502 Bad Gateway")) as proxy:
        monkeypatch.setenv(variable, f"http://{LOGIN}@127.0.0.1:{proxy.port}")
        async with web_client(authorities.network()) as client:
            for scheme in ("http", "https"):
                with pytest.raises(httpx.ConnectError) as caught:
                    await client.get(f"{scheme}://{host}:1/")
                assert not isinstance(caught.value, httpx.ProxyError)
    assert proxy.asked == []


async def test_an_exception_with_a_port_counts_for_the_clients_too(
    authorities: Authorities, proxy: ConnectProxy, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HTTPS_PROXY", f"http://127.0.0.1:{proxy.port}")
    monkeypatch.setenv("NO_PROXY", f"{HOST}:8443")
    async with web_client(authorities.network(), timeout=5) as client:
        assert (await client.get(f"https://{HOST}/")).status_code == 200
        with pytest.raises(httpx.ConnectError) as caught:  # the name leads nowhere without the proxy
            await client.get(f"https://{HOST}:8443/")
    assert not isinstance(caught.value, httpx.ProxyError)
    assert len(proxy.asked) == 1


async def test_a_host_is_chosen_for_once_and_never_inside_the_loop(
    authorities: Authorities, proxy: ConnectProxy
) -> None:
    asked: list[str] = []

    def bypasses(host: str) -> bool:
        with pytest.raises(RuntimeError):
            asyncio.get_running_loop()
        asked.append(host)
        return False

    settings = SystemProxies(places=proxy.settings().places, bypasses=bypasses)
    async with web_client(authorities.network(), proxies=lambda: settings) as client:
        for _ in range(3):
            await client.get(f"https://{HOST}/")
    assert asked == [HOST]


async def test_a_certificate_is_verified_behind_the_proxy_by_the_same_authorities(
    authorities: Authorities, proxy: ConnectProxy
) -> None:
    async with web_client(authorities.network(), proxies=proxy.settings) as client:
        with pytest.raises(httpx.ConnectError) as caught:
            await client.get("https://another.example.org/")  # the certificate is for another name
    assert "CERTIFICATE_VERIFY_FAILED" in str(caught.value)


@pytest.mark.parametrize(
    ("challenges", "expected"),
    [
        ("Negotiate, NTLM", "Negotiate, NTLM"),
        ("NTLM, NTLM, Negotiate", "NTLM, Negotiate"),
        ('Basic realm="a, Fake b", Negotiate', "Basic, Negotiate"),
        ('Digest realm="x", nonce="y", algorithm=MD5', "Digest"),
        ("", ""),
        ("=,=,;", ""),
        ("A" * 5_000, ""),
    ],
)
def test_of_the_ways_to_sign_in_at_a_proxy_only_the_names_are_kept(challenges: str, expected: str) -> None:
    seen = refused_by_proxy(407, stage="connect", words="407 no", values={"host": HOST}, challenges=challenges)
    assert seen.values == {"host": HOST, **({"sign_in": expected} if expected else {})}
    assert classify(seen).code == "proxy-authentication-required"
