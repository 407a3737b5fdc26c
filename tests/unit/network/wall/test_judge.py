"""What ways mean together: every finding rests on something that shows it."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace
from tests.unit.network.wall.made_walls import (
    HOST,
    PRIVATE,
    PUBLIC,
    SILENT,
    open_way,
    silent_way,
    untried,
    wall_of,
    way,
)
from tests.unit.network.wall.stands import codes

from sendwright.network.wall.wall import Outcome, Wall
from sendwright.network.wall.way import ANSWERED, USUAL_PORTS, Reason, Route, Speech, Verdict, Way
from sendwright.problems.classify import classify
from sendwright.problems.dictionary import load
from sendwright.problems.evidence import Evidence, System
from sendwright.problems.problem import Confidence

REFUSED = Evidence(stage="connect", system=System.SOCKET, condition="connection-refused", errno="ECONNREFUSED")
NO_WAY = Evidence(stage="connect", system=System.SOCKET, condition="network-unreachable", errno="ENETUNREACH")
FORBIDDEN = Evidence(stage="connect", system=System.SOCKET, condition="network-unreachable", errno="EPERM")
NO_TUNNEL = Evidence(stage="connect", system=System.HTTP, condition="proxy-refused-tunnel", http=403)
NO_SIGN_IN = Evidence(stage="connect", system=System.HTTP, condition="proxy-refused-tunnel", http=407)
NO_PROXY_THERE = Evidence(stage="connect", system=System.SOCKET, condition="proxy-unreachable", errno="ECONNREFUSED")
SELF_SIGNED = Evidence(stage="secure", system=System.TLS, condition="tls-certificate-refused", verify=18)
PUBLIC_ADDRESS, OWN_ADDRESS = ("93.184.216.34",), ("10.0.0.9",)


def refused_way(port: int, route: Route = Route.IPV4) -> Way:
    return way(port, route, Verdict.REFUSED, evidence=REFUSED)


def found(wall: Wall) -> list[tuple[str, Confidence | None]]:
    """The problems, and how sure the judge is; None where that is the dictionary's matter."""
    judged = {"port-blocked", "connection-timed-out"}
    return [(problem.code, problem.confidence if problem.code in judged else None) for problem in wall.problems]


@pytest.mark.parametrize(
    ("ways", "port", "expected", "outcome"),
    [
        ([open_way(25), open_way(465), open_way(587)], 0, [], Outcome.PASSED),
        # a port that a server does not serve is nobody's block
        ([refused_way(25), open_way(465), refused_way(2525)], 0, [], Outcome.PASSED),
        ([open_way(587), silent_way(2525), silent_way(443)], 0, [], Outcome.PASSED),
        ([open_way(587), silent_way(465)], 0, [], Outcome.PASSED),
        # port 25 is blocked so often that its silence counts
        ([open_way(587), silent_way(25)], 0, [("port-blocked", Confidence.LIKELY)], Outcome.WARNING),
        ([refused_way(587), silent_way(25)], 25, [("port-blocked", Confidence.LIKELY)], Outcome.FAILED),
        ([open_way(443), silent_way(587)], 587, [("port-blocked", Confidence.LIKELY)], Outcome.FAILED),
        ([open_way(443), silent_way(587), silent_way(465)], 0, [("port-blocked", Confidence.LIKELY)], Outcome.FAILED),
        # the proxy comes through to the same port
        ([silent_way(587), open_way(587, Route.PROXY)], 587, [("port-blocked", Confidence.CERTAIN)], Outcome.FAILED),
        ([refused_way(587), open_way(587, Route.PROXY)], 587, [("port-blocked", Confidence.CERTAIN)], Outcome.FAILED),
        # this computer's own firewall says so itself
        (
            [open_way(443), way(587, Route.IPV4, Verdict.UNREACHABLE, evidence=FORBIDDEN)],
            587,
            [("port-blocked", Confidence.CERTAIN)],
            Outcome.FAILED,
        ),
        # nothing from anywhere: nobody knows
        ([silent_way(25), silent_way(587)], 0, [("connection-timed-out", Confidence.UNKNOWN)], Outcome.FAILED),
        (
            [way(587, Route.IPV4, Verdict.UNREACHABLE, evidence=NO_WAY)],
            587,
            [("network-unreachable", None)],
            Outcome.FAILED,
        ),
        ([refused_way(25), refused_way(587)], 0, [("connection-refused", None)], Outcome.FAILED),
        ([refused_way(587), open_way(465)], 587, [("connection-refused", None)], Outcome.FAILED),
        # one family is enough
        ([open_way(587), silent_way(587, Route.IPV6)], 587, [], Outcome.PASSED),
        ([refused_way(587, Route.IPV6), open_way(587)], 587, [], Outcome.PASSED),
    ],
)
def test_silence_and_refusals_mean_what_they_show(
    ways: list[Way], port: int, expected: list[tuple[str, Confidence | None]], outcome: Outcome
) -> None:
    wall = wall_of(*ways, port=port)
    assert found(wall) == expected
    assert wall.outcome is outcome


@pytest.mark.parametrize(
    ("evidence", "port", "direct", "expected"),
    [
        (NO_PROXY_THERE, 443, [], ["proxy-unreachable"]),
        (NO_SIGN_IN, 587, [], ["proxy-authentication-required"]),
        (NO_TUNNEL, 587, [], []),
        (NO_TUNNEL, 443, [], ["proxy-refused-tunnel"]),
        (replace(NO_TUNNEL, http=503), 443, [], []),
        (replace(NO_TUNNEL, http=503), 443, [open_way(443)], ["proxy-refused-tunnel"]),
    ],
)
def test_a_proxy_is_blamed_only_for_what_it_is_there_for(
    evidence: Evidence, port: int, direct: list[Way], expected: list[str]
) -> None:
    through = way(port, Route.PROXY, Verdict.REFUSED, evidence=evidence)
    assert codes(wall_of(open_way(465), *direct, through)) == expected


def test_a_proxy_that_refuses_the_port_in_question_matters_where_nothing_else_gets_there() -> None:
    through = way(587, Route.PROXY, Verdict.REFUSED, evidence=NO_TUNNEL)
    assert codes(wall_of(silent_way(587), open_way(443), through, port=587)) == ["port-blocked", "proxy-refused-tunnel"]
    assert codes(wall_of(open_way(587), open_way(443), through, port=587)) == []


INSPECTED: dict[str, Any] = {"public": False, "issuer": PRIVATE}


@pytest.mark.parametrize(
    ("ways", "addresses", "expected"),
    [
        # another route to the same port shows the public one
        ([open_way(465), open_way(465, Route.PROXY, **INSPECTED)], OWN_ADDRESS, [Confidence.CERTAIN]),
        ([open_way(465, Route.IPV6), open_way(465, secured=False, **INSPECTED)], (), [Confidence.CERTAIN]),
        # another port shows it: servers have several certificates
        ([open_way(465), open_way(443, **INSPECTED)], PUBLIC_ADDRESS, [Confidence.LIKELY]),
        ([open_way(465), open_way(443, secured=False, **INSPECTED)], PUBLIC_ADDRESS, [Confidence.LIKELY]),
        ([open_way(465), open_way(443, secured=False, evidence=SELF_SIGNED, **INSPECTED)], PUBLIC_ADDRESS, []),
        ([open_way(465), open_way(443, **INSPECTED)], OWN_ADDRESS, []),
        ([open_way(465), open_way(587, secured=False, **INSPECTED)], OWN_ADDRESS, [Confidence.LIKELY]),
        ([open_way(465), open_way(587, secured=False, evidence=SELF_SIGNED, **INSPECTED)], PUBLIC_ADDRESS, []),
        ([open_way(465), open_way(25, secured=False, **INSPECTED)], PUBLIC_ADDRESS, []),
        ([open_way(443), open_way(587, **INSPECTED)], OWN_ADDRESS, []),
        ([open_way(465, **INSPECTED), open_way(443, **INSPECTED)], PUBLIC_ADDRESS, [Confidence.LIKELY]),
        ([open_way(465, **INSPECTED), open_way(443, **INSPECTED)], OWN_ADDRESS, []),
        ([open_way(465, **INSPECTED), open_way(443, **INSPECTED)], (), []),
        ([open_way(465, secured=False, **INSPECTED)], PUBLIC_ADDRESS, []),
        ([open_way(465, public=False, issuer="O=Own"), open_way(443, **INSPECTED)], OWN_ADDRESS, []),
        (
            [open_way(465, public=False, issuer="O=Own"), open_way(465, Route.PROXY, **INSPECTED)],
            OWN_ADDRESS,
            [Confidence.LIKELY],
        ),
        (
            [open_way(465, public=False, issuer="CN=Issuing 2,O=Contoso"), open_way(465, Route.PROXY, **INSPECTED)],
            OWN_ADDRESS,
            [],
        ),
        ([open_way(465, public=None, issuer=PRIVATE), open_way(443)], PUBLIC_ADDRESS, []),
        ([open_way(465, public=False, issuer="")], PUBLIC_ADDRESS, []),
    ],
)
def test_inspection_needs_an_issuer_that_should_not_be_there(
    ways: list[Way], addresses: tuple[str, ...], expected: list[Confidence]
) -> None:
    wall = wall_of(*ways, addresses=addresses)
    seen = [problem for problem in wall.problems if problem.code == "tls-inspected"]
    assert [problem.confidence for problem in seen] == expected
    assert all(problem.values["issuer"] == PRIVATE for problem in seen)


def test_inspected_mail_is_worse_than_an_inspected_page() -> None:
    page = wall_of(open_way(465), open_way(443, **INSPECTED), addresses=PUBLIC_ADDRESS)
    mail = wall_of(open_way(465, **INSPECTED), open_way(465, Route.PROXY))
    assert (page.outcome, mail.outcome) == (Outcome.WARNING, Outcome.FAILED)


def test_mail_that_may_be_inspected_and_is_verified_leaves_with_a_remark() -> None:
    wall = wall_of(open_way(465, **INSPECTED), addresses=PUBLIC_ADDRESS, port=465)
    assert (codes(wall), wall.outcome) == (["tls-inspected"], Outcome.WARNING)


def test_what_alters_a_way_marks_it_and_only_it() -> None:
    wall = wall_of(open_way(465), open_way(443, **INSPECTED), addresses=PUBLIC_ADDRESS)
    assert [(item.port, item.verdict, item.problem) for item in wall.ways] == [
        (465, Verdict.OPEN, None),
        (443, Verdict.ALTERED, "tls-inspected"),
    ]


def test_a_server_that_fell_silent_after_the_connection_is_not_blocked() -> None:
    quiet = way(
        587, Route.IPV4, Verdict.SILENT, evidence=Evidence(stage="greet", system=System.SOCKET, errno="ETIMEDOUT")
    )
    assert "port-blocked" not in codes(wall_of(quiet, open_way(443), port=587))


EVIDENCE = {
    Verdict.REFUSED: REFUSED,
    Verdict.SILENT: SILENT,
    Verdict.UNREACHABLE: NO_WAY,
}


@st.composite
def made_ways(draw: st.DrawFn) -> list[Way]:
    ways = []
    for usual in USUAL_PORTS:
        for route in Route:
            verdict = draw(st.sampled_from([it for it in Verdict if it is not Verdict.ALTERED]))
            if verdict is Verdict.OPEN:
                issuer, public = draw(st.sampled_from([(PUBLIC, True), (PRIVATE, False), (PRIVATE, None)]))
                starttls = draw(st.booleans()) if usual.speech is Speech.SMTP else None
                values = {"issuer": issuer, "public": public, "starttls": starttls, "secured": draw(st.booleans())}
                ways.append(open_way(usual.number, route, **values))
            elif verdict is Verdict.NOT_TRIED:
                ways.append(way(usual.number, route, verdict, reason=Reason.NO_ADDRESS))
            else:
                ways.append(way(usual.number, route, verdict, evidence=EVIDENCE[verdict]))
    return ways


@given(made_ways(), st.sampled_from([0, 25, 465, 587, 2525, 443]))
def test_whatever_the_ways_are_the_judgement_holds(ways: list[Way], port: int) -> None:
    wall = wall_of(*ways, port=port)
    known = set(load().definitions)
    assert len(set(codes(wall))) == len(codes(wall))
    assert set(codes(wall)) <= known
    assert [(it.port, it.route) for it in wall.ways] == [
        (usual.number, route) for usual in USUAL_PORTS for route in Route
    ]
    direct = [it for it in wall.ways if it.route is not Route.PROXY]
    for problem in wall.problems:
        if problem.code == "port-blocked":
            blocked = [it for it in direct if it.problem == "port-blocked"]
            assert blocked
            assert not any(it.connected for it in blocked)
            answers = any(it.verdict in ANSWERED for it in wall.ways)
            assert answers  # something shows that packets come and go
        if problem.code == "tls-inspected":
            assert problem.values["issuer"] == PRIVATE
    asked = [it for it in direct if (it.port == port if port else it.speech is not Speech.HTTPS)]
    if not wall.problems:
        assert wall.outcome is Outcome.PASSED or all(it.verdict is Verdict.NOT_TRIED for it in asked)
    if not any(it.connected for it in asked):
        assert wall.outcome is Outcome.FAILED


def test_nothing_to_try_is_no_success() -> None:
    wall = wall_of(*untried(Route.IPV4, Reason.NO_ADDRESS), *untried(Route.PROXY, Reason.NO_PROXY))
    assert (wall.outcome, wall.host) == (Outcome.FAILED, HOST)


NO_OFFER: dict[str, Any] = {"starttls": False, "secured": False, "public": None, "issuer": ""}


@pytest.mark.parametrize(
    ("ways", "port", "expected", "outcome"),
    [
        # a relay that offers nothing at 25 while mail is handed over at 587
        ([open_way(25, **NO_OFFER), open_way(587)], 0, [], Outcome.PASSED),
        ([open_way(25, **NO_OFFER), open_way(587)], 587, [], Outcome.PASSED),
        (
            [open_way(25, **NO_OFFER), open_way(587)],
            25,
            [("starttls-stripped", Confidence.LIKELY)],
            Outcome.FAILED,
        ),
        ([open_way(587, **NO_OFFER), open_way(465)], 0, [("starttls-stripped", Confidence.LIKELY)], Outcome.WARNING),
        # the same port by two routes: one server, or two that greet by different names
        (
            [open_way(587, **NO_OFFER), open_way(587, Route.IPV6)],
            0,
            [("starttls-stripped", Confidence.CERTAIN)],
            Outcome.FAILED,
        ),
        (
            [open_way(587, **NO_OFFER), open_way(587, Route.IPV6, banner="220 other.example.org ESMTP")],
            0,
            [("starttls-stripped", Confidence.LIKELY)],
            Outcome.WARNING,
        ),
        # nowhere: the server's own doing as far as anybody can see
        ([open_way(587, **NO_OFFER)], 587, [("starttls-not-offered", Confidence.LIKELY)], Outcome.WARNING),
        (
            [open_way(587, **NO_OFFER), open_way(2525, **NO_OFFER)],
            0,
            [("starttls-not-offered", Confidence.LIKELY)],
            Outcome.WARNING,
        ),
        ([open_way(25, **NO_OFFER), open_way(465)], 0, [], Outcome.PASSED),
    ],
)
def test_a_missing_offer_of_starttls_accuses_nobody_without_another_way_that_has_it(
    ways: list[Way], port: int, expected: list[tuple[str, Confidence]], outcome: Outcome
) -> None:
    wall = wall_of(*ways, port=port)
    assert [(problem.code, problem.confidence) for problem in wall.problems] == expected
    assert wall.outcome is outcome


@pytest.mark.parametrize("shy", [465, 2525])
def test_the_silence_of_port_25_shows_nothing_where_the_server_is_silent_at_others_too(shy: int) -> None:
    assert codes(wall_of(open_way(587), silent_way(25), silent_way(shy))) == []
    assert codes(wall_of(open_way(587), silent_way(25), refused_way(shy))) == ["port-blocked"]
    assert codes(wall_of(open_way(587), silent_way(25), silent_way(shy), port=25)) == ["port-blocked"]


def test_a_proxy_that_calls_a_way_open_before_it_tried_shows_no_block() -> None:
    dropped = Evidence(stage="greet", system=System.SOCKET, condition="connection-dropped", errno="ECONNRESET")
    eager = way(587, Route.PROXY, Verdict.OPEN, evidence=dropped)
    assert found(wall_of(silent_way(587), open_way(443), eager, port=587)) == [("port-blocked", Confidence.LIKELY)]
    alone = wall_of(silent_way(587), eager, port=587)
    assert found(alone) == [("connection-timed-out", Confidence.UNKNOWN)]


@pytest.mark.parametrize(
    ("evidence", "banner", "outcome"),
    [
        (Evidence(stage="greet", system=System.SMTP, reply=421, text="421 4.7.0 busy"), "421 4.7.0 busy", "warning"),
        (Evidence(stage="greet", system=System.SMTP, reply=554, text="554 no"), "554 no", "warning"),
        (Evidence(stage="greet", system=System.SOCKET, condition="connection-dropped"), "", "failed"),
        (Evidence(stage="greet", system=System.SMTP, condition="not-an-smtp-server", text="SSH"), "", "failed"),
    ],
)
def test_whoever_answers_without_taking_mail_is_named_and_nobody_is_accused(
    evidence: Evidence, banner: str, outcome: str
) -> None:
    bad = way(587, Route.IPV4, Verdict.OPEN, evidence=evidence, banner=banner)
    wall = wall_of(bad, open_way(443), port=587)
    assert (codes(wall), wall.outcome) == ([classify(evidence).code], Outcome(outcome))
    assert {it.verdict for it in wall.ways} == {Verdict.OPEN}
    assert not {"port-blocked", "tls-inspected", "starttls-stripped"} & set(codes(wall))
    assert codes(wall_of(bad, open_way(587, Route.IPV6), port=587)) == []


def test_a_server_that_is_slow_to_greet_is_named_as_slow() -> None:
    late = Evidence(stage="greet", system=System.SOCKET, condition="connection-timed-out", errno="ETIMEDOUT")
    wall = wall_of(way(587, Route.IPV4, Verdict.SILENT, evidence=late), open_way(443), port=587)
    assert (codes(wall), wall.outcome) == (["answer-timed-out"], Outcome.FAILED)
