"""The map through a real proxy: what gets through, what it refuses, and that its password shows nowhere."""

import base64

import msgspec
import pytest
from tests.servers.ports import Address
from tests.unit.network.wall.stands import (
    HOST,
    Authorities,
    ConnectProxy,
    FixedNames,
    answers,
    at,
    codes,
    listening,
    port,
    proxy_running,
    speaks_smtp,
)

from sendwright.network.system_proxies import SystemProxies, Without
from sendwright.network.wall.draw import _REASONS, draw_wall
from sendwright.network.wall.question import Question
from sendwright.network.wall.wall import Outcome, Wall, wall_report
from sendwright.network.wall.way import Reason, Route, Speech, Verdict
from sendwright.network.wall.words import firewall_request, map_lines, remarks
from sendwright.problems.problem import Confidence
from sendwright.recording.wire_recorder import WireRecorder
from sendwright.texts import text

LOGIN = "anna:wax-Falke-42"


@pytest.fixture(scope="module")
def authorities() -> Authorities:
    return Authorities()


async def drawn(
    authorities: Authorities, question: Question, settings: SystemProxies, recorder: WireRecorder | None = None
) -> Wall:
    network = authorities.network(recorder=recorder or WireRecorder())
    return await draw_wall(question, network, proxies=lambda: settings, trust=authorities.trust)


async def test_a_port_that_only_the_proxy_reaches_is_certainly_blocked(
    authorities: Authorities, closed_port: Address
) -> None:
    context = authorities.server(authorities.public)
    async with listening(speaks_smtp("STARTTLS", context=context)) as number:
        proxy = ConnectProxy(target=Address("127.0.0.1", number))
        async with proxy_running(proxy):
            question = Question(host=HOST, ports=(port(closed_port.port),), plain_port=1)
            wall = await drawn(authorities, question, proxy.settings())
    way = at(wall, closed_port.port, Route.PROXY)
    assert (way.verdict, way.secured, way.public, way.address) == (Verdict.OPEN, True, True, "")
    assert at(wall, closed_port.port).verdict is Verdict.REFUSED
    (problem,) = wall.problems
    assert (problem.code, problem.confidence) == ("port-blocked", Confidence.CERTAIN)
    assert proxy.asked[0].startswith(f"CONNECT {HOST}:{closed_port.port} HTTP/1.1\r\n")
    assert wall.proxy == f"127.0.0.1:{proxy.port}"


@pytest.mark.parametrize(
    ("status", "verdict", "code"),
    [
        ("407 Proxy Authentication Required", Verdict.REFUSED, "proxy-authentication-required"),
        ("403 Forbidden", Verdict.REFUSED, "proxy-refused-tunnel"),
        ("502 Bad Gateway", Verdict.UNREACHABLE, "proxy-refused-tunnel"),
        ("503 Service Unavailable", Verdict.UNREACHABLE, "proxy-refused-tunnel"),
    ],
)
async def test_what_a_proxy_answers_is_told_apart(
    authorities: Authorities, status: str, verdict: Verdict, code: str
) -> None:
    serve, context = speaks_smtp(), authorities.server(authorities.public)
    async with listening(serve, context=context) as number, proxy_running(ConnectProxy(status=status)) as proxy:
        question = Question(host=HOST, ports=(port(number, Speech.HTTPS),), plain_port=1)
        wall = await drawn(authorities, question, proxy.settings())
    way = at(wall, number, Route.PROXY)
    assert (way.verdict, way.problem, way.banner) == (verdict, code, status)
    assert codes(wall) == [code]
    assert way.evidence is not None
    assert way.evidence.http == int(status[:3])


async def test_a_proxy_that_lets_only_the_web_through_is_no_finding(authorities: Authorities) -> None:
    context = authorities.server(authorities.public)
    async with (
        listening(speaks_smtp("STARTTLS", context=context)) as number,
        proxy_running(ConnectProxy(status="403 Forbidden")) as proxy,
    ):
        wall = await drawn(authorities, Question(host=HOST, ports=(port(number),), plain_port=1), proxy.settings())
    assert at(wall, number, Route.PROXY).problem == "proxy-refused-tunnel"
    assert (codes(wall), wall.outcome) == ([], Outcome.PASSED)


async def test_a_proxy_that_is_not_there_has_its_name(authorities: Authorities, closed_port: Address) -> None:
    context = authorities.server(authorities.public)
    settings = SystemProxies(places={"https": f"http://127.0.0.1:{closed_port.port}"})
    async with listening(speaks_smtp("STARTTLS", context=context)) as number:
        wall = await drawn(authorities, Question(host=HOST, ports=(port(number),), plain_port=1), settings)
    way = at(wall, number, Route.PROXY)
    assert (way.verdict, way.problem) == (Verdict.UNREACHABLE, "proxy-unreachable")
    assert codes(wall) == ["proxy-unreachable"]
    assert wall.outcome is Outcome.WARNING  # mail does not need it


async def test_the_name_of_a_proxy_that_does_not_resolve_is_the_same(authorities: Authorities) -> None:
    settings = SystemProxies(places={"https": "http://proxy.example.org:3128"})
    async with listening(speaks_smtp()) as number:
        wall = await drawn(authorities, Question(host=HOST, ports=(port(number),), plain_port=1), settings)
    assert at(wall, number, Route.PROXY).problem == "proxy-unreachable"


async def test_the_login_is_sent_to_the_proxy_and_shows_nowhere_else(authorities: Authorities) -> None:
    recorder = WireRecorder()
    context = authorities.server(authorities.public)
    async with listening(speaks_smtp("STARTTLS", context=context)) as number:
        proxy = ConnectProxy(target=Address("127.0.0.1", number))
        async with proxy_running(proxy):
            settings = proxy.settings(f"{LOGIN}@")
            question = Question(host=HOST, ports=(port(number),), plain_port=1)
            wall = await drawn(authorities, question, settings, recorder)
    token = base64.b64encode(LOGIN.encode()).decode()
    assert f"Proxy-Authorization: Basic {token}\r\n" in proxy.asked[0]
    shown = [
        msgspec.json.encode(wall_report(wall)).decode(),
        msgspec.json.encode(recorder.events).decode(),
        firewall_request(wall),
        "\n".join(map_lines(wall)),
        repr(wall),
        repr(settings),
    ]
    for words in shown:
        assert "wax-Falke" not in words
        assert token not in words
    assert any(event.text.startswith(f"CONNECT {HOST}") for event in recorder.events)


@pytest.mark.parametrize(
    ("settings", "reason"),
    [
        (SystemProxies(), Reason.NO_PROXY),
        (SystemProxies(by_script=True), Reason.BY_SCRIPT),
        (SystemProxies(places={"https": "http://127.0.0.1:1"}, bypasses=lambda _: True), Reason.BYPASSED),
        (SystemProxies(places={"all": "socks5://127.0.0.1:1"}), Reason.OTHER_KIND),
    ],
)
async def test_where_there_is_no_proxy_to_use_the_reason_is_said(
    authorities: Authorities, settings: SystemProxies, reason: Reason
) -> None:
    async with listening(speaks_smtp()) as number:
        wall = await drawn(authorities, Question(host=HOST, ports=(port(number),), plain_port=1), settings)
    way = at(wall, number, Route.PROXY)
    assert (way.verdict, way.reason, way.problem) == (Verdict.NOT_TRIED, reason, None)
    assert wall.proxy == ""


@pytest.mark.parametrize("words", ["SSH-2.0-x\r\n", "HTTP/1.1 banana\r\n\r\n", "HTTP/1.1"])
async def test_something_that_is_no_proxy_is_one_that_cannot_be_reached(authorities: Authorities, words: str) -> None:
    async with listening(answers(words)) as number, listening(speaks_smtp()) as server:
        settings = SystemProxies(places={"https": f"http://127.0.0.1:{number}"})
        wall = await drawn(authorities, Question(host=HOST, ports=(port(server),), plain_port=1), settings)
    assert at(wall, server, Route.PROXY).problem == "proxy-unreachable"


def test_every_reason_for_no_proxy_has_its_word() -> None:
    assert set(_REASONS) == set(Without)


async def test_a_family_less_host_is_reached_through_the_proxy_that_resolves_it(authorities: Authorities) -> None:
    async with listening(speaks_smtp()) as number:
        proxy = ConnectProxy(target=Address("127.0.0.1", number))
        async with proxy_running(proxy):
            network = authorities.network(names=FixedNames({}))
            wall = await draw_wall(
                Question(host=HOST, ports=(port(number),), plain_port=1),
                network,
                proxies=proxy.settings,
                trust=authorities.trust,
            )
    assert at(wall, number, Route.PROXY).verdict is Verdict.OPEN
    assert at(wall, number).reason is Reason.NO_NAME


async def test_a_proxy_that_never_answers_leaves_its_ways_silent(authorities: Authorities) -> None:
    async with listening(answers("")) as number, listening(speaks_smtp()) as server:
        settings = SystemProxies(places={"https": f"http://127.0.0.1:{number}"})
        wall = await drawn(authorities, Question(host=HOST, ports=(port(server),), plain_port=1), settings)
    assert at(wall, server, Route.PROXY).verdict is Verdict.SILENT
    assert at(wall, server).verdict is Verdict.OPEN


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ("Proxy-Authenticate: Negotiate\r\nProxy-Authenticate: NTLM\r\n", "Negotiate, NTLM"),
        ("Proxy-Authenticate: Negotiate, NTLM\r\n", "Negotiate, NTLM"),
        ('Proxy-Authenticate: Basic realm="Contoso, Web access"\r\n', "Basic"),
        ('Proxy-Authenticate: Digest realm="x", nonce="abc=", qop="auth"\r\n', "Digest"),
        ("proxy-authenticate: NTLM TlRMTVNTUAACAAAA\r\n", "NTLM"),
        ("Proxy-Authenticate: \r\n", ""),
        ("", ""),
    ],
)
async def test_a_proxy_that_wants_a_sign_in_says_which_and_so_does_the_request(
    authorities: Authorities, fields: str, expected: str
) -> None:
    answer = ConnectProxy(status="407 Proxy Authentication Required", fields=fields)
    context = authorities.server(authorities.public)
    async with (
        listening(speaks_smtp(), context=context) as number,
        proxy_running(answer) as proxy,
    ):
        question = Question(host=HOST, ports=(port(number, Speech.HTTPS),), plain_port=1)
        wall = await drawn(authorities, question, proxy.settings(f"{LOGIN}@"))
    (problem,) = wall.problems
    assert problem.values.get("sign_in", "") == expected
    for words in ("\n".join(remarks(wall)), firewall_request(wall)):
        assert (f"a sign-in by {expected}." in words) is bool(expected)
        assert "TlRM" not in words
        assert "Falke" not in words


async def test_a_request_about_a_proxy_asks_for_the_proxy_and_for_no_open_port(
    authorities: Authorities, closed_port: Address
) -> None:
    settings = SystemProxies(places={"https": f"http://{LOGIN}@127.0.0.1:{closed_port.port}"})
    context = authorities.server(authorities.public)
    async with (
        listening(speaks_smtp("STARTTLS", context=context)) as number,
        listening(answers("HTTP/1.1 200 OK\r\n\r\n"), context=context) as web,
    ):
        question = Question(host=HOST, ports=(port(number), port(web, Speech.HTTPS)), plain_port=1)
        wall = await drawn(authorities, question, settings)
    words = firewall_request(wall)
    assert codes(wall) == ["proxy-unreachable"]
    assert text("wall.firewall.open-proxy", host=HOST) in words
    assert text("wall.firewall.open", host=HOST) not in words
    assert f"{number}: " not in words
    assert f"{web}: " in words
    assert words.splitlines()[-1] == f"  curl -v -o - https://{HOST}/"
    assert "Falke" not in words


@pytest.mark.parametrize("place", ["socks5://anna:wax-Falke@127.0.0.1:1080", "http://anna:wax-Falke@[broken"])
async def test_a_proxy_that_cannot_be_used_is_told_in_a_sentence(authorities: Authorities, place: str) -> None:
    async with listening(speaks_smtp()) as number:
        question = Question(host=HOST, ports=(port(number),), plain_port=1)
        wall = await drawn(authorities, question, SystemProxies(places={"https": place}))
    assert at(wall, number, Route.PROXY).reason is Reason.OTHER_KIND
    (said,) = (words for words in remarks(wall) if "SOCKS" in words)
    assert said.endswith("this program uses HTTP proxies only")
    assert "Falke" not in repr(wall) + said


async def test_a_proxy_that_says_yes_and_hangs_up_shows_no_block(
    authorities: Authorities, closed_port: Address
) -> None:
    async with proxy_running(ConnectProxy()) as proxy:  # it leads nowhere
        question = Question(host=HOST, ports=(port(closed_port.port),), plain_port=1)
        wall = await drawn(authorities, question, proxy.settings())
    assert at(wall, closed_port.port, Route.PROXY).connected
    assert codes(wall) == ["connection-refused"]


async def test_a_name_that_only_the_proxy_can_look_up_is_not_called_wrong(authorities: Authorities) -> None:
    context = authorities.server(authorities.public)
    async with listening(speaks_smtp(), context=context) as number:
        async with proxy_running(ConnectProxy(target=Address("127.0.0.1", number))) as proxy:
            question = Question(host=HOST, ports=(port(number, Speech.SMTPS),), plain_port=1)
            network = authorities.network(names=FixedNames({}))
            wall = await draw_wall(question, network, proxies=proxy.settings, trust=authorities.trust)
        absent = await draw_wall(question, network, proxies=SystemProxies, trust=authorities.trust)
    assert at(wall, number, Route.PROXY).secured
    assert codes(wall) == ["dns-resolver-failed"]
    assert codes(absent) == ["dns-name-not-found"]
