"""What an attempt leaves behind: the verdict by what ended it, and by how far it came."""

import pytest
from tests.unit.network.wall.made_walls import HOST, way

from sendwright.network.certificates import CertificateFacts
from sendwright.network.failures import STAGE_CONNECT, ConnectFailed, observe
from sendwright.network.wall.conversation import Heard
from sendwright.network.wall.findings import Finding, problem_of
from sendwright.network.wall.http_head import Head
from sendwright.network.wall.opening import TunnelFailed
from sendwright.network.wall.sight import attempted
from sendwright.network.wall.way import ANSWERED, Route, Verdict, Way
from sendwright.network.web import refused_by_proxy, silent_proxy
from sendwright.problems.evidence import Evidence, System
from sendwright.problems.problem import Confidence

BLANK = way(587, Route.IPV4, Verdict.OPEN)
VALUES = {"host": HOST, "port": "587", "security": "starttls"}


def ended(error: Exception | None, heard: Heard | None = None, blank: Way = BLANK) -> Way:
    return attempted(blank, heard or Heard(), error, took_ms=12.5)


def connect_failed(error: OSError) -> ConnectFailed:
    return ConnectFailed(observe(error, stage=STAGE_CONNECT))


@pytest.mark.parametrize(
    ("error", "verdict", "problem"),
    [
        (connect_failed(ConnectionRefusedError(111, "x")), Verdict.REFUSED, "connection-refused"),
        (connect_failed(ConnectionResetError(104, "x")), Verdict.REFUSED, "connection-dropped"),
        (connect_failed(TimeoutError()), Verdict.SILENT, "connection-timed-out"),
        (connect_failed(OSError(101, "x")), Verdict.UNREACHABLE, "network-unreachable"),
        (connect_failed(OSError(1, "x")), Verdict.UNREACHABLE, "network-unreachable"),
        (
            TunnelFailed(silent_proxy("ECONNREFUSED", stage="connect", values={})),
            Verdict.UNREACHABLE,
            "proxy-unreachable",
        ),
        (TunnelFailed(silent_proxy(None, stage="connect", values={})), Verdict.UNREACHABLE, "proxy-unreachable"),
        (TimeoutError(), Verdict.SILENT, "connection-timed-out"),
    ],
)
def test_what_kept_a_connection_from_standing_decides(error: Exception, verdict: Verdict, problem: str) -> None:
    found = ended(error)
    assert (found.verdict, found.problem, found.took_ms) == (verdict, problem, 12.5)
    assert found.evidence is not None
    assert found.evidence.values["host"] == HOST
    assert not found.connected


@pytest.mark.parametrize(
    ("status", "verdict"),
    [(403, Verdict.REFUSED), (404, Verdict.REFUSED), (407, Verdict.REFUSED), (502, Verdict.UNREACHABLE)],
)
def test_a_status_of_a_proxy_tells_who_said_no(status: int, verdict: Verdict) -> None:
    seen = refused_by_proxy(status, stage="connect", words=f"{status} No", values={})
    found = ended(TunnelFailed(seen))
    assert (found.verdict, found.banner) == (verdict, f"{status} No")


def test_what_was_heard_before_the_time_was_over_counts() -> None:
    greeted = ended(TimeoutError(), Heard(connected=True, banner="220 mail"))
    assert (greeted.verdict, greeted.problem) == (Verdict.OPEN, None)
    quiet = ended(TimeoutError(), Heard(connected=True))
    assert (quiet.verdict, quiet.problem) == (Verdict.SILENT, "answer-timed-out")


def test_a_way_without_anything_wrong_has_no_evidence() -> None:
    heard = Heard(
        address="192.0.2.1",
        connected=True,
        banner="220 mail",
        starttls=True,
        secured=True,
        public=True,
        certificate=CertificateFacts(issuer="CN=R11"),
    )
    found = ended(None, heard)
    assert (found.verdict, found.problem, found.evidence) == (Verdict.OPEN, None, None)
    assert (found.address, found.issuer, found.public, found.secured) == ("192.0.2.1", "CN=R11", True, True)


def test_a_page_in_place_of_tls_alters_the_way() -> None:
    found = ended(None, Heard(connected=True, head=Head(status=511, words="Sign in")))
    assert (found.verdict, found.problem) == (Verdict.ALTERED, "captive-portal")


def test_a_certificate_that_is_refused_keeps_its_dates_for_whoever_judges_the_clock() -> None:
    wrong = Evidence(stage="secure", system=System.TLS, condition="tls-certificate-refused", verify=10)
    facts = CertificateFacts(issuer="CN=R11", not_before="2026-01-01T00:00:00Z", not_after="2026-02-01T00:00:00Z")
    found = ended(None, Heard(connected=True, banner="220 x", wrong=wrong, certificate=facts))
    assert found.evidence is not None
    assert found.evidence.values == VALUES | {
        "issuer": "CN=R11",
        "not_before": "2026-01-01T00:00:00Z",
        "not_after": "2026-02-01T00:00:00Z",
    }
    assert (found.verdict, found.problem) == (Verdict.OPEN, "tls-certificate-expired")


@pytest.mark.parametrize("confidence", [None, Confidence.LIKELY, Confidence.UNKNOWN])
def test_a_finding_becomes_a_problem_with_the_values_of_its_way(confidence: Confidence | None) -> None:
    evidence = Evidence(stage="connect", system=System.SOCKET, condition="port-blocked", errno="ETIMEDOUT")
    problem = problem_of(Finding(evidence=evidence, ways=(BLANK,), confidence=confidence))
    assert problem.code == "port-blocked"
    assert problem.confidence is (confidence or Confidence.CERTAIN)
    assert {name: problem.values[name] for name in VALUES} == VALUES


def test_silence_and_no_way_prove_nothing() -> None:
    assert {Verdict.SILENT, Verdict.UNREACHABLE, Verdict.NOT_TRIED}.isdisjoint(ANSWERED)
