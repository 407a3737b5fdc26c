"""Hosts, addresses, applications and times to wait are read where they stand."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sendwright.problems.pasted.values import retry_after_s, values_of

GUID = "11111111-2222-3333-4444-555555555555"


@pytest.mark.parametrize(
    ("line", "values"),
    [
        (
            "to=<bob@example.com>, relay=mx.example.com[192.0.2.7]:25, delay=0.4",
            {"recipient": "bob@example.com", "host": "mx.example.com", "port": "25"},
        ),
        ("from=<a@example.org>, size=550", {"sender": "a@example.org"}),
        ("host mx.example.com[192.0.2.7] said: 550", {"host": "mx.example.com"}),
        ("connect to mx.example.com[2001:db8::7]:587: refused", {"host": "mx.example.com", "port": "587"}),
        ("Name service error for name=mx.example.com type=A", {"host": "mx.example.com"}),
        ("H=mx.example.com [192.0.2.7]", {"host": "mx.example.com"}),
        ("** bob@example.com R=dnslookup", {"recipient": "bob@example.com"}),
        ("Error: connect ECONNREFUSED 192.0.2.7:587", {"host": "192.0.2.7", "port": "587"}),
        ("getaddrinfo ENOTFOUND smtp.example.org", {"host": "smtp.example.org"}),
        ("curl: (6) Could not resolve host: smtp.example.org", {"host": "smtp.example.org"}),
        ("java.net.UnknownHostException: smtp.example.org", {"host": "smtp.example.org"}),
        ("Failed to connect to smtp.example.org port 587", {"host": "smtp.example.org", "port": "587"}),
        ("RCPT TO:<bob@example.com>", {"recipient": "bob@example.com"}),
        ("MAIL FROM:<a@example.org> SIZE=5", {"sender": "a@example.org"}),
        ("{'bob@example.com': (550, b'no')}", {"recipient": "bob@example.com"}),
        ("<bob@example.com>: Recipient address rejected", {"recipient": "bob@example.com"}),
        ("<a@example.org>: Sender address rejected", {"sender": "a@example.org"}),
        ("sasl_method=PLAIN, sasl_username=a@example.org", {"username": "a@example.org"}),
        (
            f"Application with identifier '{GUID}' was not found in the directory 'Contoso Ltd'.",
            {"client_id": GUID, "tenant": None},
        ),
        (f"consented to use the application with ID '{GUID}' named 'Notices'", {"client_id": GUID}),
        ("Tenant 'contoso.example' not found", {"tenant": "contoso.example"}),
        ("nothing to see here", {}),
        ("the host is not known", {}),
        ("couldn't find any host named nowhere", {}),
        ("Could not connect to SMTP host: smtp.example.org, port: 587", {"host": "smtp.example.org", "port": "587"}),
        ("connect to localhost: refused", {"host": "localhost"}),
        ("no host here, but host mx.example.com[192.0.2.7]", {"host": "mx.example.com"}),
    ],
)
def test_what_a_line_tells(line: str, values: dict[str, str | None]) -> None:
    found = values_of(line)
    assert {name: found.get(name) for name in values} == values
    if not values:
        assert found == {}


@pytest.mark.parametrize(
    ("line", "seconds"),
    [
        ("try again in 5 minutes", 300),
        ("Please try again in 300 seconds", 300),
        ("Greylisted for 60 seconds", 60),
        ("Retry-After: 30", 30),
        ('"retry-after": "120"', 120),
        ("retry in 2 hours", 7200),
        ("wait 10s", 10),
        ("try again later", None),
        ("Retry after 2026-09-11T20:00:00.000Z", None),
        ("Retry-After: 0", None),
        ("again and again, 550 times", None),
        ("", None),
    ],
)
def test_the_time_to_wait(line: str, seconds: int | None) -> None:
    assert retry_after_s(line) == seconds


@given(st.text())
def test_no_line_breaks_it(line: str) -> None:
    assert all(value in line for value in values_of(line).values())
    assert (retry_after_s(line) or 1) > 0


@given(st.from_regex(r"[a-z]{1,10}\.[a-z]{1,10}", fullmatch=True), st.from_regex(r"[a-z.]{1,20}", fullmatch=True))
def test_any_recipient_of_a_log_is_found(domain: str, local: str) -> None:
    assert values_of(f"4F1C2: to=<{local}@{domain}>, status=sent")["recipient"] == f"{local}@{domain}"
