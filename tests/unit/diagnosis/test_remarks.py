"""Remarks on what works and should not stay as it is."""

from datetime import UTC, datetime, timedelta

import pytest

from sendwright.diagnosis.remarks import on_attempts, on_certificate, on_sender, on_sign_in, remark
from sendwright.problems.classify import classify
from sendwright.problems.explanation import UNKNOWN, explain

NOW = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)


def _tried(family: str, errno: str | None, address: str = "") -> dict[str, object]:
    usual = {"IPv4": "192.0.2.1", "IPv6": "2001:db8::1"}
    return {"address": address or usual[family], "family": family, "took_ms": 1.0, "errno": errno}


@pytest.mark.parametrize("errno", ["ETIMEDOUT", "ECONNREFUSED", "EHOSTUNREACH"])
def test_an_ipv6_address_that_fails_beside_a_working_one_is_worth_a_remark(errno: str) -> None:
    assert on_attempts([_tried("IPv6", errno), _tried("IPv4", None)]) == "ipv6-unreachable"


@pytest.mark.parametrize(
    "attempts",
    [
        [_tried("IPv4", None)],
        [_tried("IPv6", None)],
        [_tried("IPv6", None), _tried("IPv4", None)],  # given up because the other one was faster
        [_tried("IPv6", "ENETUNREACH"), _tried("IPv4", None)],  # no IPv6 here at all: common and harmless
        [_tried("IPv6", "EADDRNOTAVAIL"), _tried("IPv4", None)],
        [_tried("IPv6", "ECONNREFUSED", "::1"), _tried("IPv4", None, "127.0.0.1")],  # this computer itself
        [_tried("IPv6", "ETIMEDOUT"), _tried("IPv6", None, "2001:db8::2")],  # another IPv6 address works
        [],
        None,
        ["nonsense"],
        [{"family": "IPv6"}],
    ],
)
def test_everything_else_about_addresses_is_not(attempts: object) -> None:
    assert on_attempts(attempts) is None


def _chain(ends: datetime) -> list[dict[str, object]]:
    return [{"not_after": f"{ends:%Y-%m-%dT%H:%M:%SZ}"}, {"not_after": "2026-11-21T00:00:00Z"}]


@pytest.mark.parametrize(("days", "left"), [(0.5, "0"), (1, "1"), (13.9, "13"), (14, "14")])
def test_a_certificate_that_ends_within_two_weeks_is_worth_a_remark(days: float, left: str) -> None:
    ends = NOW + timedelta(days=days)
    assert on_certificate(_chain(ends), now=NOW) == {"not_after": f"{ends:%Y-%m-%d}", "days_left": left}


@pytest.mark.parametrize("chain", [_chain(NOW + timedelta(days=14, seconds=1)), [], None, [{}], [{"not_after": "x"}]])
def test_a_certificate_that_lasts_or_cannot_be_read_is_not(chain: object) -> None:
    assert on_certificate(chain, now=NOW) is None


@pytest.mark.parametrize(
    ("host", "mechanism", "code"),
    [
        ("smtp.office365.com", "LOGIN", "basic-auth-retirement-announced"),
        ("SMTP.Office365.com", "PLAIN", "basic-auth-retirement-announced"),
        ("smtp.office365.com", "XOAUTH2", None),
        ("smtp.example.org", "LOGIN", None),
        ("smtp.office365.com", None, None),
    ],
)
def test_a_password_with_microsoft_is_worth_a_remark(host: str, mechanism: object, code: str | None) -> None:
    assert on_sign_in(host, mechanism) == code


@pytest.mark.parametrize(
    ("address", "username", "code"),
    [
        ("notices@example.org", "anna@example.com", "sender-outside-login-domain"),
        ("notices@example.org", "anna@example.org", None),
        ("notices@Example.ORG", "anna@example.org", None),
        ("notices@mail.example.org", "anna@example.org", None),
        ("notices@example.org", "anna@mail.example.org", None),
        ("notices@badexample.org", "anna@example.org", "sender-outside-login-domain"),
        ("notices@example.org", "apikey", None),
        ("notices@example.org", None, None),
        ("notices@example.org", "anna@", None),
    ],
)
def test_a_sender_of_another_domain_than_the_sign_in_is_worth_a_remark(
    address: str, username: str | None, code: str | None
) -> None:
    assert on_sender(address, username=username) == code


@pytest.mark.parametrize(
    "code",
    [
        "ipv6-unreachable",
        "tls-certificate-expires-soon",
        "basic-auth-retirement-announced",
        "sender-outside-login-domain",
    ],
)
def test_every_remark_is_a_problem_with_words(code: str) -> None:
    values = {
        "host": "mail.example.org",
        "username": "anna@example.org",
        "sender": "notices@example.com",
        "not_after": "2026-11-30",
        "days_left": "10",
    }
    seen = remark("connect", code, values)
    assert seen is not None
    problem = classify(seen)
    assert problem.code == code
    assert UNKNOWN not in explain(problem).what


def test_no_remark_is_no_evidence() -> None:
    assert remark("connect", None, {}) is None
