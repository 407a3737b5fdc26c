"""What a way says of itself."""

import pytest
from tests.unit.network.wall.made_walls import PRIVATE, SILENT, open_way, silent_way, way

from sendwright.network.wall.question import Question
from sendwright.network.wall.way import ANSWERED, DIRECT, USUAL_PORTS, Port, Route, Speech, Verdict
from sendwright.problems.evidence import Evidence, System

LATE = Evidence(stage="greet", system=System.SOCKET, condition="connection-timed-out", errno="ETIMEDOUT")


@pytest.mark.parametrize("verdict", list(Verdict))
def test_only_what_is_open_or_altered_was_connected(verdict: Verdict) -> None:
    assert way(587, Route.IPV4, verdict).connected is (verdict in {Verdict.OPEN, Verdict.ALTERED})
    assert (verdict in ANSWERED) is (verdict in {Verdict.OPEN, Verdict.ALTERED, Verdict.REFUSED})


@pytest.mark.parametrize(
    ("values", "spoke"),
    [
        ({}, False),
        ({"banner": "220 mail.example.org"}, True),
        ({"secured": True}, True),
        ({"issuer": PRIVATE}, True),
        ({"address": "192.0.2.1", "took_ms": 5.0}, False),
    ],
)
def test_a_connection_alone_is_no_word_of_anybody(values: dict[str, object], *, spoke: bool) -> None:
    assert way(587, Route.PROXY, Verdict.OPEN, **values).spoke is spoke
    assert not way(587, Route.PROXY, Verdict.SILENT, **values).spoke


def test_a_connection_stood_where_the_silence_came_after_it() -> None:
    assert way(587, Route.IPV4, Verdict.SILENT, evidence=LATE).stood
    assert not silent_way(587).stood
    assert not way(587, Route.IPV4, Verdict.REFUSED, evidence=SILENT).stood
    assert not open_way(587).stood
    assert not way(587, Route.IPV4, Verdict.SILENT).stood


@pytest.mark.parametrize("usual", USUAL_PORTS)
def test_every_usual_port_tells_explanations_how_it_is_secured(usual: Port) -> None:
    values = way(usual.number, DIRECT[0], Verdict.OPEN).values
    assert values["port"] == str(usual.number)
    assert values["security"] == ("starttls" if usual.speech is Speech.SMTP else "tls")


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        (Question(host="a.example"), [25, 465, 587, 2525, 443]),
        (Question(host="a.example", port=587), [25, 465, 587, 2525, 443]),
        (Question(host="a.example", port=10_025), [10_025, 25, 465, 587, 2525, 443]),
        (Question(host="a.example", web_host="a.example"), [25, 465, 587, 2525, 443]),
        (Question(host="a.example", web_host="b.example"), [25, 465, 587, 2525, 443, 443]),
        (Question(host="a.example", ports=()), []),
    ],
)
def test_every_port_is_tried_once_and_the_one_in_question_always(question: Question, expected: list[int]) -> None:
    assert [port.number for _, port in question.places] == expected
    assert len(set(question.places)) == len(question.places)
    assert {host for host, _ in question.places} <= {question.host, question.web_host}
