"""The map of real connections on this computer: open, refused, silent, and by which route."""

import asyncio

import pytest
from tests.servers.ports import Address, black_hole
from tests.unit.network.wall.stands import (
    HOST,
    Authorities,
    FixedNames,
    answers,
    at,
    codes,
    listening,
    port,
    speaks_smtp,
)

from sendwright.network.system_proxies import SystemProxies, no_proxies
from sendwright.network.wall.draw import MOST_ADDRESSES, draw_wall
from sendwright.network.wall.question import Question
from sendwright.network.wall.wall import Outcome
from sendwright.network.wall.way import Port, Reason, Route, Speech, Verdict
from sendwright.problems.problem import Confidence
from sendwright.recording.event import Layer
from sendwright.recording.wire_recorder import WireRecorder


@pytest.fixture(scope="module")
def authorities() -> Authorities:
    return Authorities()


def about(*ports: Port, wanted: int = 0, plain_port: int = 1) -> Question:
    return Question(host=HOST, port=wanted, ports=ports, plain_port=plain_port)


async def test_a_server_that_works_is_open_and_its_issuer_is_known(authorities: Authorities) -> None:
    context = authorities.server(authorities.public)
    network = authorities.network()
    async with listening(speaks_smtp("SIZE 1000", "STARTTLS", context=context)) as number:
        wall = await draw_wall(about(port(number)), network, proxies=no_proxies, trust=authorities.trust)
    way = at(wall, number)
    assert (way.verdict, way.starttls, way.secured, way.public) == (Verdict.OPEN, True, True, True)
    assert way.banner == f"220 {HOST} ESMTP"
    assert "Public authority of the tests" in way.issuer
    assert (way.address, way.problem, way.evidence) == ("127.0.0.1", None, None)
    assert wall.outcome is Outcome.PASSED
    assert wall.problems == ()
    assert (wall.addresses, wall.own) == (("127.0.0.1",), ("127.0.0.1",))


@pytest.mark.parametrize("speech", [Speech.SMTPS, Speech.HTTPS])
async def test_a_port_that_begins_with_tls_is_spoken_to_in_tls(authorities: Authorities, speech: Speech) -> None:
    serve = (
        speaks_smtp()
        if speech is Speech.SMTPS
        else answers("HTTP/1.1 200 OK\r\nDate: Fri, 20 Nov 2026 09:41:00 GMT\r\n\r\n")
    )
    async with listening(serve, context=authorities.server(authorities.public)) as number:
        wall = await draw_wall(
            about(port(number, speech)), authorities.network(), proxies=no_proxies, trust=authorities.trust
        )
    way = at(wall, number)
    assert (way.verdict, way.secured, way.public, way.starttls) == (Verdict.OPEN, True, True, None)
    assert way.banner == (f"220 {HOST} ESMTP" if speech is Speech.SMTPS else "200 OK")
    assert way.date == ("" if speech is Speech.SMTPS else "2026-11-20T09:41:00+00:00")


async def test_a_port_that_nobody_serves_is_the_servers_answer_and_no_block(
    authorities: Authorities, closed_port: Address
) -> None:
    question = about(port(closed_port.port), wanted=closed_port.port)
    wall = await draw_wall(question, authorities.network(), proxies=no_proxies, trust=authorities.trust)
    assert at(wall, closed_port.port).verdict is Verdict.REFUSED
    assert codes(wall) == ["connection-refused"]
    assert wall.outcome is Outcome.FAILED


async def test_a_silent_port_beside_one_that_answers_is_likely_blocked(
    authorities: Authorities, black_hole: Address
) -> None:
    async with listening(speaks_smtp(greeting="554 no")) as number:
        question = about(port(black_hole.port), port(number), wanted=black_hole.port)
        wall = await draw_wall(question, authorities.network(), proxies=no_proxies, trust=authorities.trust)
    assert at(wall, black_hole.port).verdict is Verdict.SILENT
    assert at(wall, number).verdict is Verdict.OPEN
    (problem,) = wall.problems
    assert (problem.code, problem.confidence) == ("port-blocked", Confidence.LIKELY)
    assert problem.values["port"] == str(black_hole.port)
    assert at(wall, black_hole.port).problem == "port-blocked"


async def test_silence_everywhere_is_blocked_or_not_there_and_nobody_claims_to_know(
    authorities: Authorities, black_hole: Address
) -> None:
    wall = await draw_wall(
        about(port(black_hole.port)), authorities.network(), proxies=no_proxies, trust=authorities.trust
    )
    (problem,) = wall.problems
    assert (problem.code, problem.confidence) == ("connection-timed-out", Confidence.UNKNOWN)
    assert wall.outcome is Outcome.FAILED


async def test_every_way_begins_before_the_first_one_is_given_up(authorities: Authorities) -> None:
    recorder = WireRecorder()
    with black_hole() as first, black_hole() as second, black_hole() as third:
        holes = [first.port, second.port, third.port]
        network = authorities.network(recorder=recorder, timeout_s=1.0)
        question = Question(host=HOST, ports=tuple(map(port, holes)), plain_port=first.port)
        wall = await draw_wall(question, network, proxies=no_proxies, trust=authorities.trust)
    assert {at(wall, number).verdict for number in holes} == {Verdict.SILENT}
    told = [event for event in recorder.events if event.layer is Layer.TCP]
    begun = [place for place, event in enumerate(told) if event.name == "connecting"]
    given_up = [place for place, event in enumerate(told) if event.name == "failed"]
    assert len(begun) == len(given_up) == len(holes) + 1  # the page in clear is looked for too
    assert max(begun) < min(given_up)


async def test_a_server_that_takes_the_connection_and_says_nothing_is_silent_but_not_blocked(
    authorities: Authorities,
) -> None:
    async def nothing(reader: asyncio.StreamReader, _: asyncio.StreamWriter) -> None:
        await reader.read()

    network = authorities.network(timeout_s=0.6)
    async with listening(nothing) as number:
        wall = await draw_wall(about(port(number), wanted=number), network, proxies=no_proxies, trust=authorities.trust)
    way = at(wall, number)
    assert (way.verdict, way.problem) == (Verdict.SILENT, "answer-timed-out")
    assert "port-blocked" not in codes(wall)
    assert wall.outcome is Outcome.FAILED


@pytest.mark.parametrize(
    ("words", "problem"),
    [("SSH-2.0-OpenSSH_9.2\r\n", "not-an-smtp-server"), ("", "connection-dropped"), ("2", "not-an-smtp-server")],
)
async def test_what_is_no_mail_server_has_its_name(authorities: Authorities, words: str, problem: str) -> None:
    async def say(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(words.encode())
        writer.write_eof()
        await writer.drain()
        await asyncio.sleep(0.1)

    async with listening(say) as number:
        wall = await draw_wall(about(port(number)), authorities.network(), proxies=no_proxies, trust=authorities.trust)
    assert (at(wall, number).verdict, at(wall, number).problem) == (Verdict.OPEN, problem)


async def test_both_families_are_tried_each_by_itself(authorities: Authorities) -> None:
    context = authorities.server(authorities.public)
    async with (
        listening(speaks_smtp("STARTTLS", context=context)) as number,
        listening(speaks_smtp("STARTTLS", greeting="220 sixth", context=context), host="::1", port=number),
    ):
        network = authorities.network("127.0.0.1", "::1")
        wall = await draw_wall(about(port(number)), network, proxies=no_proxies, trust=authorities.trust)
    assert at(wall, number, Route.IPV4).address == "127.0.0.1"
    assert at(wall, number, Route.IPV6).address == "::1"
    assert at(wall, number, Route.IPV6).banner == "220 sixth"
    assert at(wall, number, Route.PROXY).reason is Reason.NO_PROXY


async def test_a_family_that_the_host_does_not_have_is_not_tried(authorities: Authorities) -> None:
    async with listening(speaks_smtp()) as number:
        wall = await draw_wall(about(port(number)), authorities.network(), proxies=no_proxies, trust=authorities.trust)
    way = at(wall, number, Route.IPV6)
    assert (way.verdict, way.reason, way.problem) == (Verdict.NOT_TRIED, Reason.NO_ADDRESS, None)


async def test_a_family_that_this_computer_does_not_have_is_not_tried(
    authorities: Authorities, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(
        "sendwright.network.wall.draw.own_address", lambda address: "" if ":" in address else "127.0.0.1"
    )
    async with listening(speaks_smtp()) as number:
        network = authorities.network("127.0.0.1", "::1")
        wall = await draw_wall(about(port(number)), network, proxies=no_proxies, trust=authorities.trust)
    assert at(wall, number, Route.IPV6).reason is Reason.NO_FAMILY
    assert at(wall, number, Route.IPV6).verdict is Verdict.NOT_TRIED
    assert at(wall, number, Route.IPV4).verdict is Verdict.OPEN


async def test_a_name_that_does_not_exist_leaves_nothing_to_try(authorities: Authorities) -> None:
    network = authorities.network(names=FixedNames({}))
    wall = await draw_wall(about(port(2525)), network, proxies=no_proxies, trust=authorities.trust)
    assert {way.verdict for way in wall.ways} == {Verdict.NOT_TRIED}
    assert at(wall, 2525).reason is Reason.NO_NAME
    assert codes(wall) == ["dns-name-not-found"]
    assert wall.outcome is Outcome.FAILED


async def test_the_web_host_is_tried_only_where_the_caller_names_one(authorities: Authorities) -> None:
    names = FixedNames({HOST: ("127.0.0.1",), "help.example.org": ("127.0.0.1",)})
    async with listening(answers("HTTP/1.1 200 OK\r\n\r\n")) as number:
        ports = (port(number, Speech.HTTPS),)
        network = authorities.network(names=names, timeout_s=0.6)
        alone = await draw_wall(
            Question(host=HOST, ports=ports, plain_port=1), network, proxies=no_proxies, trust=authorities.trust
        )
        assert {name for name in names.asked if not name.rstrip(".").endswith(".invalid")} == {HOST}
        both = await draw_wall(
            Question(host=HOST, ports=ports, plain_port=1, web_host="help.example.org"),
            network,
            proxies=no_proxies,
            trust=authorities.trust,
        )
    assert alone.rows == ((HOST, number),)
    assert both.rows == ((HOST, number), ("help.example.org", number))


async def test_stopping_the_map_leaves_no_connection_behind(authorities: Authorities, black_hole: Address) -> None:
    drawing = asyncio.create_task(
        draw_wall(
            about(port(black_hole.port)), authorities.network(timeout_s=30), proxies=no_proxies, trust=authorities.trust
        )
    )
    await asyncio.sleep(0.05)
    drawing.cancel()
    with pytest.raises(asyncio.CancelledError):
        await drawing
    others = asyncio.all_tasks() - {asyncio.current_task()}
    assert not [task for task in others if not task.done()]


class Hanging(FixedNames):
    """Never answers."""

    async def addresses(self, host: str) -> tuple[str, ...]:
        self.asked.append(host)
        await asyncio.Event().wait()
        raise AssertionError(host)


async def test_a_resolver_that_hangs_is_given_up_and_named(authorities: Authorities) -> None:
    network = authorities.network(names=Hanging({}), timeout_s=0.3)
    wall = await draw_wall(about(port(587)), network, proxies=no_proxies, trust=authorities.trust)
    assert codes(wall) == ["dns-resolver-failed"]
    assert {way.verdict for way in wall.ways} == {Verdict.NOT_TRIED}
    assert wall.outcome is Outcome.FAILED


async def test_a_name_without_any_address_has_its_name(authorities: Authorities) -> None:
    network = authorities.network(names=FixedNames({HOST: ()}))
    wall = await draw_wall(about(port(587)), network, proxies=no_proxies, trust=authorities.trust)
    assert (codes(wall), wall.outcome) == (["dns-no-address"], Outcome.FAILED)
    assert at(wall, 587).reason is Reason.NO_NAME


async def test_of_a_hundred_addresses_few_are_tried(authorities: Authorities) -> None:
    recorder = WireRecorder()
    many = tuple(f"127.0.1.{number}" for number in range(1, 101))
    async with listening(speaks_smtp(), host="127.0.0.1") as number:  # nobody listens at any of them
        network = authorities.network(*many, recorder=recorder)
        wall = await draw_wall(about(port(number)), network, proxies=no_proxies, trust=authorities.trust)
    tried = [event for event in recorder.events if event.layer is Layer.TCP and event.name == "connecting"]
    assert len(tried) == 2 * MOST_ADDRESSES  # the port, and the page in clear
    assert at(wall, number).verdict is Verdict.REFUSED
    assert wall.addresses == many


async def test_one_address_that_is_down_beside_one_that_is_up_is_no_finding(authorities: Authorities) -> None:
    context = authorities.server(authorities.public)
    async with listening(speaks_smtp("STARTTLS", context=context)) as number:
        network = authorities.network("127.0.1.9", "127.0.0.1")
        question = about(port(number), wanted=number)
        wall = await draw_wall(question, network, proxies=no_proxies, trust=authorities.trust)
    assert (codes(wall), wall.outcome) == ([], Outcome.PASSED)
    assert at(wall, number).address == "127.0.0.1"


@pytest.mark.parametrize("host", ["a..b", "b\u00fccher..example", "x" * 70 + ".example", "exa mple.org", ""])
async def test_what_can_be_no_name_is_told_even_where_a_proxy_would_look_it_up(
    authorities: Authorities, host: str
) -> None:
    settings = SystemProxies(places={"https": "http://127.0.0.1:9"})
    question = Question(host=host, ports=(port(587),), plain_port=1)
    names = FixedNames({})
    network = authorities.network(names=names)
    wall = await draw_wall(question, network, proxies=lambda: settings, trust=authorities.trust)
    assert codes(wall)[:1] == ["dns-name-not-found"]
    assert wall.outcome is Outcome.FAILED


async def test_settings_are_chosen_from_outside_the_loop(authorities: Authorities) -> None:
    inside: list[bool] = []

    def bypasses(_: str) -> bool:
        try:
            asyncio.get_running_loop()
        except RuntimeError:
            inside.append(False)
        else:
            inside.append(True)
        return True

    settings = SystemProxies(places={"https": "http://127.0.0.1:9"}, bypasses=bypasses)
    network = authorities.network(names=FixedNames({HOST: ("127.0.0.1",)}))
    wall = await draw_wall(about(port(1)), network, proxies=lambda: settings, trust=authorities.trust)
    assert at(wall, 1, Route.PROXY).reason is Reason.BYPASSED
    assert inside
    assert not any(inside)


async def test_stopping_while_names_are_looked_up_leaves_no_task_behind(authorities: Authorities) -> None:
    network = authorities.network(names=Hanging({}), timeout_s=30)
    drawing = asyncio.create_task(draw_wall(about(port(587)), network, proxies=no_proxies, trust=authorities.trust))
    await asyncio.sleep(0.05)
    drawing.cancel()
    with pytest.raises(asyncio.CancelledError):
        await drawing
    assert not [task for task in asyncio.all_tasks() - {asyncio.current_task()} if not task.done()]
