"""A wrong clock is blamed only where the server's own date proves it."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sendwright.diagnosis.clock import blame_clock, server_time
from sendwright.problems.classify import classify
from sendwright.problems.evidence import Evidence, System

NOW = datetime(2026, 11, 20, 9, 18, 20, tzinfo=UTC)
EXIM = "220 mail.example.org ESMTP Exim 4.96 Fri, 20 Nov 2026 09:18:20 +0000"
EXCHANGE = (
    "220 SY5P282CA0097.outlook.office365.com Microsoft ESMTP MAIL Service ready at "
    "Fri, 20 Nov 2026 09:18:20 +0000 [08DE0A]"
)


def _refused(verify: int, *, begins: str = "2026-10-01T00:00:00Z", ends: str = "2026-12-31T00:00:00Z") -> Evidence:
    return Evidence(
        stage="secure",
        system=System.TLS,
        condition="tls-certificate-refused",
        verify=verify,
        values={"host": "mail.example.org", "not_before": begins, "not_after": ends},
    )


@pytest.mark.parametrize("greeting", [EXIM, EXCHANGE])
def test_the_date_in_a_greeting_is_read(greeting: str) -> None:
    assert server_time(greeting) == NOW


@pytest.mark.parametrize(
    "greeting",
    [
        "220 mail.example.org ESMTP Postfix",
        "220 Fri, 31 Feb 2026 09:18:20 +0000",
        "220 Mon, somewhere",
        "220 Fri, 20 Nov 2026 09:18:20 -0000",  # a date that says it knows no zone
        "",
    ],
)
def test_a_greeting_without_a_usable_date_gives_none(greeting: str) -> None:
    assert server_time(greeting) is None


@pytest.mark.parametrize(("verify", "own"), [(9, NOW - timedelta(days=400)), (10, NOW + timedelta(days=400))])
def test_a_certificate_that_is_valid_by_the_servers_clock_proves_ours_wrong(verify: int, own: datetime) -> None:
    blamed = blame_clock(_refused(verify), greeting=EXIM, now=own)
    problem = classify(blamed)
    assert (problem.code, problem.owner, problem.confidence) == ("clock-wrong", "you", "certain")
    assert problem.values["server_time"] == "2026-11-20 09:18 UTC"
    assert problem.values["own_time"] == f"{own:%Y-%m-%d} 09:18 UTC"


def test_a_certificate_that_has_expired_by_the_servers_clock_too_is_expired() -> None:
    seen = _refused(10, begins="2026-01-01T00:00:00Z", ends="2026-11-01T00:00:00Z")
    assert classify(blame_clock(seen, greeting=EXIM, now=NOW)).code == "tls-certificate-expired"


def test_clocks_less_than_a_day_apart_prove_nothing() -> None:
    seen = _refused(9, begins="2026-11-20T09:00:00Z")
    blamed = blame_clock(seen, greeting=EXIM, now=NOW - timedelta(hours=20))
    assert classify(blamed).code == "tls-certificate-not-yet-valid"


def test_without_a_date_in_the_greeting_nothing_is_blamed() -> None:
    seen = _refused(10)
    assert blame_clock(seen, greeting="220 mail ESMTP Postfix", now=NOW + timedelta(days=400)) is seen


def test_without_the_certificates_dates_nothing_is_blamed() -> None:
    seen = Evidence(stage="secure", system=System.TLS, verify=10)
    assert blame_clock(seen, greeting=EXIM, now=NOW + timedelta(days=400)) is seen


def test_another_fault_of_a_certificate_is_never_the_clocks() -> None:
    seen = _refused(20)
    assert blame_clock(seen, greeting=EXIM, now=NOW + timedelta(days=400)) is seen


@given(greeting=st.text(), begins=st.text(), ends=st.text(), verify=st.sampled_from([9, 10, 20, None]))
def test_no_greeting_and_no_certificate_breaks_it(greeting: str, begins: str, ends: str, verify: int | None) -> None:
    seen = Evidence(stage="secure", system=System.TLS, verify=verify, values={"not_before": begins, "not_after": ends})
    assert blame_clock(seen, greeting=f"Mon, {greeting}", now=NOW).verify == verify
