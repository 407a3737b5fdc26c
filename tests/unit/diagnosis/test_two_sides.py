"""The same test from two places: what differs is found, what only one place tried is no difference."""

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sendwright.diagnosis.run import failed
from sendwright.diagnosis.stage import GRAPH_STAGES, SMTP_STAGES, StageResult, Verdict
from sendwright.diagnosis.two_sides import Finding, TwoSides, compare_sides
from sendwright.problems.evidence import Evidence, System
from sendwright.texts import LANGUAGES, speaking, text

BLOCKED = Evidence(stage="connect", system=System.SOCKET, errno="ETIMEDOUT")
REFUSED = Evidence(stage="connect", system=System.SOCKET, errno="ECONNREFUSED")
WRONG = Evidence(stage="sign-in", system=System.SMTP, reply=535, enhanced="5.7.8")


def passed(*stages: str, **seen: object) -> list[StageResult]:
    return [StageResult(id=stage, verdict=Verdict.PASSED, took_ms=2.0, evidence=dict(seen)) for stage in stages]


def stopped(evidence: Evidence) -> list[StageResult]:
    here = SMTP_STAGES.index(evidence.stage)
    rest = [StageResult(id=stage, verdict=Verdict.NOT_REACHED) for stage in SMTP_STAGES[here + 1 :]]
    return [*passed(*SMTP_STAGES[:here]), failed(evidence.stage, evidence), *rest]


FINE = passed(*SMTP_STAGES)


@pytest.mark.parametrize(
    ("desk", "backend", "finding", "stage", "differing"),
    [
        (FINE, FINE, Finding.BOTH_PASS, "", []),
        (FINE, stopped(BLOCKED), Finding.BACKEND_STOPS, "connect", ["connect"]),
        (stopped(BLOCKED), FINE, Finding.DESK_STOPS, "connect", ["connect"]),
        (stopped(WRONG), stopped(WRONG), Finding.BOTH_STOP_ALIKE, "sign-in", []),
        (stopped(REFUSED), stopped(BLOCKED), Finding.BOTH_STOP_DIFFERENTLY, "connect", []),
        (stopped(WRONG), stopped(BLOCKED), Finding.BOTH_STOP_DIFFERENTLY, "connect", ["connect"]),
        (passed("resolve", "connect", "greet", "secure"), FINE, Finding.BOTH_PASS, "", []),
        (passed("resolve"), stopped(WRONG), Finding.BACKEND_STOPS_FURTHER, "sign-in", []),
        (stopped(WRONG), passed("resolve", "connect"), Finding.DESK_STOPS_FURTHER, "sign-in", []),
        (FINE, stopped(WRONG), Finding.BACKEND_STOPS, "sign-in", ["sign-in"]),
        ([], FINE, Finding.NOTHING_COMPARED, "", []),
        ([], [], Finding.NOTHING_COMPARED, "", []),
        (passed("permissions"), passed("resolve"), Finding.NOTHING_COMPARED, "", []),
    ],
)
def test_where_the_places_part_is_found(
    desk: list[StageResult], backend: list[StageResult], finding: Finding, stage: str, differing: list[str]
) -> None:
    sides = compare_sides(desk, backend)
    assert (sides.finding, sides.stage) == (finding, stage)
    assert [row.stage for row in sides.rows if row.differs] == differing
    assert [row.stage for row in sides.differences_first][: len(differing)] == differing
    assert sides.sentence


def test_a_desk_without_the_password_is_not_said_to_work() -> None:
    sides = compare_sides(passed("resolve", "connect", "greet", "secure"), stopped(WRONG))
    assert sides.sentence.startswith("As far as your desk tried, it works there.")
    assert "“Sign in”" in sides.sentence


def test_a_certificate_that_only_the_desk_refuses_is_named_by_its_issuer() -> None:
    inspected = Evidence(stage="secure", system=System.TLS, verify=19, values={"issuer": "CN=Filter CA"})
    (difference,) = compare_sides(stopped(inspected), secure("CN=Public CA")).differences
    assert (difference.fact, difference.desk, difference.backend) == ("issuer", "CN=Filter CA", "CN=Public CA")


def test_a_blocked_port_at_the_backend_is_told_in_one_sentence() -> None:
    sides = compare_sides(FINE, stopped(BLOCKED))
    title = text("problems.connection-timed-out.title")
    assert sides.sentence == (
        f"It works from your desk. Where the notification backend runs, it stops at “Reach the server”: {title}."
    )
    row = next(row for row in sides.rows if row.stage == "connect")
    assert (row.desk, row.backend) == (Verdict.PASSED, Verdict.FAILED)
    assert (row.desk_problem, row.backend_problem) == (None, "connection-timed-out")
    assert (row.desk_ms, row.backend_ms) == (2.0, 0.0)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("finding", list(Finding))
def test_every_finding_has_words(language: str, finding: Finding) -> None:
    with speaking(language):
        words = text(f"two_sides.finding.{finding}", stage="S", desk="D", backend="B")
    assert words.endswith(".")


def secure(issuer: str, version: str = "TLSv1.3") -> list[StageResult]:
    chain = [{"subject": "CN=mail.example.org", "issuer": issuer}, {"issuer": "CN=Root"}]
    return passed("secure", chain=chain, version=version)


@pytest.mark.parametrize(
    ("desk", "backend", "fact", "values"),
    [
        (
            passed("resolve", addresses=["203.0.113.9", "2001:db8::9"]),
            passed("resolve", addresses=["10.0.0.9"]),
            "addresses",
            ("2001:db8::9, 203.0.113.9", "10.0.0.9"),
        ),
        (
            passed("greet", greeting="mail.example.org ESMTP Postfix"),
            passed("greet", greeting="filter.example.net ready at 12:00"),
            "greeting",
            ("mail.example.org", "filter.example.net"),
        ),
        (secure("CN=Filter CA"), secure("CN=Public CA"), "issuer", ("CN=Filter CA", "CN=Public CA")),
        (secure("CN=A"), secure("CN=A", "TLSv1.2"), "version", ("TLSv1.3", "TLSv1.2")),
    ],
)
def test_what_both_saw_and_saw_differently_is_named(
    desk: list[StageResult], backend: list[StageResult], fact: str, values: tuple[str, str]
) -> None:
    (difference,) = compare_sides(desk, backend).differences
    assert (difference.fact, difference.stage) == (fact, desk[0].id)
    assert (difference.desk, difference.backend) == values
    assert text(f"two_sides.differs.{fact}")


@pytest.mark.parametrize(
    ("desk", "backend"),
    [
        (
            passed("resolve", addresses=["203.0.113.9", "203.0.113.8"]),
            passed("resolve", addresses=["203.0.113.8", "203.0.113.9"]),
        ),
        (passed("greet", greeting="mail.example.org at 11:00"), passed("greet", greeting="mail.example.org at 11:01")),
        (passed("secure", chain="broken", version=None), passed("secure", chain=[], version=None)),
        (passed("secure", chain=["no mapping"]), secure("CN=A", version="")),
        (passed("greet"), passed("greet", greeting="mail.example.org")),
        (passed("resolve", addresses=["203.0.113.9", "::1"]), passed("resolve", addresses=["203.0.113.9"])),
        (
            passed("greet", greeting="AM0PR01CA0123.mail.example.com ESMTP"),
            passed("greet", greeting="DB9PR02CA0456.mail.example.com ESMTP"),
        ),
    ],
)
def test_what_is_the_same_or_unknown_is_no_difference(desk: list[StageResult], backend: list[StageResult]) -> None:
    assert compare_sides(desk, backend).differences == ()


RESULTS = st.lists(
    st.builds(
        StageResult,
        id=st.sampled_from(SMTP_STAGES),
        verdict=st.sampled_from(list(Verdict)),
        took_ms=st.floats(0, 1e6),
        evidence=st.dictionaries(
            st.sampled_from(["addresses", "greeting", "chain", "version"]),
            st.none()
            | st.text()
            | st.integers()
            | st.lists(st.text() | st.none() | st.dictionaries(st.text(), st.text())),
        ),
    ),
    max_size=9,
)


@given(RESULTS, RESULTS)
def test_whatever_a_backend_reports_can_be_compared_and_written(
    desk: list[StageResult], backend: list[StageResult]
) -> None:
    sides = compare_sides(desk, backend)
    assert msgspec.json.decode(msgspec.json.encode(sides), type=TwoSides) == sides
    assert {row.stage for row in sides.rows} == {result.id for result in (*desk, *backend)}
    for row in sides.rows:
        if row.differs:
            assert Verdict.NOT_REACHED not in {row.desk, row.backend}


@given(RESULTS)
def test_one_place_held_against_itself_never_differs(results: list[StageResult]) -> None:
    sides = compare_sides(results, results)
    assert not any(row.differs for row in sides.rows)
    assert sides.differences == ()
    assert sides.finding not in {Finding.BACKEND_STOPS, Finding.DESK_STOPS, Finding.BOTH_STOP_DIFFERENTLY}


def reached(issuer: str, version: str = "TLSv1.3") -> list[StageResult]:
    results = passed("reach", chain=[{"issuer": issuer}], version=version)
    return [*results, *(StageResult(id=stage, verdict=Verdict.NOT_REACHED) for stage in GRAPH_STAGES[1:])]


def test_the_sides_of_an_interface_are_compared_as_those_of_a_mail_server() -> None:
    desk, backend = reached("CN=Office Filter"), passed(*GRAPH_STAGES, chain=[{"issuer": "CN=DigiCert"}])
    sides = compare_sides(desk, backend)
    assert (sides.finding, sides.desk_went_less_far) == (Finding.BOTH_PASS, True)
    (difference,) = sides.differences
    found = (difference.fact, difference.stage, difference.desk, difference.backend)
    assert found == ("issuer", "reach", "CN=Office Filter", "CN=DigiCert")


def test_a_right_that_lacks_at_the_backend_is_told_where_the_desk_had_no_sign_in() -> None:
    refused = Evidence(stage="sender", system=System.GRAPH, http=403, reason="ErrorSendAsDenied")
    backend = [*passed("reach", "sign-in", "permissions", "mailbox"), failed("sender", refused)]
    sides = compare_sides(reached("CN=DigiCert"), backend)
    assert (sides.finding, sides.stage) == (Finding.BACKEND_STOPS_FURTHER, "sender")
    assert text("stages.sender.label") in sides.sentence
