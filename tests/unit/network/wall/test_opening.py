"""Connections by one route, and the ways in which there is none."""

import ssl

import pytest
from tests.servers.ports import Address
from tests.unit.network.wall.stands import HOST, Authorities, ConnectProxy, answers, listening, speaks_smtp

from sendwright.network.failures import ConnectFailed
from sendwright.network.system_proxies import Proxy
from sendwright.network.wall.opening import TunnelFailed, directly, through
from sendwright.problems.classify import classify
from sendwright.secret import Secret


@pytest.fixture(scope="module")
def authorities() -> Authorities:
    return Authorities()


async def test_a_direct_line_knows_who_answered(authorities: Authorities) -> None:
    async with listening(speaks_smtp()) as port:
        line = await directly(("127.0.0.1",), port=port, network=authorities.network())()
        assert (line.address, line.own) == ("127.0.0.1", "127.0.0.1")
        assert (await line.reply()).code == 220
        line.close()


async def test_a_direct_line_that_is_refused_says_so(authorities: Authorities, closed_port: Address) -> None:
    with pytest.raises(ConnectFailed) as caught:
        await directly(("127.0.0.1",), port=closed_port.port, network=authorities.network())()
    assert caught.value.evidence.errno == "ECONNREFUSED"


@pytest.mark.parametrize("login", [None, Secret("anna:wax-Falke")])
async def test_a_proxy_that_wants_tls_gets_it_and_tls_goes_on_inside(
    authorities: Authorities, login: Secret | None
) -> None:
    context = authorities.server(authorities.company, "127.0.0.1")
    inner = authorities.server(authorities.public)
    async with listening(speaks_smtp(), context=inner) as server:
        proxy = ConnectProxy(target=Address("127.0.0.1", server))
        async with listening(proxy.serve, context=context) as port:
            place = Proxy(host="127.0.0.1", port=port, tls=True, login=login)
            open_line = through(place, host=HOST, port=465, network=authorities.network())
            async with await open_line() as line:
                assert line.tls is not None
                await line.secure(authorities.trust.public, name=HOST)
                assert (await line.reply()).code == 220
    assert ("Proxy-Authorization: Basic" in proxy.asked[0]) is (login is not None)


async def test_a_proxy_whose_certificate_nobody_vouches_for_is_not_spoken_to(authorities: Authorities) -> None:
    context: ssl.SSLContext = authorities.server(authorities.stranger, "127.0.0.1")
    proxy = ConnectProxy()
    async with listening(proxy.serve, context=context) as port:
        place = Proxy(host="127.0.0.1", port=port, tls=True, login=Secret("anna:wax-Falke"))
        with pytest.raises(TunnelFailed) as caught:
            await through(place, host=HOST, port=465, network=authorities.network())()
    assert classify(caught.value.evidence).code == "proxy-unreachable"
    assert proxy.asked == []


@pytest.mark.parametrize(
    ("host", "target"),
    [
        ("Mail.Example.ORG.", "mail.example.org:587"),
        ("192.0.2.1", "192.0.2.1:587"),
        ("2001:db8::1", "[2001:db8::1]:587"),
        ("bücher.example", "xn--bcher-kva.example:587"),
    ],
)
async def test_the_proxy_is_asked_for_the_name_as_it_is_written_on_the_wire(
    authorities: Authorities, host: str, target: str
) -> None:
    proxy = ConnectProxy(status="403 No")
    async with listening(proxy.serve) as port:
        open_line = through(Proxy(host="127.0.0.1", port=port), host=host, port=587, network=authorities.network())
        with pytest.raises(TunnelFailed) as caught:
            await open_line()
    assert proxy.asked[0].split("\r\n")[:2] == [f"CONNECT {target} HTTP/1.1", f"Host: {target}"]
    assert caught.value.evidence.values["proxy"] == f"127.0.0.1:{port}"


@pytest.mark.parametrize("status", ["200 OK", "204 Fine", "299 Whatever"])
async def test_every_good_answer_is_a_tunnel(authorities: Authorities, status: str) -> None:
    async with listening(answers(f"HTTP/1.1 {status}\r\n\r\n220 through\r\n")) as port:
        open_line = through(Proxy(host="127.0.0.1", port=port), host=HOST, port=587, network=authorities.network())
        async with await open_line() as line:
            assert (await line.reply()).lines == ("through",)


@pytest.mark.parametrize("status", [100, 302, 400, 401, 404, 405, 407, 429, 500, 502, 504])
async def test_every_other_answer_is_none(authorities: Authorities, status: int) -> None:
    async with listening(answers(f"HTTP/1.1 {status} No\r\n\r\n")) as port:
        open_line = through(Proxy(host="127.0.0.1", port=port), host=HOST, port=587, network=authorities.network())
        with pytest.raises(TunnelFailed) as caught:
            await open_line()
    assert caught.value.evidence.http == status
    expected = "proxy-authentication-required" if status == 407 else "proxy-refused-tunnel"
    assert classify(caught.value.evidence).code == expected
